"""What an inference says, on both engines."""

from collections.abc import Collection, Mapping

import pytest

from advise.conditions import All, AnyOf, AtLeast, Concluded, ConclusionKind, Condition, FactRef, FactValue, Not, Op, Predicate
from advise.infer.compile import compile_program
from advise.infer.driver import Engine, infer, open_chainer
from advise.infer.inference import Contradiction, Inference
from advise.infer.nearest import Gap
from advise.infer.program import Implication
from advise.infer.proof import Premise
from advise.text import Value

KIND = Predicate("y.kind", Op.EQ, "noisy")


def diagnosis(name: str) -> Concluded:
    return Concluded(ConclusionKind.DIAGNOSIS, name)


def above(fact: str, limit: float = 0) -> Predicate:
    return Predicate(fact, Op.GT, limit)


A, B, C, D = above("x.a"), above("x.b"), above("x.c"), above("x.d")


@pytest.fixture(params=["plain", "durable"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param


def run(engine: Engine, rules: Mapping[str, tuple[Condition, Concluded | FactValue]], given: Collection[Concluded] = (), **facts: Value) -> Inference:
    """Infer from rules, on facts whose first underscore stands for the dot."""
    program = compile_program(Implication(key, when, head) for key, (when, head) in rules.items())
    return infer(open_chainer(program, engine), {name.replace("_", ".", 1): value for name, value in facts.items()}, given)


def truth(engine: Engine, when: Condition, **facts: Value) -> bool | None:
    return run(engine, {"r": (when, diagnosis("d"))}, **facts).truth("r")


def held(*leaves: tuple[Predicate, float]) -> tuple[Premise, ...]:
    return tuple(Premise(leaf, True, ((leaf.fact, value),)) for leaf, value in leaves)


def test_unknown_is_neither_true_nor_false(engine: Engine) -> None:
    assert truth(engine, A, x_a=1) is True
    assert truth(engine, A, x_a=0) is False
    assert truth(engine, A) is None
    assert truth(engine, Not(A)) is None
    assert truth(engine, Not(A), x_a=0) is True
    assert truth(engine, All((A, B)), x_a=0) is False
    assert truth(engine, All((A, B)), x_a=1) is None
    assert truth(engine, AnyOf((A, B)), x_a=1) is True
    assert truth(engine, AnyOf((A, Not(A)))) is None
    assert truth(engine, All((A, Not(A)))) is None
    assert truth(engine, All((A, Not(A))), x_a=1) is False
    assert truth(engine, AtLeast(2, (A, B, C)), x_a=1) is None
    assert truth(engine, AtLeast(2, (A, B, C)), x_a=1, x_b=0, x_c=0) is False
    assert truth(engine, Not(AtLeast(2, (A, B, C))), x_a=0, x_b=0) is True


def test_what_asks_for_nothing_always_fires_and_what_nothing_can_satisfy_never_does(engine: Engine) -> None:
    inference = run(engine, {"always": (All(()), diagnosis("a")), "never": (AnyOf(()), diagnosis("n")), "then": (diagnosis("a"), diagnosis("t"))})
    assert inference.concluded == {diagnosis("a"), diagnosis("t")}
    assert inference.fired["always"].premises == ()
    assert inference.truth("never") is False
    assert inference.nearest("never") == Gap((), ())


def test_a_member_listed_twice_counts_twice(engine: Engine) -> None:
    assert truth(engine, AtLeast(2, (A, A, B)), x_a=1) is True
    assert truth(engine, AtLeast(3, (A, A, B, C)), x_a=1) is None
    assert truth(engine, AtLeast(2, (AnyOf((A, B)), AnyOf((A, B)), C)), x_a=1) is True


def test_a_conclusion_is_absent_unless_something_concludes_it(engine: Engine) -> None:
    rules = {"a": (A, diagnosis("a")), "b": (All((B, Not(diagnosis("a")))), diagnosis("b")), "c": (Not(diagnosis("nobody")), diagnosis("c"))}
    assert run(engine, rules, x_b=1).concluded == {diagnosis("b"), diagnosis("c")}
    assert run(engine, rules, x_a=1, x_b=1).concluded == {diagnosis("a"), diagnosis("c")}
    inference = run(engine, rules, x_a=1, x_b=1)
    assert inference.truth("b") is False
    assert inference.nearest("b") == Gap((Premise(diagnosis("a"), False),), ())


def test_absence_is_decided_through_several_strata(engine: Engine) -> None:
    rules = {f"r{number}": (All((A, Not(diagnosis(str(number - 1))))), diagnosis(str(number))) for number in range(1, 9)}
    assert {item.id for item in run(engine, rules, x_a=1).concluded} == {"1", "3", "5", "7"}
    assert {item.id for item in run(engine, rules, [diagnosis("0")], x_a=1).concluded} == {"0", "2", "4", "6", "8"}


def test_given_conclusions_are_taken_as_reached(engine: Engine) -> None:
    rules = {"a": (A, diagnosis("a")), "b": (diagnosis("a"), diagnosis("b")), "c": (Not(diagnosis("a")), diagnosis("c"))}
    inference = run(engine, rules, [diagnosis("a"), diagnosis("foreign")])
    assert inference.concluded == {diagnosis("a"), diagnosis("b"), diagnosis("foreign")}
    assert inference.by == {diagnosis("b"): ("b",)}
    assert inference.given == {diagnosis("a"), diagnosis("foreign")}


def test_several_rules_behind_one_conclusion(engine: Engine) -> None:
    rules = {"z": (A, diagnosis("d")), "m": (B, diagnosis("d")), "a": (C, diagnosis("d"))}
    assert run(engine, rules, x_a=1, x_b=1, x_c=0).by == {diagnosis("d"): ("m", "z")}


def test_a_proof_is_the_first_alternative_that_holds_with_its_values(engine: Engine) -> None:
    rules = {"r": (AnyOf((All((A, B)), All((C, Not(D))), C)), diagnosis("d"))}
    proof = run(engine, rules, x_b=1, x_c=2, x_d=-1).fired["r"]
    assert proof.premises == (*held((C, 2)), Premise(D, False, (("x.d", -1),)))
    assert proof.also == (held((C, 2)),)


def test_a_comparison_with_another_fact_shows_both_values(engine: Engine) -> None:
    leaf = Predicate("x.a", Op.GT, FactRef("x.b", 2, 1))
    proof = run(engine, {"r": (leaf, diagnosis("d"))}, x_a=4, x_b=1).fired["r"]
    assert proof.premises == (Premise(leaf, True, (("x.a", 4), ("x.b", 1))),)
    same = Predicate("x.a", Op.LE, FactRef("x.a"))
    assert run(engine, {"r": (same, diagnosis("d"))}, x_a=4).fired["r"].premises == held((same, 4))


def test_an_unknown_fact_can_be_a_premise(engine: Engine) -> None:
    leaf = Predicate("x.a", Op.KNOWN, False)
    assert run(engine, {"r": (leaf, diagnosis("d"))}).fired["r"].premises == (Premise(leaf, True, (("x.a", None),)),)
    assert run(engine, {"r": (Not(leaf), diagnosis("d"))}, x_a=1).fired["r"].premises == (Premise(leaf, False, (("x.a", 1),)),)


def test_a_proof_through_k_of_n_shows_every_member_that_held(engine: Engine) -> None:
    rules = {"r": (All((D, AtLeast(2, (A, AnyOf((All((B, C)), B)), C)))), diagnosis("d"))}
    proof = run(engine, rules, x_a=1, x_b=2, x_c=0, x_d=4).fired["r"]
    assert proof.premises == held((D, 4), (A, 1), (B, 2))
    proof = run(engine, rules, x_a=1, x_b=2, x_c=3, x_d=4).fired["r"]
    assert proof.premises == held((D, 4), (A, 1), (B, 2), (C, 3))


def test_a_leaf_that_several_members_share_is_shown_once(engine: Engine) -> None:
    rules = {"r": (AtLeast(2, (All((A, B)), All((A, C)), D)), diagnosis("d"))}
    proof = run(engine, rules, x_a=1, x_b=1, x_c=1, x_d=1).fired["r"]
    assert proof.premises == held((A, 1), (B, 1), (C, 1), (D, 1))


def test_a_derived_fact_is_a_fact_to_what_comes_after(engine: Engine) -> None:
    rules = {"derive": (A, FactValue("y.kind", "noisy")), "r": (KIND, diagnosis("d")), "not": (Not(KIND), diagnosis("n"))}
    inference = run(engine, rules, x_a=1)
    assert inference.facts == {"x.a": 1, "y.kind": "noisy"}
    assert inference.observed == {"x.a": 1}
    assert inference.derived == {"y.kind": ("derive",)}
    assert inference.concluded == {diagnosis("d")}
    assert inference.fired["r"].premises == (Premise(KIND, True, (("y.kind", "noisy"),)),)


def test_a_derived_fact_that_nothing_concluded_is_unknown(engine: Engine) -> None:
    rules = {
        "derive": (A, FactValue("y.kind", "noisy")),
        "r": (KIND, diagnosis("d")),
        "unknown": (Predicate("y.kind", Op.KNOWN, False), diagnosis("u")),
    }
    inference = run(engine, rules, x_a=0)
    assert inference.concluded == {diagnosis("u")}
    assert inference.undecided == {"r": ("y.kind",)}
    assert run(engine, rules, x_a=1).concluded == {diagnosis("d")}


def test_two_values_for_one_fact_leave_it_unknown_and_are_reported(engine: Engine) -> None:
    rules = {
        "b": (A, FactValue("y.kind", "noisy")),
        "a": (B, FactValue("y.kind", "clean")),
        "c": (C, FactValue("y.kind", "noisy")),
        "r": (KIND, diagnosis("d")),
        "not": (Not(KIND), diagnosis("n")),
        "unknown": (Predicate("y.kind", Op.KNOWN, False), diagnosis("u")),
    }
    inference = run(engine, rules, x_a=1, x_b=1, x_c=1)
    assert inference.contradictions == (Contradiction("y.kind", None, (("clean", ("a",)), ("noisy", ("b", "c")))),)
    assert "y.kind" not in inference.facts
    assert inference.derived == {}
    assert inference.concluded == {diagnosis("u")}
    agreed = run(engine, rules, x_a=1, x_b=0, x_c=1)
    assert agreed.contradictions == ()
    assert agreed.derived == {"y.kind": ("b", "c")}


def test_an_observed_value_wins_and_a_disagreement_is_reported(engine: Engine) -> None:
    rules = {"derive": (A, FactValue("y.kind", "clean")), "r": (KIND, diagnosis("d"))}
    inference = run(engine, rules, x_a=1, y_kind="noisy")
    assert inference.concluded == {diagnosis("d")}
    assert inference.facts["y.kind"] == "noisy"
    assert inference.derived == {}
    assert inference.contradictions == (Contradiction("y.kind", "noisy", (("clean", ("derive",)),)),)
    assert run(engine, rules, x_a=1, y_kind="clean").contradictions == ()


def test_true_and_one_contradict_each_other(engine: Engine) -> None:
    rules = {"a": (A, FactValue("y.flag", True)), "b": (A, FactValue("y.flag", 1))}
    assert run(engine, rules, x_a=1).contradictions == (Contradiction("y.flag", None, ((True, ("a",)), (1, ("b",)))),)
    assert len(run(engine, {"a": rules["a"]}, x_a=1, y_flag=1).contradictions) == 1


def test_derived_facts_chain(engine: Engine) -> None:
    rules = {
        "first": (A, FactValue("y.one", True)),
        "second": (Predicate("y.one", Op.EQ, True), FactValue("y.two", "u")),
        "third": (All((Predicate("y.two", Op.IN, ("u", "v")), Not(diagnosis("none")))), diagnosis("d")),
    }
    assert run(engine, rules, x_a=1).concluded == {diagnosis("d")}
    assert run(engine, rules, x_a=1).derived == {"y.one": ("first",), "y.two": ("second",)}
    assert run(engine, rules, y_one=False).undecided == {"first": ("x.a",), "third": ("y.two",)}


def test_undecided_names_only_facts_that_could_still_decide(engine: Engine) -> None:
    rules = {
        "decided part": (All((AnyOf((A, B)), C)), diagnosis("a")),
        "open parts": (All((AnyOf((A, B)), C, Not(AnyOf((above("x.e"), D))))), diagnosis("b")),
        "two facts": (Predicate("x.p", Op.LT, FactRef("x.q")), diagnosis("c")),
        "one of two": (Predicate("x.a", Op.LT, FactRef("x.q")), diagnosis("d")),
        "false": (All((A, Not(A), B)), diagnosis("e")),
    }
    assert run(engine, rules, x_a=1).undecided == {
        "decided part": ("x.c",),
        "open parts": ("x.c", "x.e", "x.d"),
        "two facts": ("x.p", "x.q"),
        "one of two": ("x.q",),
    }


def test_the_gap_is_that_of_the_nearest_alternative(engine: Engine) -> None:
    rules = {"r": (AnyOf((All((A, B, C)), All((B, C)), D)), diagnosis("d"))}
    assert run(engine, rules, x_a=1, x_b=0, x_d=-1).nearest("r") == Gap((Premise(D, True, (("x.d", -1),)),), ())
    assert run(engine, rules, x_b=1, x_d=-1).nearest("r") == Gap((), (Premise(C, True, (("x.c", None),)),))
    assert run(engine, rules, x_d=1).nearest("r") == Gap((), ())


def test_the_gap_of_k_of_n_takes_the_members_that_lack_least(engine: Engine) -> None:
    rules = {"r": (AtLeast(3, (A, B, AnyOf((All((C, D)), C)), D)), diagnosis("d"))}
    gap = run(engine, rules, x_a=1, x_b=0, x_d=-1).nearest("r")
    assert gap == Gap((Premise(B, True, (("x.b", 0),)),), (Premise(C, True, (("x.c", None),)),))
    assert run(engine, rules, x_a=1, x_b=1).nearest("r") == Gap((), (Premise(C, True, (("x.c", None),)),))


def test_facts_that_change_after_the_run_do_not_change_the_inference() -> None:
    facts: dict[str, Value] = {"x.a": 1}
    inference = infer(open_chainer(compile_program([Implication("r", A, diagnosis("d"))]), "plain"), facts)
    facts.clear()
    assert inference.observed == inference.facts == {"x.a": 1}
    assert inference.fired["r"].premises == held((A, 1))


def test_an_inference_says_which_engine_ran(engine: Engine) -> None:
    inference = run(engine, {"r": (A, diagnosis("d"))})
    assert (inference.engine, inference.note) == (engine, "")
