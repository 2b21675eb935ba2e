"""Trains the laboratory's runs: `python bench/lab/train.py --out DIR [--count N] [--seed S]`, with PyTorch (the extra `bench`).

A record is a JSON line of `DIR/NNNN.jsonl.gz`, a file forty runs; a file that is there is not trained again. What is kept are curves and the truth,
not logs: `score.py` writes the log of each as its habit has it. About a second a training; 3,000 runs with their twins take two hours on one core.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any

from sampling import Draw, drawn, faulty
from training import trained

_A_FILE = 40
# For one run in so many the twin is trained from another seed too: the spread that harm is measured against.
_SPREAD = 4


def record(seed: int, draw: Draw) -> dict[str, Any]:
    """The run, its twin without the fault, and now and then the twin from another seed."""
    twin = trained(draw.twin)
    made: dict[str, Any] = {"number": draw.number, "half": draw.half, "habit": draw.habit, "fault": draw.fault, "twin": twin}
    if draw.fault is not None:
        made["run"] = trained(faulty(draw, seed, twin))
    if draw.number // 2 % _SPREAD == 0:
        made["again"] = trained(draw.twin.but(seed=draw.twin.seed + 1))["quality"]
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--count", type=int, default=3600)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for start in range(options.first, options.first + options.count, _A_FILE):
        path = options.out / f"{start:05}.jsonl.gz"
        if path.exists():
            continue
        began = time.perf_counter()
        lines = [json.dumps(record(options.seed, drawn(options.seed, number)), separators=(",", ":")) for number in range(start, start + _A_FILE)]
        part = path.with_suffix(".part")
        with gzip.open(part, "wt", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        part.rename(path)
        print(f"{path.name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
