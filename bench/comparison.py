"""How often a comparison calls a gain: of the same recipe (it should not), and of one that was planted (it should).

    python bench/comparison.py [seeds.csv] [--splits N]

Random halves of the runs of one recipe are compared as if one were a new configuration; then the same with a gain of two standard deviations of that
recipe added to the new side. The seeds are those of modded-nanogpt in ../shared/data/runs: 197 runs of five recipes, each trained many times. Splits
are drawn with a fixed seed. A gain is called where the lower end of the interval lies above zero (one-sided, at the level of kb/comparison.yaml).
Beside it stand the two-sided 95 % interval, the percentile bootstrap (400 resamples, one-sided at 95 %) and normal scores in place of real ones.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from advise.advisor import Advisor
from advise.experiments.compare.comparison import Terms, compare
from advise.experiments.compare.sample import Sample, Score

SEEDS = Path(__file__).parents[2] / "shared" / "data" / "runs" / "seeds_modded_nanogpt_final_val.csv"
SIZES = (2, 3, 5, 10)
PLANTED = 2.0
_RESAMPLES = 400


def recipes(path: Path) -> dict[str, list[float]]:
    """The final dev losses of each recipe."""
    found: dict[str, list[float]] = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(f"{row['record']}/{row['total_steps']}", []).append(float(row["final_val_loss"]))
    return found


def sample(values: Sequence[float]) -> Sample:
    return Sample("SIDE", tuple(Score(value, "seeds") for value in values))


def ours(terms: Terms) -> Callable[[list[float], list[float], random.Random], bool]:
    def called(base: list[float], new: list[float], _: random.Random) -> bool:
        # Rounded scores of two or three runs may be all equal; such a comparison is refused, so it calls nothing.
        if len(set(base)) == 1 and len(set(new)) == 1:
            return False
        return compare(sample(base), sample(new), "down", terms).low > 0

    return called


def bootstrap(base: list[float], new: list[float], source: random.Random) -> bool:
    means = sorted(statistics.fmean(source.choices(base, k=len(base))) - statistics.fmean(source.choices(new, k=len(new))) for _ in range(_RESAMPLES))
    return means[round(0.05 * _RESAMPLES)] > 0


def rates(called: Callable[..., bool], pools: dict[str, list[float]], size: int, planted: float, splits: int) -> dict[str, float]:
    """The share of random splits of each recipe in which a gain is called."""
    source = random.Random(20260131)
    found = {}
    for name, pool in pools.items():
        if len(pool) >= 2 * size:
            shift = planted * statistics.stdev(pool)
            hits = 0
            for _ in range(splits):
                drawn = source.sample(pool, 2 * size)
                hits += called(drawn[:size], [value - shift for value in drawn[size:]], source)
            found[name] = hits / splits
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", type=Path, nargs="?", default=SEEDS)
    parser.add_argument("--splits", type=int, default=2_000)
    asked = parser.parse_args()
    if not asked.seeds.exists():
        print(f"{asked.seeds} is not here: nothing measured")
        sys.exit(0)
    spec = Advisor(engine="plain").knowledge.comparison
    assert spec is not None
    terms = Terms(spec.level, spec.power, spec.paired_from, spec.fewest_seeds)
    two_sided = Terms(0.975, spec.power, spec.paired_from, spec.fewest_seeds)
    pools = recipes(asked.seeds)
    source = random.Random(1)
    normal = {"normal scores": [source.gauss(0, 1) for _ in range(5_000)]}
    print(f"{sum(map(len, pools.values()))} runs of {len(pools)} recipes, {asked.splits:,} splits each\n")
    print("| seeds a side | planted | called | highest of a recipe | normal scores | two-sided 95 % | percentile bootstrap |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    start = time.perf_counter()
    missed = []
    for planted in (0.0, PLANTED):
        for size in SIZES:
            real = rates(ours(terms), pools, size, planted, asked.splits)
            called = statistics.fmean(real.values())
            theory = rates(ours(terms), normal, size, planted, asked.splits)["normal scores"]
            strict = statistics.fmean(rates(ours(two_sided), pools, size, planted, asked.splits // 4).values())
            resampled = statistics.fmean(rates(bootstrap, pools, size, planted, asked.splits // 10).values())
            print(
                f"| {size} | {planted:g} sd | {called:.2%} | {max(real.values()):.2%} | {theory:.2%} | {strict:.2%} | {resampled:.2%} |", flush=True
            )
            if (not planted and called > 0.05) or (planted and size == 5 and called < 0.8):
                missed.append(f"{size} seeds, planted {planted:g}: {called:.2%}")
    print(
        f"\n{time.perf_counter() - start:.0f} s. "
        + (f"Bars missed: {'; '.join(missed)}" if missed else "Bars held: at most 5 % false, at least 80 % found at 5 seeds.")
    )
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
