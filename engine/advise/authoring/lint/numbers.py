"""Sets of numbers that tests leave: an interval without some points."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from advise.conditions import Op


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of an interval, without a few.

    Attributes:
        whole: Whether only whole numbers are in it.
        without: Single numbers that are not in it.
    """

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    whole: bool = False
    without: frozenset[float] = frozenset()

    def where(self, op: Op, bound: float) -> Numbers:
        """Those for which a comparison with a number holds."""
        match op:
            case Op.GT | Op.GE:
                tighter = (bound, op is Op.GT) > (self.low, self.low_open)
                return replace(self, low=bound, low_open=op is Op.GT) if tighter else self
            case Op.LT | Op.LE:
                tighter = (-bound, op is Op.LT) > (-self.high, self.high_open)
                return replace(self, high=bound, high_open=op is Op.LT) if tighter else self
            case Op.EQ:
                return self.where(Op.GE, bound).where(Op.LE, bound)
            case Op.NE:
                return replace(self, without=self.without | {bound})
        raise AssertionError(f"{op} compares no number with another")

    @property
    def empty(self) -> bool:
        """Whether there is none."""
        if self.whole and self.high - self.low <= len(self.without) + 1:
            inside = (self.where(Op.EQ, value) for value in range(math.ceil(self.low), math.floor(self.high) + 1))
            return all(replace(each, whole=False).empty for each in inside)
        if self.low == self.high:
            return self.low_open or self.high_open or self.low in self.without
        return self.low > self.high

    def minus(self, other: Numbers, times: float, plus: float) -> Numbers:
        """Where one of these, minus `times` one of the others, minus `plus` can lie."""
        ends = sorted([_times(other.low, times), _times(other.high, times)])
        return Numbers(self.low - ends[1] - plus, self.high - ends[0] - plus)


def _times(end: float, factor: float) -> float:
    # Nothing times infinity is nothing here: the factor says that the other number does not matter.
    return end * factor if factor else 0.0
