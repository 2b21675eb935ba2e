"""Measures what the README tells, and writes it there, between the markers of `measured`.

python bench/readme.py
"""

from __future__ import annotations

import platform
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

from advise import Advisor
from advise.cli.shelves import symptom_lines
from advise.knowledge.authoring import Workbench
from advise.knowledge.files import packaged_root

HOME = Path(__file__).resolve().parent
README = HOME.parent / "README.md"


def output_of(script: str, *arguments: str) -> str:
    return subprocess.run([sys.executable, str(HOME / script), *arguments], check=True, capture_output=True, text=True).stdout.strip()


def inventory() -> str:
    base = Advisor(engine="plain").knowledge
    symptoms, covered = symptom_lines(base, Workbench.open(packaged_root()).tests)
    kinds = Counter(rule.kind for rule in base.rules.values())
    counted = {
        "rules": len(base.rules),
        "of them diagnoses, decisions, checks": f"{kinds['diagnosis']}, {kinds['decision']}, {kinds['check']}",
        "facts of the vocabulary, derived ones included": len(base.vocabulary.specs),
        "checklist items, each with rules and tests": len(base.checklist),
        "symptoms known in the field, and those on which a rule fires from facts alone": f"{len(symptoms)}, {covered}",
        "errata: claims of the sources that do not hold": len(base.errata),
    }
    return "\n".join(["| what is known | |", "|---|---|", *(f"| {name} | {value} |" for name, value in counted.items())])


def main() -> None:
    with_excerpt = runpy.run_path(str(HOME.parent / "examples" / "generate.py"))["with_excerpt"]
    machine = f"Python {platform.python_version()}, {platform.machine()}, two shared cores; medians of interleaved runs."
    text = "\n\n".join(
        [
            inventory(),
            f"A cold start on `examples/supernet/facts.yaml`, whole process ({machine})",
            output_of("start.py", "15"),
            f"`advise ask`, the whole knowledge base, {output_of('ask.py', '--answers', '400')}",
            "Inference, warm, on a rule base of the size that is meant, and on the whole one:",
            f"```\n{output_of('inference.py')}\n\n{output_of('whole_base.py')}\n```",
        ]
    )
    README.write_text(with_excerpt(README.read_text(encoding="utf-8"), "measured", text), encoding="utf-8")


if __name__ == "__main__":
    main()
