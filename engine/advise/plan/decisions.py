"""From fired decision rules to the decisions of the plan: params computed, texts filled, gates and config lines made concrete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from advise.conditions import ConclusionKind
from advise.infer.proof import Proof
from advise.knowledge.rule import DecisionRule, FactOperand, GateSpec, ParamOperand, ParamValue, Scalar
from advise.plan.arbitration import Candidate, Rejected, Taken
from advise.plan.evidence import Context, evidence, json_value, rests_on
from advise.plan.model import ConfigChange, Decision, Evidence, Gate, GateTest, SetAside
from advise.text import UNKNOWN, Text, Value, union_of_placeholders

T = TypeVar("T")


def candidate(rule: DecisionRule, facts: Mapping[str, Value]) -> Candidate:
    """A rule's proposal with its params looked up."""
    params = {name: _operand(value, facts) for name, value in rule.params.items()}
    known = {name: value for name, value in params.items() if value is not None}
    return Candidate(rule, known, tuple(name for name in params if name not in known))


def decision(taken: Taken, proofs: Mapping[str, Proof], context: Context) -> Decision:
    """One decision of the plan; where it collects, with what further rules ask for."""
    everyone = (taken.candidate, *taken.merged)
    rule = taken.candidate.rule
    spec = context.base.decisions[rule.concludes]
    values = [_values(item, context) for item in everyone]
    merged_params = {name: value for item in reversed(everyone) for name, value in item.params.items()}
    return Decision.model_construct(
        id=rule.concludes,
        title=(rule.title or spec.title).filled(values[0]),
        why=rule.why.filled(values[0]),
        slot=spec.slot,
        priority=rule.priority,
        params={name: json_value(value) for name, value in merged_params.items()},
        missing_params=list(dict.fromkeys(name for item in everyone for name in item.missing)),
        steps=_unique(step.filled(known) for item, known in zip(everyone, values, strict=True) for step in item.rule.steps),
        config=_unique(change for item in everyone for change in _config(item, context)),
        because=list(dict.fromkeys(name for item in everyone for name in rests_on(proofs[item.rule.id], ConclusionKind.DIAGNOSIS))),
        evidence=_evidence(everyone, proofs, context),
        rule=rule.id,
        supported_by=[item.rule.id for item in taken.supporting],
        sources=context.sources(dict.fromkeys(source for item in everyone for source in item.rule.sources)),
        confirm=rule.confirm.filled(values[0]),
    )


def set_aside(rejected: Rejected, context: Context) -> SetAside:
    """A decision that was not taken, and why."""
    rule = rejected.candidate.rule
    values = _values(rejected.candidate, context)
    title = rule.title or context.base.decisions[rule.concludes].title
    return SetAside.model_construct(
        id=rule.concludes, title=title.filled(values), rule=rule.id, by=rejected.by, reason=rejected.reason.filled(values)
    )


def gates(taken: Taken, context: Context) -> list[Gate]:
    """The gates that a standing decision sets; one that cannot be made concrete is left out (its params are missing too)."""
    made = (_gate(spec, taken.candidate, context) for spec in taken.candidate.rule.gates)
    return [gate for gate in made if gate is not None]


def _gate(spec: GateSpec, proposal: Candidate, context: Context) -> Gate | None:
    tests = []
    for test in spec.of:
        value = _operand(test.value, context.facts)
        if value is not None:
            tests.append(
                GateTest.model_construct(fact=test.fact, op=test.op, value=json_value(value), title=context.base.vocabulary[test.fact].title)
            )
    if len(tests) < spec.need:
        return None
    carried = {name: _operand(value, context.facts) for name, value in spec.carries.items()}
    values = _values(proposal, context)
    return Gate.model_construct(
        id=spec.id,
        need=spec.need,
        of=tests,
        sets=spec.sets,
        carries={name: json_value(value) for name, value in carried.items() if value is not None},
        passed=spec.passed.filled(values),
        failed=spec.failed.filled(values),
    )


def _config(item: Candidate, context: Context) -> list[ConfigChange]:
    changes = []
    for line in item.rule.config:
        after = item.params.get(line.to.param) if isinstance(line.to, ParamOperand) else _operand(line.to, context.facts)
        before = context.facts.get(line.key)
        if after is not None and after != before:
            changes.append(ConfigChange.model_construct(key=line.key, before=None if before is None else json_value(before), after=json_value(after)))
    return changes


def _evidence(everyone: Sequence[Candidate], proofs: Mapping[str, Proof], context: Context) -> list[Evidence]:
    found = [item for each in everyone for item in evidence(proofs[each.rule.id], context)]
    return list({(item.fact, item.asked): item for item in found}.values())


def _operand(value: ParamValue | Scalar, facts: Mapping[str, Value]) -> Value | None:
    if isinstance(value, FactOperand):
        return facts.get(value.fact)
    return tuple(value) if isinstance(value, list) else value


def _values(item: Candidate, context: Context) -> Mapping[str, Value | Text]:
    spoken = {name: spoken_value(name, value, context) for name, value in context.facts.items()}
    return {**_unknown(item, context), **spoken, **{f"params.{name}": value for name, value in item.params.items()}}


def _unknown(item: Candidate, context: Context) -> Mapping[str, Text]:
    """What a rule speaks of and nobody knows, called by its title: "over unknown steps" would not say which."""
    rule = item.rule
    named = {name: name for name in union_of_placeholders([rule.why, *rule.steps, rule.confirm])}
    asked = {f"params.{name}": value.fact for name in item.missing if isinstance(value := rule.params[name], FactOperand)}
    titles = {name: context.base.vocabulary[fact].title for name, fact in {**named, **asked}.items() if fact in context.base.vocabulary}
    return {
        name: Text.model_construct(en=f"‹{_within(title.en)}: {UNKNOWN['en']}›", zh=f"‹{title.zh}：{UNKNOWN['zh']}›")
        for name, title in titles.items()
    }


def _within(title: str) -> str:
    """A title as it stands within a sentence; what begins with two capitals is an abbreviation."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def spoken_value(name: str, value: Value, context: Context) -> Value | Text:
    """A fact's value for a sentence: an enum's value in the reader's language."""
    return context.base.vocabulary[name].values.get(value, value) if isinstance(value, str) else value


def _unique(items: Iterable[T]) -> list[T]:
    found: list[T] = []
    found.extend(item for item in items if item not in found)
    return found
