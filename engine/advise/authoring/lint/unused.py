"""What is stated, set or carried, and nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.conditions import facts_of
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.links import texts
from advise.knowledge.rule import DecisionRule, FactOperand
from advise.text import Text, union_of_placeholders


def unused_facts(subject: Subject) -> Iterator[Finding]:
    """Every fact of the vocabulary, and every derived one, is read by something, or is there to be shown."""
    used = _used(subject.base)
    for name, spec in subject.base.vocabulary.specs.items():
        if name not in used and not spec.shown:
            yield Finding(*subject.place_of_fact(name), f"nothing reads `{name}`")


def gates_read(subject: Subject) -> Iterator[Finding]:
    """Some rule, veto or derived fact goes by the outcome of each gate."""
    read = _reasoned_with(subject.base)
    for rule, spec in ((rule, spec) for rule, spec in subject.decision_rules if subject.concerns(rule)):
        for index, gate in enumerate(spec.gates):
            if gate.sets not in read:
                yield Finding(rule_key(rule.id), ("gates", index, "sets"), f"no rule reads `{gate.sets}`, so nothing follows from this gate")


def _used(base: KnowledgeBase) -> set[str]:
    shown: list[Text] = [text for rule in base.rules.values() for _, text in texts(rule)]
    shown += [text for decision in base.decisions.values() for text in (decision.title, *(veto.reason for veto in decision.forbidden_when))]
    shown += [form.spec.say for form in base.head.forms]
    used = set(base.head.facts) | {fact for spec in base.diagnoses.values() for fact in spec.began}
    used |= _reasoned_with(base) | _measured_with(base) | union_of_placeholders(shown)
    for rule in base.rules.values():
        if isinstance(rule.spec, DecisionRule):
            used |= set(_operands(rule.spec))
    return used


def _reasoned_with(base: KnowledgeBase) -> set[str]:
    read = {fact for condition in base.conditions for fact in facts_of(condition)}
    return read | {fact for item in base.derived.values() for fact in item.expression.facts}


def _measured_with(base: KnowledgeBase) -> set[str]:
    """The facts that the measures on logs and on studies go by."""
    logged = {fact for measure in base.measures.measures for parameter in measure.facts for fact in measure.sources(parameter)}
    return logged | {fact for measure in base.study.measures for fact in measure.facts.values()}


def _operands(spec: DecisionRule) -> Iterator[str]:
    values: list[object] = [*spec.params.values(), *(line.to for line in spec.config)]
    for gate in spec.gates:
        values += [*(test.value for test in gate.of), *gate.carries.values()]
        yield from (test.fact for test in gate.of)
    yield from (line.key for line in spec.config)
    yield from (value.fact for value in values if isinstance(value, FactOperand))
