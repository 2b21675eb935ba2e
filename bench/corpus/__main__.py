"""Train the corpus: real runs, most with a fault put in on purpose, and the logs that they leave.

python bench/corpus --out DIR [--fresh N] [--only NAME …] [--workers 2]

Each run is a folder with its log and `facts.yaml`, what an engineer would state about it; `truth.yaml` says what is wrong with each.
It needs PyTorch, scikit-learn and tensorboardX (the extra `bench`). Runs are seeded: the same machine and libraries give the same files,
but for the times of the runs that measure their own steps (`Recipe.measured`).
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from functools import partial
from pathlib import Path

import yaml
from generate import generate
from recipes import RECIPES

TRUTH = Path(__file__).with_name("truth.yaml")


def differences() -> list[str]:
    """Runs without a truth, and truths without a run."""
    known = yaml.safe_load(TRUTH.read_text("utf-8")).keys()
    return [f"{name}: no truth" for name in RECIPES.keys() - known] + [f"{name}: no run" for name in known - RECIPES.keys()]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python bench/corpus", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="+", default=list(RECIPES), choices=list(RECIPES), metavar="NAME")
    parser.add_argument(
        "--fresh", type=int, default=0, metavar="N", help="train with other data, weights and batches, drawn from the Nth further seed"
    )
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if wrong := differences():
        sys.exit("\n".join(sorted(wrong)))
    began = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(options.workers) as pool:
        for name, seconds in pool.imap_unordered(partial(generate, options.out, options.fresh), options.only):
            print(f"{seconds:6.1f} s  {name}", file=sys.stderr)
    print(f"{len(options.only)} runs in {time.perf_counter() - began:.0f} s, in {options.out}")


if __name__ == "__main__":
    main()
