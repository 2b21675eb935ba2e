"""Nothing without a test, no threshold without a reason, no catalogue entry that no rule reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.authoring.lint.logic import conclusions_used
from advise.authoring.rule_test import RuleTests
from advise.conditions import ConclusionKind, Condition, FactRef, Op, Predicate, leaves
from advise.text import is_number


def thresholds_reasoned(subject: Subject) -> Iterator[Finding]:
    """Every number that a rule compares a fact with, factors of other facts included, has its reason, and no reason is left over."""
    for rule in subject.rules:
        yield from unreasoned(rule_key(rule.id), rule.conditions, rule.spec.thresholds.keys())


def unreasoned(key: str, conditions: Iterable[Condition], reasons: Set[str]) -> Iterator[Finding]:
    """What `thresholds` lacks, and what it says too much.

    Args:
        key: The file of the rule.
        conditions: Every condition of the rule.
        reasons: The facts of which `thresholds` speaks.
    """
    predicates = [leaf for condition in conditions for leaf in leaves(condition) if isinstance(leaf, Predicate)]
    compared = {fact for fact, _ in _thresholds(predicates)} | set(_scaled(predicates))
    for fact in sorted(compared - reasons):
        yield Finding(key, ("when",), f"`thresholds` says no reason for the number that `{fact}` is compared with")
    for fact in sorted(reasons - compared):
        yield Finding(key, ("thresholds", fact), f"`{fact}` is compared with no number here")


def _scaled(predicates: Iterable[Predicate]) -> Iterator[str]:
    for leaf in predicates:
        if isinstance(leaf.operand, FactRef) and (leaf.operand.times != 1 or leaf.operand.plus != 0):
            yield leaf.fact


def _thresholds(predicates: Iterable[Predicate]) -> Iterator[tuple[str, float]]:
    for leaf in predicates:
        if leaf.op in (Op.LT, Op.LE, Op.GT, Op.GE, Op.BETWEEN):
            for bound in _numbers(leaf):
                yield leaf.fact, bound


def _numbers(leaf: Predicate) -> Iterator[float]:
    if isinstance(leaf.operand, FactRef):
        return
    for item in leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,):
        if is_number(item):
            yield item


def tested(subject: Subject) -> Iterator[Finding]:
    """Every rule has a test in which it fires and one in which it does not, and each of its thresholds is tested exactly."""
    for rule in subject.rules:
        yield from untested(rule.id, rule.kind, rule.conditions, subject.tests.get(rule.id), subject.base.derived.keys())


def untested(rule_id: str, kind: str, conditions: Iterable[Condition], tests: RuleTests | None, derived: Set[str]) -> Iterator[Finding]:
    """Which tests a rule lacks.

    Args:
        rule_id: The rule.
        kind: Its kind.
        conditions: Every condition of it.
        tests: Those that it has.
        derived: The names of what is computed, which can rarely be hit exactly; its inputs are tested.
    """
    key = rule_key(rule_id)
    if tests is None:
        yield Finding(key, ("id",), f"no tests: write rules/{rule_id}.test.yaml")
        return
    predicates = [leaf for condition in conditions for leaf in leaves(condition) if isinstance(leaf, Predicate)]
    bounds = dict.fromkeys((fact, bound) for fact, bound in _thresholds(predicates) if fact not in derived)
    for message in (*_one_sided(kind, tests), *_off_the_boundary(bounds, tests)):
        yield Finding(key, ("when",), message)


def _one_sided(kind: str, tests: RuleTests) -> Iterator[str]:
    if kind == "check":
        statuses = {case.expect.status for case in tests.tests}
        for status in ("pass", "fail"):
            if status not in statuses:
                yield f"no test in which the status is {status}"
    else:
        if all(case.fires is not True for case in tests.tests):
            yield "no test in which it fires"
        if all(case.fires is True for case in tests.tests):
            yield "no test in which it does not fire"


def _off_the_boundary(bounds: Iterable[tuple[str, float]], tests: RuleTests) -> Iterator[str]:
    for fact, bound in bounds:
        if all(_flat(case.facts).get(fact) != bound for case in tests.tests):
            yield f"no test at the boundary: `{fact}` = {bound:g}"


def _flat(facts: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Nested facts by their dotted names."""
    flat: dict[str, object] = {}
    for name, value in facts.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {f"{prefix}{name}": value}
    return flat


def catalogue_reached(subject: Subject) -> Iterator[Finding]:
    """Some rule concludes each diagnosis, decision and checklist item of the catalogues."""
    base = subject.base
    concluded = {(rule.spec.kind, rule.spec.concludes) for rule in base.rules.values() if isinstance(rule.spec.concludes, str)}
    for name in base.diagnoses:
        if ("diagnosis", name) not in concluded:
            yield Finding("kb/diagnoses.yaml", ("diagnoses", name), f"no rule concludes `{name}`")
    for name in base.decisions:
        if ("decision", name) not in concluded:
            yield Finding("kb/decisions.yaml", ("decisions", name), f"no rule concludes `{name}`")
    for index, name in enumerate(base.checklist):
        if ("check", name) not in concluded:
            yield Finding("kb/checklist.yaml", ("items", index, "id"), f"no rule checks `{name}`")


def diagnoses_lead_somewhere(subject: Subject) -> Iterator[Finding]:
    """A diagnosis of severity medium or above has a decision that follows from it."""
    used = {leaf.id for rule, _ in subject.decision_rules for leaf in conclusions_used(rule.when) if leaf.kind is ConclusionKind.DIAGNOSIS}
    for rule, spec in subject.diagnosis_rules:
        if subject.concerns(rule) and spec.severity in ("high", "medium") and spec.concludes not in used:
            yield Finding(rule_key(rule.id), ("concludes",), f"no decision follows from `{spec.concludes}`, which is of severity {spec.severity}")


def errata_cited(subject: Subject) -> Iterator[Finding]:
    """Every erratum is cited by a rule or has a condition of its own."""
    cited = {name for rule in subject.base.rules.values() for name in rule.spec.errata} | set(subject.base.errata_when)
    for name in subject.base.errata:
        if name not in cited:
            yield Finding("kb/errata.yaml", ("errata", name), f"no rule cites `{name}`, and it has no `when`")
