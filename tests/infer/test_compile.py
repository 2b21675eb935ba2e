import pickle

import pytest

from advise.conditions import All, AnyOf, AtLeast, Concluded, ConclusionKind, Condition, FactRef, FactValue, Not, Op, Predicate
from advise.errors import ProgramError
from advise.infer.compile import compile_program
from advise.infer.program import ALWAYS, Implication, Literal, Program


def diagnosis(name: str) -> Concluded:
    return Concluded(ConclusionKind.DIAGNOSIS, name)


def above(fact: str, limit: float = 0) -> Predicate:
    return Predicate(fact, Op.GT, limit)


A, B, C, D = above("x.a"), above("x.b"), above("x.c"), above("x.d")


def compiled(when: Condition) -> Program:
    return compile_program([Implication("rule", when, diagnosis("d"))])


def bodies(when: Condition) -> list[tuple[Literal | int, ...]]:
    """The clauses of a condition, each symbol as its literal where it has one."""
    program = compiled(when)
    return [tuple(program.literals.get(symbol, symbol) for symbol in program.clauses[clause].body) for clause in program.alternatives["rule"]]


def yes(*leaves: Predicate) -> tuple[Literal, ...]:
    return tuple(Literal(leaf, True) for leaf in leaves)


def no(*leaves: Predicate) -> tuple[Literal, ...]:
    return tuple(Literal(leaf, False) for leaf in leaves)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (A, [yes(A)]),
        (Not(A), [no(A)]),
        (Not(Not(A)), [yes(A)]),
        (All((A, B)), [yes(A, B)]),
        (AnyOf((A, B)), [yes(A), yes(B)]),
        (Not(All((A, B))), [no(A), no(B)]),
        (Not(AnyOf((A, B))), [no(A, B)]),
        (AnyOf((A, AnyOf((All((B, C)), D)))), [yes(A), yes(B, C), yes(D)]),
        (All((AnyOf((A, B)),)), [yes(A), yes(B)]),
        (All((A, AnyOf(()))), []),
        (All((A, Not(A))), [(Literal(A, True), Literal(A, False))]),
        (AtLeast(1, (A, B)), [yes(A), yes(B)]),
        (AtLeast(2, (A, B)), [yes(A, B)]),
        (Not(AtLeast(1, (A, B))), [no(A, B)]),
        (Not(AtLeast(2, (A, B))), [no(A), no(B)]),
        (All(()), [(ALWAYS,)]),
        (Not(All(())), []),
        (AnyOf(()), []),
        (Not(AnyOf(())), [(ALWAYS,)]),
        (AtLeast(0, (A,)), [(ALWAYS,)]),
        (AtLeast(2, (A,)), []),
        (Not(AtLeast(2, (A,))), [(ALWAYS,)]),
    ],
)
def test_alternatives_are_clauses_in_the_order_written(when: Condition, expected: list[object]) -> None:
    assert bodies(when) == expected


def test_a_leaf_stands_once_in_a_body_and_an_alternative_once_in_a_rule() -> None:
    assert bodies(All((A, B, A))) == [yes(A, B)]
    assert bodies(AnyOf((All((A, B)), C, All((B, A))))) == [yes(A, B), yes(C)]


def test_a_choice_inside_a_conjunction_is_one_of_n() -> None:
    program = compiled(All((A, AnyOf((B, All((C, D)))))))
    ((clause,),) = program.alternatives.values()
    leaf, choice = program.clauses[clause].body
    group = program.groups[choice]
    assert program.literals[leaf] == Literal(A, True)
    assert group.need == 1
    first, second = group.members
    assert program.literals[first] == Literal(B, True)
    assert [program.literals[symbol] for symbol in program.clauses[program.hidden[second]].body] == list(yes(C, D))


def test_k_of_n_is_a_group_and_its_negation_too() -> None:
    program = compiled(AtLeast(2, (A, B, C)))
    (group,) = program.groups.values()
    assert (group.need, [program.literals[member] for member in group.members]) == (2, list(yes(A, B, C)))
    negated = compiled(Not(AtLeast(2, (A, B, C, D))))
    (group,) = negated.groups.values()
    assert (group.need, [negated.literals[member] for member in group.members]) == (3, list(no(A, B, C, D)))


def test_a_member_that_is_no_leaf_is_a_hidden_symbol_with_its_own_clause() -> None:
    program = compiled(AtLeast(2, (AnyOf((A, B)), C, All((C, D)))))
    group = list(program.groups.values())[-1]
    choice, leaf, both = group.members
    assert leaf in program.literals
    assert program.groups[choice].need == 1
    assert program.clauses[program.hidden[both]].head == both


def test_the_same_group_in_two_rules_is_one_symbol() -> None:
    group = AtLeast(2, (A, AnyOf((B, C)), D))
    program = compile_program([Implication("one", group, diagnosis("a")), Implication("two", All((group, A)), diagnosis("b"))])
    assert [group.need for group in program.groups.values()] == [1, 2]


def test_true_and_one_are_different_operands() -> None:
    flag, number = Predicate("x.a", Op.EQ, True), Predicate("x.a", Op.EQ, 1)
    program = compile_program([Implication("one", flag, diagnosis("a")), Implication("two", number, diagnosis("b"))])
    assert [question.predicate.operand for question in program.strata[0].questions] == [True, 1]
    listed = compile_program([Implication(str(item), Predicate("x.a", Op.IN, (item,)), diagnosis("a")) for item in (True, 1, 1.0)])
    assert len(listed.strata[0].questions) == 2


