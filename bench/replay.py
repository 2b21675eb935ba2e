"""A run judged again at its evaluations, as if it were watched: how often the verdict changes, and findings of medium or above come and go.

python bench/replay.py [--part tune|publish|all] [--laboratory RUNS] [--cuts 20] [--every 1] [--by-rule]

RUNS is what `bench/lab/train.py --out RUNS` trained: then its runs are judged instead of AlgoPerf's, with their faults or without, each log as its
habit writes it; of them `tune` is the tuned half and `publish` the half that only scores.

A finding is withdrawn by contrary evidence only (DESIGN section 7): what flips here is either evidence that turned, or a rule that looks at a window.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median

from algoperf import Run, runs
from judged import Said, said_of_all, share

LOUD = ("high", "medium")
MOST = 3


def cuts(run: Run, folder: Path, number: int, most: int) -> Iterator[str]:
    """The log of a run up to each of its evaluations, or of as many of them as are wanted, evenly spread; the last is the whole."""
    rows = run.rows
    evaluated = [place for place, row in enumerate(rows, 1) if row[run.metric] not in ("", "nan", "inf")]
    kept = evaluated if len(evaluated) <= most else [evaluated[round((index + 1) * len(evaluated) / most) - 1] for index in range(most)]
    for place in kept:
        path = folder / f"{number}-{place}.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows[:place])
        yield str(path)


def laboratory_cuts(runs: Path, part: str, every: int, folder: Path, most: int) -> Iterator[list[str]]:
    """The same of the laboratory's runs."""
    sys.path.append(str(Path(__file__).resolve().parent / "lab"))
    from forms import FORMS
    from habits import habit_of, sheet_of
    from truth import records_in

    half = {"tune": ("tuned",), "publish": ("score",), "all": ("tuned", "score")}[part]
    for record in [record for record in records_in(runs) if record["half"] in half][::every]:
        run = record.get("run", record["twin"])
        habit = habit_of(record, record["half"], whole=True)
        name, write = FORMS[habit.form]
        steps = [int(row["step"]) for row in run["evaluations"]]
        kept = steps if len(steps) <= most else [steps[round((index + 1) * len(steps) / most) - 1] for index in range(most)]
        paths = []
        for step in kept:
            share = 1.0 if step == kept[-1] else step / len(run["columns"]["loss"])
            path = folder / f"{record['number']}-{step}" / name
            path.parent.mkdir()
            path.write_text(write(sheet_of(run, replace(habit, read_at=share))), "utf-8")
            paths.append(str(path))
        yield paths


def verdict_changes(course: Sequence[Said]) -> int:
    return sum(before.verdict != after.verdict for before, after in pairwise(course))


def finding_changes(course: Sequence[Said]) -> Counter[tuple[str, str]]:
    """How often each finding came or went, with the rule that spoke for it."""
    flips: Counter[tuple[str, str]] = Counter()
    for before, after in pairwise(course):
        for name in {*before.of_severity(*LOUD)} ^ {*after.of_severity(*LOUD)}:
            spoke = before if name in before.diagnoses and before.diagnoses[name][0] in LOUD else after
            flips[name, spoke.diagnoses[name][1]] += 1
    return flips


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=["tune", "publish", "all"], default="publish")
    parser.add_argument("--laboratory", type=Path, metavar="RUNS", help="trained runs of the laboratory, instead of AlgoPerf's")
    parser.add_argument("--cuts", type=int, default=20, help="the most evaluations at which a run is judged")
    parser.add_argument("--every", type=int, default=1, help="only every so many runs")
    parser.add_argument("--by-rule", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.laboratory:
            asked = [*laboratory_cuts(options.laboratory, options.part, options.every, Path(folder), options.cuts)]
        else:
            chosen = [run for run in runs() if options.part in ("all", run.part)][:: options.every]
            asked = [list(cuts(run, Path(folder), number, options.cuts)) for number, run in enumerate(chosen)]
        answers = iter(said_of_all([[path] for paths in asked for path in paths]))
    courses = [[next(answers) for _ in paths] for paths in asked]
    verdicts = [verdict_changes(course) for course in courses]
    findings = [finding_changes(course) for course in courses]
    totals = [sum(flips.values()) for flips in findings]
    print("| a run judged at each of its evaluations | median | most | more than three |\n|---|---|---|---|")
    for what, counts in (("changes of the verdict", verdicts), ("findings of medium or above that come or go", totals)):
        print(f"| {what} | {median(counts):g} | {max(counts)} | {share(sum(count > MOST for count in counts), len(counts))} |")
    print(f"\n{len(asked)} runs ({options.part}), {sum(map(len, asked))} logs.")
    if options.by_rule:
        flips = sum(findings, Counter())
        behind = Counter(key for each in findings for key in each)
        for key, count in flips.most_common():
            print(f"{count:5d} in {behind[key]:3d} runs  {' '.join(key)}")
        changed = Counter(
            (before.verdict, after.verdict) for course in courses for before, after in pairwise(course) if before.verdict != after.verdict
        )
        for (before, after), count in changed.most_common():
            print(f"{count:5d}  {before} → {after}")


if __name__ == "__main__":
    main()
