"""Numbers that are known within an interval: what was measured, and what is computed from it.

A stated number is a plain `float` or `int`, and exact. A measured one is a `Measured`: a float, wherever only the number is asked for, that knows
between which ends it lies. How wide the interval is (at which level of confidence) is said where numbers are measured; here it is taken at its word.
"""

from __future__ import annotations

import math

# An interval less lopsided than this is shown as one margin.
_LOPSIDED = 1.25


class Measured(float):
    """A number with the interval in which it lies; `low <= self <= high`. The ends may be infinite, never NaN.

    Args:
        value: The number itself, finite.
        low: The lower end; one above the value is taken down to it.
        high: The upper end; one below the value is taken up to it.
    """

    __slots__ = ("high", "low")
    low: float
    high: float

    def __new__(cls, value: float, low: float, high: float) -> Measured:
        """A number with its interval."""
        made = super().__new__(cls, value)
        made.low = min(float(low), float(made))
        made.high = max(float(high), float(made))
        return made

    def __reduce__(self) -> tuple[type[Measured], tuple[float, float, float]]:
        return Measured, (float(self), self.low, self.high)

    @property
    def is_exact(self) -> bool:
        """Whether the interval is the number alone."""
        return self.low == self.high


def low_of(value: float) -> float:
    """The lower end of a number; of an exact one the number itself."""
    return value.low if isinstance(value, Measured) else value


def high_of(value: float) -> float:
    """The upper end of a number; of an exact one the number itself."""
    return value.high if isinstance(value, Measured) else value


def ends_of(value: object) -> tuple[float, float] | None:
    """The ends of the interval of a measured number; None for whatever is exact."""
    return (value.low, value.high) if isinstance(value, Measured) and not value.is_exact else None


def show_measured(value: Measured) -> str:
    """A number with its interval as a person reads it: `0.90 ± 0.01`, or `0.97 (0.94 … 0.98)` where that is lopsided."""
    below, above = float(value) - value.low, value.high - float(value)
    if value.is_exact:
        return format(float(value), ".7g")
    wide = max(below, above)
    if not math.isfinite(wide):
        return f"{float(value):.3g} ({_end(value.low)} … {_end(value.high)})"
    # Two digits of the margin, the second unless it is nothing, and as many places of the number.
    places = min(15, 1 - math.floor(math.log10(wide)))
    places -= math.isclose(round(wide, places), round(wide, places - 1))
    if wide > _LOPSIDED * min(below, above):
        return f"{_placed(float(value), places)} ({_placed(value.low, places)} … {_placed(value.high, places)})"
    return f"{_placed(float(value), places)} ± {_placed(wide, places)}"


def _end(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else "-∞" if value < 0 else "∞"


def _placed(value: float, places: int) -> str:
    if -6 < -places <= 0 or 0 < places <= 6:
        return f"{value:.{places}f}"
    return f"{round(value, places):.7g}"
