"""Putting together what several files state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from advise.documents.located import Document, Node
from advise.documents.problems import Problems
from advise.facts.record import Fact
from advise.text import show
from advise.uncertain import ends_of


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact, and what to point at should it contradict another."""

    fact: Fact
    document: Document
    key: Node


def merge(stated: Iterable[Stated], problems: Problems) -> dict[str, Fact]:
    """Each fact once.

    Args:
        stated: In the order of the files; the same fact with the same value may come several times.
        problems: Takes every fact that is stated with different values.
    """
    merged: dict[str, Fact] = {}
    for item in stated:
        fact = item.fact
        first = merged.setdefault(fact.name, fact)
        if first.value != fact.value or ends_of(first.value) != ends_of(fact.value):
            message = f"`{fact.name}` is {show(fact.value)} here and {show(first.value)} at {first.origin}"
            problems.add(item.document.at(item.key, message))
    return merged
