"""Looking things up in the knowledge base: lists, one entry, and the coverage of the checklist and of the symptoms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from pydantic import BaseModel

from advise.authoring.docs import rule_page
from advise.authoring.lint.symptoms import fires_on_facts
from advise.authoring.rule_test import RuleTests
from advise.authoring.search import Index
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.entries import kind_of
from advise.text import Text


def lines(shelf: str, base: KnowledgeBase) -> Iterator[str]:
    """One line an entry, tab-separated: the name, what kind it is, and both titles."""
    return _SHELVES[shelf](base)


def _rules(base: KnowledgeBase) -> Iterator[str]:
    for rule in base.rules.values():
        yield f"{rule.id}\t{rule.kind}\t{rule.status}\t{rule.concludes}"


def _facts(base: KnowledgeBase) -> Iterator[str]:
    for name, fact in base.vocabulary.specs.items():
        yield f"{name}\t{fact.type}\t{fact.unit}\t{_both(fact.title)}"


def _decisions(base: KnowledgeBase) -> Iterator[str]:
    for name, decision in base.decisions.items():
        yield f"{name}\t{decision.slot}\t{_both(decision.title)}"


def _diagnoses(base: KnowledgeBase) -> Iterator[str]:
    for name, diagnosis in base.diagnoses.items():
        yield f"{name}\t{diagnosis.group}\t{_both(diagnosis.title)}"


def _checklist(base: KnowledgeBase) -> Iterator[str]:
    for name, item in base.checklist.items():
        yield f"{name}\t{item.tag}\t{item.section}\t{_both(item.title)}"


def _sources(base: KnowledgeBase) -> Iterator[str]:
    for name in base.sources:
        source = base.source(name)
        yield f"{name}\t{_both(source.title)}\t{source.url or ''}"


def _errata(base: KnowledgeBase) -> Iterator[str]:
    for name, erratum in base.errata.items():
        yield f"{name}\t{erratum.source}\t{_both(erratum.claim)}"


_SHELVES: Mapping[str, Callable[[KnowledgeBase], Iterator[str]]] = {
    "rules": _rules,
    "facts": _facts,
    "decisions": _decisions,
    "diagnoses": _diagnoses,
    "checklist": _checklist,
    "sources": _sources,
    "errata": _errata,
}


def found_lines(query: str, base: KnowledgeBase, kind: str = "any") -> Iterator[str]:
    """One line an entry that a query fits, the best first: kind, name and both titles.

    Args:
        query: Words in English or Chinese, a name, or part of one.
        base: Where to look.
        kind: Only entries of this kind; `any` for all.
    """
    for entry in Index(base).search(query, kind):
        yield f"{entry.kind}\t{entry.id}\t{_both(entry.title)}"


def description(name: str, base: KnowledgeBase, tests: Mapping[str, RuleTests]) -> str:
    """Everything known of one name: a rule's page, or the entry as it stands.

    Raises:
        UnknownNameError: Nothing has this name; the nearest is suggested.
    """
    if name in base.rules:
        return rule_page(base.rules[name], tests.get(name), base)
    kind = kind_of(name, base)
    entries: Mapping[str, Mapping[str, BaseModel]] = {
        "fact": base.vocabulary.specs,
        "decision": base.decisions,
        "diagnosis": base.diagnoses,
        "checklist": base.checklist,
        "erratum": base.errata,
    }
    entry = base.source(name) if kind == "source" else entries[kind][name]
    body = entry.model_dump_json(indent=2, exclude_defaults=True)
    called = "checklist item" if kind == "checklist" else kind
    return "\n".join([f"{called} {name}", *_formula(name, base), body, *_used_by(name, base)])


def _formula(name: str, base: KnowledgeBase) -> list[str]:
    """What a derived fact is computed from."""
    if name not in base.derived:
        return []
    spec = base.derived[name].spec
    return [f"= {spec.expr}" if spec.expr is not None else f"= the kind of {spec.of}: {', '.join(spec.kinds)}"]


def _used_by(name: str, base: KnowledgeBase) -> list[str]:
    # A name is a whole word: `lr.peak` is not read by what reads `lr.peak_to_usual`.
    word = re.compile(rf"(?<![\w.#/-]){re.escape(name)}(?![\w/-])")
    users = [rule.id for rule in base.rules.values() if word.search(rule.spec.model_dump_json())]
    computed = [derived for derived, item in base.derived.items() if name in item.expression.facts]
    return [
        *([f"used by {len(users)} rules:", *(f"  {user}" for user in users)] if users else ["used by no rule"]),
        *([f"{len(computed)} facts are computed from it:", *(f"  {fact}" for fact in computed)] if computed else []),
    ]


def coverage_lines(base: KnowledgeBase, tests: Mapping[str, RuleTests]) -> tuple[list[str], int]:
    """Each checklist item with its rules and their tests, and how many items have a hole."""
    rules: dict[str, list[Rule]] = {name: [] for name in base.checklist}
    for rule in base.rules.values():
        if rule.kind == "check":
            rules[rule.concludes].append(rule)
    text, holes = [], 0
    for name, item in base.checklist.items():
        counts = [(rule.id, len(tests[rule.id].tests) if rule.id in tests else 0) for rule in rules[name]]
        hole = not counts or any(count == 0 for _, count in counts)
        holes += hole
        shown = ", ".join(f"{rule_id} ({count} tests)" for rule_id, count in counts) or "no rule"
        text.append(f"{'HOLE' if hole else 'ok'}\t{item.section}\t{item.tag}\t{name}\t{shown}")
    return text, holes


def symptom_lines(base: KnowledgeBase, tests: Mapping[str, RuleTests]) -> tuple[list[str], int]:
    """Each symptom with the rules that speak of it, and how many symptoms have one that fires on facts alone in a test."""
    text, covered = [], 0
    for symptom in base.symptoms:
        rules = [rule_id for rule_id in symptom.rules if fires_on_facts(tests.get(rule_id))]
        covered += bool(rules)
        text.append(f"{'ok' if rules else 'OPEN'}\t{symptom.number}\t{_both(symptom.title)}\t{', '.join(rules) or 'no rule'}")
    return text, covered


def _both(text: Text) -> str:
    return f"{text.zh} · {text.en}"
