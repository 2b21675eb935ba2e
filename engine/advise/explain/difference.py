"""What would be otherwise in a plan if some facts were otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field

from advise.facts.record import Fact, Observed, Origin
from advise.plan.evidence import json_value
from advise.plan.examination import Examination
from advise.plan.model import Decision, Diagnosis, Gate, Plan
from advise.terms import JsonValue, Record
from advise.text import Text, Value
from advise.untrusted import as_json

_ORIGIN = Origin("what if")
_Fields = Mapping[str, JsonValue | None]


class FieldChange(Record):
    """One thing that is said otherwise; None where it was, or would be, absent."""

    name: str
    before: JsonValue | None
    after: JsonValue | None


class Entry(Record):
    """Something that appears or vanishes."""

    id: str
    title: Text


class ChangedEntry(Entry):
    """Something that stays, and is said otherwise."""

    changes: list[FieldChange]


class Part(Record):
    """What becomes of one part of the plan."""

    appeared: list[Entry] = []
    vanished: list[Entry] = []
    changed: list[ChangedEntry] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing becomes of it."""
        return not (self.appeared or self.vanished or self.changed)


class Difference(Record):
    """A plan against the plan under other facts."""

    schema_id: Literal["advise/difference@1"] = Field(default="advise/difference@1", alias="schema")
    run: str | None = None
    facts: list[FieldChange] = Field(description="What was changed, and what follows from it by computing or deriving.")
    verdict: FieldChange | None = None
    verdicts: list[Text] = Field(default=[], description="The sentence before and the sentence after, where the verdict changes.")
    diagnoses: Part
    decisions: Part
    set_aside: Part
    gates: Part
    checklist: Part
    unknown: Part
    errata: Part

    @property
    def is_empty(self) -> bool:
        """Whether the plan stays as it is."""
        parts = (self.diagnoses, self.decisions, self.set_aside, self.gates, self.checklist, self.unknown, self.errata)
        return self.verdict is None and all(part.is_empty for part in parts)

    def to_json(self) -> str:
        """The difference as indented JSON."""
        return as_json(self)


def changed(observed: Observed, changes: Mapping[str, Value | None]) -> Observed:
    """The facts with some of them otherwise; None makes a fact unknown, also one that an earlier plan would bring."""
    facts = {name: fact for name, fact in observed.facts.items() if name not in changes}
    facts |= {name: Fact(name, value, _ORIGIN) for name, value in changes.items() if value is not None}
    return replace(observed, facts=facts, forgotten=frozenset(name for name, value in changes.items() if value is None))


def difference(before: Examination, after: Examination) -> Difference:
    """What the plan of one run says otherwise than that of another.

    Args:
        before: The run as it is.
        after: The run under other facts, examined with the same knowledge.
    """
    old, new = before.plan, after.plan
    parts = {name: _part(of(old), of(new)) for name, of in _PARTS.items()}
    same_verdict = old.verdict.id == new.verdict.id
    return Difference(
        run=before.run,
        facts=_fields(_known(before), _known(after)),
        verdict=None if same_verdict else FieldChange(name="verdict", before=old.verdict.id, after=new.verdict.id),
        verdicts=[] if same_verdict else [old.verdict.title, new.verdict.title],
        diagnoses=parts["diagnoses"],
        decisions=parts["decisions"],
        set_aside=parts["set_aside"],
        gates=parts["gates"],
        checklist=parts["checklist"],
        unknown=parts["unknown"],
        errata=parts["errata"],
    )


def _known(found: Examination) -> _Fields:
    return {name: json_value(value) for name, value in found.context.facts.items()}


def _part(old: Mapping[str, tuple[Text, _Fields]], new: Mapping[str, tuple[Text, _Fields]]) -> Part:
    both = {key: _fields(old[key][1], new[key][1]) for key in new if key in old}
    return Part(
        appeared=[Entry(id=key, title=title) for key, (title, _) in new.items() if key not in old],
        vanished=[Entry(id=key, title=title) for key, (title, _) in old.items() if key not in new],
        changed=[ChangedEntry(id=key, title=new[key][0], changes=changes) for key, changes in both.items() if changes],
    )


def _fields(old: _Fields, new: _Fields) -> list[FieldChange]:
    names = dict.fromkeys([*old, *new])
    compared = (FieldChange(name=name, before=old.get(name), after=new.get(name)) for name in names)
    return [item for item in compared if (type(item.before), item.before) != (type(item.after), item.after)]


def _diagnosis(item: Diagnosis) -> _Fields:
    return {"severity": item.severity, "certainty": item.certainty, "rule": item.rule, "supported_by": _listed(item.supported_by)}


def _decision(item: Decision) -> _Fields:
    fields: dict[str, JsonValue | None] = {"priority": item.priority, "rule": item.rule, "missing_params": _listed(item.missing_params)}
    fields["supported_by"] = _listed(item.supported_by)
    fields |= {f"params.{name}": value for name, value in item.params.items()}
    return fields | {f"config.{change.key}": change.after for change in item.config}


def _set_aside(plan: Plan) -> dict[str, tuple[Text, _Fields]]:
    named: dict[str, tuple[Text, _Fields]] = {}
    for item in plan.set_aside:
        name = item.id if item.id not in named else f"{item.id} ({item.rule})"
        named[name] = (item.title, {"by": item.by})
    return named


def _gate(item: Gate) -> _Fields:
    return {"need": item.need, "of": _listed(f"{test.fact} {test.op} {test.value}" for test in item.of)}


def _listed(items: Iterable[str]) -> JsonValue | None:
    return list(items) or None


_PARTS: Mapping[str, Callable[[Plan], Mapping[str, tuple[Text, _Fields]]]] = {
    "diagnoses": lambda plan: {item.id: (item.title, _diagnosis(item)) for item in plan.diagnoses},
    "decisions": lambda plan: {item.id: (item.title, _decision(item)) for item in plan.decisions},
    "set_aside": _set_aside,
    "gates": lambda plan: {item.id: (item.passed, _gate(item)) for item in plan.gates},
    "checklist": lambda plan: {item.id: (item.title, {"status": item.status}) for item in plan.checklist},
    "unknown": lambda plan: {item.fact: (item.title, {}) for item in plan.unknown},
    "errata": lambda plan: {item.id: (item.claim, {}) for item in plan.errata},
}
