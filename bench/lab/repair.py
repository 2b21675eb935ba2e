"""Advice applied and trained again: `python bench/lab/repair.py RUNS [--per-fault 2] [--healthy 60] [--save FILE]`, with PyTorch (the extra `bench`).

RUNS is what `bench/lab/train.py --out RUNS` trained. Of each half and each kind of fault the first so many runs that it harmed are taken, and healthy
runs beside them. The plan is asked for with what a user states, an engineer who takes every word literally (`engineer.py`) does what it says, and
the run is trained again with its seed: the first action alone, the first that changes anything, all of P0 and P1, and three rounds of the first
action that is new. Repaired is a run that is no longer harmed, or has nine tenths of the harm undone; harmed is a healthy run that lost quality.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from engineer import Attempt, Decision, Engineer
from faults import FAULTS
from forms import FORMS
from habits import Habit, habit_of, sheet_of
from objectives import quality
from spec import Spec
from stated import stated_of
from training import trained
from truth import Record, bound, harm, is_harmful, is_healthy, lost, records_in, spreads

from advise import Advisor
from advise.errors import InputError

ROUNDS = 3
WAYS = ("first action", "first that changes something", "P0 and P1", "three rounds")
# Verdicts after which an engineer who has changed something leaves it at that.
AT_REST = {"continue", "finished", "cannot_tell"}
# What a run may cost beside its twin, and wait for data, and still be called repaired.
_LONGER, _WAIT = 1.5, 0.05
Run = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run by one way of following the plan.

    Attributes:
        fault: None for a healthy run.
        good: Repaired, or for a healthy run not made worse.
        done: The decisions that changed the training, with the fields they changed.
    """

    number: int
    half: str
    fault: str | None
    way: str
    good: bool
    better: bool
    left: float
    done: tuple[str, ...]


class Workshop:
    """Trains each spec once, and asks the advisor of its log as the habit of the run writes it."""

    def __init__(self) -> None:
        self.advisor = Advisor(engine="plain")
        self.runs: dict[Spec, Run] = {}
        self.engineer = Engineer(self.run_of, quality)

    def run_of(self, spec: Spec) -> Run:
        if spec not in self.runs:
            self.runs[spec] = trained(spec)
        return self.runs[spec]

    def plan(self, spec: Spec, habit: Habit) -> Mapping[str, Any]:
        """The plan as its JSON; without decisions where the log cannot be read."""
        run = self.run_of(spec)
        with tempfile.TemporaryDirectory() as folder:
            name, write = FORMS[habit.form]
            log, beside = Path(folder) / name, Path(folder) / "facts.yaml"
            log.write_text(write(sheet_of(run, habit)), "utf-8")
            beside.write_text(yaml.safe_dump({"facts": stated_of(run, habit)}), "utf-8")
            try:
                plan: Mapping[str, Any] = json.loads(self.advisor.advise([str(log), str(beside)]).to_json())
            except InputError:
                return {"verdict": {"id": "cannot_tell"}, "decisions": []}
            return plan

    def followed(self, way: str, spec: Spec, habit: Habit) -> tuple[Attempt, list[str]]:
        start = Attempt(spec)
        decisions = self.plan(spec, habit)["decisions"]
        if way == "three rounds":
            return self._in_rounds(start, habit)
        if way == "P0 and P1":
            chosen = [decision for decision in decisions if decision["priority"] != "P2"]
        elif way == "first action":
            chosen = list(self._first(decisions))
        else:
            chosen = next(([decision] for decision in decisions if self.engineer.after(decision, start) != start), [])
        attempt, done = start, []
        for decision in chosen:
            before, attempt = attempt, self.engineer.after(decision, attempt)
            if attempt != before:
                done.append(_told(decision, before, attempt))
                if way == "first action":
                    break
        return attempt, done

    def _first(self, decisions: Sequence[Decision]) -> Iterator[Decision]:
        """The first action, and where it hands on to the next one, that too."""
        for decision in decisions:
            yield decision
            if not self.engineer.hands_on(decision):
                return

    def _in_rounds(self, attempt: Attempt, habit: Habit) -> tuple[Attempt, list[str]]:
        done: list[str] = []
        for _ in range(ROUNDS):
            plan = self.plan(attempt.spec, habit)
            if done and plan["verdict"]["id"] in AT_REST:
                break
            for decision in plan["decisions"]:
                after = self.engineer.after(decision, attempt)
                if after != attempt and _told(decision, attempt, after) not in done:
                    done.append(_told(decision, attempt, after))
                    attempt = after
                    break
            else:
                break
        return attempt, done

    def result(self, attempt: Attempt) -> Run:
        return self.run_of(attempt.spec.but(stop_at=attempt.checkpoint) if attempt.checkpoint else attempt.spec)


def _told(decision: Decision, before: Attempt, after: Attempt) -> str:
    fields = [name for name in Spec.__dataclass_fields__ if getattr(before.spec, name) != getattr(after.spec, name)]
    changes = [f"{name} {getattr(before.spec, name)} → {getattr(after.spec, name)}" for name in fields]
    return f"{decision['id']}: {', '.join(changes) or f'checkpoint {after.checkpoint}'}"


