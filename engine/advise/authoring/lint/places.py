"""Every condition of a knowledge base, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from advise.authoring.lint.finding import Subject, rule_key
from advise.conditions import All, Concluded, Condition
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.condition_syntax import CONCLUDED
from advise.knowledge.parts import Path
from advise.knowledge.rule import CheckRule

_ALWAYS = All(())


@dataclass(frozen=True, slots=True)
class Place:
    """A condition in a file.

    Attributes:
        key: The file, as `kb/...` or `rules/...`.
        path: The keys and indexes that lead to it.
        condition: What it says.
        data: The same as it was written.
        within: What else has to hold for it to matter.
    """

    key: str
    path: Path
    condition: Condition
    data: object
    within: Condition = _ALWAYS

    def of(self, leaf: Concluded) -> Path:
        """Where it asks for a conclusion."""
        word = next((word for word, kind in CONCLUDED.items() if kind is leaf.kind), "")
        return (*self.path, *next(_paths(self.data, word, leaf.id), ()))


def places(subject: Subject) -> Iterator[Place]:
    """The conditions of every rule that is looked at and not deprecated; of a whole base those of its vetoes, errata and verdicts too."""
    for rule in subject.rules:
        if rule.status != "deprecated":
            yield from _of_rule(rule)
    if subject.about is None:
        yield from _of_catalogues(subject.base)


def _of_catalogues(base: KnowledgeBase) -> Iterator[Place]:
    for veto in base.vetoes:
        yield place_of_veto(veto.key, base)
    for name, condition in base.errata_when.items():
        yield Place("kb/errata.yaml", ("errata", name, "when"), condition, base.errata[name].when)
    for index, verdict in enumerate(base.verdicts):
        if verdict.id in base.verdicts_when:
            yield Place("kb/verdicts.yaml", ("verdicts", index, "when"), base.verdicts_when[verdict.id], verdict.when)


def place_of_veto(key: str, base: KnowledgeBase) -> Place:
    """Where a veto stands."""
    name, _, index = key.removeprefix("veto:").partition("#")
    condition = next(veto.when for veto in base.vetoes if veto.key == key)
    path = ("decisions", name, "forbidden_when", int(index), "when")
    return Place("kb/decisions.yaml", path, condition, base.decisions[name].forbidden_when[int(index)].when)


def _of_rule(rule: Rule) -> Iterator[Place]:
    key, spec = rule_key(rule.id), rule.spec
    if not isinstance(spec, CheckRule) or rule.applies is None:
        yield Place(key, ("when",), rule.when, spec.when)
        return
    yield Place(key, ("applies",), rule.applies, spec.applies)
    yield Place(key, ("when",), rule.when, spec.when, rule.applies)


def _paths(data: object, word: str, name: str) -> Iterator[Path]:
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for part, inner in pairs:
        if part == word and inner == name:
            yield (part,)
        yield from ((part, *path) for path in _paths(inner, word, name))
