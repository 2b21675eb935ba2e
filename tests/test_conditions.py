"""Kleene's logic over facts: unknown stays unknown until something decides it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.conditions import All, AnyOf, AtLeast, Condition, FactRef, Not, Op, Predicate, count_truth, evaluate, holds
from advise.uncertain import Measured

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


@pytest.mark.parametrize(
    ("op", "operand", "expected"),
    [
        (Op.GT, 0.88, True),
        (Op.GT, 0.89, None),
        (Op.GE, 0.89, True),
        (Op.GT, 0.9, None),
        (Op.GT, 0.91, False),
        (Op.GE, 0.91, None),
        (Op.LT, 0.92, True),
        (Op.LE, 0.91, True),
        (Op.LT, 0.89, False),
        (Op.EQ, 0.9, None),
        (Op.EQ, 0.8, False),
        (Op.NE, 0.8, True),
        (Op.NE, 0.9, None),
        (Op.IN, (0.1, 0.2), False),
        (Op.IN, (0.1, 0.9), None),
        (Op.BETWEEN, (0.8, 1.0), True),
        (Op.BETWEEN, (0.9, 1.0), None),
        (Op.BETWEEN, (0.895, 0.896), None),
        (Op.BETWEEN, (0.92, 1.0), False),
        (Op.GT, "word", False),
        (Op.KNOWN, True, True),
    ],
)
def test_a_measured_number_decides_where_its_whole_interval_lies_on_one_side(op: Op, operand: object, expected: bool | None) -> None:
    assert holds(Predicate("a.b", op, operand), {"a.b": Measured(0.9, 0.89, 0.91)}) is expected  # type: ignore[arg-type]


def test_what_is_asked_for_sure_is_false_where_an_interval_reaches_over_it() -> None:
    facts = {"a.b": Measured(0.9, 0.89, 0.91)}
    assert holds(Predicate("a.b", Op.GT, 0.895, sure=True), facts) is False
    assert holds(Predicate("a.b", Op.LE, 0.895, sure=True), facts) is False
    assert holds(Predicate("a.b", Op.GT, 0.88, sure=True), facts) is True
    assert holds(Predicate("a.c", Op.GT, 0.88, sure=True), facts) is None


def test_two_measured_numbers_are_told_apart_where_their_intervals_are() -> None:
    larger = Predicate("a.b", Op.GT, FactRef("a.c", times=-2, plus=1))
    assert holds(larger, {"a.b": Measured(0.5, 0.4, 0.6), "a.c": Measured(0.5, 0.4, 0.6)}) is True
    assert holds(larger, {"a.b": Measured(0.5, 0.1, 0.6), "a.c": Measured(0.5, 0.4, 0.6)}) is None
    assert holds(larger, {"a.b": Measured(0.5, 0.4, 0.6), "a.c": Measured(0.1, 0, 0.2)}) is False
    assert holds(larger, {"a.b": Measured(0.5, 0.4, 0.6), "a.c": 0}) is False


ENDS = st.sampled_from((-math.inf, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, math.inf))
WITHIN = st.builds(Measured, st.sampled_from((-1.0, 0.0, 0.5, 1.0)), ENDS, ENDS)
OPERANDS = st.sampled_from((-1, 0, 0.5, 1.0, True, "a", (0, 1), (1, 0), ("a", 0.5), (0, "a"), ()))
LEAVES: st.SearchStrategy[Condition] = st.builds(
    Predicate,
    st.sampled_from(("x.a", "x.b")),
    st.sampled_from([op for op in Op if op is not Op.KNOWN]),
    OPERANDS | st.builds(FactRef, st.sampled_from(("x.a", "x.b")), st.sampled_from((1.0, 2.0, -0.5)), st.sampled_from((0.0, 1.0))),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AtLeast, st.integers(0, 3), st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)


def narrowed(value: Measured, share: float) -> Measured:
    low, high = (end if math.isfinite(end) else math.copysign(3.0, end) for end in (value.low, value.high))
    return Measured(float(value), float(value) + share * (low - float(value)), float(value) + share * (high - float(value)))


@given(CONDITIONS, WITHIN, WITHIN, st.sampled_from((0.0, 0.3, 0.5, 0.9)))
def test_a_narrower_interval_decides_more_and_never_otherwise(condition: Condition, first: Measured, second: Measured, share: float) -> None:
    wide = evaluate(condition, {"x.a": first, "x.b": second}, nothing_concluded)
    narrow = evaluate(condition, {"x.a": narrowed(first, share), "x.b": narrowed(second, share)}, nothing_concluded)
    assert wide is None or narrow is wide


@given(CONDITIONS, st.sampled_from((-1.0, 0.0, 0.5, 1.0)), st.sampled_from((-1.0, 0.0, 0.5, 1.0)))
def test_an_interval_of_nothing_but_the_number_is_the_number(condition: Condition, first: float, second: float) -> None:
    exact = evaluate(condition, {"x.a": first, "x.b": second}, nothing_concluded)
    assert evaluate(condition, {"x.a": Measured(first, first, first), "x.b": Measured(second, second, second)}, nothing_concluded) is exact
