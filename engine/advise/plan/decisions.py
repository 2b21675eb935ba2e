"""From fired decision rules to the decisions of the plan: params computed, texts filled, gates and config lines made concrete."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from advise.conditions import ConclusionKind
from advise.infer.proof import Proof
from advise.knowledge.rule import GateSpec
from advise.plan.arbitration import Rejected, Taken
from advise.plan.candidate import Candidate, Setting, operand, said, said_of
from advise.plan.evidence import Context, evidence, json_value, rests_on
from advise.plan.model import ConfigChange, Decision, Evidence, Gate, GateTest, SetAside
from advise.text import Text, Value

T = TypeVar("T")


def decision(taken: Taken, proofs: Mapping[str, Proof], context: Context) -> Decision:
    """One decision of the plan; where it collects, with what further rules ask for."""
    everyone = (taken.candidate, *taken.merged)
    rule = taken.candidate.rule
    spec = context.base.decisions[rule.concludes]
    values = [_values(item, context) for item in everyone]
    merged_params = {name: value for item in reversed(everyone) for name, value in item.params.items()}
    return Decision.model_construct(
        id=rule.concludes,
        title=_title(taken.candidate, context, values[0]),
        why=said_of(rule.why, values[0]),
        slot=spec.slot,
        concerns=spec.concerns,
        priority=rule.priority,
        params={name: json_value(value) for name, value in merged_params.items()},
        missing_params=list(dict.fromkeys(name for item in everyone for name in item.missing)),
        steps=_unique(step.filled(known) for item, known in zip(everyone, values, strict=True) for step in item.steps),
        config=_unique(_config(setting) for item in everyone for setting in item.settings if setting.changes),
        because=list(dict.fromkeys(name for item in everyone for name in rests_on(proofs[item.rule.id], ConclusionKind.DIAGNOSIS))),
        evidence=_evidence(everyone, proofs, context),
        rule=rule.id,
        supported_by=[item.rule.id for item in taken.supporting],
        sources=context.sources(dict.fromkeys(source for item in everyone for source in item.rule.sources)),
        confirm=said_of(rule.confirm, values[0]),
    )


def set_aside(rejected: Rejected, context: Context) -> SetAside:
    """A decision that was not taken, and why."""
    rule = rejected.candidate.rule
    values = _values(rejected.candidate, context)
    title = _title(rejected.candidate, context, values)
    return SetAside.model_construct(id=rule.concludes, title=title, rule=rule.id, by=rejected.by, reason=rejected.reason.filled(values))


def gates(taken: Taken, context: Context) -> list[Gate]:
    """The gates that a standing decision sets; one that cannot be made concrete is left out (its params are missing too)."""
    made = (_gate(spec, taken.candidate, context) for spec in taken.candidate.rule.gates)
    return [gate for gate in made if gate is not None]


def _gate(spec: GateSpec, proposal: Candidate, context: Context) -> Gate | None:
    tests = []
    for test in spec.of:
        value = operand(test.value, context.facts)
        if value is not None:
            title = context.base.vocabulary[test.fact].title
            tests.append(GateTest.model_construct(fact=test.fact, op=test.op, value=json_value(value), required=test.required, title=title))
    need = len(tests) if spec.need == "all" else spec.need
    if not tests or len(tests) < need:
        return None
    carried = {name: operand(value, context.facts) for name, value in spec.carries.items()}
    values = _values(proposal, context)
    return Gate.model_construct(
        id=spec.id,
        need=need,
        of=tests,
        sets=spec.sets,
        carries={name: json_value(value) for name, value in carried.items() if value is not None},
        passed=spec.passed.filled(values),
        failed=spec.failed.filled(values),
    )


def _title(item: Candidate, context: Context, values: Mapping[str, Value | Text]) -> Text:
    """The title of the rule, or that of its decision where a number in it is unknown."""
    own = None if item.rule.title is None else said(item.rule.title, values.keys())
    return (own or context.base.decisions[item.rule.concludes].title).filled(values)


def _config(setting: Setting) -> ConfigChange:
    before = None if setting.before is None else json_value(setting.before)
    after = _advised(setting.after) if isinstance(setting.after, float) else setting.after
    return ConfigChange.model_construct(key=setting.key, before=before, after=json_value(after))


def _advised(value: float) -> float:
    """A number to set, with the digits that advice has: three that count, also of the distance from 1 where that is what counts, as of a decay."""
    if value.is_integer() or not math.isfinite(value):
        return value
    if 0.9 < value < 1:
        return float(f"{1 - float(f'{1 - value:.3g}'):.12g}")
    return float(f"{value:.3g}")


def _evidence(everyone: Sequence[Candidate], proofs: Mapping[str, Proof], context: Context) -> list[Evidence]:
    found = [item for each in everyone for item in evidence(proofs[each.rule.id], context)]
    return list({(item.fact, item.asked): item for item in found}.values())


def _values(item: Candidate, context: Context) -> Mapping[str, Value | Text]:
    spoken = {name: spoken_value(name, value, context) for name, value in context.facts.items()}
    return {**spoken, **{f"params.{name}": value for name, value in item.params.items()}}


def spoken_value(name: str, value: Value, context: Context) -> Value | Text:
    """A fact's value for a sentence: an enum's value in the reader's language."""
    return context.base.vocabulary[name].values.get(value, value) if isinstance(value, str) else value


def _unique(items: Iterable[T]) -> list[T]:
    found: list[T] = []
    found.extend(item for item in items if item not in found)
    return found
