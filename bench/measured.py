"""Measures what docs/measured.md tells, and writes each part between its markers there.

python bench/measured.py [--laboratory RUNS] [--only PART …]

RUNS is what `python bench/lab/train.py --out RUNS` trained. Without it, and without ../shared/data, what needs them stays as it is.
"""

from __future__ import annotations

import argparse
import platform
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from judged import DATA

from advise import Advisor
from advise.authoring.listing import symptom_lines
from advise.authoring.workbench import Workbench
from advise.knowledge.files import packaged_root

HOME = Path(__file__).resolve().parent
PAGE = HOME.parent / "docs" / "measured.md"


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


def machine() -> str:
    return f"Python {platform.python_version()}, {platform.machine()}, two shared cores; medians of interleaved runs."


def interview() -> str:
    return output_of("ask.py", "--answers", "400")


def inference() -> str:
    return f"```\n{output_of('inference.py')}\n\n{output_of('whole_base.py')}\n```"


def parts(runs: Path | None) -> dict[str, Callable[[], str]]:
    """Each part of the page that can be measured here, by name; the others stay as they are."""
    measured: dict[str, Callable[[], str]] = {
        "inventory": inventory,
        "start": lambda: f"{machine()}\n\n{output_of('start.py', '15')}",
        "logs": lambda: output_of("logs.py"),
        "studies": lambda: tables_of(output_of("study.py", "--only", "simulated")),
        "interview": interview,
        "inference": inference,
        "fleet": lambda: output_of("fleet.py"),
    }
    if (HOME / ".peers").is_dir():
        measured["peers"] = lambda: output_of("peers.py")
    if DATA.is_dir():
        measured["algoperf"] = lambda: tables_of(output_of("algoperf.py", "--part", "publish"))
        measured["readings"] = lambda: tables_of(output_of("readings.py", "--part", "publish"))
    if runs is not None:
        said = runs / "said.jsonl"
        measured["laboratory"] = lambda: tables_of(output_of("lab/score.py", str(runs), "--by-fault", "--save", str(said)))
        measured["judged by others"] = lambda: tables_of(output_of("lab/peers.py", str(runs)))
        measured["courses"] = lambda: tables_of(output_of("replay.py", "--laboratory", str(runs), "--every", "10", "--cuts", "12"))
        measured["repair"] = lambda: tables_of(output_of("lab/repair.py", str(runs)))
        measured["records"] = lambda: tables_of(output_of("lab/calibrate.py", str(said)))
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--laboratory", type=Path, metavar="RUNS", help="trained runs, for the faults and the records of the rules")
    parser.add_argument("--only", nargs="+", metavar="PART", help="measure these parts")
    options = parser.parse_args()
    measured = parts(options.laboratory)
    unknown = set(options.only or ()) - measured.keys()
    if unknown:
        parser.error(f"cannot be measured here: {', '.join(sorted(unknown))}; what can: {', '.join(measured)}")
    with_excerpt = runpy.run_path(str(HOME.parent / "examples" / "generate.py"))["with_excerpt"]
    for name in options.only or measured:
        text = measured[name]()
        PAGE.write_text(with_excerpt(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")
        print(f"measured: {name}")


if __name__ == "__main__":
    main()
