"""The cases in which a condition holds: conjunctions of tests, each of one fact or conclusion."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, product

from advise.conditions import All, AnyOf, AtLeast, Concluded, Condition, Not, Op, Predicate
from advise.errors import TooManyCasesError
from advise.infer.program import Literal
from advise.knowledge.vocabulary import Vocabulary

Case = tuple[Literal, ...]
MAX_CASES = 512


def cases(condition: Condition, vocabulary: Vocabulary, holds: bool = True) -> list[Case]:
    """Every case in which the condition holds, or in which it is known not to.

    A number outside an interval, or one of several, is as many cases.

    Args:
        condition: The condition.
        vocabulary: The types of its facts.
        holds: Whether it is to hold.

    Raises:
        TooManyCasesError: There are more than `MAX_CASES`.
    """
    match condition:
        case Predicate():
            return list(_simple(condition, holds, numeric=vocabulary[condition.fact].type.numeric))
        case Concluded():
            return [(Literal(condition, holds),)]
        case Not(of=inner):
            return cases(inner, vocabulary, not holds)
        case All(of=parts):
            need = len(parts) if holds else 1
        case AnyOf(of=parts):
            need = 1 if holds else len(parts)
        case AtLeast(count=count, of=parts):
            need = count if holds else len(parts) - count + 1
    return _at_least(need, [cases(part, vocabulary, holds) for part in parts])


def _at_least(need: int, parts: Sequence[list[Case]]) -> list[Case]:
    if sum(math.prod(map(len, chosen)) for chosen in combinations(parts, need)) > MAX_CASES:
        raise TooManyCasesError
    found = (tuple(dict.fromkeys(chain.from_iterable(each))) for chosen in combinations(parts, need) for each in product(*chosen))
    return list(dict.fromkeys(found))


def _simple(predicate: Predicate, holds: bool, *, numeric: bool) -> Iterator[Case]:
    operand = predicate.operand
    if not numeric or not isinstance(operand, tuple):
        yield (Literal(predicate, holds),)
    elif predicate.op is Op.BETWEEN:
        low, high = (Predicate(predicate.fact, op, end) for op, end in zip((Op.GE, Op.LE), operand, strict=True))
        yield from [(Literal(low, True), Literal(high, True))] if holds else [(Literal(low, False),), (Literal(high, False),)]
    else:
        each = [Literal(Predicate(predicate.fact, Op.EQ, item), holds) for item in operand]
        yield from [(literal,) for literal in each] if holds else [tuple(each)]
