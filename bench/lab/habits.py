"""How a trainer logs: what, how often, with how many digits, in which form; and at which moment the log is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from families import TASKS
from spec import Spec

Values = dict[str, float]
_TUNED = ("key_equals", "plain_csv", "hf_state", "keras_csv", "tqdm", "sentence", "nanogpt", "json_lines", "chinese")
_SCORE = ("key_colon", "lightning_csv", "hf_console", "keras_bar", "wandb", "mmengine", "pipe_table", "fastai", "imagenet")
# Forms that any column can stand in: what preferences and policies log has its own names.
_OPEN = {"tuned": ("plain_csv", "hf_state", "json_lines"), "score": ("lightning_csv", "hf_console", "wandb")}
# Forms that show how long a step took.
_TIMED = {"key_equals", "plain_csv", "tqdm", "nanogpt", "json_lines", "key_colon", "lightning_csv", "wandb", "mmengine"}
# Forms with a line an epoch, which show train and dev together.
EPOCHWISE = {"keras_csv", "keras_bar", "sentence", "chinese", "pipe_table", "fastai"}
_STEP_SECONDS = 0.09


@dataclass(frozen=True, slots=True)
class Row:
    """What is logged at a step: of the training since the last row, of an evaluation, or of both.

    Attributes:
        epoch: Epochs done, as a fraction; in forms with a line an epoch a whole number, from 1.
        seconds: Since the start.
    """

    step: int
    epoch: float
    seconds: float
    train: Values
    dev: Values


@dataclass(frozen=True, slots=True)
class Sheet:
    """A log before it is written.

    Attributes:
        steps: How many were planned; `per_epoch` is the steps of one.
        ending: How the run ended: `finished`, `early`, `nan`, `cut` or the message of an exception.
    """

    rows: tuple[Row, ...]
    steps: int
    per_epoch: float
    ending: str
    digits: int
    training: str

    @property
    def epochs(self) -> int:
        return max(1, math.ceil(self.steps / self.per_epoch - 1e-9))


@dataclass(frozen=True, slots=True)
class Habit:
    """A drawn way of logging.

    Attributes:
        every: Steps between the rows of the training.
        averages: Whether a row holds the mean since the last one or the value of its step.
        columns: What is logged beside the losses: `lr`, `grad_norm`, `accuracy`, `clip_rate`, `times`.
        read_at: Share of the run after which the log is read.
    """

    form: str
    every: int
    averages: bool
    digits: int
    columns: frozenset[str]
    read_at: float


def habit_of(record: Mapping[str, Any], half: str, *, whole: bool = False) -> Habit:
    """The habit of a run; a log is read at its end, or (two in five healthy runs) at any time before."""
    rng = np.random.default_rng(record["habit"])
    spec = Spec.of(record["twin"]["spec"])
    supervised = TASKS[spec.task].training not in ("preference", "reinforcement") and spec.evaluated
    forms = (_TUNED if half == "tuned" else _SCORE) if supervised else _OPEN[half]
    shares = {"lr": 0.7, "grad_norm": 0.45, "accuracy": 0.6, "clip_rate": 0.3, "times": 0.25}
    columns = {name for name, share in shares.items() if rng.random() < share}
    if record["fault"] == "waits_for_data":
        # Who has this fault and logs no times has no log of it.
        columns.add("times")
        forms = tuple(form for form in forms if form in _TIMED)
    read_at = float(rng.uniform(0.15, 1.0)) if rng.random() < 0.4 and not whole else 1.0
    return Habit(
        str(rng.choice(forms)),
        max(1, spec.steps // int(rng.choice([12, 25, 40, 80, 160]))),
        bool(rng.random() < 0.6),
        int(rng.integers(3, 6)),
        frozenset(columns),
        read_at,
    )


def sheet_of(run: Mapping[str, Any], habit: Habit) -> Sheet:
    """The rows that a habit makes of the curves of a run."""
    spec = Spec.of(run["spec"])
    columns = {name: np.asarray(values, dtype=float) for name, values in run["columns"].items()}
    trained = len(columns.get("loss", ()))
    last = trained if habit.read_at >= 1 else max(8, int(trained * habit.read_at))
    epochwise = habit.form in EPOCHWISE
    evaluations = [row for row in run["evaluations"] if row["step"] <= last]
    per_epoch = float(spec.eval_every) if epochwise else max(1.0, run["train_size"] / (spec.batch * spec.accumulation))
    shown = [int(row["step"]) for row in evaluations] if epochwise else list(range(habit.every, last + 1, habit.every))
    if trained < spec.steps and habit.read_at >= 1 and trained and trained not in shown and not epochwise:
        shown.append(trained)
    wait, wobble = spec.data_wait, np.random.default_rng(spec.seed)
    rows: dict[int, Row] = {}
    before = 0
    for step in shown:
        rows[step] = Row(step, step / per_epoch, step * _STEP_SECONDS / (1 - wait), _train(columns, before, step, habit, wait, wobble), {})
        before = step
    if spec.evaluated:
        for evaluation in evaluations:
            _with_dev(rows, evaluation, per_epoch, wait)
    ordered = _resumed([rows[step] for step in sorted(rows)], spec)
    ending = run["ending"] if last == trained else "cut"
    return Sheet(tuple(ordered), spec.steps, per_epoch, ending, habit.digits, TASKS[spec.task].training)


def _with_dev(rows: dict[int, Row], evaluation: Mapping[str, float], per_epoch: float, wait: float) -> None:
    step = int(evaluation["step"])
    dev = {name.removeprefix("dev/"): value for name, value in evaluation.items() if name.startswith("dev/")}
    if set(dev) <= {"loss", "reward", "ep_rew_mean"} and dev.get("loss") == 0.0:
        return
    now = rows.get(step) or Row(step, step / per_epoch, step * _STEP_SECONDS / (1 - wait), {}, {})
    rows[step] = Row(now.step, now.epoch, now.seconds + 0.5, now.train, dev)


def _resumed(rows: list[Row], spec: Spec) -> list[Row]:
    """A run that was killed and went on from a checkpoint repeats the rows since then."""
    if not spec.resumed_at or len(rows) < 6:
        return rows
    killed = int(len(rows) * spec.resumed_at)
    kept = max(1, killed - max(1, len(rows) // 12))
    return [*rows[:killed], *rows[kept:]]


def _train(columns: Mapping[str, np.ndarray], before: int, step: int, habit: Habit, wait: float, wobble: np.random.Generator) -> Values:
    window = slice(before, step) if habit.averages else slice(step - 1, step)
    values: Values = {}
    for name, curve in columns.items():
        optional = name in ("lr", "grad_norm", "accuracy", "mae", "top1")
        if optional and ("accuracy" if name in ("mae", "top1") else name) not in habit.columns:
            continue
        part = curve[step - 1 : step] if name == "lr" else curve[window]
        values[name] = float(part.mean()) if len(part) else math.nan
    if "times" in habit.columns:
        total = _STEP_SECONDS / (1 - wait) * float(wobble.uniform(0.95, 1.05))
        values["data_time"] = total * min(0.98, wait * float(wobble.uniform(0.9, 1.1)))
        values["step_time"] = total
    return values
