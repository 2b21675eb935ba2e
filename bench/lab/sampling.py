"""Draws trainings: task × network × optimizer × schedule × size × logging habit × fault, all from the number of the run and the seed of the lot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from families import BATCH_NORMALISED, NETWORKS, TASKS
from faults import FAULTS, Fault
from spec import Spec

_RATES = {
    "sgd": 0.1, "momentum": 0.03, "nesterov": 0.03, "adam": 3e-3, "adamw": 3e-3, "rmsprop": 1.5e-3, "adagrad": 0.03, "lion": 4e-4,
}  # fmt: skip
# Where the usual rate of an optimizer is not that of a network: measured on the tuned half, to train well at a half and at twice of it.
_SLOWER = {"transformer": 0.6, "vit": 0.5, "resnet": 0.7}
_FASTER = {
    ("sgd", "gru"): 6.0,
    ("momentum", "gru"): 6.0,
    ("sgd", "lstm"): 8.0,
    ("momentum", "lstm"): 8.0,
    ("nesterov", "gru"): 6.0,
    ("nesterov", "lstm"): 8.0,
}
_SCHEDULES = ("constant", "constant", "cosine", "cosine", "linear", "linear", "step", "exponential", "wsd", "one_cycle", "inverse_sqrt")
_KINDS = ("usual",) * 10 + ("high_rate", "one_epoch", "fine_tuning", "resumed")
# One run in so many has no fault at all; the twins of the others are healthy runs too.
_HEALTHY = 6


@dataclass(frozen=True, slots=True)
class Draw:
    """A run to train.

    Attributes:
        half: `tuned` or `score`.
        twin: The run without the fault.
        fault: Its kind, None for a healthy run.
        habit: Seed of the logging habit.
    """

    number: int
    half: str
    twin: Spec
    fault: str | None
    habit: int


def drawn(seed: int, number: int) -> Draw:
    """The run of a number; even numbers are of the tuned half. Faults go round in turn, so that each kind is drawn as often."""
    rng = np.random.default_rng([seed, number])
    half = ("tuned", "score")[number % 2]
    turn = number // 2
    kinds = sorted(FAULTS)
    healthy = turn % _HEALTHY == _HEALTHY - 1
    fault = None if healthy else kinds[(turn - turn // _HEALTHY) % len(kinds)]
    for _ in range(1000):
        spec = _spec(rng, half)
        if fault is None or FAULTS[fault].applies(spec):
            return Draw(number, half, spec, fault, int(rng.integers(0, 2**31)))
    raise RuntimeError(f"no run of the {half} half can have the fault {fault}")


def faulty(draw: Draw, seed: int, twin: Mapping[str, Any]) -> Spec:
    """The spec with its fault, as strong as is drawn."""
    assert draw.fault is not None
    fault: Fault = FAULTS[draw.fault]
    return fault.change(np.random.default_rng([seed, draw.number, 1]), draw.twin, twin)


def _spec(rng: np.random.Generator, half: str) -> Spec:
    task = str(rng.choice([name for name, task in TASKS.items() if task.half == half]))
    told = TASKS[task]
    fitting = [
        name
        for name, (inputs, part) in NETWORKS.items()
        if part == half and inputs in {told.inputs, "vector" if told.inputs == "image" else told.inputs}
    ]
    network = str(rng.choice(fitting))
    kind = {"preference": "preference", "reinforcement": "policy"}.get(told.training) or str(rng.choice(_KINDS))
    optimizer = str(
        rng.choice(list(_RATES) if told.inputs != "tokens" and kind != "policy" else ["adam", "adamw", "rmsprop", "lion", "momentum", "sgd"])
    )
    if kind in ("preference", "policy", "fine_tuning"):
        optimizer = str(rng.choice(["adam", "adamw", "lion", "rmsprop"]))
    if kind == "one_epoch" and told.training != "language_model":
        kind = "usual"
    rate = _RATES[optimizer] * _SLOWER.get(network, 1.0) * _FASTER.get((optimizer, network), 1.0)
    heavy = network in ("transformer", "vit", "lstm", "gru", "resnet", "cnn", "cnn_group_norm")
    steps = int(10 ** (rng.uniform(2.2, 2.5) if heavy else rng.uniform(2.35, 2.95)))
    spec = Spec(
        task,
        network,
        seed=int(rng.integers(0, 2**31)),
        kind=kind,
        train_size=int(10 ** rng.uniform(2.8, 3.4)) if told.inputs != "image" else int(10 ** rng.uniform(2.6, 2.95)),
        dev_size=int(10 ** rng.uniform(2.3, 2.5 if heavy else 2.7)),
        batch=int(rng.choice([16, 25, 32] if heavy else [16, 25, 32, 48, 64])),
        width=int(rng.choice([24, 32] if heavy else [32, 48, 64])),
        depth=int(rng.integers(1, 3 if heavy else 4)),
        activation=str(rng.choice(["relu", "relu", "gelu", "tanh"])),
        dropout=float(rng.choice([0.0, 0.0, 0.1, 0.2])),
        optimizer=optimizer,
        lr=float(f"{rate * 10 ** rng.uniform(-0.3, 0.2):.2g}"),
        weight_decay=float(rng.choice([0.0, 1e-4, 0.01])) if optimizer in ("adamw", "lion") else float(rng.choice([0.0, 0.0, 1e-4])),
        clip=float(rng.choice([1.0, 2.0, 5.0])) if rng.random() < 0.25 and optimizer not in ("sgd", "momentum", "nesterov") else None,
        schedule=str(rng.choice(_SCHEDULES)),
        warmup=int(steps * rng.uniform(0.02, 0.08)) if rng.random() < 0.4 else 0,
        final=float(rng.choice([0.0, 0.0, 0.1])),
        steps=steps,
        eval_every=max(1, steps // int(rng.integers(10, 20 if heavy else 40))),
        stop_on_nan=bool(rng.random() < 0.4),
    )
    return _of_kind(rng, spec)


def _of_kind(rng: np.random.Generator, spec: Spec) -> Spec:
    if spec.schedule == "one_cycle":
        spec = spec.but(warmup=0)
    if spec.network in BATCH_NORMALISED and spec.batch < 25:
        spec = spec.but(batch=25)
    if spec.kind == "high_rate":
        return (
            spec.but(optimizer="momentum", lr=0.1, schedule="step", warmup=0, weight_decay=5e-4)
            if spec.network in BATCH_NORMALISED
            else spec.but(kind="usual")
        )
    if spec.kind == "one_epoch":
        size = spec.steps * spec.batch
        return spec.but(train_size=size, evaluated=False, schedule="cosine", warmup=spec.steps // 20) if size <= 30_000 else spec.but(kind="usual")
    if spec.kind == "fine_tuning":
        steps = 3 * (spec.train_size // spec.batch)
        return spec.but(
            pretrained=150,
            steps=steps,
            eval_every=max(1, steps // 3),
            lr=float(f"{spec.lr / 8:.2g}"),
            schedule="linear",
            warmup=steps // 16,
            dropout=0.1,
        )
    if spec.kind == "resumed":
        return spec.but(resumed_at=float(rng.uniform(0.3, 0.7)))
    if spec.kind == "preference":
        return spec.but(lr=float(f"{spec.lr / 3:.2g}"), dropout=0.0)
    if spec.kind == "policy":
        return spec.but(batch=64, dropout=0.0, network=spec.network, weight_decay=0.0)
    return spec
