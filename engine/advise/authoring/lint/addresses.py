"""Every source can be looked up, and a number that rests on nothing but one's own word is called so."""

from __future__ import annotations

from collections.abc import Iterator

from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.authoring.lint.texts import unfilled
from advise.knowledge.base import Rule
from advise.knowledge.glossary import TermSpec
from advise.knowledge.links import texts
from advise.knowledge.rule import DecisionRule, DiagnosisRule

# What a number is called that no source can be looked up for (kb/terms.yaml).
_TERM = "house_number"


def sources_addressed(subject: Subject) -> Iterator[Finding]:
    """Every document says where it is, or that nobody else can read it."""
    for name, document in subject.base.documents.items():
        if not (document.url or document.table or document.private):
            message = f"`{name}` has no address: give its `url`, the `table` of a measurement of one's own, or `private: true`"
            yield Finding("kb/playbook.yaml", ("documents", name), message)


def house_numbers_said(subject: Subject) -> Iterator[Finding]:
    """A number for which private documents alone speak is called a house number, and the rule is not certain of it."""
    term = subject.base.terms.get(_TERM)
    if term is None:
        return
    for rule in subject.rules:
        if not _is_of_the_house(rule, subject) or _is_scaffold(rule):
            continue
        if isinstance(rule.spec, DiagnosisRule) and rule.spec.certainty == "certain":
            yield Finding(rule_key(rule.id), ("certainty",), "no rule is certain of a number that rests on private documents alone")
        if not _says(rule, term):
            yield Finding(rule_key(rule.id), ("sources",), f"its numbers rest on private documents alone; call them `{term.en}` and `{term.zh}`")


def _is_scaffold(rule: Rule) -> bool:
    """Whether something is still to be filled in, the word among it."""
    return any(True for _ in unfilled((rule_key(rule.id), path, text) for path, text in texts(rule)))


def _is_of_the_house(rule: Rule, subject: Subject) -> bool:
    spec = rule.spec
    if not isinstance(spec, DiagnosisRule | DecisionRule) or not spec.sources:
        return False
    params = spec.params.values() if isinstance(spec, DecisionRule) else ()
    has_number = bool(spec.thresholds) or any(isinstance(value, int | float) for value in params)
    return has_number and all(subject.base.documents[source.partition("#")[0]].private for source in spec.sources)


def _says(rule: Rule, term: TermSpec) -> bool:
    written = [*(text for _, text in texts(rule)), *rule.spec.thresholds.values()]
    return any(term.en in text.en for text in written) and any(term.zh in text.zh for text in written)
