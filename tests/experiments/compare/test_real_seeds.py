"""On real seeds: the same recipe is not called better than itself, and a planted gain is found."""

from __future__ import annotations

import csv
import random
import statistics
from pathlib import Path

import pytest

from advise.experiments.compare.comparison import Terms, compare
from advise.experiments.compare.sample import Sample, Score
from advise.knowledge.comparison import ComparisonSpec

SEEDS = Path(__file__).parents[4] / "shared" / "data" / "runs" / "seeds_modded_nanogpt_final_val.csv"
SPLITS = 300
# Three standard errors of a share of 5 % over all splits: a correct test stays below, whichever splits are drawn.
CHANCE = 3 * (0.05 * 0.95 / (5 * SPLITS)) ** 0.5

pytestmark = pytest.mark.skipif(not SEEDS.exists(), reason="../shared/data is not here")


def recipes() -> list[list[float]]:
    found: dict[str, list[float]] = {}
    with SEEDS.open(newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["record"], []).append(float(row["final_val_loss"]))
    return list(found.values())


def share_called(size: int, planted: float, spec: ComparisonSpec) -> float:
    source = random.Random(size)
    terms = Terms(spec.level, spec.power, spec.paired_from, spec.fewest_seeds)
    called = []
    for pool in recipes():
        gain = planted * statistics.stdev(pool)
        for _ in range(SPLITS):
            drawn = source.sample(pool, 2 * size)
            sides = (drawn[:size], [value - gain for value in drawn[size:]])
            # Scores that are all equal are refused before they are compared.
            if any(len(set(values)) > 1 for values in sides):
                base, new = (Sample("SIDE", tuple(Score(value, "seeds") for value in values)) for values in sides)
                called.append(compare(base, new, "down", terms).low > 0)
    return statistics.fmean(called)


@pytest.mark.parametrize("size", [2, 3, 5, 10])
def test_the_same_recipe_is_called_better_in_at_most_one_split_of_twenty(size: int, spec: ComparisonSpec) -> None:
    assert share_called(size, 0.0, spec) <= 0.05 + CHANCE


def test_a_gain_of_two_standard_deviations_is_found_at_five_seeds(spec: ComparisonSpec) -> None:
    assert share_called(5, 2.0, spec) >= 0.8
