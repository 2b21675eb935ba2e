"""What can be wrong with a training: each kind of fault changes fields of a spec, as strongly as is drawn.

What a fault is called by its diagnoses, and what contradicts it, is data: `faults.yaml`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from families import BATCH_NORMALISED, TASKS
from spec import Spec

Twin = Mapping[str, Any]
Change = Callable[[np.random.Generator, Spec, Twin], Spec]
# Layers of which a large negative bias switches every unit off.
_PLAIN = {"mlp", "mlp_layer_norm", "cnn", "cnn_group_norm"}
_ADAPTIVE = {"adam", "adamw", "rmsprop", "lion", "adagrad"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault.

    Attributes:
        applies: Whether it can befall a spec.
        change: The spec with the fault; may look at the record of the twin without it.
        harms: What it costs: `quality` of the model, trust in the `report`, or time (`cost`).
    """

    applies: Callable[[Spec], bool]
    change: Change
    harms: str = "quality"


def _supervised(spec: Spec) -> bool:
    return TASKS[spec.task].training in ("supervised", "language_model")


def _classes(spec: Spec) -> bool:
    return TASKS[spec.task].kind == "classification"


def _classified(spec: Spec) -> bool:
    return _classes(spec) or TASKS[spec.task].training == "language_model"


def _numbers(spec: Spec) -> bool:
    return TASKS[spec.task].inputs != "tokens" and TASKS[spec.task].training == "supervised"


def _evaluated(spec: Spec) -> bool:
    return spec.evaluated and TASKS[spec.task].training != "reinforcement"


def _any(spec: Spec) -> bool:
    return True


def _supervised_usual(spec: Spec) -> bool:
    return _supervised(spec) and _evaluated(spec) and spec.kind in ("usual", "high_rate")


def _log(rng: np.random.Generator, low: float, high: float) -> float:
    return float(10 ** rng.uniform(math.log10(low), math.log10(high)))


def _sets(**fields: Any) -> Change:
    return lambda rng, spec, twin: spec.but(**fields)


def _draws(field: str, low: float, high: float) -> Change:
    """A field gets a number, drawn evenly on the logarithmic scale."""
    return lambda rng, spec, twin: spec.but(**{field: round(_log(rng, low, high), 6)})


def _times(field: str, low: float, high: float) -> Change:
    return lambda rng, spec, twin: spec.but(**{field: getattr(spec, field) * _log(rng, low, high)})


def _norm(twin: Twin) -> float:
    return float(np.median(twin["columns"]["grad_norm"])) or 1.0


def _longer(rng: np.random.Generator, spec: Spec, twin: Twin) -> Spec:
    factor = rng.uniform(3, 5)
    return spec.but(steps=int(spec.steps * factor), eval_every=max(1, int(spec.eval_every * factor / 2)), schedule="constant")


