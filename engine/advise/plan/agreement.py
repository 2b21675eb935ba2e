"""Whether a plan agrees with itself: five things that none may do, looked for in the plan as it came out, whatever arbitration saw to before.

two decisions whose verdicts exclude each other
steps of several rules under one decision that does not collect
a decision of which every number is unknown, or a text with an unknown one in it
a setting moved against the title of its decision, beyond its limits, or to what it cannot be
a decision that an erratum forbids which the same plan cites
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from advise.knowledge.base import KnowledgeBase
from advise.knowledge.catalog import Move
from advise.knowledge.forbidden import disobeys
from advise.knowledge.rule import DecisionRule
from advise.plan.arbitration import excluded, verdict_of
from advise.plan.decisions import decision
from advise.plan.examination import Examination
from advise.plan.model import ConfigChange, Decision
from advise.terms import JsonValue
from advise.text import UNKNOWN, is_number


def disagreements(decisions: Sequence[Decision], errata: Sequence[str], base: KnowledgeBase) -> Iterator[str]:
    """Everything in which the decisions of a plan contradict each other, themselves, or the errata that it cites.

    Args:
        decisions: The decisions of the plan.
        errata: The errata that it cites.
        base: The knowledge that it was made from.
    """
    for one, other in permutations(decisions, 2):
        if excluded(_verdict(one, base), _verdict(other, base), base) is not None:
            yield f"`{one.id}` ({one.rule}) and `{other.id}` ({other.rule}) call for verdicts that exclude each other"
    for item in decisions:
        yield from _of_one(item, errata, base)


def contradictions(found: Examination) -> Iterator[str]:
    """The disagreements of the plan for a run, of which no more is made than it takes to find them."""
    taken = [decision(item, found.inference.fired, found.context) for item in found.outcome.taken]
    yield from disagreements(taken, sorted(found.outcome.cited), found.context.base)


def _of_one(item: Decision, errata: Sequence[str], base: KnowledgeBase) -> Iterator[str]:
    rule, spec = _rule(item, base), base.decisions[item.id]
    if len(item.steps) > len(rule.steps) and not spec.collects:
        yield f"`{item.id}` joins the steps of several rules and does not collect"
    if item.missing_params and not item.params:
        yield f"`{item.id}` ({item.rule}) is shown though its every number is unknown"
    if any(UNKNOWN["en"] in step.en.split() for step in (*item.steps, item.confirm)):
        yield f"`{item.id}` ({item.rule}) instructs with an unknown number"
    for change in item.config:
        if not _is_sound(change, spec.moves.get(change.key), base):
            yield f"`{item.id}` ({item.rule}) sets `{change.key}` from {change.before} to {change.after}"
    for name in errata:
        if disobeys(rule, name, base):
            yield f"`{item.id}` ({item.rule}) does what `{name}` forbids, which this plan cites"


def _is_sound(change: ConfigChange, move: Move | None, base: KnowledgeBase) -> bool:
    after, before = _number(change.after), _number(change.before)
    if after is None:
        return True
    if not base.vocabulary[change.key].contains(after):
        return False
    if move is None or before is None:
        return True
    least, most = (None if share is None else share * before for share in (move.least, move.most))
    return (after > before) is (move.to == "up") and (least is None or after >= least) and (most is None or after <= most)


def _number(value: JsonValue | None) -> float | None:
    return value if is_number(value) else None


def _verdict(item: Decision, base: KnowledgeBase) -> str:
    return verdict_of(_rule(item, base), base)


def _rule(item: Decision, base: KnowledgeBase) -> DecisionRule:
    spec = base.rules[item.rule].spec
    assert isinstance(spec, DecisionRule)  # noqa: S101 - only such rules decide
    return spec
