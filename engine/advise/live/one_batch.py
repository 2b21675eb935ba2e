"""Before the run: a few seconds on one batch that show whether the training can work at all.

    found = preflight(model, optimizer, criterion, (x, y))
    if not found.go:
        print(found)

What is seen becomes facts, and the same rules that judge a log judge them. The model, its optimizer and the states of the random generators come back
bit for bit as they were.
"""

from __future__ import annotations

import contextlib
import copy
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from advise.facts.fitting import fitting
from advise.live.torch_loss import LossWatch
from advise.live.torch_setup import readings_of, settings_of
from advise.live.torch_step import gradients, layers_of
from advise.terms import ALARMING

if TYPE_CHECKING:
    from torch.optim import Optimizer

    from advise.advisor import Advisor
    from advise.knowledge.live import LiveFile
    from advise.plan.model import Plan
    from advise.text import Language, Text

Reading = bool | int | float | str
Loss = Callable[[Any, Any], Tensor]

_SECONDS = 20.0
# From a rate that moves nothing to one that no network stands.
_LOWEST, _HIGHEST, _RATES = 1e-7, 10.0, 90
_SMOOTHED = 0.8
# A loss this many times the lowest so far has left for good.
_BROKEN = 4.0
# The rate from which the loss falls fastest is near the edge; a third of it leaves room for other batches.
_ROOM = 3.0
_FIT_STEPS, _BASELINE_STEPS = 300, 40
_FITS_LOSS, _FITS_ERROR = 0.1, 0.05


@dataclass(frozen=True)
class Preflight:
    """What was found.

    Attributes:
        go: Whether nothing speaks against starting the run.
        plan: The plan, with its proofs.
        facts: What was observed, by the names of the vocabulary.
        lr_suggested: A peak learning rate from the sweep; None where it told none.
        reason: Why that one; None where there is none.
        error: What the model or the loss raised on the batch; None where nothing.
        seconds: How long it took.
        titles: The phrases of `to_text`.
    """

    go: bool
    plan: Plan
    facts: Mapping[str, Reading]
    lr_suggested: float | None
    reason: Text | None
    error: str | None
    seconds: float
    titles: Mapping[str, Text] = field(repr=False)

    def to_text(self, language: Language = "en") -> str:
        """What a person reads: go or no-go, why, and the suggested rate.

        Args:
            language: In which language.
        """
        head = self.plan.head
        lines = [self.titles["preflight_go" if self.go else "preflight_no_go"].in_language(language)]
        lines += [] if self.error is None else [self.error]
        lines += [] if head is None or not _alarming(self.plan) else [head.finding.in_language(language), head.next.in_language(language)]
        lines += [] if self.reason is None else [self.reason.in_language(language)]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.to_text()


def _alarming(plan: Plan) -> bool:
    """Whether something is likely to keep the run from learning."""
    return any(item.severity in ALARMING and item.certainty != "possible" for item in plan.diagnoses)


def preflight(
    model: nn.Module, optimizer: Optimizer, loss: Loss | None, batch: Any, *, seconds: float = _SECONDS, advisor: Advisor | None = None
) -> Preflight:
    """Try a training on one batch.

    Args:
        model: What learns.
        optimizer: As the run will use it.
        loss: Called with what the model makes of the inputs, and the targets; None where the batch is a mapping and the model gives its loss
            itself, as those of Transformers do.
        batch: Inputs and targets; or a mapping of the arguments of the model.
        seconds: About how long it may take.
        advisor: What judges; by default with the knowledge that came with the package.
    """
    from advise.advisor import Advisor

    advisor = advisor or Advisor(engine="plain")
    start = time.perf_counter()
    trial = _Trial(model, optimizer, loss, batch, advisor.knowledge.live, start + seconds)
    with _restored(model, optimizer):
        trial.run()
    gives = advisor.knowledge.live.gives
    named = {gives[name]: value for name, value in trial.readings.items() if name in gives}
    vocabulary = advisor.knowledge.vocabulary
    facts = {name: value for name, value in named.items() if fitting(value, vocabulary[name]) is not None}
    settings = _facts_of(settings_of([optimizer], advisor.knowledge.live), advisor)
    plan = advisor.examine({**settings, **facts}).plan
    go = trial.error is None and plan.verdict.id not in ("fix_first", "stop") and not _alarming(plan)
    titles = advisor.knowledge.strings
    reason = None if trial.suggested is None else advisor.knowledge.strings[f"preflight_{trial.why}"].filled(trial.numbers)
    return Preflight(go, plan, {**settings, **facts}, trial.suggested, reason, trial.error, time.perf_counter() - start, titles)


