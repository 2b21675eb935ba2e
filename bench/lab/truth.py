"""What is true of a run, measured and not judged: whether its fault did harm, and whether a run is healthy."""

from __future__ import annotations

import gzip
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from families import TASKS
from faults import FAULTS
from spec import Spec

Record = Mapping[str, Any]
_FAULTS = Path(__file__).with_name("faults.yaml")
# Harm is what is beyond three spreads between seeds, and beyond a twentieth of what the twin learned.
_SPREADS, _SHARE = 3.0, 0.05


@dataclass(frozen=True, slots=True)
class Names:
    """What a fault may be called, what serves it, and what contradicts it."""

    names: frozenset[str]
    fitting: frozenset[str]
    contradicts: frozenset[str]


def names_of_faults() -> dict[str, Names]:
    given = yaml.safe_load(_FAULTS.read_text("utf-8"))
    return {fault: Names(*(frozenset(entry[key]) for key in ("names", "fitting", "contradicts"))) for fault, entry in given.items()}


def records_in(folder: Path) -> Iterator[Record]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)


def spreads(records: Sequence[Record]) -> dict[str, float]:
    """By task, the spread between two seeds of one training, as a share of what is learned."""
    squares: dict[str, list[float]] = defaultdict(list)
    for record in records:
        learned = _learned(record)
        if "again" in record and learned > 0 and math.isfinite(record["again"]):
            squares[record["twin"]["spec"]["task"]].append(((record["again"] - record["twin"]["quality"]) / learned) ** 2 / 2)
    return {task: math.sqrt(float(np.median(values)) / 0.455) for task, values in squares.items()}


def _learned(record: Record) -> float:
    found = record["twin"]["quality"] - record["twin"]["untrained"]
    return found if math.isfinite(found) else 0.0


def harm(record: Record) -> float:
    """What the fault cost, as a share of what the twin learned: of quality, or of the reported number's truth; 1 where nothing is left."""
    kind = FAULTS[record["fault"]].harms
    learned = _learned(record)
    if kind == "cost":
        return 1.0
    if learned <= 0:
        return 0.0
    if kind == "report":
        return min(2.0, (_misreported(record["run"]) - _misreported(record["twin"])) / learned)
    return lost(record, record["run"])


def lost(record: Record, run: Mapping[str, Any]) -> float:
    """How far the quality of a run lies below that of the twin, as a share of what the twin learned; 1 where nothing is left."""
    learned = _learned(record)
    if learned <= 0:
        return 0.0
    found = (record["twin"]["quality"] - run["quality"]) / learned
    return min(2.0, found) if math.isfinite(found) else 1.0


def bound(record: Record, spread: Mapping[str, float]) -> float:
    """What is beyond this is harm: three spreads between seeds, and a twentieth of what the twin learned."""
    return max(_SPREADS * spread.get(record["twin"]["spec"]["task"], 0.05), _SHARE)


def _misreported(run: Mapping[str, Any]) -> float:
    """The distance between the last dev metric and the same metric on the clean test data."""
    if not run["evaluations"]:
        return 0.0
    last = run["evaluations"][-1]
    reported = last.get("dev/accuracy", -last["dev/loss"])
    found = abs(reported - run["quality"])
    return found if math.isfinite(found) else 0.0


def is_harmful(record: Record, spread: Mapping[str, float]) -> bool:
    return harm(record) > bound(record, spread)


def is_healthy(run: Mapping[str, Any]) -> bool:
    """Trained to the end without a break, learned most of what can be learned, generalises, and was through when it ended."""
    spec = Spec.of(run["spec"])
    loss = np.asarray(run["columns"]["loss"])
    learned = run["quality"] - run["untrained"]
    if not np.isfinite(loss).all() or not math.isfinite(learned) or run["ending"] != "finished" or learned <= 0:
        return False
    if TASKS[spec.task].training in ("preference", "reinforcement"):
        # Where most groups of answers agree, most samples teach nothing any more: solved, and no longer worth its cost.
        agreeing = np.asarray(run["columns"].get("frac_reward_zero_std", [0.0]))
        return bool(learned > 0.25 and agreeing[-len(agreeing) // 4 :].mean() <= 0.5)
    third = len(loss) // 3
    if np.median(loss[-third:]) > 0.97 * np.median(loss[:third]) or loss[third:].max() > 3 * loss[: max(3, third // 3)].max():
        return False
    return _has_learned(run, spec) and _generalises(run, spec)


def _has_learned(run: Mapping[str, Any], spec: Spec) -> bool:
    if run["objective"] == "classify" and "accuracy" in run["test"]:
        chance = 1 / run["classes"]
        return bool(run["test"]["accuracy"] > chance + 0.6 * (1 - chance))
    if run["objective"] == "classify":
        return bool(run["test"]["loss"] < 0.8 * run["chance"])
    return bool(run["quality"] - run["untrained"] > 0.5 * abs(run["untrained"])) or run["objective"] in ("contrast", "vae")


def _generalises(run: Mapping[str, Any], spec: Spec) -> bool:
    """The dev loss ends near its lowest value, no tenth of the run's gain away from where it was at four fifths, and the gap to training is small."""
    dev = np.asarray([row["dev/loss"] for row in run["evaluations"]])
    train = run["evaluations"][-1].get("train/loss", math.nan)
    if len(dev) < 4:
        return bool(dev[-1] <= 1.02 * dev.min())
    late = dev[int(0.8 * len(dev)) :]
    gain = dev[0] - dev.min()
    through = late[0] - late[-1] <= 0.15 * max(gain, 1e-9) + 0.02 * abs(dev[-1])
    best, worst = run["test"].get("accuracy"), run["evaluations"][-1].get("train/accuracy")
    gap = (worst - best) > 0.1 if best is not None and worst is not None else dev[-1] > 1.6 * train if train > 0 else False
    return bool(dev[-1] <= 1.05 * dev.min() and through and not gap)
