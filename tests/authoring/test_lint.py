"""The linter: every check finds its defect and leaves the sound base alone; what it calls impossible or implied is so."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.authoring.lint.cases import cases
from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.authoring.lint.reach import Reach
from advise.authoring.lint.records import certainty_kept
from advise.authoring.lint.run import OF_RULES, OF_THE_WHOLE, lint
from advise.authoring.lint.space import Space
from advise.authoring.lint.symptoms import symptoms_answered
from advise.authoring.workbench import Workbench
from advise.conditions import All, AnyOf, AtLeast, Concluded, ConclusionKind, Condition, FactRef, Not, Op, Predicate, evaluate
from advise.errors import TooManyCasesError
from advise.knowledge.calibration import CalibrationFile, UnrecordedFile
from advise.knowledge.files import Root, packaged_root
from advise.knowledge.stored import Stored
from advise.knowledge.vocabulary import FactSpec, FactType, Vocabulary
from advise.text import Text, Value

BAD = Path(__file__).parents[1] / "bad"
Check = Callable[[Subject], Iterator[Finding]]


@cache
def subjects() -> list[Subject]:
    """Every bad base that loads."""
    found = []
    for path in sorted(BAD.glob("*/*.bad.yaml")):
        if path.parent.name not in ("rules", "kb"):
            continue
        text = path.read_text(encoding="utf-8")
        with TemporaryDirectory() as folder:
            root = Path(folder)
            shutil.copytree(BAD / "base", root, dirs_exist_ok=True)
            (root / text.partition("\n")[0].removeprefix("# ")).write_text(text, encoding="utf-8")
            workbench = Workbench.open(Root(root / "kb", (root / "rules",)))
        if workbench.base is not None and not workbench.problems:
            found.append(workbench.subject)
    return found


@pytest.mark.parametrize("check", [*OF_RULES, *OF_THE_WHOLE], ids=lambda check: check.__name__)
def test_every_check_finds_something_in_some_bad_file(check: Check) -> None:
    assert any(next(check(subject), None) for subject in subjects())


def test_the_linter_is_all_of_its_checks() -> None:
    for subject in subjects()[:5]:
        assert lint(subject) == [finding for check in (*OF_RULES, *OF_THE_WHOLE) for finding in check(subject)]


def test_of_one_rule_the_linter_finds_what_it_finds_there_in_the_whole() -> None:
    compared = 0
    for subject in subjects():
        whole = lint(subject)
        for rule_id in {finding.key.removeprefix("rules/").removesuffix(".yaml") for finding in whole if finding.key.startswith("rules/")}:
            alone = lint(replace(subject, about=frozenset({rule_id})))
            assert set(alone) == {finding for finding in whole if finding.key == rule_key(rule_id)}
            compared += bool(alone)
    assert compared > len(OF_RULES)


def test_every_finding_on_the_real_base_points_into_a_file_and_a_place_in_it() -> None:
    workbench = Workbench.open(packaged_root())
    assert workbench.base is not None
    for finding in lint(workbench.subject):
        assert finding.key in workbench.files
        assert not workbench.files[finding.key].document.find(finding.path).unmatched


def test_the_real_base_lints_without_a_warning() -> None:
    assert Workbench.open(packaged_root()).lint() == ([], [])


def test_the_real_base_has_no_dead_condition() -> None:
    workbench = Workbench.open(packaged_root())
    findings = {check.__name__: [*check(workbench.subject)] for check in OF_RULES if check.__name__ in ("dead_conditions", "checks_can_fail")}
    assert findings == {"dead_conditions": [], "checks_can_fail": []}


# ---- records --------------------------------------------------------------------------------------------------------------------------------------


def recorded(path: Path, tally: str = "", reason: str = "", certainty: str = "certain") -> list[str]:
    """What the linter says of `stability/clipping-saturated` with this certainty, this record, and this reason for having none."""
    shutil.copytree(BAD / "base", path, dirs_exist_ok=True)
    rule = path / "rules" / "stability" / "clipping-saturated.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("certainty: certain", f"certainty: {certainty}"), encoding="utf-8")
    if tally:
        corpora = "corpora:\n  made: {title: {en: made, zh: 生成}, runs: 60}\n"
        (path / "kb" / "calibration.yaml").write_text(f"{corpora}rules:\n  stability/clipping-saturated: {{made: {tally}}}\n", encoding="utf-8")
    if reason:
        (path / "kb" / "unrecorded.yaml").write_text(
            f"unrecorded:\n  observed: {{reason: {{en: seen, zh: 所见}}, rules: [{reason}]}}\n", encoding="utf-8"
        )
    return [finding.message for finding in certainty_kept(Workbench.open(Root(path / "kb", (path / "rules",))).subject)]


@pytest.mark.parametrize(
    ("right", "wrong", "certainty", "found"),
    [
        (40, 0, "certain", False),
        (14, 0, "certain", False),
        (13, 0, "certain", True),
        (3, 0, "likely", False),
        (2, 0, "likely", True),
        (19, 1, "certain", True),
        (19, 1, "likely", False),
        (5, 3, "likely", True),
        (0, 9, "possible", False),
    ],
)
def test_a_rule_is_no_surer_than_its_record_shows(right: int, wrong: int, certainty: str, found: bool, tmp_path: Path) -> None:
    tally = f"{{spoke: {right + wrong}, right: {right}, wrong: {wrong}}}"
    assert bool(recorded(tmp_path, tally, certainty=certainty)) is found


@pytest.mark.parametrize(("right", "wrong", "found"), [(2, 0, False), (19, 1, False), (3, 30, True)])
def test_a_reason_stands_in_for_a_short_record_and_not_against_one_that_refutes(right: int, wrong: int, found: bool, tmp_path: Path) -> None:
    tally = f"{{spoke: {right + wrong}, right: {right}, wrong: {wrong}}}"
    assert bool(recorded(tmp_path, tally, reason="stability/*")) is found


def test_what_a_log_shows_has_a_record_or_a_reason() -> None:
    """Of two rules of the real base without record or reason, that which a log can make speak is found."""
    rules = frozenset({"stability/clipping-saturated", "adoption/gain-below-seed-noise"})
    subject = replace(Workbench.open(packaged_root()).subject, about=rules)
    bare = replace(subject.base, stored_calibration=Stored(CalibrationFile()), stored_unrecorded=Stored(UnrecordedFile()))
    found = {finding.key: finding.message for finding in certainty_kept(replace(subject, base=bare))}
    assert list(found) == [rule_key("stability/clipping-saturated")]
    assert "no run could judge it" in found[rule_key("stability/clipping-saturated")]
    assert not list(certainty_kept(subject))


# ---- symptoms -------------------------------------------------------------------------------------------------------------------------------------


def answered_by(tests: str, tmp_path: Path, status: str = "stable") -> list[str]:
    """What the linter says of a symptom that `stability/clipping-saturated` answers, with this status and these tests."""
    shutil.copytree(BAD / "base", tmp_path, dirs_exist_ok=True)
    rule = tmp_path / "rules" / "stability" / "clipping-saturated.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("status: stable", f"status: {status}"), encoding="utf-8")
    rule.with_suffix(".test.yaml").write_text(f"rule: stability/clipping-saturated\ntests:\n{tests}", encoding="utf-8")
    symptom = "  - {number: 1, title: {en: Clipped, zh: 裁剪}, rules: [stability/clipping-saturated]}\n"
    (tmp_path / "kb" / "symptoms.yaml").write_text(f"symptoms:\n{symptom}", encoding="utf-8")
    return [found.message for found in symptoms_answered(Workbench.open(Root(tmp_path / "kb", (tmp_path / "rules",))).subject)]


def test_a_rule_that_fires_on_facts_counts_for_a_symptom(tmp_path: Path) -> None:
    assert answered_by("  - {name: all, facts: {clip.rate: 1.0}, fires: true}\n", tmp_path) == []


def test_a_rule_that_fires_only_where_something_is_taken_as_concluded_does_not_count(tmp_path: Path) -> None:
    tests = "  - {name: all, facts: {clip.rate: 1.0}, concluded: {diagnosis: [divergence]}, fires: true}\n"
    (message,) = answered_by(tests, tmp_path)
    assert "has no test in which it fires on facts alone" in message


def test_a_draft_does_not_count_for_a_symptom(tmp_path: Path) -> None:
    (message,) = answered_by("  - {name: all, facts: {clip.rate: 1.0}, fires: true}\n", tmp_path, "draft")
    assert "is draft" in message


# ---- what is possible, and what is implied --------------------------------------------------------------------------------------------------------

_TEXT = Text(en="x", zh="某")


def _spec(kind: FactType, **more: object) -> FactSpec:
    return FactSpec.model_validate({"type": kind, "title": _TEXT, "prompt": _TEXT, "observe": _TEXT, **more})


VOCABULARY = Vocabulary(
    specs={
        "x.a": _spec(FactType.NUMBER, min=0, max=3),
        "x.b": _spec(FactType.NUMBER, above=0, below=3),
        "x.n": _spec(FactType.INTEGER, min=0, max=3),
        "x.t": _spec(FactType.BOOLEAN),
        "x.e": _spec(FactType.ENUM, values={"p": _TEXT, "q": _TEXT, "r": _TEXT}),
    }
)
# Between two of the numbers that are compared with lies one that is tried.
GRID: dict[str, list[Value | None]] = {
    "x.a": [None, *(step / 2 for step in range(7))],
    "x.b": [None, *(step / 2 for step in range(1, 6))],
    "x.n": [None, 0, 1, 2, 3],
    "x.t": [None, False, True],
    "x.e": [None, "p", "q", "r"],
}
WORLDS = [{name: value for name, value in zip(GRID, values, strict=True) if value is not None} for values in itertools.product(*GRID.values())]

_numbers = st.sampled_from(["x.a", "x.b", "x.n"])
_orders = st.sampled_from([Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE])
_plain = st.one_of(
    st.builds(Predicate, _numbers, _orders, st.integers(-1, 4)),
    st.builds(lambda fact, low, width: Predicate(fact, Op.BETWEEN, (low, low + width)), _numbers, st.integers(-1, 3), st.integers(0, 2)),
    st.builds(lambda fact, items: Predicate(fact, Op.IN, tuple(items)), _numbers, st.lists(st.integers(0, 3), min_size=1, max_size=2)),
    st.builds(Predicate, st.just("x.t"), st.sampled_from([Op.EQ, Op.NE]), st.booleans()),
    st.builds(Predicate, st.just("x.e"), st.sampled_from([Op.EQ, Op.NE]), st.sampled_from(["p", "q"])),
    st.builds(lambda items: Predicate("x.e", Op.IN, tuple(items)), st.lists(st.sampled_from(["p", "q", "r"]), min_size=1, max_size=2)),
    st.builds(Predicate, st.sampled_from(list(GRID)), st.just(Op.KNOWN), st.booleans()),
)
_compared = st.builds(lambda fact, op, other, plus: Predicate(fact, op, FactRef(other, 1, plus)), _numbers, _orders, _numbers, st.integers(-1, 1))


def _conditions(leaf: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    def nested(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(All, parts),
            st.builds(AnyOf, parts),
            st.builds(Not, inner),
            parts.flatmap(lambda of: st.builds(AtLeast, st.integers(1, len(of)), st.just(of))),
        )

    return st.recursive(leaf, nested, max_leaves=5)


def _never(_: Concluded) -> bool:
    return False


def _spaces(condition: Condition) -> list[Space]:
    return [Space(VOCABULARY).with_case(case) for case in cases(condition, VOCABULARY)]


@given(_conditions(_plain))
def test_a_condition_on_single_facts_is_possible_just_when_some_facts_satisfy_it(condition: Condition) -> None:
    satisfied = any(evaluate(condition, world, _never) is True for world in WORLDS)
    assert any(space.possible for space in _spaces(condition)) is satisfied


@given(_conditions(st.one_of(_plain, _compared)))
def test_what_some_facts_satisfy_is_never_called_impossible(condition: Condition) -> None:
    if any(evaluate(condition, world, _never) is True for world in WORLDS):
        assert any(space.possible for space in _spaces(condition))


@given(_conditions(_plain), _conditions(_plain))
def test_what_is_called_implied_holds_wherever_the_other_does(first: Condition, second: Condition) -> None:
    spaces = [space for space in _spaces(first) if space.possible]
    if all(any(all(space.implies(literal) for literal in case) for case in cases(second, VOCABULARY)) for space in spaces):
        assert all(evaluate(second, world, _never) is True for world in WORLDS if evaluate(first, world, _never) is True)


def test_a_comparison_of_two_facts_goes_by_their_bounds() -> None:
    above = Predicate("x.a", Op.GT, FactRef("x.b", 2, 0))
    assert any(space.possible for space in _spaces(All((above, Predicate("x.b", Op.LT, 1)))))
    assert not any(space.possible for space in _spaces(All((above, Predicate("x.b", Op.GT, 2)))))


def test_two_comparisons_of_two_facts_can_contradict_each_other() -> None:
    first, second = Predicate("x.a", Op.GT, FactRef("x.b")), Predicate("x.b", Op.GE, FactRef("x.a"))
    assert not any(space.possible for space in _spaces(All((first, second))))


def test_a_condition_of_too_many_cases_is_left_alone() -> None:
    choice = AnyOf(tuple(Predicate("x.a", Op.EQ, number) for number in range(8)))
    with pytest.raises(TooManyCasesError):
        cases(All((choice, AnyOf(choice.of[1:]), AnyOf(choice.of[2:]), AnyOf(choice.of[3:]))), VOCABULARY)


# ---- through the rules ----------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reach() -> Reach:
    (subject,) = [Workbench.open(Root(BAD / "base" / "kb", (BAD / "base" / "rules",))).subject]
    return Reach(subject.base)


SATURATED = Concluded(ConclusionKind.DIAGNOSIS, "clipping_saturated")
CLIPPED = Predicate("clip.rate", Op.GT, 0.5)


def test_a_conclusion_is_possible_where_a_rule_for_it_is(reach: Reach) -> None:
    assert reach.ever(All((SATURATED, Predicate("clip.rate", Op.GT, 0.9))))
    assert not reach.ever(All((SATURATED, Predicate("clip.rate", Op.LT, 0.5))))


def test_a_conclusion_is_absent_only_where_no_rule_for_it_is_bound_to_fire(reach: Reach) -> None:
    assert reach.ever(All((Not(SATURATED), Predicate("clip.rate", Op.GT, 0.4))))
    assert not reach.ever(All((Not(SATURATED), CLIPPED)))


def test_a_conclusion_is_implied_by_what_a_rule_for_it_asks(reach: Reach) -> None:
    assert reach.implies(Predicate("clip.rate", Op.GE, 0.6), SATURATED)
    assert not reach.implies(Predicate("clip.rate", Op.GE, 0.5), SATURATED)


def test_a_check_counts_as_passed_through_its_rule(reach: Reach) -> None:
    passed = Concluded(ConclusionKind.CHECK_PASSED, "clip_by_norm")
    assert reach.ever(passed)
    assert not reach.ever(All((passed, Predicate("clip.threshold", Op.KNOWN, False))))