def _facts_of(settings: Mapping[str, object], advisor: Advisor) -> dict[str, Any]:
    """Hyperparameters as facts, by the names that trainers use."""
    from advise.runlog.measures.settings import facts_of_settings
    from advise.runlog.series.record import RunLog

    log = RunLog("step", {}, settings={name: (value, "") for name, value in settings.items() if isinstance(value, bool | int | float | str)})
    found = facts_of_settings(log, advisor.knowledge.roles, advisor.knowledge.vocabulary)
    return {name: fact.value for name, fact in found.items()}


@contextlib.contextmanager
def _restored(model: nn.Module, optimizer: Optimizer) -> Iterator[None]:
    """Put back everything that a trial moves: weights, buffers, gradients, modes, the optimizer, random generators."""
    weights = {name: value.detach().clone() for name, value in model.state_dict(keep_vars=True).items() if isinstance(value, Tensor)}
    grads = {name: parameter.grad for name, parameter in model.named_parameters()}
    modes = {name: module.training for name, module in model.named_modules()}
    state, groups = copy.copy(optimizer.state), [{**group, "params": list(group["params"])} for group in optimizer.param_groups]
    held = {key: copy.deepcopy(value) for key, value in state.items()}
    generators = random.getstate(), np.random.get_state(), torch.get_rng_state()
    devices = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    for parameter in model.parameters():
        parameter.grad = None
    try:
        yield
    finally:
        with torch.no_grad():
            for name, value in model.state_dict(keep_vars=True).items():
                if name in weights and isinstance(value, Tensor):
                    value.copy_(weights[name])
        for name, parameter in model.named_parameters():
            parameter.grad = grads[name]
        for name, module in model.named_modules():
            module.training = modes[name]
        optimizer.state.clear()
        optimizer.state.update(held)
        for group, before in zip(optimizer.param_groups, groups, strict=True):
            group.update(before)
        random.setstate(generators[0])
        np.random.set_state(generators[1])
        torch.set_rng_state(generators[2])
        if devices:
            torch.cuda.set_rng_state_all(devices)