def test_the_order_of_implications_does_not_matter() -> None:
    implications = [
        Implication("c", All((A, Not(diagnosis("a")))), diagnosis("c")),
        Implication("b", AtLeast(2, (A, B, C)), FactValue("y.kind", "noisy")),
        Implication("a", Predicate("y.kind", Op.EQ, "noisy"), diagnosis("a")),
    ]
    assert compile_program(implications) == compile_program(implications[::-1])
    assert list(compile_program(implications).implications) == ["a", "b", "c"]


def test_a_program_can_be_kept_in_a_cache() -> None:
    program = compile_program([Implication("a", AtLeast(2, (A, B, Predicate("x.k", Op.IN, ("u", "v")))), diagnosis("a"))])
    assert pickle.loads(pickle.dumps(program)) == program  # noqa: S301


def test_absences_and_derived_facts_are_settled_in_the_stratum_after_the_one_that_decides_them() -> None:
    program = compile_program(
        [
            Implication("a", A, diagnosis("a")),
            Implication("b", diagnosis("a"), FactValue("y.flag", True)),
            Implication("c", All((Predicate("y.flag", Op.EQ, True), Not(diagnosis("a")))), diagnosis("c")),
            Implication("d", All((Not(diagnosis("c")), Not(diagnosis("nobody")))), diagnosis("d")),
        ]
    )
    shape = [(len(stratum.absences), len(stratum.derivables), len(stratum.questions)) for stratum in program.strata]
    assert shape == [(1, 0, 1), (1, 1, 1), (1, 0, 0)]


def test_a_comparison_with_a_derived_fact_waits_for_it() -> None:
    program = compile_program(
        [
            Implication("a", A, FactValue("y.kind", "u")),
            Implication("b", Predicate("x.kind", Op.EQ, FactRef("y.kind")), diagnosis("b")),
        ]
    )
    assert [[question.predicate.fact for question in stratum.questions] for stratum in program.strata] == [["x.a"], ["x.kind"]]


def faults(*implications: Implication, limit: int = 64) -> list[str]:
    with pytest.raises(ProgramError) as caught:
        compile_program(implications, limit)
    assert str(caught.value) == "; ".join(map(str, caught.value.faults))
    return [str(fault) for fault in caught.value.faults]


def test_too_many_alternatives_name_the_implication_and_what_to_do() -> None:
    seven = All(tuple(AnyOf((above(f"x.l{index}"), above(f"x.r{index}"))) for index in range(7)))
    six = All(seven.of[:6])
    message = "the condition has 128 alternatives, at most 64 are taken: conclude a part of it in a rule of its own"
    assert faults(Implication("fine", six, diagnosis("a")), Implication("wide", seven, diagnosis("b"))) == [f"wide: {message}"]
    assert faults(Implication("wide", Not(Not(AnyOf((A, B, C)))), diagnosis("a")), limit=2) == [
        "wide: the condition has 3 alternatives, at most 2 are taken: conclude a part of it in a rule of its own"
    ]


def test_a_condition_with_astronomically_many_alternatives_is_refused_before_they_are_written_out() -> None:
    pairs = tuple(AnyOf((above(f"x.l{index}"), above(f"x.r{index}"))) for index in range(200))
    assert len(faults(Implication("wide", All(pairs), diagnosis("a")))) == 1


def test_every_fault_is_reported_in_the_order_of_keys() -> None:
    wide = [Implication(key, AnyOf((A, B, C)), diagnosis(key)) for key in ("b", "a")]
    assert [fault.split(":")[0] for fault in faults(*wide, limit=2)] == ["a", "b"]


def test_two_implications_with_one_key() -> None:
    assert faults(Implication("a", A, diagnosis("a")), Implication("a", B, diagnosis("b"))) == ["a: another implication has the same key"]


@pytest.mark.parametrize("negated", [False, True])
def test_a_circle_is_named_whether_through_negation_or_not(negated: bool) -> None:
    back = Not(diagnosis("c")) if negated else diagnosis("c")
    circle = [
        Implication("r1", All((A, back)), diagnosis("a")),
        Implication("r2", diagnosis("a"), FactValue("y.kind", "u")),
        Implication("r3", AtLeast(2, (A, B, AnyOf((C, Predicate("y.kind", Op.NE, "u"))))), diagnosis("c")),
    ]
    expected = ["r1: this rests on itself: diagnosis a needs diagnosis c needs fact y.kind needs diagnosis a"]
    assert faults(*circle) == faults(*circle[::-1]) == expected


def test_every_circle_is_named() -> None:
    found = faults(
        Implication("r1", diagnosis("a"), diagnosis("a")),
        Implication("r2", diagnosis("c"), diagnosis("b")),
        Implication("r3", diagnosis("b"), Concluded(ConclusionKind.CHECK_PASSED, "b")),
        Implication("r4", Concluded(ConclusionKind.CHECK_PASSED, "b"), diagnosis("c")),
    )
    assert found == [
        "r1: this rests on itself: diagnosis a needs diagnosis a",
        "r3: this rests on itself: check passed b needs diagnosis b needs diagnosis c needs check passed b",
    ]


def test_a_chain_of_thousands_of_conclusions_compiles() -> None:
    chain = [Implication(f"{number:04}", diagnosis(str(number)), diagnosis(str(number + 1))) for number in range(3000)]
    assert len(compile_program(chain).strata) == 1
