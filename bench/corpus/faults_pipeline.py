"""Runs that wait: for data, or for a machine that slows down. Their times are really waited for and really measured."""

from __future__ import annotations

import time
from collections.abc import Callable

from networks import cnn, mlp
from recipe import Recipe
from schedules import cosine, linear
from tasks import clusters, digits
from write_json import mmdet, wandb
from write_text import key_colon, key_equals


def waits(seconds: float, *, after: int = 0) -> Callable[[int], None]:
    """A disk or a neighbour that takes its time, from a step on."""

    def wait(step: int) -> None:
        if step > after:
            time.sleep(seconds)

    return wait


RUNS: dict[str, Recipe] = {
    "slow-loader-mmdet": Recipe(
        digits(images=True), cnn(), mmdet, lr=1e-3, schedule=cosine(), load=waits(0.012), measured=True, steps=600, log_every=10, eval_every=60
    ),
    "slow-loader-text": Recipe(
        digits(), mlp(64, 64), key_equals, lr=1e-3, schedule=linear(), load=waits(0.006), measured=True, steps=800, log_every=10, eval_every=80
    ),
    "throughput-drop-wandb": Recipe(
        digits(),
        mlp(64, 64),
        wandb,
        lr=1e-3,
        schedule=cosine(),
        compute=waits(0.010, after=450),
        measured=True,
        steps=800,
        log_every=10,
        eval_every=80,
    ),
    "throughput-drop-text": Recipe(
        clusters(),
        mlp(64, 64),
        key_colon,
        lr=1e-3,
        schedule=cosine(),
        compute=waits(0.008, after=500),
        measured=True,
        steps=1000,
        log_every=10,
        eval_every=100,
    ),
}
