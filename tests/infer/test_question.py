"""Questions are a faster way to the same answers as `conditions.holds`."""

from hypothesis import given
from hypothesis import strategies as st

from advise.conditions import FactRef, Op, Predicate, holds
from advise.infer.question import answers, question
from advise.text import Scalar, Value
from advise.uncertain import Measured

SCALARS: st.SearchStrategy[Scalar] = st.one_of(
    st.booleans(),
    st.integers(-2, 2),
    st.sampled_from((0.0, 1.0, 0.5, -0.0, 1e308, float("inf"), 10**400, 2**63 + 1)),
    st.sampled_from(("", "a", "1", "中")),
)
MEASURED: st.SearchStrategy[Scalar] = st.builds(Measured, *[st.sampled_from((-1.0, 0.0, 0.5, 1.0, 2.0))] * 3)
VALUES: st.SearchStrategy[Value] = st.one_of(SCALARS, st.lists(SCALARS, max_size=3).map(tuple))
REFERENCES = st.builds(FactRef, st.sampled_from(("x.a", "x.b")), st.sampled_from((1.0, 2.0, -0.5)), st.sampled_from((0.0, 1.0)))
COMPARISONS = st.builds(
    Predicate, st.just("x.a"), st.sampled_from([op for op in Op if op is not Op.KNOWN]), st.one_of(VALUES, REFERENCES), st.booleans()
)
PREDICATES = st.one_of(COMPARISONS, st.builds(Predicate, st.just("x.a"), st.just(Op.KNOWN), st.booleans()))


@given(PREDICATES, st.dictionaries(st.sampled_from(("x.a", "x.b")), VALUES | MEASURED))
def test_an_answer_is_the_symbol_of_the_truth(predicate: Predicate, facts: dict[str, Value]) -> None:
    expected = {True: [7], False: [8], None: []}[holds(predicate, facts)]
    assert answers([question(predicate, 7, 8)], facts) == expected
    assert answers([question(predicate, None, None)], facts) == []


@given(st.sampled_from([op for op in Op if op is not Op.KNOWN]), st.one_of(st.integers(), st.floats(allow_nan=False)))
def test_common_comparisons_take_the_fast_way(op: Op, number: float) -> None:
    operand = {Op.IN: (number, 1), Op.BETWEEN: (number, number)}.get(op, number)
    assert question(Predicate("x.a", op, operand), 1, 2).types == {int, float}


def test_what_reads_another_fact_or_asks_whether_one_is_known_takes_the_general_way() -> None:
    assert question(Predicate("x.a", Op.GT, FactRef("x.b")), 1, 2).types == frozenset()
    assert question(Predicate("x.a", Op.KNOWN, True), 1, 2).types == frozenset()
    assert answers([question(Predicate("x.a", Op.KNOWN, False), 1, 2)], {}) == [1]


def test_comparisons_that_make_no_sense_are_false_and_never_raise() -> None:
    facts: dict[str, Value] = {"x.a": 1, "x.list": (1, 2), "x.word": "a", "x.huge": 10**400, "x.even": 2**53 + 1, "x.same": 2**53 + 1}
    assert holds(Predicate("x.a", Op.GT, FactRef("x.list")), facts) is False
    assert holds(Predicate("x.a", Op.BETWEEN, FactRef("x.a")), facts) is False
    assert holds(Predicate("x.a", Op.BETWEEN, (1,)), facts) is False
    assert holds(Predicate("x.a", Op.LT, FactRef("x.word", 2)), facts) is False
    # Whole numbers beyond the floats, scaled and as they are.
    assert holds(Predicate("x.a", Op.LT, FactRef("x.huge", 2)), facts) is True
    assert holds(Predicate("x.a", Op.GT, FactRef("x.huge", -2)), facts) is True
    assert holds(Predicate("x.even", Op.EQ, FactRef("x.same")), facts) is True
