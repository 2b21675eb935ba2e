"""Every bilingual text of a knowledge base, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advise.authoring.lint.finding import Subject, rule_key
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.links import texts
from advise.knowledge.parts import Path
from advise.text import Text

Placed = tuple[str, Path, Text]


def every_text(subject: Subject) -> Iterator[Placed]:
    """Each text with its file and the path in it."""
    yield from _of_rules(subject.rules)
    if subject.about is None:
        yield from _of_catalogues(subject)


def _of_catalogues(subject: Subject) -> Iterator[Placed]:
    base = subject.base
    yield from _of_facts(subject)
    yield from _of_decisions(base)
    yield from _of_sources(base)
    for name, diagnosis in base.diagnoses.items():
        yield "kb/diagnoses.yaml", ("diagnoses", name, "title"), diagnosis.title
    for index, entry in enumerate(base.checklist.values()):
        yield "kb/checklist.yaml", ("items", index, "title"), entry.title
    for index, verdict in enumerate(base.verdicts):
        yield "kb/verdicts.yaml", ("verdicts", index, "title"), verdict.title
        for number, item in enumerate(verdict.excludes):
            yield "kb/verdicts.yaml", ("verdicts", index, "excludes", number, "reason"), item.reason
    yield from _of_head(base)
    for name, excuse in base.unrecorded.unrecorded.items():
        yield "kb/unrecorded.yaml", ("unrecorded", name, "reason"), excuse.reason
    for index, symptom in enumerate(base.symptoms):
        yield "kb/symptoms.yaml", ("symptoms", index, "title"), symptom.title
    for name, text in base.strings.items():
        yield "kb/strings.yaml", ("strings", name), text


def _of_head(base: KnowledgeBase) -> Iterator[Placed]:
    for line, clauses in base.head.lines.items():
        for number, clause in enumerate(clauses):
            for index, form in enumerate(clause):
                yield "kb/head.yaml", ("lines", line, number, index, "say"), form.spec.say


def _of_rules(rules: Iterable[Rule]) -> Iterator[Placed]:
    for rule in rules:
        for path, text in texts(rule):
            yield rule_key(rule.id), path, text
        for fact, reason in rule.spec.thresholds.items():
            yield rule_key(rule.id), ("thresholds", fact), reason


def _of_facts(subject: Subject) -> Iterator[Placed]:
    for name, spec in subject.base.vocabulary.specs.items():
        key, path = subject.place_of_fact(name)
        yield key, (*path, "title"), spec.title
        if name in subject.base.derived:
            continue
        yield key, (*path, "prompt"), spec.prompt
        yield key, (*path, "observe"), spec.observe
        for value, text in spec.values.items():
            yield key, (*path, "values", value), text


def _of_decisions(base: KnowledgeBase) -> Iterator[Placed]:
    for index, slot in enumerate(base.slots.values()):
        yield "kb/decisions.yaml", ("slots", index, "title"), slot.title
    for name, decision in base.decisions.items():
        path = ("decisions", name)
        yield "kb/decisions.yaml", (*path, "title"), decision.title
        for index, item in enumerate(decision.supersedes):
            yield "kb/decisions.yaml", (*path, "supersedes", index, "reason"), item.reason
        for index, veto in enumerate(decision.forbidden_when):
            yield "kb/decisions.yaml", (*path, "forbidden_when", index, "reason"), veto.reason


def _of_sources(base: KnowledgeBase) -> Iterator[Placed]:
    for name, document in base.documents.items():
        yield "kb/playbook.yaml", ("documents", name, "title"), document.title
        for anchor, section in document.sections.items():
            yield "kb/playbook.yaml", ("documents", name, "sections", anchor, "title"), section.title
    for name, erratum in base.errata.items():
        yield "kb/errata.yaml", ("errata", name, "claim"), erratum.claim
        yield "kb/errata.yaml", ("errata", name, "correction"), erratum.correction
