"""Measures what the README tells, and writes it there, between the markers of `measured`.

python bench/readme.py [--corpus DIR …]

Each DIR is what `python bench/corpus --out DIR --fresh N` trained; without one,
and without ../shared/data, what needs them is not measured, and says so.
"""

from __future__ import annotations

import argparse
import platform
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from judged import DATA

from advise import Advisor
from advise.authoring.listing import symptom_lines
from advise.authoring.workbench import Workbench
from advise.knowledge.files import packaged_root

HOME = Path(__file__).resolve().parent
README = HOME.parent / "README.md"


def output_of(script: str, *arguments: str) -> str:
    return subprocess.run([sys.executable, str(HOME / script), *arguments], check=True, capture_output=True, text=True).stdout.strip()


def tables_of(text: str) -> str:
    """The tables in an output, and the sentences between them; not what it says of single runs."""
    kept = [line for line in text.splitlines() if line.startswith(("|", "Runs that")) or not line]
    return "\n".join(kept).strip()


def inventory() -> str:
    base = Advisor(engine="plain").knowledge
    symptoms, covered = symptom_lines(base, Workbench.open(packaged_root()).tests)
    kinds = Counter(rule.kind for rule in base.rules.values())
    counted = {
        "rules": len(base.rules),
        "of them diagnoses, decisions, checks": f"{kinds['diagnosis']}, {kinds['decision']}, {kinds['check']}",
        "facts of the vocabulary, derived ones included": len(base.vocabulary.specs),
        "measures on logs": len(base.measures.measures),
        "checklist items, each with rules and tests": len(base.checklist),
        "symptoms known in the field, and those on which a rule fires from facts alone": f"{len(symptoms)}, {covered}",
        "errata: claims of the sources that do not hold": len(base.errata),
    }
    return "\n".join(["| what is known | |", "|---|---|", *(f"| {name} | {value} |" for name, value in counted.items())])


def alarms(corpora: Sequence[Path]) -> list[str]:
    """How often the advisor alarms on what went well, and misses what did not."""
    found = []
    if DATA.is_dir():
        found += [
            "On the runs of the second AlgoPerf study of each submission, cut at shares of their step budget, nothing but the log given. Thresholds "
            "were chosen on the first studies; one defect of a measure was found on these:",
            tables_of(output_of("algoperf.py", "--part", "publish")),
            "On public and generated logs that an expert has read, those that were not looked at while tuning:",
            tables_of(output_of("readings.py", "--part", "publish")),
        ]
    if corpora:
        trained = [str(corpus) for corpus in corpora]
        found += [
            "On trainings with an injected fault, of the kinds that rules were tuned on, but with other data, weights and batches than any that was "
            "looked at (`bench/corpus`; NaN and explosion take place by chance, so the next seed is tried until they do):",
            tables_of(output_of("faults.py", *trained, "--part", "all")),
            "The same with nothing but the log, where an engineer would also state the set-up. What then cannot be told, such as a leak or a "
            "clipping threshold, is asked for:",
            tables_of(output_of("faults.py", *trained, "--part", "all", "--log-only")),
        ]
    return found or ["Alarm rates were not measured here: they need the data and the trained runs."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, nargs="+", default=[])
    options = parser.parse_args()
    with_excerpt = runpy.run_path(str(HOME.parent / "examples" / "generate.py"))["with_excerpt"]
    machine = f"Python {platform.python_version()}, {platform.machine()}, two shared cores; medians of interleaved runs."
    text = "\n\n".join(
        [
            inventory(),
            *alarms(options.corpus),
            f"A cold start on `examples/supernet/facts.yaml`, whole process ({machine})",
            output_of("start.py", "15"),
            "From a large log to facts, everything imported (polars reads the same CSV in turns with it; memory is what the process comes to hold, "
            "less what it held before):",
            output_of("logs.py"),
            "Simulated studies (`bench/study.py`): what was planted and found, and what was said where nothing was planted:",
            tables_of(output_of("study.py", "--only", "simulated")),
            f"`advise ask`, over a whole interview with the whole knowledge base: {output_of('ask.py', '--answers', '400')}",
            "Inference, warm, on a rule base of the size that is meant, and on the whole one:",
            f"```\n{output_of('inference.py')}\n\n{output_of('whole_base.py')}\n```",
        ]
    )
    README.write_text(with_excerpt(README.read_text(encoding="utf-8"), "measured", text), encoding="utf-8")


if __name__ == "__main__":
    main()