def outcome(record: Record, way: str, workshop: Workshop, spread: Mapping[str, float]) -> Outcome:
    fault = record["fault"] if "run" in record else None
    spec = Spec.of(record["run" if fault else "twin"]["spec"])
    attempt, done = workshop.followed(way, spec, habit_of(record, record["half"], whole=True))
    run = workshop.result(attempt)
    cost = lost(record, run)
    most = bound(record, spread)
    if fault is None:
        return Outcome(record["number"], record["half"], None, way, cost <= most, cost < -most, cost, tuple(done))
    before, left = harm(record), harm({**record, "run": run})
    good = left <= most or left <= 0.1 * before
    if FAULTS[fault].harms == "cost":
        twin = Spec.of(record["twin"]["spec"])
        cheap = (attempt.checkpoint or attempt.spec.steps) <= _LONGER * twin.steps and attempt.spec.data_wait <= _WAIT
        good, left = cheap and cost <= most, cost
    return Outcome(record["number"], record["half"], fault, way, good, False, left, tuple(done))


def chosen(records: Sequence[Record], spread: Mapping[str, float], per_fault: int, healthy: int) -> list[Record]:
    """The same number of each kind in each half, by number; healthy ones are their own record, without a run."""
    counts: Counter[tuple[str, str]] = Counter()
    found: list[Record] = []
    for record in records:
        key = (record["half"], record["fault"] or "")
        if record["fault"] is None:
            if counts[key] < healthy // 2 and is_healthy(record["twin"]):
                counts[key] += 1
                found.append(record)
        elif counts[key] < per_fault and is_harmful(record, spread):
            counts[key] += 1
            found.append(record)
    return found


def share(items: Sequence[Outcome]) -> str:
    return f"{sum(item.good for item in items)}/{len(items)} ({sum(item.good for item in items) / len(items):.0%})" if items else "–"


def table(outcomes: Sequence[Outcome]) -> str:
    """Repaired and harmed, by half; then repaired by fault, both halves together."""
    lines = ["| | " + " | ".join(f"{half} half, {way}" for half in ("tuned", "scoring") for way in WAYS) + " |", "|---|" + "---|" * 2 * len(WAYS)]
    columns = [[item for item in outcomes if item.half == half and item.way == way] for half in ("tuned", "score") for way in WAYS]
    lines.append("| repaired, of runs that a fault harmed | " + " | ".join(share([i for i in column if i.fault]) for column in columns) + " |")
    healthy = [[item for item in column if item.fault is None] for column in columns]
    lines.append("| healthy runs made worse | " + " | ".join(f"{sum(not i.good for i in column)}/{len(column)}" for column in healthy) + " |")
    lines.append("| healthy runs made better | " + " | ".join(f"{sum(i.better for i in column)}/{len(column)}" for column in healthy) + " |")
    lines += ["", "| fault | " + " | ".join(WAYS) + " |", "|---|" + "---|" * len(WAYS)]
    by_fault: dict[str, list[Outcome]] = defaultdict(list)
    for item in outcomes:
        if item.fault:
            by_fault[item.fault].append(item)
    for fault, items in sorted(by_fault.items()):
        cells = [[item for item in items if item.way == way] for way in WAYS]
        lines.append(f"| {fault} | " + " | ".join(f"{sum(i.good for i in cell)}/{len(cell)}" for cell in cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path)
    parser.add_argument("--per-fault", type=int, default=2, help="runs of each kind of fault, of each half")
    parser.add_argument("--healthy", type=int, default=60, help="healthy runs, of both halves together")
    parser.add_argument("--half", choices=["tuned", "score", "both"], default="both")
    parser.add_argument("--fault", nargs="+", default=[], help="these kinds alone")
    parser.add_argument("--details", action="store_true", help="of the tuned half: what was done to each run")
    parser.add_argument("--save", type=Path, metavar="FILE", help="what came of each run, as JSON lines")
    options = parser.parse_args()
    records = list(records_in(options.runs))
    spread = spreads(records)
    sample = [
        record
        for record in chosen(records, spread, options.per_fault, options.healthy)
        if options.half in ("both", record["half"]) and (not options.fault or record["fault"] in options.fault)
    ]
    workshop, outcomes = Workshop(), []
    for place, record in enumerate(sample, 1):
        workshop.runs.clear()
        for way in WAYS:
            outcomes.append(outcome(record, way, workshop, spread))
            if options.details and record["half"] == "tuned":
                item = outcomes[-1]
                print(f"{item.number} {item.fault} {item.way}: {'ok' if item.good else 'not'} {item.left:.3f} {'; '.join(item.done)}", flush=True)
        print(f"{place} of {len(sample)}", file=sys.stderr, flush=True)
        if options.save:
            options.save.write_text("".join(json.dumps(asdict(item)) + "\n" for item in outcomes), "utf-8")
    print(table(outcomes))


if __name__ == "__main__":
    main()
