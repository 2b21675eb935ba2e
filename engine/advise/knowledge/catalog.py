"""The shapes of the catalogue files in `kb/`: decisions, diagnoses, verdicts, checklist, sources, errata, derived facts and strings."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from advise.knowledge.parts import Refers
from advise.knowledge.rule import ConditionData, Identifier, KnownDecision, KnownDiagnosis, Shape, SourceId, Supersedes
from advise.knowledge.vocabulary import FactName, KnownFact, UnitText
from advise.terms import Concerns, Direction, VerdictId
from advise.text import Text

KnownSlot = Annotated[Identifier, Refers("slot")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Group = Literal["stability", "learning", "generalisation", "schedule", "evaluation", "data", "pipeline", "study", "adoption", "project"]
Tag = Literal["MUST", "SHOULD", "CHECK", "DECIDE", "IF", "FORBID", "WARN", "ACTION", "STRATEGY", "PLAN", "ANALYZE", "LOOP"]


class SlotSpec(Shape):
    """A part of the training that decisions act on; in an exclusive slot one decision stands."""

    id: Identifier
    exclusive: bool
    title: Text


class Veto(Shape):
    """When a decision must not be taken, whatever asks for it."""

    when: ConditionData
    reason: Text
    sources: list[SourceId] = []


class Move(Shape):
    """Which way a decision moves a setting, and how far at most: no farther than `least` and `most` times what it is now."""

    to: Direction
    least: float | None = None
    most: float | None = None


class DecisionSpec(Shape):
    """One decision of the catalogue.

    `collects` is for decisions whose rules add up: their steps are merged instead of competing. `opposes` names decisions that say the opposite; the
    linter sees to it that no plan holds both. `moves` says what its title promises of a setting; a rule whose number would break that is set aside.
    `concerns` tells what is done about this run and its checkpoints from what is changed for the next one.
    """

    title: Text
    slot: KnownSlot
    verdict: VerdictId | Literal["none"] = "continue_with_changes"
    concerns: Concerns = "next_run"
    supersedes: list[Supersedes] = []
    forbidden_when: list[Veto] = []
    opposes: list[KnownDecision] = []
    collects: bool = False
    moves: dict[Annotated[FactName, Refers("numeric fact")], Move] = {}


class DecisionsFile(Shape):
    """`kb/decisions.yaml`; the order of decisions is the order of doing."""

    slots: list[SlotSpec]
    decisions: dict[Identifier, DecisionSpec]


class DiagnosisSpec(Shape):
    """One diagnosis of the catalogue.

    Attributes:
        began: The facts, in steps or epochs, that say where it began; the first that is known counts.
        spoils: What of the run it makes worthless: `rest`, all after its beginning; `gain`, what came after brought nothing; `all`, every step.
        caused_by: The diagnoses that may lie behind it, the likeliest first.
    """

    group: Group
    title: Text
    began: list[Annotated[FactName, Refers("numeric fact")]] = []
    spoils: Literal["rest", "gain", "all"] | None = None
    caused_by: list[KnownDiagnosis] = []


class DiagnosesFile(Shape):
    """`kb/diagnoses.yaml`."""

    diagnoses: dict[Identifier, DiagnosisSpec]


class Excludes(Shape):
    """A verdict that cannot stand beside this one, and why: a decision that calls for it falls."""

    verdict: VerdictId
    reason: Text


class VerdictSpec(Shape):
    """One verdict and its sentence. One with `instead_of` takes the place of these where `when` holds, whatever was decided."""

    id: VerdictId
    title: Text
    excludes: list[Excludes] = []
    instead_of: list[VerdictId] = []
    when: ConditionData | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if bool(self.instead_of) is (self.when is None):
            raise ValueError("`instead_of` and `when` go together")
        return self


class VerdictsFile(Shape):
    """`kb/verdicts.yaml`, strongest first."""

    verdicts: list[VerdictSpec]


class ChecklistItem(Shape):
    """One tagged item of the playbook's checklist; `title` is what holds when it is fulfilled."""

    id: Identifier
    tag: Tag
    section: str
    title: Text
    sources: list[SourceId]
    agent_order: int | None = None


class ChecklistFile(Shape):
    """`kb/checklist.yaml`, in the order of the checklist."""

    items: list[ChecklistItem]


class SectionSpec(Shape):
    """A place in a source document."""

    title: Text


class DocumentSpec(Shape):
    """A document that the knowledge rests on.

    Attributes:
        url: Its address.
        table: The file of this repository in which a measurement of one's own stands.
        private: Whether nobody else can read it: numbers that rest on it alone are house numbers.
        anchored: Whether its sections can be linked to.
    """

    title: Text
    kind: str
    url: str | None = None
    table: str | None = None
    private: bool = False
    anchored: bool = False
    license: str | None = None
    sections: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$")], SectionSpec]


class PlaybookFile(Shape):
    """`kb/playbook.yaml`: the index of sources."""

    documents: dict[Slug, DocumentSpec]


class Forbidden(Shape):
    """What must not be advised where an erratum is cited: a decision that all of this is so of.

    Attributes:
        decision: It is this one.
        setting: It sets this fact.
        to: It moves that setting up, or down.
        computed_from: What it sets rests on this fact.
        gate_without: It sets a gate that does not require a test of this fact.
    """

    decision: KnownDecision | None = None
    setting: KnownFact | None = None
    to: Direction | None = None
    computed_from: KnownFact | None = None
    gate_without: KnownFact | None = None


class ErratumSpec(Shape):
    """What a source claims, what holds, and why; cited by rules, or when `when` holds. Where it is cited, what it `forbids` is not advised."""

    source: SourceId
    claim: Text
    correction: Text
    sources: list[SourceId] = []
    when: ConditionData | None = None
    forbids: list[Forbidden] = []


class ErrataFile(Shape):
    """`kb/errata.yaml`."""

    errata: dict[Slug, ErratumSpec]


class Kind(Shape):
    """A kind of value: what it is called, and which values of the grouped fact are of it."""

    title: Text
    of: Annotated[list[str], Field(min_length=1)]


class DerivedSpec(Shape):
    """A fact computed from others (`expr`, whose grammar is in `expression`), or the kind or number of an enum's value (`of`).

    `shown` says that nothing has to reason with it, as for any fact.
    """

    unit: UnitText = "1"
    title: Text
    expr: str | None = None
    of: FactName | None = None
    kinds: dict[Identifier, Kind] = {}
    numbers: dict[Identifier, float] = {}
    shown: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if [self.expr is not None, bool(self.kinds), bool(self.numbers)].count(True) != 1 or (self.expr is None) is (self.of is None):
            raise ValueError("a derived fact has an `expr` with its `unit`, or is `of` another fact, by `kinds` or `numbers`")
        return self


class DerivedFile(Shape):
    """`kb/derived.yaml`."""

    derived: dict[FactName, DerivedSpec]


class StringsFile(Shape):
    """`kb/strings.yaml`: the fixed phrases of the renderers."""

    strings: dict[Identifier, Text]
