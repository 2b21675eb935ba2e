"""Names that refer to something: every one of them has to exist, and to fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.catalog import Forbidden
from advise.knowledge.condition_syntax import Path
from advise.knowledge.files import SourceFile
from advise.knowledge.report import Report
from advise.knowledge.rule import CheckRule, DecisionRule, DeriveRule, DiagnosisRule, FactOperand, GateSpec, ParamOperand, Said
from advise.knowledge.vocabulary import FactType
from advise.text import Text, placeholders, stray_braces


@dataclass(frozen=True, slots=True)
class _Reference:
    """A name written somewhere, and the names that exist."""

    path: Path
    name: str
    what: str
    accepted: Sequence[str]


def check_links(base: KnowledgeBase, files: Mapping[str, SourceFile], report: Report) -> None:
    """Report every name in the knowledge base that refers to nothing."""
    for key, references in _catalogue_references(base):
        for reference in references:
            _check(reference, files[key], report)
    for rule in base.rules.values():
        check_rule(rule, base, files, report)


def check_rule(rule: Rule, base: KnowledgeBase, files: Mapping[str, SourceFile], report: Report) -> None:
    """Report every name in a rule that refers to nothing, and what in it does not fit together."""
    file = files.get(f"rules/{rule.id}.yaml")
    if file is None:
        return  # an id that is not its path has been reported already
    for reference in _rule_references(rule, base):
        _check(reference, file, report)
    for path, message in _misfits(rule, base):
        report.at(file, path, message)


def _check(reference: _Reference, file: SourceFile, report: Report) -> None:
    if reference.name not in reference.accepted:
        report.at(file, reference.path, f"unknown {reference.what} `{reference.name}`", tuple(reference.accepted), reference.name)


def _catalogue_references(base: KnowledgeBase) -> Iterator[tuple[str, Iterator[_Reference]]]:
    yield "kb/decisions.yaml", _decision_references(base)
    yield "kb/errata.yaml", _errata_references(base)
    yield "kb/checklist.yaml", _checklist_references(base)
    yield "kb/roles.yaml", _role_references(base)
    yield "kb/measures.yaml", _measure_references(base)
    yield "kb/comparison.yaml", _comparison_references(base)
    yield "kb/ledger.yaml", _ledger_references(base)
    yield "kb/study.yaml", _study_references(base)


def _decision_references(base: KnowledgeBase) -> Iterator[_Reference]:
    numbers = tuple(name for name, spec in base.vocabulary.specs.items() if spec.type.numeric)
    for name, spec in base.decisions.items():
        yield _Reference(("decisions", name, "slot"), spec.slot, "slot", tuple(base.slots))
        for index, item in enumerate(spec.supersedes):
            yield _Reference(("decisions", name, "supersedes", index, "decision"), item.decision, "decision", tuple(base.decisions))
        for index, opposite in enumerate(spec.opposes):
            yield _Reference(("decisions", name, "opposes", index), opposite, "decision", tuple(base.decisions))
        for fact in spec.moves:
            yield _Reference(("decisions", name, "moves", fact), fact, "numeric fact", numbers)
        for index, veto in enumerate(spec.forbidden_when):
            yield from _source_references(base, ("decisions", name, "forbidden_when", index, "sources"), veto.sources)


def _errata_references(base: KnowledgeBase) -> Iterator[_Reference]:
    for name, spec in base.errata.items():
        yield _Reference(("errata", name, "source"), spec.source, "source", base.sources)
        yield from _source_references(base, ("errata", name, "sources"), spec.sources)
        for index, pattern in enumerate(spec.forbids):
            yield from _forbidden_references(base, ("errata", name, "forbids", index), pattern)


def _forbidden_references(base: KnowledgeBase, path: Path, pattern: Forbidden) -> Iterator[_Reference]:
    if pattern.decision is not None:
        yield _Reference((*path, "decision"), pattern.decision, "decision", tuple(base.decisions))
    for key, fact in (("setting", pattern.setting), ("computed_from", pattern.computed_from), ("gate_without", pattern.gate_without)):
        if fact is not None:
            yield _Reference((*path, key), fact, "fact", tuple(base.vocabulary.specs))


def _role_references(base: KnowledgeBase) -> Iterator[_Reference]:
    roles = base.roles
    known = tuple(sorted(roles.roles))
    for role, stand_in in roles.fallbacks.items():
        yield _Reference(("fallbacks", role), stand_in, "role", known)
    for role, fact in roles.choices.items():
        yield _Reference(("choices", role), fact, "fact", tuple(base.vocabulary.specs))
    for name, facts in roles.settings.items():
        for index, fact in enumerate(facts):
            yield _Reference(("settings", name, index), fact, "fact", tuple(base.vocabulary.specs))


def _measure_references(base: KnowledgeBase) -> Iterator[_Reference]:
    known = tuple(sorted(base.roles.roles))
    facts = tuple(base.vocabulary.specs)
    for index, measure in enumerate(base.measures.measures):
        for parameter, role in measure.of.items():
            name = role if isinstance(role, str) else role.all
            yield _Reference(("measures", index, "of", parameter), name, "role", known)
        for parameter in measure.facts:
            for fact in measure.sources(parameter):
                yield _Reference(("measures", index, "facts", parameter), fact, "fact", facts)
        for output, fact in measure.gives.items():
            yield _Reference(("measures", index, "gives", output), fact, "fact", facts)


def _comparison_references(base: KnowledgeBase) -> Iterator[_Reference]:
    comparison = base.comparison
    if comparison is None:
        return
    facts = tuple(base.vocabulary.specs)
    for output, given in comparison.gives.items():
        yield _Reference(("comparison", "gives", output, "fact"), given.fact, "fact", facts)
    yield _Reference(("comparison", "slot"), comparison.slot, "slot", tuple(base.slots))
    for variance, fact in comparison.variances.items():
        yield _Reference(("comparison", "variances", variance), fact, "fact", facts)
    for index, role in enumerate(comparison.roles):
        yield _Reference(("comparison", "roles", index), role, "role", tuple(sorted(base.roles.roles)))


def _ledger_references(base: KnowledgeBase) -> Iterator[_Reference]:
    ledger = base.ledger
    if ledger is None:
        return
    for output, given in ledger.gives.items():
        yield _Reference(("ledger", "gives", output, "fact"), given.fact, "fact", tuple(base.vocabulary.specs))
    for key, names in (("tried", ledger.tried), ("results", ledger.results)):
        for decision in names:
            yield _Reference(("ledger", key, decision), decision, "decision", tuple(base.decisions))


def _study_references(base: KnowledgeBase) -> Iterator[_Reference]:
    facts = tuple(base.vocabulary.specs)
    for index, role in enumerate(base.study.objective.roles):
        yield _Reference(("objective", "roles", index), role, "role", tuple(sorted(base.roles.roles)))
    for words, told in base.study.traces.items():
        for fact in told:
            yield _Reference(("traces", words, fact), fact, "fact", facts)
    for index, measure in enumerate(base.study.measures):
        for key, named in (("facts", measure.facts), ("gives", measure.gives)):
            for parameter, fact in named.items():
                yield _Reference(("measures", index, key, parameter), fact, "fact", facts)


def _checklist_references(base: KnowledgeBase) -> Iterator[_Reference]:
    for index, item in enumerate(base.checklist.values()):
        yield from _source_references(base, ("items", index, "sources"), item.sources)


def _source_references(base: KnowledgeBase, path: Path, sources: Sequence[str]) -> Iterator[_Reference]:
    for index, source in enumerate(sources):
        yield _Reference((*path, index), source, "source", base.sources)


def _rule_references(rule: Rule, base: KnowledgeBase) -> Iterator[_Reference]:
    spec = rule.spec
    yield from _source_references(base, ("sources",), spec.sources)
    for index, name in enumerate(spec.errata):
        yield _Reference(("errata", index), name, "erratum", tuple(base.errata))
    for fact in spec.thresholds:
        yield _Reference(("thresholds", fact), fact, "fact", tuple(base.vocabulary.specs))
    match spec:
        case DeriveRule(concludes=concludes):
            for fact in concludes:
                yield _Reference(("concludes", fact), fact, "fact", tuple(base.vocabulary.specs))
        case DiagnosisRule(concludes=name):
            yield _Reference(("concludes",), name, "diagnosis", tuple(base.diagnoses))
        case CheckRule(concludes=name):
            yield _Reference(("concludes",), name, "checklist item", tuple(base.checklist))
        case DecisionRule():
            yield from _decision_rule_references(spec, base)
    yield from _placeholder_references(rule, base)


def _decision_rule_references(spec: DecisionRule, base: KnowledgeBase) -> Iterator[_Reference]:
    facts = tuple(base.vocabulary.specs)
    yield _Reference(("concludes",), spec.concludes, "decision", tuple(base.decisions))
    for name, value in spec.params.items():
        if isinstance(value, FactOperand):
            yield _Reference(("params", name, "fact"), value.fact, "fact", facts)
    for index, line in enumerate(spec.config):
        yield _Reference(("config", index, "key"), line.key, "fact", facts)
        if isinstance(line.to, ParamOperand):
            yield _Reference(("config", index, "to", "param"), line.to.param, "param", tuple(spec.params))
        if isinstance(line.to, FactOperand):
            yield _Reference(("config", index, "to", "fact"), line.to.fact, "fact", facts)
    for index, item in enumerate(spec.supersedes):
        yield _Reference(("supersedes", index, "decision"), item.decision, "decision", tuple(base.decisions))
    for index, gate in enumerate(spec.gates):
        yield from _gate_references(("gates", index), gate, facts)
    for name in spec.in_spite_of:
        yield _Reference(("in_spite_of", name), name, "erratum", tuple(base.errata))


def _gate_references(path: Path, gate: GateSpec, facts: Sequence[str]) -> Iterator[_Reference]:
    yield _Reference((*path, "sets"), gate.sets, "fact", facts)
    for index, test in enumerate(gate.of):
        yield _Reference((*path, "of", index, "fact"), test.fact, "fact", facts)
        if isinstance(test.value, FactOperand):
            yield _Reference((*path, "of", index, "value", "fact"), test.value.fact, "fact", facts)
    for name, value in gate.carries.items():
        yield _Reference((*path, "carries", name), name, "fact", facts)
        if isinstance(value, FactOperand):
            yield _Reference((*path, "carries", name, "fact"), value.fact, "fact", facts)


def texts(rule: Rule) -> Iterator[tuple[Path, Text]]:
    """Every bilingual text of a rule with its path."""
    spec = rule.spec
    yield ("why",), spec.why
    if isinstance(spec, DiagnosisRule | DecisionRule) and spec.title is not None:
        yield ("title",), spec.title
    if isinstance(spec, DecisionRule):
        yield from _said(("confirm",), spec.confirm)
        for index, step in enumerate(spec.steps):
            yield from _said(("steps", index), step)
        for index, item in enumerate(spec.supersedes):
            yield ("supersedes", index, "reason"), item.reason
        for index, gate in enumerate(spec.gates):
            yield ("gates", index, "passed"), gate.passed
            yield ("gates", index, "failed"), gate.failed
        for name, reason in spec.in_spite_of.items():
            yield ("in_spite_of", name), reason


def _said(path: Path, text: Said) -> Iterator[tuple[Path, Text]]:
    yield path, text
    if text.otherwise is not None:
        yield from _said((*path, "otherwise"), text.otherwise)


def _placeholder_references(rule: Rule, base: KnowledgeBase) -> Iterator[_Reference]:
    params = tuple(f"params.{name}" for name in rule.spec.params) if isinstance(rule.spec, DecisionRule) else ()
    accepted = (*base.vocabulary.specs, *params)
    for path, text in texts(rule):
        for language in ("en", "zh"):
            for name in sorted(placeholders(getattr(text, language))):
                yield _Reference((*path, language), name, "placeholder", accepted)


def _misfits(rule: Rule, base: KnowledgeBase) -> Iterator[tuple[Path, str]]:
    for path, text in texts(rule):
        if placeholders(text.en) != placeholders(text.zh):
            yield path, "the two languages have different placeholders"
        for language in ("en", "zh"):
            if stray_braces(getattr(text, language)):
                yield (*path, language), "braces are for placeholders such as {clip.rate:.0%}"
    match rule.spec:
        case DeriveRule(concludes=concludes):
            yield from _derive_misfits(concludes, base)
        case DecisionRule(gates=gates):
            yield from _gate_misfits(gates, base)


def _derive_misfits(concludes: Mapping[str, object], base: KnowledgeBase) -> Iterator[tuple[Path, str]]:
    for fact, value in concludes.items():
        if fact not in base.vocabulary:
            continue
        spec = base.vocabulary[fact]
        if spec.type is FactType.BOOLEAN and not isinstance(value, bool):
            yield ("concludes", fact), f"`{fact}` is true or false, got `{value}`"
        elif spec.type is FactType.ENUM and value not in spec.values:
            yield ("concludes", fact), f"`{value}` is not one of {', '.join(spec.values)}"
        elif spec.type not in (FactType.BOOLEAN, FactType.ENUM):
            yield ("concludes", fact), "a derive rule concludes a boolean or an enum; numbers are computed in kb/derived.yaml"


def _gate_misfits(gates: Sequence[GateSpec], base: KnowledgeBase) -> Iterator[tuple[Path, str]]:
    for index, gate in enumerate(gates):
        if gate.need != "all" and gate.need > len(gate.of):
            yield ("gates", index, "need"), f"{gate.need} of {len(gate.of)} tests can never hold"
        if gate.sets in base.vocabulary and base.vocabulary[gate.sets].type is not FactType.BOOLEAN:
            yield ("gates", index, "sets"), f"`{gate.sets}` has to be a boolean fact"
