"""What follows from an answer: how what is concluded after it differs from what was concluded before."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from advise.knowledge.base import KnowledgeBase
from advise.plan.checklist import statuses
from advise.plan.diagnoses import reached
from advise.plan.evidence import json_value
from advise.plan.examination import Examination
from advise.plan.model import Verdict
from advise.plan.verdict import verdict
from advise.terms import Certainty, CheckStatus, JsonValue, Priority, Record, Severity
from advise.text import Text, Value


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that is concluded of a run at one moment.

    Attributes:
        known: Every fact that follows from the stated ones.
        contradicted: The stated facts of which rules conclude otherwise.
    """

    verdict: Verdict
    diagnoses: Mapping[str, tuple[Severity, Certainty]]
    decisions: Mapping[str, Priority]
    checklist: Mapping[str, CheckStatus]
    known: Mapping[str, Value]
    contradicted: frozenset[str]


class Named(Record):
    """A fact or a conclusion."""

    id: str
    title: Text


class Diagnosed(Named):
    """A diagnosis that was reached, or is now more or less severe or certain."""

    severity: Severity
    certainty: Certainty


class Decided(Named):
    """A decision that is now called for, or with another priority."""

    priority: Priority


class Turned(Named):
    """A checklist item with another status."""

    status: CheckStatus


class Followed(Named):
    """A fact that follows, or follows with another value."""

    value: JsonValue


class Effects(Record):
    """What an answer makes true, and what it makes vanish."""

    verdict: Verdict | None
    diagnoses: list[Diagnosed]
    withdrawn: list[Named]
    decisions: list[Decided]
    dropped: list[Named]
    checklist: list[Turned]
    derived: list[Followed]
    forgotten: list[Named]
    contradicted: list[Named]


def standing(examination: Examination) -> Standing:
    """What is concluded of a run."""
    inference, base = examination.inference, examination.context.base
    taken = examination.outcome.taken
    stated = examination.stated
    return Standing(
        verdict=verdict(taken, inference, base),
        diagnoses={rules[0].concludes: (rules[0].severity, rules[0].certainty) for rules in reached(inference, base)},
        decisions={item.candidate.rule.concludes: item.candidate.rule.priority for item in taken},
        checklist=statuses(inference, base),
        known={name: value for name, value in inference.facts.items() if name not in stated},
        contradicted=frozenset(item.fact for item in inference.contradictions),
    )


def effects(before: Standing, after: Standing, base: KnowledgeBase) -> Effects:
    """What is the case now and was not before, and the other way round."""
    return Effects(
        verdict=after.verdict if after.verdict.id != before.verdict.id else None,
        diagnoses=[
            Diagnosed(id=name, title=base.diagnoses[name].title, severity=found[0], certainty=found[1])
            for name, found in after.diagnoses.items()
            if before.diagnoses.get(name) != found
        ],
        withdrawn=[Named(id=name, title=base.diagnoses[name].title) for name in before.diagnoses if name not in after.diagnoses],
        decisions=[
            Decided(id=name, title=base.decisions[name].title, priority=priority)
            for name, priority in after.decisions.items()
            if before.decisions.get(name) != priority
        ],
        dropped=[Named(id=name, title=base.decisions[name].title) for name in before.decisions if name not in after.decisions],
        checklist=[
            Turned(id=name, title=base.checklist[name].title, status=status)
            for name, status in after.checklist.items()
            if before.checklist[name] != status
        ],
        derived=[
            Followed(id=name, title=base.vocabulary[name].title, value=json_value(value))
            for name, value in sorted(after.known.items())
            if before.known.get(name) != value
        ],
        forgotten=_facts(before.known.keys() - after.known.keys(), base),
        contradicted=_facts(after.contradicted - before.contradicted, base),
    )


def _facts(names: Set[str], base: KnowledgeBase) -> list[Named]:
    return [Named(id=name, title=base.vocabulary[name].title) for name in sorted(names)]
