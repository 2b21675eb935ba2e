"""What would withdraw a conclusion: what is named does withdraw it, and nothing that does is left unnamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.conditions import All, AnyOf, AtLeast, Concluded, ConclusionKind, Condition, FactRef, Not, Op, Predicate, evaluate, leaves
from advise.infer.compile import compile_program
from advise.infer.driver import infer, open_chainer
from advise.infer.inference import Inference
from advise.infer.program import Implication
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.vocabulary import FactSpec, FactType, Vocabulary
from advise.plan.model import Reversal
from advise.plan.reversal import Reversals
from advise.text import Text, Value

_TEXT = Text(en="x", zh="某")


def _spec(kind: FactType, **more: object) -> FactSpec:
    return FactSpec.model_validate({"type": kind, "title": _TEXT, "prompt": _TEXT, "observe": _TEXT, **more})


BASE = cast(
    KnowledgeBase,
    SimpleNamespace(
        vocabulary=Vocabulary(
            specs={
                "x.a": _spec(FactType.NUMBER, min=0, max=3),
                "x.b": _spec(FactType.NUMBER),
                "x.n": _spec(FactType.INTEGER, min=0, max=3),
                "x.t": _spec(FactType.BOOLEAN),
                "x.e": _spec(FactType.ENUM, values={"p": _TEXT, "q": _TEXT, "r": _TEXT}),
                "x.w": _spec(FactType.TEXT),
                "x.l": _spec(FactType.NUMBERS),
            }
        )
    ),
)
GRID: Mapping[str, Sequence[Value]] = {
    "x.a": [step / 4 for step in range(13)],
    "x.b": [step / 4 for step in range(-8, 21)],
    "x.n": [0, 1, 2, 3],
    "x.t": [False, True],
    "x.e": ["p", "q", "r"],
}
D, E, F = (Concluded(ConclusionKind.DIAGNOSIS, name) for name in "def")
Shown = list[tuple[str, str, object]]


def inferred(facts: Mapping[str, Value], *rules: tuple[Condition, Concluded]) -> Inference:
    implications = [Implication(f"rule/{number}", when, concludes) for number, (when, concludes) in enumerate(rules)]
    return infer(open_chainer(compile_program(implications), "plain"), facts)


def shown(found: Sequence[Reversal]) -> Shown:
    return [(item.fact, item.op, item.value) for item in found]


def reversals(facts: Mapping[str, Value], *rules: tuple[Condition, Concluded], of: Concluded = D) -> Shown:
    return shown(Reversals(inferred(facts, *rules), BASE).of(of))


def p(fact: str, op: str, operand: object) -> Predicate:
    return Predicate(fact, Op(op), cast(int, operand))


@pytest.mark.parametrize(
    ("when", "facts", "expected"),
    [
        (p("x.a", "gt", 1), {"x.a": 2}, [("x.a", "≤", 1)]),
        (p("x.a", "ge", 1), {"x.a": 2}, [("x.a", "<", 1)]),
        (p("x.b", "between", (1, 2)), {"x.b": 1.5}, [("x.b", "<", 1), ("x.b", ">", 2)]),
        (Not(p("x.b", "between", (1, 2))), {"x.b": 3}, [("x.b", "≥ 1, ≤", 2)]),
        (p("x.b", "ne", 1), {"x.b": 3}, [("x.b", "=", 1)]),
        (p("x.n", "in", (1, 2)), {"x.n": 1}, [("x.n", "=", 0), ("x.n", "=", 3)]),
        (p("x.a", "gt", 0), {"x.a": 2}, [("x.a", "=", 0)]),
        (p("x.a", "le", 3), {"x.a": 2}, []),
        (p("x.t", "eq", True), {"x.t": True}, [("x.t", "=", False)]),
        (p("x.e", "eq", "p"), {"x.e": "p"}, [("x.e", "≠", "p")]),
        (p("x.e", "ne", "p"), {"x.e": "q"}, [("x.e", "=", "p")]),
        (p("x.e", "in", ("p", "q")), {"x.e": "p"}, [("x.e", "=", "r")]),
        (p("x.w", "in", ("adam", "sgd")), {"x.w": "sgd"}, [("x.w", "not in", ["adam", "sgd"])]),
        (p("x.w", "ne", "adam"), {"x.w": "sgd"}, [("x.w", "=", "adam")]),
        (p("x.b", "gt", FactRef("x.a", 2, 1)), {"x.b": 9, "x.a": 3}, [("x.b", "≤", 7)]),
        # Twice the largest number is no bound.
        (AnyOf((p("x.b", "gt", FactRef("x.a", 2, 0)), p("x.b", "gt", 1))), {"x.b": 9, "x.a": 1.7e308}, [("x.b", "≤", 1)]),
        (p("x.a", "known", True), {"x.a": 1}, []),
        (p("x.a", "known", False), {}, [("x.a", "known:", True)]),
        (AnyOf((p("x.a", "known", False), p("x.a", "gt", 1))), {}, [("x.a", "≤", 1)]),
        (All((p("x.b", "gt", 1), p("x.b", "gt", 2))), {"x.b": 3}, [("x.b", "≤", 2)]),
        (p("x.l", "known", True), {"x.l": (1.0, 2.0)}, []),
    ],
)
def test_what_one_condition_is_reversed_by(when: Condition, facts: Mapping[str, Value], expected: Shown) -> None:
    assert reversals(facts, (when, D)) == expected


def test_a_spare_member_of_a_k_of_n_reverses_nothing() -> None:
    members = tuple(p(fact, "gt", 1) for fact in ("x.a", "x.b", "x.n"))
    assert reversals({"x.a": 2, "x.b": 2, "x.n": 2}, (AtLeast(2, members), D)) == []
    assert reversals({"x.a": 2, "x.b": 2, "x.n": 0}, (AtLeast(2, members), D)) == [("x.a", "≤", 1), ("x.b", "≤", 1)]


def test_what_another_rule_would_still_conclude_is_not_withdrawn() -> None:
    rules = ((p("x.b", "gt", 2), D), (All((p("x.b", "gt", 1), p("x.t", "eq", True))), D))
    assert reversals({"x.b": 3, "x.t": True}, *rules) == [("x.b", "≤", 1)]
    assert reversals({"x.b": 3, "x.t": False}, *rules) == [("x.b", "≤", 2)]


def test_another_case_of_a_fact_is_no_observation_against_this_one() -> None:
    cases = AnyOf(tuple(All((p("x.e", "eq", word), p(fact, "gt", 1))) for word, fact in (("p", "x.a"), ("q", "x.b"))))
    assert reversals({"x.e": "p", "x.a": 2, "x.b": 0}, (cases, D)) == [("x.e", "=", "r"), ("x.a", "≤", 1)]


def test_the_absence_of_another_conclusion() -> None:
    when = All((p("x.a", "gt", 1), Not(AnyOf((E, F)))))
    assert reversals({"x.a": 2}, (when, D), (p("x.b", "gt", 1), E), (p("x.b", "gt", 2), F)) == [("x.a", "≤", 1), ("diagnosed", "in", ["e", "f"])]


def test_what_withdraws_a_conclusion_that_it_rests_on() -> None:
    assert reversals({"x.a": 2, "x.t": True}, (All((E, p("x.t", "eq", True))), D), (p("x.a", "gt", 1), E)) == [("x.t", "=", False), ("x.a", "≤", 1)]


def test_what_was_not_concluded_has_nothing_to_withdraw() -> None:
    assert reversals({"x.a": 0}, (p("x.a", "gt", 1), D)) == []


def test_one_proof_among_several_is_withdrawn_by_what_it_alone_rests_on() -> None:
    inference = inferred({"x.a": 2, "x.b": 2}, (AnyOf((p("x.a", "gt", 1), p("x.b", "gt", 1))), D))
    found = Reversals(inference, BASE)
    assert shown(found.of(D)) == []
    assert shown(found.of_proof(inference.fired["rule/0"])) == [("x.a", "≤", 1)]


# ---- any condition --------------------------------------------------------------------------------------------------------------------------------

_numbers = st.sampled_from(["x.a", "x.b", "x.n"])
_orders = st.sampled_from([Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE])
_leaf = st.one_of(
    st.builds(Predicate, _numbers, _orders, st.integers(-1, 4)),
    st.builds(lambda fact, low, width: Predicate(fact, Op.BETWEEN, (low, low + width)), _numbers, st.integers(-1, 3), st.integers(0, 2)),
    st.builds(lambda op, times: Predicate("x.b", op, FactRef("x.a", times, 1)), _orders, st.sampled_from([1.0, 2.0])),
    st.builds(Predicate, st.just("x.t"), st.just(Op.EQ), st.booleans()),
    st.builds(lambda items: Predicate("x.e", Op.IN, tuple(items)), st.lists(st.sampled_from(["p", "q", "r"]), min_size=1, max_size=2)),
    st.builds(Predicate, st.sampled_from(list(GRID)), st.just(Op.KNOWN), st.booleans()),
)


def _nested(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    counted = parts.flatmap(lambda of: st.builds(AtLeast, st.integers(1, len(of)), st.just(of)))
    return st.one_of(st.builds(All, parts), st.builds(AnyOf, parts), st.builds(Not, inner), counted)


_conditions: st.SearchStrategy[Condition] = st.recursive(_leaf, _nested, max_leaves=5)
_facts = st.fixed_dictionaries({}, optional={name: st.sampled_from(list(values)) for name, values in GRID.items()})


def _never(_: Concluded) -> bool:
    return False


def _covers(item: Reversal, value: Value) -> bool:
    match item.op, item.value:
        case "known:", _:
            return True
        case "in", list() as values:
            return value in values
        case "not in", list() as values:
            return value not in values
        case op, operand if ", " in op:
            above, _, rest = op.partition(" ")
            low, below = rest.split(", ")
            return _SIGNS[above] in _holding(value, float(low)) and _SIGNS[below] in _holding(value, cast(float, operand))
        case op, operand:
            return _SIGNS[op] in _holding(value, cast(float, operand))
    raise AssertionError(item)


_SIGNS = {"=": Op.EQ, "≠": Op.NE, "<": Op.LT, "≤": Op.LE, ">": Op.GT, "≥": Op.GE}


def _holding(value: Value, operand: float) -> set[Op]:
    return {op for op in Op if op not in (Op.IN, Op.BETWEEN, Op.KNOWN) and evaluate(Predicate("x", op, operand), {"x": value}, _never)}


@given(first=_conditions, second=_conditions, facts=_facts)
def test_what_is_named_withdraws_and_every_number_that_withdraws_is_named(first: Condition, second: Condition, facts: dict[str, Value]) -> None:
    inference = inferred(facts, (first, D), (second, D))
    if D not in inference.concluded:
        return
    named: dict[str, list[Reversal]] = {}
    for item in Reversals(inference, BASE).of(D):
        named.setdefault(item.fact, []).append(item)
    for fact, values in GRID.items():
        for value in values:
            stands = any(evaluate(when, {**facts, fact: value}, _never) for when in (first, second))
            covered = any(_covers(item, value) for item in named.get(fact, ()))
            assert not (covered and stands)
            if fact in ("x.a", "x.b", "x.n") and not stands and _asked_by_each_that_holds(fact, (first, second), facts):
                assert covered


def _asked_by_each_that_holds(fact: str, conditions: Sequence[Condition], facts: Mapping[str, Value]) -> bool:
    holding = [condition for condition in conditions if evaluate(condition, facts, _never)]
    return all(any(isinstance(leaf, Predicate) and leaf.fact == fact for leaf in leaves(condition)) for condition in holding)
