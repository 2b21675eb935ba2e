"""A hyperparameter over a whole study: its scale, its range, and where each trial stands in it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from advise.experiments.study.record import Declared, Role, Setting, Trial
from advise.experiments.study.values import is_finite
from advise.knowledge.study import StudyFile
from advise.runlog.words import words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

Scale = Literal["log", "linear", "choice"]
_MOST_CHOICES = 20


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """One hyperparameter.

    Attributes:
        name: As the source has it.
        scale: Whether its values are compared by factors, by differences, or not at all.
        low: Lower bound; NaN where it is chosen from a list.
        high: Upper bound; likewise.
        choices: Its values, where it is chosen from a list, in the order of declaration.
        is_declared: Whether somebody declared the range; else it spans what was tried.
        is_scale_declared: Whether somebody declared the scale.
        role: What it is for in this study.
        is_role_declared: Whether somebody said so; else it goes by its name and kind.
        places: Shape (trials,): from 0 at the lower bound to 1 at the upper one, on its scale; of a choice its number. NaN where a trial has it not.
        distinct: How many different values were tried.
    """

    name: str
    scale: Scale
    low: float
    high: float
    choices: tuple[Setting, ...]
    is_declared: bool
    is_scale_declared: bool
    role: Role
    is_role_declared: bool
    places: NDArray[np.float64]
    distinct: int

    @property
    def varies(self) -> bool:
        """Whether trials differ in it."""
        return self.distinct > 1

    def at(self, place: float) -> float:
        """The value at a place from 0 to 1 of its range; beyond the range where the place is."""
        if self.scale == "log":
            return math.exp(math.log(self.low) + place * (math.log(self.high) - math.log(self.low)))
        return self.low + place * (self.high - self.low)


def parameters_of(
    trials: Sequence[Trial], declared: Mapping[str, Declared], scientific: Iterable[str], knowledge: StudyFile
) -> tuple[Parameter, ...]:
    """Every hyperparameter of the trials, in the order in which they name them.

    Args:
        trials: Of one study.
        declared: What was said of the search space.
        scientific: Hyperparameters that the study asks about.
        knowledge: What hyperparameters are called.
    """
    names = list(dict.fromkeys(name for trial in trials for name in trial.settings))
    asked = frozenset(scientific)
    return tuple(_parameter(name, trials, declared.get(name), asked, knowledge) for name in names)


def called(name: str, names: Iterable[str]) -> bool:
    """Whether a hyperparameter is known by one of these names: by the whole of its name or its end, as in `optimizer.lr`."""
    words = words_of(name)
    return any(words[-len(known) :] == known for known in (tuple(each.split()) for each in names))


def _parameter(name: str, trials: Sequence[Trial], declared: Declared | None, asked: frozenset[str], knowledge: StudyFile) -> Parameter:
    values = [trial.settings.get(name) for trial in trials]
    present = [value for value in values if value is not None]
    distinct = list(dict.fromkeys(present))
    role, said = _role(name, declared, asked, distinct, knowledge)
    if (declared is not None and declared.choices is not None) or not all(map(is_finite, distinct)):
        return _chosen(name, values, distinct, declared, role, said)
    numbers = np.array([math.nan if value is None else float(value) for value in values])
    low, high, bounded = _bounds(numbers, declared)
    is_log, scaled = _is_log(name, numbers, low, high, declared, knowledge)
    scale: Scale = "log" if is_log else "linear"
    return Parameter(name, scale, low, high, (), bounded, scaled, role, said, _places(numbers, low, high, is_log), len(distinct))


def _chosen(name: str, values: Sequence[Setting | None], distinct: Sequence[Setting], declared: Declared | None, role: Role, said: bool) -> Parameter:
    known = () if declared is None or declared.choices is None else declared.choices
    choices = tuple(dict.fromkeys((*known, *distinct)))
    numbered = {choice: index for index, choice in enumerate(choices)}
    places = np.array([math.nan if value is None else float(numbered[value]) for value in values])
    return Parameter(name, "choice", math.nan, math.nan, choices, bool(known), bool(known), role, said, places, len(distinct))


def _role(name: str, declared: Declared | None, asked: frozenset[str], distinct: Sequence[Setting], knowledge: StudyFile) -> tuple[Role, bool]:
    if len(distinct) < 2:
        return "fixed", True
    if name in asked:
        return "scientific", True
    if declared is not None and declared.role is not None:
        return declared.role, True
    if asked:
        # Who says what a study asks about says of the rest that it does not.
        return "nuisance", True
    for role, names in knowledge.purposes.items():
        if called(name, names):
            return role, False
    is_choice = not all(map(is_finite, distinct)) and len(distinct) <= _MOST_CHOICES
    return ("scientific" if is_choice else "nuisance"), False


def _bounds(numbers: NDArray[np.float64], declared: Declared | None) -> tuple[float, float, bool]:
    seen = numbers[np.isfinite(numbers)]
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (math.nan, math.nan)
    if declared is None or declared.low is None or declared.high is None:
        return low, high, False
    # A trial outside the declared space was added by hand; the space was searched no further for that.
    return declared.low, declared.high, True


def _is_log(name: str, numbers: NDArray[np.float64], low: float, high: float, declared: Declared | None, knowledge: StudyFile) -> tuple[bool, bool]:
    if declared is not None and declared.log is not None:
        return declared.log and low > 0, True
    if not low > 0 or not high > low:
        return False, False
    if called(name, knowledge.scales.log):
        return True, False
    if high / low < knowledge.scales.wide:
        return False, False
    seen = np.sort(numbers[np.isfinite(numbers)])
    return _unevenness(np.log(seen)) < _unevenness(seen), False


def _unevenness(values: NDArray[np.float64]) -> float:
    """How far sorted values are from lying evenly between their ends: the largest distance of their distribution from the uniform one."""
    places = (values - values[0]) / (values[-1] - values[0])
    return float(np.max(np.abs(places - np.linspace(0.0, 1.0, len(values)))))


def _places(numbers: NDArray[np.float64], low: float, high: float, is_log: bool) -> NDArray[np.float64]:
    if not high > low:
        return np.where(np.isfinite(numbers), 0.5, math.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Halves, since the difference of two floats may be beyond all floats.
        by_ratio = (np.log(numbers) - math.log(low)) / (math.log(high) - math.log(low)) if is_log else None
        places = (numbers / 2 - low / 2) / (high / 2 - low / 2) if by_ratio is None else by_ratio
    return np.where(np.isfinite(places), places, math.nan)
