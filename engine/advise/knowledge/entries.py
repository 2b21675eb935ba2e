"""Everything of a knowledge base that has a name: of which kind it is, and what it is called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from advise.documents.nearest import nearest
from advise.errors import UnknownNameError
from advise.knowledge.base import KnowledgeBase, Rule
from advise.terms import EntryKind
from advise.text import Text


def names_in(base: KnowledgeBase) -> Mapping[EntryKind, Collection[str]]:
    """The names of each kind."""
    return {
        "fact": base.vocabulary.specs,
        "diagnosis": base.diagnoses,
        "decision": base.decisions,
        "checklist": base.checklist,
        "source": base.sources,
        "erratum": base.errata,
        "rule": base.rules,
    }


def kind_of(name: str, base: KnowledgeBase, among: Iterable[EntryKind] | None = None) -> EntryKind:
    """What kind of thing a name stands for.

    Args:
        name: The name.
        base: Where to look.
        among: The kinds that it may be of; by default any.

    Raises:
        UnknownNameError: Nothing; the nearest name is suggested.
    """
    shelves = names_in(base)
    kinds = list(shelves if among is None else among)
    found = next((kind for kind in kinds if name in shelves[kind]), None)
    if found is None:
        raise unknown_name(f"nothing is called `{name}`", name, (entry for kind in kinds for entry in shelves[kind]))
    return found


def unknown_name(message: str, name: str, known: Iterable[str]) -> UnknownNameError:
    """The error for a name that nothing has, with the one that was probably meant."""
    close = nearest(name, known)
    return UnknownNameError(message + (f"; did you mean `{close}`?" if close else ""))


def title_of(kind: EntryKind, name: str, base: KnowledgeBase) -> Text:
    """What an entry is called; of a rule, what that is called which it concludes."""
    match kind:
        case "rule":
            return concluded_title(base.rules[name], base)
        case "diagnosis":
            return base.diagnoses[name].title
        case "decision":
            return base.decisions[name].title
        case "checklist":
            return base.checklist[name].title
        case "source":
            return base.source(name).title
        case "erratum":
            return base.errata[name].claim
    return base.vocabulary[name].title


def concluded_title(rule: Rule, base: KnowledgeBase) -> Text:
    """What that is called which a rule concludes."""
    kinds: Mapping[str, EntryKind] = {"diagnosis": "diagnosis", "decision": "decision", "check": "checklist", "derive": "fact"}
    return title_of(kinds[rule.kind], rule.concludes, base)
