"""Text in two languages: both there, each in its own language, and shown only with facts that are known by then."""

from __future__ import annotations

import re
from collections.abc import Iterator

from advise.bilingual import Text, union_of_placeholders
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.condition_syntax import Path
from advise.knowledge.links import texts
from advise.knowledge.lint.finding import Finding, Subject, rule_key
from advise.knowledge.lint.logic import always_known

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN_WORDS = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{2,}){7,}")


def languages(subject: Subject) -> Iterator[Finding]:
    """Both languages of every text are written, each in its own language."""
    for key, path, text in _every_text(subject):
        for message in _language_faults(text):
            yield Finding(key, path, message)


def _language_faults(text: Text) -> Iterator[str]:
    if not text.en.strip() or not text.zh.strip():
        yield "the text is missing in one language"
    if _CHINESE.search(text.en):
        yield "the English text contains Chinese"
    if not _CHINESE.search(text.zh) and re.search(r"[A-Za-z]{3,} [A-Za-z]{3,}", text.en):
        yield "the Chinese text contains no Chinese"
    if _LATIN_WORDS.search(text.zh):
        yield "the Chinese text contains an English sentence"


def _every_text(subject: Subject) -> Iterator[tuple[str, Path, Text]]:
    for rule in subject.base.rules.values():
        for path, text in texts(rule):
            yield rule_key(rule.id), path, text
        for fact, reason in rule.spec.thresholds.items():
            yield rule_key(rule.id), ("thresholds", fact), reason
    yield from _catalogue_texts(subject.base)


def _catalogue_texts(base: KnowledgeBase) -> Iterator[tuple[str, Path, Text]]:
    for name, decision in base.decisions.items():
        yield "kb/decisions.yaml", ("decisions", name, "title"), decision.title
        for index, item in enumerate(decision.supersedes):
            yield "kb/decisions.yaml", ("decisions", name, "supersedes", index, "reason"), item.reason
        for index, veto in enumerate(decision.forbidden_when):
            yield "kb/decisions.yaml", ("decisions", name, "forbidden_when", index, "reason"), veto.reason
    for name, diagnosis in base.diagnoses.items():
        yield "kb/diagnoses.yaml", ("diagnoses", name, "title"), diagnosis.title
    for name, erratum in base.errata.items():
        yield "kb/errata.yaml", ("errata", name, "claim"), erratum.claim
        yield "kb/errata.yaml", ("errata", name, "correction"), erratum.correction
    for index, entry in enumerate(base.checklist.values()):
        yield "kb/checklist.yaml", ("items", index, "title"), entry.title
    for name, text in base.strings.items():
        yield "kb/strings.yaml", ("strings", name), text


def placeholders_known(subject: Subject) -> Iterator[Finding]:
    """A text shows only facts that are known whenever its rule fires; a decision's steps may also show params."""
    for rule in subject.base.rules.values():
        known = _always_known(rule, subject)
        for path, text in texts(rule):
            if path[0] not in ("why", "title"):
                continue
            for name in sorted(union_of_placeholders([text]) - known):
                if not name.startswith("params."):
                    message = f"`{name}` may be unknown when the rule fires; ask for it in `when` ({name}: {{known: true}})"
                    yield Finding(rule_key(rule.id), path, message)


def _always_known(rule: Rule, subject: Subject) -> frozenset[str]:
    known = set(always_known(rule.when))
    for name, item in reversed(list(subject.base.derived.items())):
        if name in known:
            known |= item.expression.facts
    for name, item in subject.base.derived.items():
        if item.expression.facts <= known:
            known.add(name)
    return frozenset(known)
