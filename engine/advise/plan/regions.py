"""The line of a number, cut where conditions compare it: inside a region every value does the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from advise.conditions import FactRef, Predicate
from advise.knowledge.vocabulary import FactSpec, FactType
from advise.text import Value, is_number


@dataclass(frozen=True, slots=True)
class Region:
    """Numbers side by side.

    Attributes:
        example: One of them.
        low: Where they begin; once merged, None is as low as the fact can be.
        high: Where they end; once merged, None is as high as the fact can be.
    """

    example: float
    low: float | None
    high: float | None
    includes_low: bool = False
    includes_high: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high


def regions(fact: str, asked: Iterable[Predicate], known: Mapping[str, Value], spec: FactSpec) -> list[Region]:
    """Every region that the fact can lie in, in order.

    Args:
        fact: The fact, a number.
        asked: The predicates that may read it.
        known: The facts that it may be compared with.
        spec: Its bounds, and whether it is whole.
    """
    whole = spec.type is FactType.INTEGER
    bounds = [bound for bound in (spec.min, spec.max, spec.above, spec.below) if bound is not None]
    cuts = {*bounds, *(cut for leaf in asked for cut in _cuts(fact, leaf, known))}
    # Twice a number that is almost beyond all numbers is beyond them, and bounds nothing.
    ordered = sorted(int(cut) if whole and cut == math.floor(cut) else cut for cut in cuts if math.isfinite(cut))
    return [region for region in _between(ordered, whole=whole) if spec.contains(region.example)]


def merged(tried: Sequence[Region], chosen: Sequence[bool]) -> Iterator[Region]:
    """The chosen regions, those side by side as one; of the outermost nothing is said about its outer end, unless it is a single number."""
    position = 0
    for is_chosen, group in groupby(chosen):
        run = tried[position : position + len(list(group))]
        if is_chosen:
            whole = Region(run[0].example, run[0].low, run[-1].high, run[0].includes_low, run[-1].includes_high)
            yield whole if whole.single else _opened(whole, first=position == 0, last=position + len(run) == len(tried))
        position += len(run)


def _opened(region: Region, *, first: bool, last: bool) -> Region:
    return replace(region, low=None if first else region.low, high=None if last else region.high)


def _cuts(fact: str, leaf: Predicate, known: Mapping[str, Value]) -> Iterator[float]:
    operand = leaf.operand
    if isinstance(operand, FactRef):
        other = _number(known.get(operand.fact if leaf.fact == fact else leaf.fact))
        if other is not None and leaf.fact == fact:
            yield other * operand.times + operand.plus
        elif other is not None and operand.fact == fact and operand.times:
            yield (other - operand.plus) / operand.times
    elif leaf.fact == fact:
        for item in operand if isinstance(operand, tuple) else (operand,):
            number = _number(item)
            if number is not None:
                yield number


def _number(value: Value | None) -> float | None:
    return value if is_number(value) else None


def _between(cuts: Sequence[float], *, whole: bool) -> Iterator[Region]:
    ends = [-math.inf, *cuts, math.inf]
    for low, high in pairwise(ends):
        example = _inside(low, high, whole=whole)
        if low < example < high:
            yield Region(example, low, high)
        if high < math.inf and (not whole or high == math.floor(high)):
            yield Region(high, high, high, True, True)


def _inside(low: float, high: float, *, whole: bool) -> float:
    if low == -math.inf:
        return 0 if high == math.inf else math.ceil(high) - 1
    if whole or high == math.inf:
        return math.floor(low) + 1
    return (low + high) / 2
