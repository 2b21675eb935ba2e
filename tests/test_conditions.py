"""Kleene's logic over facts: unknown stays unknown until something decides it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.conditions import All, AnyOf, AtLeast, Condition, FactRef, Not, Op, Predicate, count_truth, evaluate, holds

TRUTHS = st.sampled_from([True, False, None])


def nothing_concluded(_: object) -> bool:
    return False


@pytest.mark.parametrize(
    ("op", "operand", "value", "expected"),
    [
        (Op.EQ, 1, True, False),
        (Op.EQ, True, True, True),
        (Op.NE, "adam", "sgd", True),
        (Op.LT, 0.5, 0.5, False),
        (Op.LE, 0.5, 0.5, True),
        (Op.GT, 0.5, 0.5, False),
        (Op.GE, 0.5, 0.5, True),
        (Op.IN, ("adam", "adamw"), "adamw", True),
        (Op.IN, (1, 2), True, False),
        (Op.BETWEEN, (0.1, 0.2), 0.2, True),
        (Op.BETWEEN, (0.1, 0.2), 0.21, False),
        (Op.KNOWN, True, 3, True),
        (Op.GT, 0.5, "word", False),
    ],
)
def test_an_observed_fact_decides_a_predicate(op: Op, operand: object, value: object, expected: bool) -> None:
    assert holds(Predicate("a.b", op, operand), {"a.b": value}) is expected  # type: ignore[arg-type, dict-item]


def test_an_unknown_fact_makes_a_predicate_unknown_and_known_false() -> None:
    assert holds(Predicate("a.b", Op.GT, 0), {}) is None
    assert holds(Predicate("a.b", Op.KNOWN, True), {}) is False
    assert holds(Predicate("a.b", Op.KNOWN, False), {}) is True


def test_a_fact_is_compared_with_another_only_when_both_are_known() -> None:
    predicate = Predicate("norm.p90", Op.GT, FactRef("clip.threshold", times=2, plus=1))
    assert holds(predicate, {"norm.p90": 5.0}) is None
    assert holds(predicate, {"norm.p90": 5.0, "clip.threshold": 2.0}) is False
    assert holds(predicate, {"norm.p90": 5.1, "clip.threshold": 2.0}) is True


@given(st.lists(TRUTHS, min_size=1, max_size=6), st.integers(1, 6))
def test_k_of_n_is_unknown_exactly_while_the_unknown_parts_can_still_decide_it(truths: list[bool | None], need: int) -> None:
    def completed(fill: bool) -> bool:
        return sum(fill if truth is None else truth for truth in truths) >= need

    low, high = completed(False), completed(True)
    assert count_truth(truths, need) == (low if low == high else None)


def _parts(truths: list[bool | None]) -> tuple[tuple[Condition, ...], dict[str, bool]]:
    facts = {f"x.f{index}": truth for index, truth in enumerate(truths) if truth is not None}
    return tuple(Predicate(f"x.f{index}", Op.EQ, True) for index in range(len(truths))), facts


@given(st.lists(TRUTHS, min_size=1, max_size=5))
def test_de_morgan_holds_with_unknowns(truths: list[bool | None]) -> None:
    parts, facts = _parts(truths)
    negated = tuple(Not(part) for part in parts)
    assert evaluate(Not(All(parts)), facts, nothing_concluded) == evaluate(AnyOf(negated), facts, nothing_concluded)
    assert evaluate(Not(AnyOf(parts)), facts, nothing_concluded) == evaluate(All(negated), facts, nothing_concluded)
    need = (len(parts) + 1) // 2
    assert evaluate(Not(AtLeast(need, parts)), facts, nothing_concluded) == evaluate(
        AtLeast(len(parts) - need + 1, negated), facts, nothing_concluded
    )
