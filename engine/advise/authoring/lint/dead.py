"""Conditions that can never hold, and vetoes that never meet what they forbid."""

from __future__ import annotations

from collections.abc import Iterator

from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.authoring.lint.places import place_of_veto, places
from advise.authoring.lint.reach import Reach
from advise.authoring.lint.space import Space
from advise.conditions import All, Concluded, Condition, Not, leaves
from advise.infer.program import Literal, reads
from advise.knowledge.base import Rule, VetoRule


def dead_conditions(subject: Subject) -> Iterator[Finding]:
    """No condition contradicts itself, the bounds of its facts, or every rule that it rests on."""
    for place in places(subject):
        condition = All((place.within, place.condition))
        if not subject.reach.ever(condition):
            yield Finding(place.key, place.path, f"this can never hold{_reason(condition, subject.reach)}")


def checks_can_fail(subject: Subject) -> Iterator[Finding]:
    """No checklist item passes whatever the facts are."""
    for rule in subject.alive:
        if rule.kind == "check" and subject.concerns(rule) and not subject.reach.ever(All((rule.applies or All(()), Not(rule.when)))):
            yield Finding(rule_key(rule.id), ("when",), "this holds whatever the facts are, so the item can never fail")


def unreachable_conclusions(subject: Subject) -> Iterator[Finding]:
    """Whatever a condition asks to be concluded, some rule concludes."""
    for place in places(subject):
        for leaf in dict.fromkeys(leaves(place.condition)):
            if isinstance(leaf, Concluded) and leaf not in subject.reach.concluding:
                kind = leaf.kind.replace("_", " ")
                yield Finding(place.key, place.of(leaf), f"no rule concludes the {kind} `{leaf.id}`, so this is never the case")


def idle_vetoes(subject: Subject) -> Iterator[Finding]:
    """A veto meets a rule that asks for what it forbids."""
    for veto in subject.base.vetoes:
        rules = [rule for rule, _ in subject.decision_rules if rule.concludes == veto.decision and subject.reach.ever(rule.when)]
        if rules and subject.reach.ever(veto.when) and not any(_meets(veto, rule, subject.reach) for rule in rules):
            place = place_of_veto(veto.key, subject.base)
            message = f"no rule asks for `{veto.decision}` where this holds, so it never sets anything aside"
            yield Finding(place.key, place.path, message, is_warning=True)


def _meets(veto: VetoRule, rule: Rule, reach: Reach) -> bool:
    return next(reach.together(veto.when, rule.when), None) is not None


def _reason(condition: Condition, reach: Reach) -> str:
    """What of it is to blame, where a single fact or conclusion is."""
    found = reach.cases(condition) or []
    if any(space.possible for space in reach.spaces(condition)):
        return ": the rules for what it asks to be concluded contradict it"
    names = dict.fromkeys(name for case in found for literal in case for name in _names(literal))
    for name in names:
        about = (tuple(literal for literal in case if name in _names(literal)) for case in found)
        if not any(Space(reach.base.vocabulary).with_case(case).possible for case in about):
            return f": nothing that `{name}` can be satisfies it"
    return ": what it asks for is contradictory"


def _names(literal: Literal) -> tuple[str, ...]:
    return (literal.leaf.id,) if isinstance(literal.leaf, Concluded) else reads(literal.leaf)
