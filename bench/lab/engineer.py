"""A literal-minded engineer: takes a plan as its JSON, and does to a training what its actions say, right or wrong, and nothing else.

What he makes of a key of the config diff, and of a sentence, is data: `remedies.yaml`.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from spec import Spec

Decision = Mapping[str, Any]
Run = Mapping[str, Any]
Train = Callable[[Spec], Run]
Score = Callable[[str, Mapping[str, float]], float]
_REMEDIES = Path(__file__).with_name("remedies.yaml")
_DEFAULTS = {field.name: field.default for field in dataclasses.fields(Spec)}
_WARMUPS = (100, 1000, 10000)
_OPTIMIZERS = {"sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "adagrad", "lion"}
_SCHEDULES = {"constant", "cosine", "linear", "step", "exponential", "wsd", "one_cycle", "inverse_sqrt"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A training as it will be run, and the step whose checkpoint is its result; 0 for the last."""

    spec: Spec
    checkpoint: int = 0


class Engineer:
    """Carries out decisions; `train` gives the record of a spec, for actions that try before they choose, and `score` how good an evaluation is."""

    def __init__(self, train: Train, score: Score) -> None:
        self.train, self.score = train, score
        self.remedies: Mapping[str, Any] = _remedies()

    def hands_on(self, decision: Decision) -> bool:
        return any(re.search(self.remedies["hands_on"], step["en"]) for step in decision["steps"])

    def after(self, decision: Decision, attempt: Attempt) -> Attempt:
        """The attempt with what a decision says done to it; the same where it asks for nothing that a training can do."""
        before = attempt.spec
        changed = self._configured(decision["config"], decision["params"], before)
        checkpoint = 0
        for step in decision["steps"]:
            for remedy in self.remedies["steps"]:
                if re.search(remedy["says"], step["en"]):
                    changed = self._done(remedy, decision["params"], changed)
                    if any(getattr(changed, field) != getattr(before, field) for field in remedy.get("failing", ())):
                        changed = changed.but(lr=before.lr)
                    checkpoint = self._best(before) if "checkpoint" in remedy else checkpoint
        if changed != before:
            return Attempt(changed)
        return Attempt(before, checkpoint or attempt.checkpoint)

    def _configured(self, lines: Sequence[Mapping[str, Any]], params: Mapping[str, Any], spec: Spec) -> Spec:
        keys = {line["key"]: line for line in lines}
        for key, line in keys.items():
            value = line["after"]
            field = self.remedies["settings"].get(key)
            if field is not None and _possible(field, value):
                spec = spec.but(**{field: type(_DEFAULTS[field])(value) if isinstance(_DEFAULTS[field], int | float) else value})
            elif key == "clip.enabled" and value is False:
                spec = spec.but(clip=None)
            elif key == "batch.size":
                spec = spec.but(batch=max(1, round(value / spec.accumulation)))
            elif key == "budget.epochs" and "budget.steps" not in keys and line["before"]:
                spec = spec.but(steps=max(1, round(spec.steps * value / line["before"])))
            elif key == "weights.init":
                spec = spec.but(init_gain=1.0, zero_init=False, bias_init=0.0)
            elif key in ("schedule.total_steps", "schedule.total_epochs"):
                spec = spec.but(decay_end=1.0)
        return spec.but(decay_end=1.0, final=0.0) if "schedule.kind" in keys and "total_steps" in params else spec

    def _done(self, remedy: Mapping[str, Any], params: Mapping[str, Any], spec: Spec) -> Spec:
        changes: dict[str, Any] = dict(remedy.get("set", {}))
        for field in remedy.get("sound", ()):
            changes[field] = _sound(field, getattr(spec, field))
        for field, factor in remedy.get("times", {}).items():
            changes[field] = max(1, round(getattr(spec, field) * factor))
        for field, name in remedy.get("param", {}).items():
            if params.get(name):
                changes[field] = int(params[name])
        for field, others in remedy.get("replace", {}).items():
            changes[field] = others.get(getattr(spec, field), getattr(spec, field))
        if "relabel" in remedy:
            changes["label_noise"] = max(0.0, spec.label_noise - remedy["relabel"] / spec.train_size)
        if "unclip" in remedy and spec.clip is not None and self._clipped(spec) > remedy["unclip"]:
            changes["clip"] = None
        spec = spec.but(**changes)
        return self._searched(remedy, params, spec) if "search" in remedy else spec

    def _searched(self, remedy: Mapping[str, Any], params: Mapping[str, Any], spec: Spec) -> Spec:
        if remedy["search"] == "warmup":
            return self._warmed_up(spec, params.get("longest"))
        if remedy["search"] == "triple":
            return self._tripled(spec)
        if remedy["search"] == "lower":
            return self._lowered(spec, remedy.get("failing", ()))
        if remedy["search"] == "tune":
            return self._tuned(spec, remedy["factor"], remedy["values"])
        return self._swept(spec, params, remedy["factor"])

    def _warmed_up(self, spec: Spec, longest: float | None) -> Spec:
        """The shortest warmup of the usual lengths that is calm in the first tenth, none beyond the longest; the longest where none is."""
        if not longest:
            return spec
        lengths = [length for length in _WARMUPS if length <= longest] or [int(longest)]
        for length in lengths:
            tried = spec.but(warmup=length, steps=spec.steps + max(0, length - spec.warmup))
            loss = _losses(self.train(tried))
            early = loss[: max(1, len(loss) // 10)]
            if np.isfinite(early).all() and early.max() <= 1.2 * loss[0]:
                break
        return tried

    def _tripled(self, spec: Spec) -> Spec:
        """The rate tripled for as long as the loss ends lower and stays calm."""
        best, ended = spec, _ending(self.train(spec))
        for _ in range(6):
            tried = best.but(lr=best.lr * 3)
            now = _ending(self.train(tried))
            if not now < ended:
                break
            best, ended = tried, now
        return best

    def _lowered(self, spec: Spec, failing: Sequence[str]) -> Spec:
        """The rate lowered by three, at most twice, while the loss does not end below where it began; else what may be wrong beside it, put right."""
        tried = spec
        for _ in range(3):
            run = self.train(tried)
            if _ending(run) < _losses(run)[0]:
                return tried
            tried = tried.but(lr=tried.lr / 3)
        return spec.but(**{field: _sound(field, getattr(spec, field)) for field in failing})

    def _tuned(self, spec: Spec, factor: float, values: int) -> Spec:
        """The peak rate that ends with the best dev metric, of some around the present one."""
        rates = [spec.lr * factor ** (index - values // 2) for index in range(values)]
        ends = {rate: self._dev_at_the_end(spec.but(lr=rate)) for rate in rates}
        best = max(ends, key=lambda rate: ends[rate])
        return spec.but(lr=best) if math.isfinite(ends[best]) else spec

    def _dev_at_the_end(self, spec: Spec) -> float:
        run = self.train(spec)
        last = self.score(run["objective"], _dev(run["evaluations"][-1])) if run["evaluations"] else math.nan
        return last if math.isfinite(last) else -math.inf

    def _swept(self, spec: Spec, params: Mapping[str, Any], factor: float) -> Spec:
        """Constant rates in short runs; that with the lowest training loss at the end."""
        low, high = params.get("lowest"), params.get("highest")
        if not low or not high:
            return spec
        steps = min(spec.steps, int(params.get("steps") or 500))
        rates = [low * factor**index for index in range(round(math.log(high / low, factor)) + 1)][:8]
        short = spec.but(schedule="constant", warmup=0, steps=steps, patience=None)
        ends = {rate: _ending(self.train(short.but(lr=rate))) for rate in rates}
        best = min(ends, key=lambda rate: ends[rate])
        return spec.but(lr=best) if math.isfinite(ends[best]) else spec

    def _clipped(self, spec: Spec) -> float:
        """The share of updates that clipping cut."""
        return float(np.mean(np.asarray(self.train(spec)["columns"].get("grad_norm", [0.0])) > (spec.clip or math.inf)))

    def _best(self, spec: Spec) -> int:
        """The step of the best evaluation of what the run has been."""
        run = self.train(spec)
        scored = {int(row["step"]): self.score(run["objective"], _dev(row)) for row in run["evaluations"]}
        finite = {step: value for step, value in scored.items() if math.isfinite(value)}
        return max(finite, key=lambda step: (finite[step], step), default=0)


@cache
def _remedies() -> Mapping[str, Any]:
    return dict(yaml.safe_load(_REMEDIES.read_text("utf-8")))


def _dev(row: Mapping[str, float]) -> Mapping[str, float]:
    return {name.removeprefix("dev/"): value for name, value in row.items() if name.startswith("dev/")}


def _possible(field: str, value: Any) -> bool:
    known = {"optimizer": _OPTIMIZERS, "schedule": _SCHEDULES}.get(field)
    return value in known if known else isinstance(value, int | float)


def _sound(field: str, value: Any) -> Any:
    if field == "activation":
        return "relu" if value == "sigmoid" else value
    return _DEFAULTS[field]


def _losses(run: Run) -> np.ndarray:
    return np.asarray(run["columns"].get("loss", [math.nan]), dtype=float)


def _ending(run: Run) -> float:
    """The training loss at the end, infinite where it is not finite."""
    loss = _losses(run)
    last = float(np.mean(loss[-max(1, len(loss) // 10) :]))
    return last if math.isfinite(last) else math.inf