def _shorter(rng: np.random.Generator, spec: Spec, twin: Twin) -> Spec:
    steps = max(12, int(spec.steps * _log(rng, 0.04, 0.25)))
    return spec.but(steps=steps, eval_every=max(1, steps // 12), warmup=min(spec.warmup, steps // 10), patience=None, schedule="constant")


def _few_data(rng: np.random.Generator, spec: Spec, twin: Twin) -> Spec:
    size = max(24, int(spec.train_size * _log(rng, 0.03, 0.12)))
    return spec.but(train_size=size, batch=min(spec.batch, max(4, size // 2)), width=max(spec.width, 96), dropout=0.0, weight_decay=0.0)


def _batch_of_all(rng: np.random.Generator, spec: Spec, twin: Twin) -> Spec:
    """As many epochs, hence few updates."""
    factor = int(2 ** rng.uniform(3, 5))
    steps = max(10, spec.steps // factor)
    return spec.but(
        batch=min(spec.batch * factor, spec.train_size),
        steps=steps,
        eval_every=max(1, steps // 12),
        warmup=min(spec.warmup, steps // 10),
        patience=None,
    )


def _deep_sigmoid(rng: np.random.Generator, spec: Spec, twin: Twin) -> Spec:
    return spec.but(activation="sigmoid", depth=int(rng.integers(5, 12)), init_gain=float(rng.uniform(0.5, 1.0)))


FAULTS: dict[str, Fault] = {
    # Learning rate and schedule.
    "lr_too_high": Fault(_any, _times("lr", 8, 400)),
    "lr_far_too_high": Fault(_any, _times("lr", 400, 30000)),
    "lr_too_low": Fault(_any, _times("lr", 0.0008, 0.04)),
    "warmup_too_long": Fault(
        lambda spec: spec.schedule != "one_cycle",
        lambda rng, spec, twin: spec.but(warmup=int(spec.steps * rng.uniform(0.5, 1.0)), schedule="constant"),
    ),
    "decay_too_early": Fault(
        _any,
        lambda rng, spec, twin: spec.but(schedule=str(rng.choice(["linear", "step"])), decay_end=float(_log(rng, 0.06, 0.3)), final=0.0, warmup=0),
    ),
    "scheduler_called_per_batch": Fault(
        _any, lambda rng, spec, twin: spec.but(schedule="exponential", final=1e-6, decay_end=float(_log(rng, 0.02, 0.15)))
    ),
    "cosine_rises_again": Fault(_any, lambda rng, spec, twin: spec.but(schedule="cosine", decay_end=float(rng.uniform(0.35, 0.6)), final=0.0)),
    "rate_jumps": Fault(_any, lambda rng, spec, twin: spec.but(rate_jump_at=float(rng.uniform(0.3, 0.7)), rate_jump=_log(rng, 10, 300))),
    "optimizer_lost": Fault(
        lambda spec: spec.optimizer in _ADAPTIVE | {"momentum"},
        lambda rng, spec, twin: spec.but(optimizer_lost_at=float(rng.uniform(0.3, 0.8)), rate_jump_at=0.5, rate_jump=5.0),
    ),
    "momentum_too_high": Fault(
        lambda spec: spec.optimizer in ("momentum", "nesterov", "adam", "adamw"),
        lambda rng, spec, twin: spec.but(momentum=float(1 - _log(rng, 0.0005, 0.008))),
    ),
    "epsilon_too_large": Fault(lambda spec: spec.optimizer in ("adam", "adamw", "rmsprop"), _draws("eps", 0.3, 100)),
    # Gradients and numbers.
    "clipping_too_tight": Fault(
        lambda spec: spec.optimizer in ("sgd", "momentum", "nesterov"), lambda rng, spec, twin: spec.but(clip=_norm(twin) * _log(rng, 0.002, 0.05))
    ),
    "outlier_batches": Fault(
        lambda spec: _numbers(spec) and spec.network not in BATCH_NORMALISED,
        lambda rng, spec, twin: spec.but(outlier_every=int(spec.steps * rng.uniform(0.07, 0.2)), outlier_scale=_log(rng, 10, 100)),
    ),
    "initialisation_too_large": Fault(_supervised, _draws("init_gain", 4, 30)),
    "initialised_to_zero": Fault(_supervised, _sets(zero_init=True)),
    "deep_sigmoid": Fault(lambda spec: _supervised(spec) and spec.network in ("mlp", "mlp_layer_norm", "cnn", "causal_convolution"), _deep_sigmoid),
    "units_born_dead": Fault(
        lambda spec: _supervised(spec) and spec.activation == "relu" and spec.network in _PLAIN,
        lambda rng, spec, twin: spec.but(bias_init=-float(_log(rng, 2, 30))),
    ),
    "weights_in_bfloat16": Fault(_any, _sets(bfloat16_weights=True)),
    "half_precision_overflows": Fault(_any, _draws("fp16_overflow", 2**14, 2**26)),
    "gradients_not_cleared": Fault(_any, _sets(gradients_cleared=False)),
    "ascends": Fault(_supervised, _sets(ascends=True)),
    # Implementation of the loss and the update.
    "nothing_optimized": Fault(_any, _sets(optimizes="copy")),
    "last_bias_optimized": Fault(_supervised, _sets(optimizes="last_bias")),
    "loss_detached": Fault(_supervised, _sets(loss_detached=True)),
    "double_softmax": Fault(_classified, _sets(double_softmax=True)),
    "logits_as_log_probabilities": Fault(_classified, _sets(logits_as_log_probabilities=True)),
    "accumulation_not_divided": Fault(
        _supervised_usual,
        lambda rng, spec, twin: spec.but(loss_divided=False, accumulation=int(2 ** rng.integers(1, 4)), batch=max(2, spec.batch // 4)),
    ),
    "loss_summed": Fault(lambda spec: _supervised_usual(spec) and spec.batch >= 16, _sets(loss_summed=True)),
    # Data and labels.
    "label_noise": Fault(_classes, _draws("label_noise", 0.2, 0.8)),
    "labels_shuffled": Fault(_supervised_usual, _sets(labels_shuffled=True)),
    "labels_shifted": Fault(_classes, _sets(label_shift=1)),
    "label_out_of_range": Fault(_classes, _sets(label_out_of_range=True)),
    "class_imbalance": Fault(_classes, lambda rng, spec, twin: spec.but(majority=float(rng.uniform(0.93, 0.995)))),
    "inputs_with_nan": Fault(_numbers, _draws("nan_inputs", 0.001, 0.02)),
    "inputs_not_scaled": Fault(_numbers, lambda rng, spec, twin: spec.but(input_scale=_log(rng, 20, 500), input_offset=float(rng.uniform(0, 100)))),
    "inputs_zeroed": Fault(_supervised, _sets(inputs_zeroed=True)),
    "not_shuffled": Fault(_classes, _sets(shuffled=False)),
    "first_batch_only": Fault(_supervised_usual, _sets(first_batch_only=True)),
    "too_few_data": Fault(_supervised_usual, _few_data),
    "rewards_constant": Fault(lambda spec: TASKS[spec.task].training == "reinforcement", _sets(rewards_constant=True)),
    "targets_not_shifted": Fault(lambda spec: TASKS[spec.task].training == "language_model", _sets(targets_unshifted=True), "report"),
    # Evaluation.
    "dev_in_train_mode": Fault(
        lambda spec: _supervised_usual(spec) and (spec.dropout > 0 or spec.network in BATCH_NORMALISED),
        lambda rng, spec, twin: spec.but(dev_in_train_mode=True),
        "report",
    ),
    "stale_running_statistics": Fault(lambda spec: _supervised_usual(spec) and spec.network in BATCH_NORMALISED, _draws("norm_momentum", 1e-5, 1e-3)),
    "dev_in_train": Fault(_supervised_usual, _sets(dev_in_train=True), "report"),
    "dev_from_elsewhere": Fault(
        lambda spec: _supervised_usual(spec) and _numbers(spec),
        lambda rng, spec, twin: spec.but(dev_noise=_log(rng, 0.5, 3), dev_scale=float(rng.uniform(0.6, 1.2))),
    ),
    "dev_not_scaled": Fault(lambda spec: _supervised_usual(spec) and _numbers(spec), lambda rng, spec, twin: spec.but(dev_scale=_log(rng, 8, 100))),
    "dev_too_small": Fault(
        lambda spec: _supervised_usual(spec) and _classes(spec), lambda rng, spec, twin: spec.but(dev_size=int(rng.integers(8, 26))), "report"
    ),
    "dev_labels_noisy": Fault(lambda spec: _supervised_usual(spec) and _classes(spec), _draws("dev_label_noise", 0.15, 0.5), "report"),
    # Size and regularisation.
    "network_too_small": Fault(_supervised, lambda rng, spec, twin: spec.but(width=int(rng.integers(1, 4)), dropout=0.0)),
    "weight_decay_too_large": Fault(
        lambda spec: _supervised(spec) and spec.optimizer in ("sgd", "momentum", "nesterov", "adam", "adamw"),
        lambda rng, spec, twin: spec.but(weight_decay=_log(rng, 0.3, 3) / (spec.lr * 30 if spec.optimizer == "adamw" else 10)),
    ),
    "dropout_too_large": Fault(
        lambda spec: _supervised_usual(spec) and spec.network not in ("resnet",),
        lambda rng, spec, twin: spec.but(dropout=float(rng.uniform(0.75, 0.97))),
    ),
    # Length and machine.
    "cut_early": Fault(_supervised_usual, _shorter),
    "trained_too_long": Fault(_supervised_usual, _longer, "cost"),
    "patience_too_small": Fault(
        _supervised_usual, lambda rng, spec, twin: spec.but(patience=1, eval_every=max(1, spec.eval_every // 3), steps=spec.steps)
    ),
    "batch_too_large": Fault(lambda spec: _supervised_usual(spec) and spec.train_size >= 8 * spec.batch, _batch_of_all),
    "batch_too_small": Fault(lambda spec: _supervised_usual(spec) and spec.network not in BATCH_NORMALISED, _sets(batch=1)),
    "waits_for_data": Fault(
        lambda spec: spec.kind in ("usual", "high_rate"), lambda rng, spec, twin: spec.but(data_wait=float(rng.uniform(0.4, 0.92))), "cost"
    ),
}
