"""Arbitration: which of the proposed decisions stand, and why the others do not.

Total and deterministic: the outcome depends on the set of candidates alone. A proposal that would move a setting against the title of its decision
falls by itself, and so does one that an erratum of this run forbids. A decision proposed by several rules is taken once, from the rule of the highest
priority that needs to ask nothing; vetoes go before everything; what a standing decision supersedes, or its verdict excludes, falls; an exclusive
slot holds one decision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from advise.knowledge.base import KnowledgeBase, VetoRule
from advise.knowledge.forbidden import disobeys
from advise.knowledge.rule import DecisionRule, Supersedes
from advise.plan.candidate import Candidate, astray
from advise.text import Text

if TYPE_CHECKING:
    from advise.plan.attempts import Tried


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision that stands.

    Attributes:
        candidate: The rule that speaks for it.
        merged: Further rules whose steps add to it, where the decision collects.
        supporting: Further rules that asked for the same, and only bear it out.
    """

    candidate: Candidate
    merged: tuple[Candidate, ...] = ()
    supporting: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A decision that does not stand, and what set it aside."""

    candidate: Candidate
    by: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands, in the order of doing, and what was set aside.

    Attributes:
        waiting: What stands too, and is asked about instead of being said: it keeps its place against others, for to know more cannot change that.
        cited: The errata that apply to the run.
    """

    taken: tuple[Taken, ...]
    set_aside: tuple[Rejected, ...]
    waiting: tuple[Taken, ...] = ()
    cited: frozenset[str] = frozenset()


def arbitrate(
    candidates: Iterable[Candidate],
    vetoes: Iterable[VetoRule],
    base: KnowledgeBase,
    tried: Sequence[Tried] = (),
    cited: Collection[str] = (),
) -> Outcome:
    """Decide between candidates.

    Args:
        candidates: Every decision that a fired rule proposes.
        vetoes: The vetoes whose condition holds.
        base: The catalogue of slots and decisions.
        tried: What earlier rounds tried without success, in their order.
        cited: The errata that apply to the run.
    """
    forbidden: dict[str, VetoRule] = {}
    for veto in sorted(vetoes, key=lambda item: item.key):
        forbidden.setdefault(veto.decision, veto)
    rejected: list[Rejected] = []
    standing: list[Taken] = []
    fresh = _untried(_obedient(_straight(candidates, base, rejected), cited, base, rejected), tried, base, rejected)
    for proposal in _one_a_decision(fresh, base, rejected):
        name = proposal.candidate.rule.concludes
        if name in forbidden:
            rejected.append(Rejected(proposal.candidate, forbidden[name].key, forbidden[name].reason))
        else:
            standing.append(proposal)
    taken: list[Taken] = []
    for proposal in _superseding_first(standing, base):
        obstacle = _obstacle(proposal.candidate, taken, base)
        if obstacle is None:
            taken.append(proposal)
        else:
            rejected.append(obstacle)
    ordered = sorted(taken, key=lambda item: _order(item.candidate, base))
    return Outcome(
        tuple(item for item in ordered if not item.candidate.waits_for),
        tuple(sorted(rejected, key=lambda item: (_order(item.candidate, base), item.by))),
        tuple(item for item in ordered if item.candidate.waits_for),
        frozenset(cited),
    )


def supersedes(rule: DecisionRule, base: KnowledgeBase) -> Sequence[Supersedes]:
    """What a decision sets aside by name when this rule asks for it."""
    return (*rule.supersedes, *base.decisions[rule.concludes].supersedes)


def verdict_of(rule: DecisionRule, base: KnowledgeBase) -> str:
    """The verdict that a decision calls for when this rule asks for it."""
    return rule.verdict or base.decisions[rule.concludes].verdict


def sets_aside(rule: DecisionRule, other: DecisionRule, base: KnowledgeBase) -> Text | None:
    """Why the other decision falls when this one stands: it is superseded, or its verdict is excluded; None where both can stand."""
    if rule.concludes == other.concludes:
        return None
    for item in supersedes(rule, base):
        if item.decision == other.concludes:
            return item.reason
    return excluded(verdict_of(rule, base), verdict_of(other, base), base)


