"""How far a run is, and where a fault of it began, in steps or epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from advise.knowledge.base import KnowledgeBase
from advise.text import Value


class Place(NamedTuple):
    """Where on the way of a run something is: the unit, `steps` or `epochs`, and how many."""

    unit: str
    number: float


class Extent(NamedTuple):
    """How far a run is: the unit, how much is done, and how much was planned, where that is known."""

    unit: str
    done: float
    planned: float | None


def number(facts: Mapping[str, Value], fact: str | None) -> float | None:
    """The value of a fact, where it is known and a number."""
    value = None if fact is None else facts.get(fact)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def began(diagnosis: str, facts: Mapping[str, Value], base: KnowledgeBase, unit: str | None = None) -> Place | None:
    """Where a fault began; None where that is not known.

    Args:
        diagnosis: The fault.
        facts: What is known of the run.
        base: The facts that say where it began.
        unit: In which unit; by default the first that is known.
    """
    known = (Place(base.vocabulary[fact].unit, at) for fact in base.diagnoses[diagnosis].began if (at := number(facts, fact)) is not None)
    return next((found for found in known if unit in (None, found.unit)), None)


def progress(diagnosis: str | None, facts: Mapping[str, Value], base: KnowledgeBase) -> Extent | None:
    """How far a run is; in the unit in which the fault began, where that is known.

    Args:
        diagnosis: The fault; None where there is none.
        facts: What is known of the run.
        base: The facts that say how far it is.
    """
    known = [
        Extent(base.vocabulary[extent.done].unit, done, number(facts, extent.planned))
        for extent in base.head.spec.extents
        if (done := number(facts, extent.done)) is not None
    ]
    in_its_unit = (extent for extent in known if diagnosis is not None and began(diagnosis, facts, base, extent.unit) is not None)
    return next(in_its_unit, known[0] if known else None)
