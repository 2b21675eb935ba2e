"""Other tools and published rules on the laboratory's runs: `python bench/lab/peers.py RUNS [--every 2]`; the tools with `make bench/.peers`.

RUNS is what `bench/lab/train.py --out RUNS` trained. All read the same plain CSV, which each of them knows: its columns are named as they ask for.
What a finding is called is data (`peers.yaml`), and right and wrong by the same `faults.yaml` as ours; nothing is stated beside the log.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from published import PUBLISHED, Curves
from score import Case, cases_of, judged_csv, written
from truth import Names, names_of_faults, records_in

HOME = Path(__file__).resolve().parent
PEERS = HOME.parent / ".peers" / "bin"
LOUD = {"critical", "error", "warning", "FAIL", "WARN"}
# What a tool finds in a log, each with whether it is an alarm.
Findings = set[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a tool calls a run, and whether it alarms."""

    names: frozenset[str]
    loud: bool


def output_of(tool: str, *arguments: str) -> Any:
    """What a tool writes of one log as JSON; None where it refuses it. A tool that is given a folder reads some of it, or none for one bad log."""
    text = subprocess.run([str(PEERS / tool), *arguments], capture_output=True, text=True, check=False).stdout
    try:
        return json.loads(text)
    except ValueError:
        return None


def runmedic(path: Path) -> Findings:
    runs = output_of("runmedic", "diagnose", "--json", str(path)) or []
    return {(item["check"], item["severity"] in LOUD) for run in runs for item in run["findings"]}


def trainspotter(path: Path) -> Findings:
    said = output_of("trainspotter", "analyze", "--output", "json", str(path)) or {"findings": []}
    return {(item["detector"], item["severity"] in LOUD) for item in said["findings"]}


def losslint(path: Path) -> Findings:
    said = output_of("losslint", "check", "--format", "json", str(path)) or {"findings": []}
    return {(item["check"], item["severity"] in LOUD) for item in said["findings"]}


def trainproof(path: Path) -> Findings:
    said = output_of("trainproof", "doctor", "--json", str(path)) or {"reports": []}
    return {(item["id"], item["level"] in LOUD) for report in said["reports"] for item in report["findings"]}


TOOLS: dict[str, Callable[[Path], Findings]] = {
    "runmedic": runmedic, "trainspotter": trainspotter, "losslint": losslint, "trainproof": trainproof,
}  # fmt: skip


def curves_of(path: Path) -> Curves:
    """The columns of a plain CSV; at each evaluation the last training value before it."""
    columns: dict[str, list[float]] = {name: [] for name in ("train_loss", "val_loss", "lr", "grad_norm", "train_accuracy", "val_accuracy")}
    pairs: dict[str, list[tuple[float, float]]] = {"loss": [], "accuracy": []}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            for name, values in columns.items():
                if row.get(name):
                    values.append(float(row[name]))
            for what, paired in pairs.items():
                if row.get(f"val_{what}") and columns[f"train_{what}"]:
                    paired.append((columns[f"train_{what}"][-1], columns[f"val_{what}"][-1]))
    finite = [pair for pair in pairs["loss"] if all(map(math.isfinite, pair))]
    return Curves(
        columns["train_loss"],
        columns["val_loss"],
        columns["lr"],
        columns["grad_norm"],
        columns["train_accuracy"],
        columns["val_accuracy"],
        finite,
        pairs["accuracy"],
    )


def told_by_all(cases: Sequence[Case]) -> dict[str, list[Told]]:
    """What each tool says of each case."""
    names: Mapping[str, Mapping[str, Any]] = yaml.safe_load((HOME / "peers.yaml").read_text("utf-8"))
    ours = [judged_csv(case) for case in cases]
    said = {"advise": [Told(frozenset(item.diagnoses), bool(item.loud)) for item in ours]}
    with tempfile.TemporaryDirectory() as folder:
        paths = [_written(case, Path(folder), place) for place, case in enumerate(cases)]
        for tool, run in TOOLS.items():
            if (PEERS / tool).exists():
                said[tool] = [_told(run(path), names[tool]) for path in paths]
        curves = [curves_of(path) for path in paths]
    for tool, rules in PUBLISHED.items():
        said[tool] = [_told({(name, True) for name in rules(one)}, names[tool]) for one in curves]
    return said


def _written(case: Case, folder: Path, place: int) -> Path:
    path, _, _ = written(case, folder, "plain_csv")
    return path.rename(folder / f"{place:05}.csv")


def _told(findings: Iterable[tuple[str, bool]], known: Mapping[str, Any]) -> Told:
    given = [(known[name], loud) for name, loud in findings if name in known]
    named = frozenset(name for entry, _ in given for name in entry["names"])
    return Told(named, any(loud and not entry.get("quiet") for entry, loud in given))


def table(cases: Sequence[Case], said: Mapping[str, Sequence[Told]], names: Mapping[str, Names]) -> str:
    lines = ["| tool, the log alone | " + " | ".join(f"{half} half: named | contradicted | healthy alarmed" for half in ("tuned", "scoring")) + " |"]
    lines.append("|---|" + "---|" * 6)
    for tool, told in said.items():
        cells = []
        for half in ("tuned", "score"):
            pairs = [(case, one) for case, one in zip(cases, told, strict=True) if case.record["half"] == half]
            harmed = [(names[case.record["fault"]], one) for case, one in pairs if case.harmful]
            healthy = [one for case, one in pairs if case.healthy]
            cells += [
                _share([bool(truth.names & one.names) for truth, one in harmed]),
                _share([bool(truth.contradicts & one.names) for truth, one in harmed]),
                _share([one.loud for one in healthy]),
            ]
        lines.append(f"| {tool} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _share(found: Sequence[bool]) -> str:
    return f"{sum(found)}/{len(found)} ({sum(found) / len(found):.0%})" if found else "–"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path)
    parser.add_argument("--every", type=int, default=2, help="only every so many runs")
    options = parser.parse_args()
    cases = [case for case in cases_of(list(records_in(options.runs))) if case.harmful or case.healthy][:: options.every]
    missing = [tool for tool in TOOLS if not (PEERS / tool).exists()]
    if missing:
        print(f"not installed, and left out: {', '.join(missing)}; `make bench/.peers` installs them", file=sys.stderr)
    print(table(cases, told_by_all(cases), names_of_faults()))


if __name__ == "__main__":
    main()
