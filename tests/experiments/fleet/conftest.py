"""Folders of runs: healthy ones, ones that diverge at high rates, and whatever else a person has lying about."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from advise.experiments.fleet import Fleet, fleet
from advise.experiments.fleet.driving import Work

HERE = Work(workers=1)
Make = Callable[..., Path]


def losses(rate: float, seed: int, count: int = 40) -> list[tuple[float, float]]:
    """Training and dev loss; above a rate of 0.01 they break after a third of the run."""
    found = []
    for place in range(count):
        wobble = 0.02 * math.sin(7.3 * place + seed)
        train = 0.3 + 2.0 * math.exp(-place / 8) + wobble
        if rate > 0.01 and place >= count // 3:
            train = 2.3 * 1.6 ** (place - count // 3) if place < count // 3 + 12 else math.nan
        found.append((train, train + 0.05 + 0.3 * wobble))
    return found


def write_run(folder: Path, rate: float, seed: int, **settings: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["step,train_loss,val_loss,lr"]
    rows += [f"{100 * (place + 1)},{train},{dev},{rate}" for place, (train, dev) in enumerate(losses(rate, seed))]
    (folder / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "config.json").write_text(json.dumps({"learning_rate": rate, "seed": seed, **settings}), encoding="utf-8")
    return folder


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    """Twelve runs: two rates that are sound and one that is not, two seeds of each, two widths."""
    for rate in (0.001, 0.003, 0.1):
        for width in (64, 128):
            for seed in (1, 2):
                write_run(tmp_path / "sweep" / f"lr{rate}-w{width}-s{seed}", rate, seed, width=width)
    return tmp_path / "sweep"


@pytest.fixture
def judged(sweep: Path) -> Fleet:
    return fleet(sweep, work=HERE)
