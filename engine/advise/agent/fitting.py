"""Making an answer fit: of several sizes of it, from the fullest to the barest, the first that keeps to the budget."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeVar

from advise.agent.answers import Answer
from advise.agent.tokens import DEFAULT_BUDGET, tokens
from advise.untrusted import NOTICE

A = TypeVar("A", bound=Answer)
S = TypeVar("S")
# What the notice about foreign text takes, which is added where there is some.
_NOTICE = tokens(NOTICE) + 10


def fitting(sizes: Sequence[S], make: Callable[[S], A], text_of: Callable[[A], str], budget: int = DEFAULT_BUDGET) -> A:
    """The fullest answer that fits, as text and as JSON alike; the barest where none does.

    Args:
        sizes: From the fullest to the barest, at least one; what fits in one fits in all that follow.
        make: The answer of a size.
        text_of: How an answer reads.
        budget: In tokens.
    """

    def fits(size: S) -> bool:
        answer = make(size)
        return max(tokens(compact(answer)), tokens(text_of(answer))) <= budget - _NOTICE

    index = bisect_left(sizes, True, key=fits)
    return make(sizes[min(index, len(sizes) - 1)])


def compact(answer: Answer) -> str:
    """An answer as JSON without blanks."""
    return json.dumps(answer.structured(), ensure_ascii=False, separators=(",", ":"))


def left_out(**parts: tuple[Sequence[object], Sequence[object]]) -> dict[str, int]:
    """How many entries of each part were left out: what is shown, and all there is."""
    return {name: len(everything) - len(shown) for name, (shown, everything) in parts.items() if len(shown) < len(everything)}
