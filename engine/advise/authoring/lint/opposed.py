"""Decisions that say the opposite of each other and could be taken together, and rules against the errata that they cite."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.authoring.lint.settings import config_of, params_of
from advise.authoring.lint.space import Space
from advise.knowledge.base import Rule, VetoRule
from advise.knowledge.forbidden import disobeys, does_what_is_forbidden
from advise.knowledge.rule import DecisionRule
from advise.plan.arbitration import sets_aside

_REMEDY = "put both in an exclusive slot, let one supersede the other, forbid one, or tell their conditions apart"
Decided = tuple[Rule, DecisionRule]


def contradictory_settings(subject: Subject) -> Iterator[Finding]:
    """No two rules whose decisions can be taken together set the same thing to different values; of two decisions one pair of rules is named."""
    named: set[tuple[str, str, str]] = set()
    for first, second in combinations(subject.decision_rules, 2):
        if not subject.concerns(second[0]):
            continue
        settings, others = config_of(first[1]), config_of(second[1])
        different = [key for key, (_, value) in settings.items() if key in others and others[key][1] != value]
        fresh = [key for key in different if (first[1].concludes, second[1].concludes, key) not in named]
        if fresh and together(first, second, subject):
            for key in fresh:
                named.add((first[1].concludes, second[1].concludes, key))
                message = f"`{first[0].id}` sets `{key}` to another value, and both can be taken together: {_REMEDY}"
                yield Finding(rule_key(second[0].id), ("config", others[key][0]), message)


def opposites_apart(subject: Subject) -> Iterator[Finding]:
    """No two decisions that are declared opposites can be taken together."""
    for name, decision in subject.base.decisions.items():
        for index, opposite in enumerate(decision.opposes):
            pair = _taken_together(name, opposite, subject)
            if pair is not None:
                message = f"`{pair[0]}` and `{pair[1]}` can be taken together, though they ask for opposites: {_REMEDY}"
                yield Finding("kb/decisions.yaml", ("decisions", name, "opposes", index), message)


def together(first: Decided, second: Decided, subject: Subject) -> bool:
    """Whether the decisions of two rules can both be part of a plan."""
    if _kept_apart(first[1], second[1], subject):
        return False
    vetoes = [veto for veto in subject.base.vetoes if veto.decision in (first[1].concludes, second[1].concludes)]
    joint = subject.reach.together(first[0].when, second[0].when)
    return any(not _forbidden(space, vetoes, subject) for space in joint)


def _kept_apart(first: DecisionRule, second: DecisionRule, subject: Subject) -> bool:
    base = subject.base
    if first.concludes == second.concludes:
        # Of one decision with different numbers a single rule is taken, unless its rules add up.
        return not base.decisions[first.concludes].collects and params_of(first) != params_of(second)
    slots = {base.decisions[spec.concludes].slot for spec in (first, second)}
    if len(slots) == 1 and base.slots[slots.pop()].exclusive:
        return True
    return sets_aside(first, second, base) is not None or sets_aside(second, first, base) is not None


def _forbidden(space: Space, vetoes: list[VetoRule], subject: Subject) -> bool:
    return any(subject.reach.implied(veto.when, space) for veto in vetoes)


def _taken_together(name: str, opposite: str, subject: Subject) -> tuple[str, str] | None:
    ones, others = ([item for item in subject.decision_rules if item[1].concludes == decision] for decision in (name, opposite))
    return next(((one[0].id, other[0].id) for one in ones for other in others if together(one, other, subject)), None)


def errata_obeyed(subject: Subject) -> Iterator[Finding]:
    """A rule obeys the errata that it cites, or gives a reason; and no reason is left over."""
    for rule, spec in subject.decision_rules:
        if not subject.concerns(rule):
            continue
        for index, name in enumerate(spec.errata):
            if disobeys(spec, name, subject.base):
                message = f"this does what `{name}` forbids: obey it, or say why not in `in_spite_of`"
                yield Finding(rule_key(rule.id), ("errata", index), message)
        for name in spec.in_spite_of:
            if not does_what_is_forbidden(spec, name, subject.base):
                yield Finding(rule_key(rule.id), ("in_spite_of", name), f"`{name}` forbids nothing of what this does")
