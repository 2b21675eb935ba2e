"""Alarms on the AlgoPerf runs, whole and cut: how often the advisor stops or alarms on runs that went on to reach their target.

python bench/algoperf.py [--part tune|publish|all] [--by-rule]

A run is cut by its step budget. The runs of the first study of each submission were looked at while rules were tuned; those of the second are only
scored. `labels.csv` is hindsight: whether the run reached its target, and where its best value was.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from judged import DATA, Said, said_of_all, share

CUTS = (0.25, 0.5, 0.75, 1.0)
ALGOPERF = DATA / "algoperf"
# What a run has to have lost of its whole improvement for its last checkpoint to be worth a warning.
LOST = 0.05
PATIENCE = 0.4


@dataclass(frozen=True)
class Run:
    name: str
    metric: str
    lower: bool
    budget: float
    reached: bool

    @property
    def part(self) -> str:
        submission, study, *_ = self.name.split("/")
        return "tune" if study == sorted(path.name for path in (ALGOPERF / submission).iterdir())[0] else "publish"

    @property
    def rows(self) -> list[dict[str, str]]:
        with (ALGOPERF / self.name / "measurements.csv").open(newline="") as file:
            return list(csv.DictReader(file))


@dataclass(frozen=True)
class Case:
    run: Run
    cut: float
    path: str
    values: tuple[float, ...]

    @property
    def patience_stops(self) -> bool:
        signed = [-value if self.run.lower else value for value in self.values]
        since = len(signed) - 1 - signed.index(max(signed)) if signed else 0
        return len(signed) >= 5 and since >= PATIENCE * len(signed)

    @property
    def lost(self) -> float:
        signed = [-value if self.run.lower else value for value in self.values]
        gained = max(signed, default=0.0) - signed[0] if signed else 0.0
        return (max(signed) - signed[-1]) / gained if gained > 0 else 0.0


def runs() -> list[Run]:
    with (ALGOPERF / "labels.csv").open(newline="") as file:
        return [
            Run(row["run"], row["metric"], row["lower_is_better"] == "1", float(row["budget_steps"]), row["reached"] == "1")
            for row in csv.DictReader(file)
        ]


def cases(folder: Path, chosen: Sequence[Run]) -> Iterator[Case]:
    for number, run in enumerate(chosen):
        rows = run.rows
        for cut in CUTS:
            kept = rows if cut == 1.0 else [row for row in rows if float(row["global_step"]) <= cut * run.budget]
            if not kept:
                continue
            path = folder / f"{number}-{cut}.csv"
            with path.open("w", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(kept)
            values = tuple(float(row[run.metric]) for row in kept if row[run.metric] not in ("", "nan", "inf"))
            yield Case(run, cut, str(path), values)


def table(judged: Sequence[tuple[Case, Said]]) -> str:
    lines = [
        "| cut at | stop or fix first, of runs that reached the target | severity high, of these "
        "| stop or fix first, of runs that missed it | patience 40 %: false, right |",
        "|---|---|---|---|---|",
    ]
    for cut in CUTS:
        here = [(case, said) for case, said in judged if case.cut == cut]
        good = [(case, said) for case, said in here if case.run.reached]
        missed = [(case, said) for case, said in here if not case.run.reached]
        patience = ", ".join(share(sum(case.patience_stops for case, _ in group), len(group)) for group in (good, missed))
        cells = [
            share(sum(said.halts for _, said in good), len(good)),
            share(sum(bool(said.of_severity("high")) for _, said in good), len(good)),
            share(sum(said.halts for _, said in missed), len(missed)),
            patience,
        ]
        lines.append(f"| {'whole' if cut == 1.0 else f'{cut:.0%}'} | {' | '.join(cells)} |")
    worse = [(case, said) for case, said in judged if case.cut == 1.0 and case.lost >= LOST]
    told = [said for _, said in worse if "select_best_checkpoint" in said.decisions]
    ended = f"Runs that ended at least {LOST:.0%} of their improvement below their best"
    lines.append(f"\n{ended}, and were told which checkpoint to take: {share(len(told), len(worse))}.")
    return "\n".join(lines)


def by_rule(judged: Sequence[tuple[Case, Said]]) -> str:
    good: Counter[tuple[str, str, str]] = Counter()
    missed: Counter[tuple[str, str, str]] = Counter()
    for case, said in judged:
        for name, (severity, rule) in said.diagnoses.items():
            (good if case.run.reached else missed)[(severity, name, rule)] += 1
        for name in said.decisions:
            (good if case.run.reached else missed)[("decision", name, "")] += 1
        (good if case.run.reached else missed)[("verdict", said.verdict, said.error[:60])] += 1
    totals = Counter(case.run.reached for case, _ in judged)
    rows = sorted(good.keys() | missed.keys())
    return "\n".join(f"{good[key] / totals[True]:7.1%} {missed[key] / max(1, totals[False]):7.1%}  {' '.join(key)}" for key in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=["tune", "publish", "all"], default="publish")
    parser.add_argument("--by-rule", action="store_true")
    options = parser.parse_args()
    chosen = [run for run in runs() if options.part in ("all", run.part)]
    with tempfile.TemporaryDirectory() as folder:
        asked = list(cases(Path(folder), chosen))
        start = time.perf_counter()
        answers = said_of_all([[case.path] for case in asked])
        seconds = time.perf_counter() - start
    judged = list(zip(asked, answers, strict=True))
    print(table(judged))
    print(f"\n{len(chosen)} runs ({options.part}), {len(judged)} logs in {seconds:.1f} s on two cores.")
    if options.by_rule:
        print(by_rule(judged))


if __name__ == "__main__":
    main()
