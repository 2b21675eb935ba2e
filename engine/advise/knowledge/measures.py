"""The shape of `kb/measures.yaml`: which fact is measured how, and on what."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from advise.knowledge.catalog import Slug
from advise.knowledge.roles import KnownRole
from advise.knowledge.rule import Shape
from advise.knowledge.vocabulary import KnownFact
from advise.text import Text

Parameter = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Constant = bool | int | float | str | list[int | float | str]


class EveryCurve(Shape):
    """Every curve of a role, where several eval sets, layers or groups were logged."""

    all: KnownRole


class Measure(Shape):
    """One measure and the facts that it gives.

    Attributes:
        id: Its name.
        measure: The function, by name.
        of: The role of the curve behind each of its parameters.
        whole: Whether the curves have to reach into the last half of the run, since it tells of the whole course, or of its end. Some trainers
            print the training loss of the first steps alone.
        facts: The fact behind each of its parameters: stated, set in the log, or measured further up. Several are one length in
            different units: the first that is known counts, as a length along the axis of the log.
        checkpoints: The parameter that takes the checkpoints which lie beside the log; without any nothing is measured.
        parameters: Its constants (`with`).
        reasons: Why each constant is what it is.
        gives: The fact behind each of its outputs.
        how: How the value came about; `{count}` is how many logged values it rests on.
    """

    id: Slug
    measure: Parameter
    of: dict[Parameter, KnownRole | EveryCurve] = {}
    whole: bool = False
    facts: dict[Parameter, KnownFact | list[KnownFact]] = {}
    checkpoints: Parameter | None = None
    parameters: dict[Parameter, Constant] = Field(default={}, alias="with")
    reasons: dict[Parameter, str] = {}
    gives: dict[Parameter, KnownFact]
    how: Text

    def sources(self, parameter: str) -> list[str]:
        """The facts that may stand behind a parameter, in order."""
        named = self.facts[parameter]
        return [named] if isinstance(named, str) else named


class Family(Shape):
    """What can be checked where a log has one of these columns.

    Attributes:
        id: Its name.
        roles: The roles of columns, one of which is enough.
        facts: What tells that it was checked besides what is measured on these columns alone.
        kinds: The kinds of training that it is for; by default all.
        not_for: The kinds of training of which it says nothing.
        optional: Whether it is named only where it was checked, since few logs have it.
        title: What is checked, as it stands in a list.
    """

    id: Parameter
    roles: list[KnownRole] = Field(min_length=1)
    facts: list[KnownFact] = []
    kinds: list[str] = []
    not_for: list[str] = []
    optional: bool = False
    title: Text


class MeasuresFile(Shape):
    """`kb/measures.yaml`.

    Attributes:
        confidence: How probable it is that a measured number lies in the interval that is told for it.
        measures: A measure may use the facts of those above it.
        families: What a plan says was checked, and for want of a column was not, the most telling first.
    """

    confidence: Annotated[float, Field(gt=0, lt=1)] = 0.95
    measures: list[Measure]
    families: list[Family] = []

    def facts_of(self, family: Family) -> frozenset[str]:
        """The facts by which a family was checked: its own, and those that are measured on its columns and on nothing else."""
        roles = frozenset(family.roles)
        own = (measure for measure in self.measures if measure.of and roles >= {_role(role) for role in measure.of.values()})
        return frozenset(family.facts) | {fact for measure in own for fact in measure.gives.values()}


def _role(role: str | EveryCurve) -> str:
    return role if isinstance(role, str) else role.all