class _Trial:
    """The trial itself; what it finds is in its attributes."""

    def __init__(self, model: nn.Module, optimizer: Optimizer, loss: Loss | None, batch: Any, knowledge: LiveFile, end: float) -> None:
        self._model, self._optimizer, self._loss, self._batch = model, optimizer, loss, batch
        self._knowledge, self._end = knowledge, end
        self._initial = {name: value.detach().clone() for name, value in model.state_dict(keep_vars=True).items() if isinstance(value, Tensor)}
        self.readings: dict[str, Reading] = {}
        self.suggested: float | None = None
        self.why = "rate"
        self.numbers: dict[str, str] = {}
        self.error: str | None = None

    def run(self) -> None:
        watch = LossWatch(self._knowledge)
        watch.install()
        watch.is_looking = True
        try:
            self._model.train()
            self.readings |= readings_of(self._model, [self._optimizer], self._knowledge)
            self._first_look()
        except Exception as error:
            # Whatever a stranger's model or loss raises on the batch, the run would raise it too.
            self.error = f"{type(error).__name__}: {error}"
            return
        finally:
            watch.remove()
            self.readings |= watch.readings
        with contextlib.suppress(FloatingPointError, ValueError):
            self._sweep()
            self._fit()
            self._compare_with_blank_inputs()

    def _value(self, batch: Any) -> tuple[Tensor, Any]:
        """The loss of a batch, and what the model made of it."""
        if isinstance(batch, Mapping):
            made = self._model(**batch)
            return (made.loss if self._loss is None else self._loss(made, batch)), made
        inputs, targets = batch[0], batch[1]
        made = self._model(inputs)
        if self._loss is None:
            raise TypeError("without a loss the batch has to be a mapping of the arguments of a model that gives its loss itself")
        return self._loss(made, targets), made

    def _first_look(self) -> None:
        value, _ = self._value(self._batch)
        self.readings["loss_initial"] = float(value.detach())
        value.backward()
        _, found = gradients(layers_of(self._model))
        self.readings |= found
        self._reset()

    def _reset(self) -> None:
        with torch.no_grad():
            for name, value in self._model.state_dict(keep_vars=True).items():
                if name in self._initial and isinstance(value, Tensor):
                    value.copy_(self._initial[name])
        self._optimizer.state.clear()
        for parameter in self._model.parameters():
            parameter.grad = None

    def _update(self, batch: Any, rate: float) -> tuple[float, Any]:
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.zero_grad()
        value, made = self._value(batch)
        value.backward()
        self._optimizer.step(value.detach)
        return float(value.detach()), made

    def _sweep(self) -> None:
        """Raise the rate by the same factor at every step, and see where the loss falls fastest and where it breaks (Smith 2017)."""
        rates = np.geomspace(_LOWEST, _HIGHEST, _RATES)
        course: list[tuple[float, float]] = []
        smooth, lowest = math.nan, math.inf
        for rate in rates:
            value, _ = self._update(self._batch, float(rate))
            smooth = value if math.isnan(smooth) else _SMOOTHED * smooth + (1 - _SMOOTHED) * value
            if not math.isfinite(value) or smooth > _BROKEN * lowest + 1e-3 or time.perf_counter() > self._end:
                if time.perf_counter() <= self._end:
                    self.readings["range_breaks"] = float(rate)
                break
            lowest = min(lowest, smooth)
            course.append((float(rate), smooth))
        self._reset()
        self._suggest(course)

    def _suggest(self, course: list[tuple[float, float]]) -> None:
        if len(course) < _RATES // 4 or min(value for _, value in course) > 0.98 * course[0][1]:
            return
        rates, values = np.log([rate for rate, _ in course]), np.array([value for _, value in course])
        # Of the fall before the lowest point; behind it the loss only jumps about.
        until = int(values.argmin()) + 1
        slopes = np.gradient(values[:until], rates[:until]) if until > 2 else np.array([0.0])
        steepest = float(np.exp(rates[int(slopes.argmin())]))
        breaks = self.readings.get("range_breaks")
        bound = float(breaks) / 10 if isinstance(breaks, float) else math.inf
        self.suggested = float(f"{min(steepest / _ROOM, bound):.1g}")
        self.readings["lr_suggested"] = self.suggested
        self.numbers = {"rate": f"{self.suggested:g}", "steepest": f"{steepest:.2g}"}
        if isinstance(breaks, float):
            self.why = "rate_breaks"
            self.numbers["breaks"] = f"{breaks:.2g}"

    def _fit(self) -> None:
        """Fit the one batch with the rate of the sweep: a network that cannot do that learns nothing from many."""
        rate = self.suggested or float(self._optimizer.param_groups[0]["lr"])
        first, last, error = math.nan, math.nan, math.nan
        half = self._end - (self._end - time.perf_counter()) / 3
        for step in range(_FIT_STEPS):
            last, made = self._update(self._batch, rate)
            first = last if not step else first
            error = self._share_wrong(made)
            if not math.isfinite(last) or last <= _FITS_LOSS * first * 0.5 or (error == 0.0 and step > 5):
                break
            if time.perf_counter() > half:
                # Nobody knows what more steps would bring.
                self._reset()
                return
        if not math.isnan(error):
            self.readings["one_batch_error"] = error
        self.readings["one_batch_fits"] = math.isfinite(last) and (last <= _FITS_LOSS * first or error <= _FITS_ERROR)
        self._reset()

    def _share_wrong(self, made: Any) -> float:
        targets = self._batch[1] if not isinstance(self._batch, Mapping) else None
        if not isinstance(made, Tensor) or not isinstance(targets, Tensor) or targets.is_floating_point() or made.dim() != 2 or targets.dim() != 1:
            return math.nan
        return float((made.detach().argmax(dim=1) != targets).float().mean())

    def _compare_with_blank_inputs(self) -> None:
        """The same training with all inputs zero: where it does as well, the inputs are not used."""
        rate = self.suggested or float(self._optimizer.param_groups[0]["lr"])
        ended: list[float] = []
        for batch in (self._batch, self._blank()):
            if batch is None:
                return
            value = math.nan
            for _ in range(_BASELINE_STEPS):
                value, _made = self._update(batch, rate)
                if time.perf_counter() > self._end:
                    self._reset()
                    return
            ended.append(value)
            self._reset()
        if ended[1] > 0 and all(map(math.isfinite, ended)):
            self.readings["zeroed_similarity"] = ended[0] / ended[1]

    def _blank(self) -> Any:
        if isinstance(self._batch, Mapping) or not isinstance(self._batch[0], Tensor):
            return None
        return (torch.zeros_like(self._batch[0]), *self._batch[1:])