def excluded(verdict: str, other: str, base: KnowledgeBase) -> Text | None:
    """Why the other verdict cannot stand beside this one; None where it can."""
    exclusions = (item for spec in base.verdicts if spec.id == verdict for item in spec.excludes)
    return next((item.reason for item in exclusions if item.verdict == other), None)


def _straight(candidates: Iterable[Candidate], base: KnowledgeBase, rejected: list[Rejected]) -> Iterator[Candidate]:
    for item in candidates:
        found = astray(item, base)
        if found is None:
            yield item
        else:
            rejected.append(Rejected(item, *found))


def _obedient(candidates: Iterable[Candidate], cited: Collection[str], base: KnowledgeBase, rejected: list[Rejected]) -> Iterator[Candidate]:
    for item in candidates:
        against = next((name for name in sorted(cited) if disobeys(item.rule, name, base)), None)
        if against is None:
            yield item
        else:
            rejected.append(Rejected(item, f"erratum:{against}", base.errata[against].correction))


def _untried(candidates: Iterable[Candidate], tried: Sequence[Tried], base: KnowledgeBase, rejected: list[Rejected]) -> list[Candidate]:
    if not tried:
        return list(candidates)
    from advise.plan.attempts import tried_before

    fresh = []
    for item in candidates:
        before = tried_before(item.rule.concludes, item.params, tried, base.ledger)
        if before is None:
            fresh.append(item)
        else:
            rejected.append(Rejected(item, f"round:{before.round}", before.reason(base.strings)))
    return fresh


def _order(candidate: Candidate, base: KnowledgeBase) -> tuple[str, int, str]:
    rank = list(base.decisions).index(candidate.rule.concludes)
    return (candidate.rule.priority, rank, candidate.rule.id)


def _one_a_decision(candidates: Iterable[Candidate], base: KnowledgeBase, rejected: list[Rejected]) -> list[Taken]:
    ordered = sorted(candidates, key=lambda item: (item.rule.concludes, bool(item.waits_for), _order(item, base)))
    proposals: list[Taken] = []
    for name, group in groupby(ordered, key=lambda item: item.rule.concludes):
        first, *rest = group
        if base.decisions[name].collects:
            proposals.extend(_collected([first, *rest]))
            continue
        # What has no numbers yet has no other ones.
        agreeing = tuple(item for item in rest if item.waits_for or item.params == first.params)
        proposals.append(Taken(first, supporting=agreeing))
        reason = base.strings["other_numbers"].filled({"rule": first.rule.id})
        rejected.extend(Rejected(item, name, reason) for item in rest if item not in agreeing)
    return proposals


def _collected(candidates: Sequence[Candidate]) -> Iterator[Taken]:
    """What can be said together, and what has to be asked for together."""
    for asks in (False, True):
        alike = [item for item in candidates if bool(item.waits_for) is asks]
        if alike:
            yield Taken(alike[0], merged=tuple(alike[1:]))


def _superseding_first(proposals: Sequence[Taken], base: KnowledgeBase) -> list[Taken]:
    waiting = sorted(proposals, key=lambda item: _order(item.candidate, base))
    ordered: list[Taken] = []
    while waiting:
        # The knowledge base is checked to set aside without cycles, so one is always free.
        free = next(item for item in waiting if not any(sets_aside(other.candidate.rule, item.candidate.rule, base) for other in waiting))
        waiting.remove(free)
        ordered.append(free)
    return ordered


def _obstacle(candidate: Candidate, taken: Sequence[Taken], base: KnowledgeBase) -> Rejected | None:
    name = candidate.rule.concludes
    for other in taken:
        reason = sets_aside(other.candidate.rule, candidate.rule, base)
        if reason is not None:
            return Rejected(candidate, other.candidate.rule.concludes, reason)
    slot = base.slots[base.decisions[name].slot]
    for other in taken if slot.exclusive else ():
        holder = other.candidate.rule
        if base.decisions[holder.concludes].slot == slot.id:
            reason = base.strings["slot_taken"].filled({"decision": base.decisions[holder.concludes].title, "slot": slot.title})
            return Rejected(candidate, holder.concludes, reason)
    return None
