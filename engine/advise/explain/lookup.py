"""What an id names."""

from __future__ import annotations

from collections.abc import Mapping

from advise.documents.nearest import nearest
from advise.errors import UnknownNameError
from advise.explain.records import Kind
from advise.knowledge.base import KnowledgeBase


def kind_of(name: str, base: KnowledgeBase) -> Kind:
    """What kind of thing an id names.

    Raises:
        UnknownNameError: Nothing; the nearest name is suggested.
    """
    shelves = _shelves(base)
    for kind, names in shelves.items():
        if name in names:
            return kind
    suggestion = nearest(name, [entry for names in shelves.values() for entry in names])
    raise UnknownNameError(f"nothing is called `{name}`" + (f"; did you mean `{suggestion}`?" if suggestion else ""))


def _shelves(base: KnowledgeBase) -> Mapping[Kind, Mapping[str, object]]:
    return {
        "diagnosis": base.diagnoses,
        "decision": base.decisions,
        "check": base.checklist,
        "fact": base.vocabulary.specs,
        "rule": base.rules,
        "erratum": base.errata,
    }
