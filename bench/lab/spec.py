"""What one training is: a flat record of plain values, so that a fault, a remedy and a file are each a change of fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Spec:
    """A training, whole: from it and its seed the run is the same each time.

    Attributes:
        task: Name of the task, in `tasks.py`; `network` the same in `networks.py`.
        warmup: Steps over which the rate rises.
        decay_end: Share of the steps after which the schedule is through; a cosine beyond it rises again, the others stay at their end.
        final: Share of the peak rate at which the schedule ends.
        patience: Evaluations without a better dev loss after which the run stops.
        pretrained: Steps on data of the same kind before the run begins, which no log shows.
        stop_at: Step of the checkpoint that is kept, the last where it is 0; `balanced` draws classes evenly, `matched` trains on data like dev's.
        kind: What sort of recipe it is: `usual`, `high_rate`, `one_epoch`, `fine_tuning`, `preference`, `policy`, `resumed`.
    """

    task: str
    network: str
    seed: int = 0
    kind: str = "usual"
    # Data.
    train_size: int = 1000
    dev_size: int = 300
    batch: int = 32
    # Model.
    width: int = 48
    depth: int = 2
    activation: str = "relu"
    dropout: float = 0.0
    # Optimizer.
    optimizer: str = "adam"
    lr: float = 1e-3
    weight_decay: float = 0.0
    momentum: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    clip: float | None = None
    accumulation: int = 1
    # Schedule and length.
    schedule: str = "constant"
    warmup: int = 0
    decay_end: float = 1.0
    final: float = 0.0
    steps: int = 600
    eval_every: int = 20
    patience: int | None = None
    pretrained: int = 0
    evaluated: bool = True
    # What can be wrong with the data.
    label_noise: float = 0.0
    dev_label_noise: float = 0.0
    labels_shuffled: bool = False
    label_shift: int = 0
    label_out_of_range: bool = False
    majority: float = 0.0
    nan_inputs: float = 0.0
    input_scale: float = 1.0
    input_offset: float = 0.0
    inputs_zeroed: bool = False
    dev_scale: float = 1.0
    dev_noise: float = 0.0
    outlier_every: int = 0
    outlier_scale: float = 1.0
    shuffled: bool = True
    first_batch_only: bool = False
    dev_in_train: bool = False
    targets_unshifted: bool = False
    rewards_constant: bool = False
    # What can be wrong with the code.
    double_softmax: bool = False
    logits_as_log_probabilities: bool = False
    loss_detached: bool = False
    optimizes: str = "all"
    gradients_cleared: bool = True
    loss_divided: bool = True
    dev_in_train_mode: bool = False
    norm_momentum: float = 0.1
    ascends: bool = False
    loss_summed: bool = False
    # What can be wrong with initialisation, numbers and machine.
    init_gain: float = 1.0
    zero_init: bool = False
    bias_init: float = 0.0
    bfloat16_weights: bool = False
    fp16_overflow: float = 0.0
    rate_jump_at: float = 0.0
    rate_jump: float = 1.0
    optimizer_lost_at: float = 0.0
    data_wait: float = 0.02
    # What advice asks for.
    stop_at: int = 0
    balanced: bool = False
    matched: bool = False
    # How the trainer behaves.
    resumed_at: float = 0.0
    stop_on_nan: bool = False

    def but(self, **changes: Any) -> Spec:
        return dataclasses.replace(self, **changes)

    def changed_fields(self) -> dict[str, Any]:
        """The fields that are not at their default."""
        return {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.default is dataclasses.MISSING or getattr(self, field.name) != field.default
        }

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Spec:
        return cls(**fields)
