"""Axis scales: where a value stands, and which round values are marked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from advise.text import show

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_DECADES_WITH_BETWEEN = 2
_PADDING = 0.05
# Below this, no round step between two values is a float of full precision: they are the same to the eye.
_NOTHING = 1e-290
_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Tick:
    """A marked place of an axis: its value, and how it is written."""

    value: float
    label: str


class Scale(Protocol):
    """From values to a share of the axis."""

    def share(self, value: float) -> float:
        """Where the value stands: 0 at the start of the axis, 1 at its end."""
        ...

    def ticks(self, most: int) -> tuple[Tick, ...]:
        """Round values on the axis, `most` or fewer; at least one."""
        ...


@dataclass(frozen=True, slots=True)
class Linear:
    """Equal differences are equal lengths; `low` < `high`."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where the value stands, from 0 to 1 within the axis."""
        # Halves first: the difference of two floats may be beyond all floats.
        return (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)

    def ticks(self, most: int) -> tuple[Tick, ...]:
        """Multiples of 1, 2, 2.5 or 5 times a power of ten."""
        step = _step(self.high / 2 - self.low / 2, most)
        first = math.ceil(self.low / step - 1e-9)
        values = [index * step for index in range(first, first + most + 2)]
        inside = [value for value in values if value <= self.high + 1e-9 * step]
        return tuple(Tick(value, _label(value, step)) for value in inside) or (Tick(self.low, show(self.low)),)


@dataclass(frozen=True, slots=True)
class Log:
    """Equal ratios are equal lengths; 0 < `low` < `high`."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where the value stands, from 0 to 1 within the axis; what is not positive stands before its start."""
        if value <= 0:
            return -1.0
        return (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))

    def ticks(self, most: int) -> tuple[Tick, ...]:
        """Powers of ten; 1, 2 and 5 of each where the axis is short."""
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        multiples = (1.0, 2.0, 5.0) if last - first <= _DECADES_WITH_BETWEEN else (1.0,)
        every = max(1, math.ceil((last - first) * len(multiples) / most)) if len(multiples) == 1 else 1
        values = [multiple * 10.0**power for power in range(first, last + 1, every) for multiple in multiples]
        inside = [value for value in values if self.low * (1 - 1e-9) <= value <= self.high * (1 + 1e-9)]
        if not inside:
            return tuple(Tick(value, format(value, ".3g")) for value in (self.low, self.high))
        return tuple(Tick(value, format(value, ".3g")) for value in inside[: max(most, 1)])


@dataclass(frozen=True, slots=True)
class Choices:
    """One place for each of a few names; a value is the number of a name, from 0."""

    names: tuple[str, ...]

    def share(self, value: float) -> float:
        """Where the name of this number stands."""
        return (value + 0.5) / len(self.names)

    def ticks(self, most: int) -> tuple[Tick, ...]:
        """Every name, or an even selection of them; long ones are cut."""
        every = max(1, math.ceil(len(self.names) / max(most, 1)))
        longest = max(4, int(_CHARACTERS / len(self.names)))
        return tuple(Tick(index, _cut(name, longest)) for index, name in enumerate(self.names) if index % every == 0)


def around(low: float, high: float, *, padding: float = _PADDING) -> Linear:
    """A linear scale with some air on both sides; values that are all the same stand in its middle."""
    if high / 2 - low / 2 < _NOTHING:
        air = abs(low) * padding
        return Linear(low - air, low + air) if air >= _NOTHING else Linear(low - 1.0, low + 1.0)
    air = (high / 2 - low / 2) * 2 * padding
    return Linear(low - air, high + air)


def _cut(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _step(half_range: float, most: int) -> float:
    rough = max(half_range * 2 / max(most, 1), 1e-300) if math.isfinite(half_range * 2) else half_range / max(most, 1) * 2
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (*_STEPS, 20.0) if step * power >= rough * (1 - 1e-9))


def _label(value: float, step: float) -> str:
    if value == 0 or abs(value) < step * 1e-6:
        return "0"
    if 1e-4 <= abs(value) < 1e6 and step >= 1e-6:
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        text = f"{value:.{digits + 1}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return format(value, ".3g")
