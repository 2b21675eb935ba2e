"""The shape of `kb/head.yaml`: what the first lines of a plan say, as forms of which the first that can be said is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field

from advise.conditions import Condition
from advise.knowledge.rule import ConditionData, KnownDiagnosis, Shape
from advise.knowledge.vocabulary import KnownFact
from advise.text import Text

LineName = Literal["finding", "cost", "checkpoint", "cause", "next", "would_change"]
LINES: tuple[LineName, ...] = get_args(LineName)
# What a form may show besides facts: what the plan itself says. `plan.head` fills them.
WORDS = frozenset(
    f"plan.{word}"
    for word in (
        "also",
        "candidates",
        "cause",
        "cause_certainty",
        "certainty",
        "changes",
        "extent",
        "finding",
        "lost",
        "lost_share",
        "lost_time",
        "look_again",
        "now",
        "question",
        "remarks",
        "reversal",
        "since",
        "spent",
        "spent_time",
        "tells",
        "unhelpful",
        "unhelpful_share",
        "unhelpful_time",
        "why",
    )
)


class FormSpec(Shape):
    """One way to say something.

    Attributes:
        about: The diagnoses that the plan begins with of which it is said; by default any, or none.
        when: When it is said; by default always.
        say: What is said, if every fact and word in it is known.
        nothing: Whether it only says that there is nothing to say: it gives way to all else in its line, and a line of it alone is left out of pages.
    """

    about: list[KnownDiagnosis] = []
    when: ConditionData | None = None
    say: Text
    nothing: bool = False


class ExtentSpec(Shape):
    """The facts that say how far a run is, in one unit."""

    done: KnownFact
    planned: KnownFact


class HeadFile(Shape):
    """`kb/head.yaml`.

    Attributes:
        extents: How far a run is; the first whose `done` is known counts, one in the unit in which a fault began before all.
        elapsed: The fact that says for how many seconds the run has gone on.
        devices: The fact that says on how many devices.
        lines: Each line of the head as clauses, each clause the first of its forms that can be said.
    """

    extents: list[ExtentSpec] = []
    elapsed: KnownFact | None = None
    devices: KnownFact | None = None
    lines: dict[LineName, Annotated[list[list[FormSpec]], Field(min_length=1)]] = {}


@dataclass(frozen=True, slots=True)
class Form:
    """A form with its condition parsed."""

    spec: FormSpec
    when: Condition | None


@dataclass(frozen=True)
class HeadBase:
    """What `kb/head.yaml` says, with its conditions parsed."""

    spec: HeadFile
    lines: Mapping[LineName, tuple[tuple[Form, ...], ...]]

    @property
    def facts(self) -> Iterator[str]:
        """The facts that it reads beside those of its forms."""
        for extent in self.spec.extents:
            yield from (extent.done, extent.planned)
        yield from (fact for fact in (self.spec.elapsed, self.spec.devices) if fact is not None)

    @property
    def forms(self) -> Iterator[Form]:
        """Every form."""
        return (form for clauses in self.lines.values() for clause in clauses for form in clause)
