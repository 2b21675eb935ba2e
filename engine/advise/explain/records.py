"""What an explanation says, as frozen records: the tree of a proof, what a rule lacks, and how one id turned out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from advise.conditions import ConclusionKind
from advise.plan.model import Reversal, SetAside
from advise.terms import Certainty, JsonValue, Priority, Record, Severity, Source
from advise.text import Text
from advise.untrusted import as_json

Kind = Literal["fact", "diagnosis", "decision", "rule", "check", "erratum"]
Outcome = Literal[
    "concluded",
    "not_concluded",
    "open",
    "taken",
    "asks",
    "set_aside",
    "not_proposed",
    "fired",
    "not_fired",
    "silent",
    "pass",
    "fail",
    "unknown",
    "not_applicable",
    "cited",
    "not_cited",
    "known",
]


class FactNode(Record):
    """A fact, what was asked of it, and where its value comes from.

    Attributes:
        below: What it was computed from, the rules that concluded it, or the fact that it is compared with.
    """

    kind: Literal["fact"] = "fact"
    fact: str
    title: Text
    value: JsonValue | None = Field(description="None where it is unknown.")
    interval: list[float | None] | None = Field(default=None, description="Between which numbers a measured one lies; null at an end without bound.")
    asked: str = Field(default="", description="What was asked of it: `> 0.5`; empty where nothing was, or where the value says it.")
    holds: bool | None = Field(default=None, description="Whether that holds; None where it is unknown, or where nothing was asked.")
    origin: str = Field(default="", description="Where it was read; empty where it was not.")
    expression: str | None = Field(default=None, description="What it is computed by.")
    below: list[Node] = []


class ConclusionNode(Record):
    """A conclusion that was asked for, or whose absence was."""

    kind: Literal["conclusion"] = "conclusion"
    conclusion: ConclusionKind
    id: str
    title: Text
    wanted: bool = Field(description="False where its absence was asked for.")
    reached: bool
    holds: bool = Field(description="Whether it is as wanted.")
    below: list[Node] = Field(default=[], description="The rules that reached it.")
    lacking: list[Lacking] = Field(default=[], description="Where it was wanted and not reached: what its nearest rules lack.")


class GroupNode(Record):
    """Several conditions, of which `need` have to hold."""

    kind: Literal["group"] = "group"
    need: int
    total: int
    met: int
    holds: bool | None
    below: list[Node] = Field(description="The members: those that hold where one is enough and does, else all.")


class RuleNode(Record):
    """A rule, a veto (`veto:…`) or the condition of an erratum (`erratum:…`), and what its condition came to."""

    kind: Literal["rule"] = "rule"
    rule: str
    holds: bool | None
    below: list[Node]


Node = Annotated[FactNode | ConclusionNode | GroupNode | RuleNode, Field(discriminator="kind")]


class Missing(Record):
    """An unknown fact for want of which a rule is undecided."""

    fact: str
    title: Text
    needed: str = Field(description="What would have to hold: `> 0.5`; empty where only something computed from it is asked for.")
    part_of: str | None = Field(default=None, description="The derived fact that is computed from it.")
    prompt: Text
    observe: Text = Field(description="How to find it out.")


class Lacking(Record):
    """What keeps a rule from firing, in the alternative that is nearest to it."""

    rule: str
    different: list[Node] = Field(description="What would have to be otherwise, or is measured too roughly to tell (`holds` is null).")
    missing: list[Missing] = Field(description="What would have to be known.")


class SourceOfNumber(Record):
    """A fact that a number rests on, in words."""

    fact: str
    title: Text
    value: JsonValue | None
    interval: list[float | None] | None = Field(default=None, description="Between which numbers a measured one lies; null at an end without bound.")
    origin: str = Field(default="", description="Where it was read; empty where it is computed.")
    how: Text | None = Field(default=None, description="How it was measured.")
    expression: str | None = Field(default=None, description="What it is computed by.")
    below: list[SourceOfNumber] = Field(default=[], description="What it is computed from.")


class NumberOfDecision(Record):
    """A number that a decision gives, and where it comes from."""

    param: str = Field(description="What the rule calls it.")
    rule: str
    value: JsonValue
    settings: list[str] = Field(default=[], description="The settings that are set to it.")
    titles: list[Text] = Field(default=[], description="What these are called.")
    before: JsonValue | None = Field(default=None, description="What the first of them is now.")
    source: SourceOfNumber | None = Field(default=None, description="The fact that it is; None where the rule itself gives it, by its sources.")


class Explanation(Record):
    """How one id turned out, and why."""

    schema_id: Literal["advise/explanation@1"] = Field(default="advise/explanation@1", alias="schema")
    run: str | None = None
    id: str
    kind: Kind
    title: Text
    outcome: Outcome
    severity: Severity | None = None
    certainty: Certainty | None = None
    priority: Priority | None = None
    why: Text | None = None
    remarks: list[Text] = Field(default=[], description="What the user's settings have made of its rules, and how often these were right.")
    numbers: list[NumberOfDecision] = Field(default=[], description="For a decision that is taken: where each of its numbers comes from.")
    proofs: list[Node] = Field(default=[], description="The strongest first; the others support it.")
    nearest: list[Lacking] = Field(default=[], description="Where it was not reached, the nearest rules first.")
    missing: list[Missing] = Field(default=[], description="For a fact that is unknown, or a decision without its numbers: what to find out.")
    set_aside: list[SetAside] = []
    against: list[Node] = Field(default=[], description="The proof of what set it aside.")
    used_by: list[str] = Field(default=[], description="For a fact: the conclusions that rest on it, or the rules that wait for it.")
    reversed_by: list[Reversal] = Field(default=[], description="Any one of these would withdraw it.")
    weakened_by: list[Reversal] = Field(default=[], description="Any one of these would withdraw its first proof, and leave it to others.")
    sources: list[Source] = []

    def to_json(self) -> str:
        """The explanation as indented JSON."""
        return as_json(self)


for _record in (FactNode, ConclusionNode, GroupNode, RuleNode, Lacking, SourceOfNumber, Explanation):
    _record.model_rebuild()
