"""The plan as pydantic models: what every renderer and every embedding reads.

Serialised it is the stable JSON contract `advise/plan@1`; `kb/schema/plan.schema.json` is generated from here.

This package builds its records with `model_construct`, which the type checker checks as it checks a constructor: to validate them once more at
run time would cost a tenth of a cold start. What comes from outside, such as an earlier plan, is validated.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from advise.terms import Certainty, CheckStatus, Concerns, Finding, JsonValue, Priority, Record, RuleLevel, Severity, Sketch, Source, VerdictId
from advise.text import Text
from advise.untrusted import as_json


class Verdict(Record):
    """The one-line answer."""

    id: VerdictId
    title: Text
    because: list[str] = Field(default=[], description="Decision and diagnosis ids that led to it.")


class Evidence(Record):
    """One observed fact that a verdict rests on."""

    fact: str
    value: JsonValue | None = Field(description="None where the evidence is that the fact is unknown.")
    interval: list[float | None] | None = Field(
        default=None, description="Between which numbers a measured one lies; null at an end without bound. None for what is exact."
    )
    origin: str = Field(description="Where it was read: `facts.yaml:7:3`, or what it was computed from.")
    asked: str = Field(default="", description="The predicate it satisfied, e.g. `> 0.5`.")
    title: Text
    how: Text | None = Field(default=None, description="How it was measured, and how sure that is; None for what a person states.")


class Reversal(Record):
    """An observation that would withdraw a verdict."""

    fact: str = Field(description="A fact; or diagnosed, decided, passed, failed or alarm, whose value is then what must not be concluded.")
    op: str
    value: JsonValue


class Diagnosis(Record):
    """Something that is the case with the run, with its proof."""

    id: str
    title: Text
    why: Text
    certainty: Certainty
    severity: Severity
    rule: str
    evidence: list[Evidence]
    because: list[str] = Field(default=[], description="Other conclusions it rests on.")
    supported_by: list[str] = Field(default=[], description="Further rules that reached the same diagnosis.")
    reversed_by: list[Reversal] = Field(default=[], description="Any one of these would withdraw it.")
    weakened_by: list[Reversal] = Field(default=[], description="Any one of these would withdraw the proof shown here, and leave it to others.")
    sources: list[Source]
    record: Text | None = Field(default=None, description="How often its rule was right on runs of which the truth is known.")


class ConfigChange(Record):
    """One line of the config diff."""

    key: str
    before: JsonValue | None = None
    after: JsonValue


class Decision(Record):
    """Something to do, with its numbers."""

    id: str
    title: Text
    why: Text
    slot: str
    concerns: Concerns = Field(default="next_run", description="Whether it is done about this run and its checkpoints, or changed for the next one.")
    priority: Priority
    params: dict[str, JsonValue]
    missing_params: list[str] = Field(default=[], description="Params whose fact is unknown: measure these first.")
    steps: list[Text]
    config: list[ConfigChange] = []
    because: list[str]
    evidence: list[Evidence]
    rule: str
    supported_by: list[str] = Field(default=[], description="Further rules that ask for the same.")
    sources: list[Source]
    confirm: Text = Field(description="How to see that it worked, and when to look.")


class SetAside(Record):
    """A decision that was considered and not taken."""

    id: str
    title: Text
    rule: str
    by: str = Field(
        description="What set it aside: a decision, a veto, an erratum, the setting that it would move wrongly, or the round that tried it."
    )
    reason: Text


class GateTest(Record):
    """One test of a gate, over a fact of the follow-up run."""

    fact: str
    op: Literal["eq", "ne", "lt", "le", "gt", "ge"]
    value: JsonValue
    required: bool = Field(default=False, description="Whether the gate fails without it, however many others hold.")
    title: Text


class Gate(Record):
    """Tests that the follow-up run has to pass; the next `advise` evaluates them."""

    id: str
    need: int
    of: list[GateTest]
    sets: str = Field(description="The boolean fact of the follow-up run that says whether the gate passed.")
    carries: dict[str, JsonValue] = Field(default={}, description="Facts of this run that the follow-up needs.")
    passed: Text = Field(description="What to do when it passes.")
    failed: Text = Field(description="What to do when it does not.")


class GateTestResult(Record):
    """One test of a gate and the value it met."""

    fact: str
    op: Literal["eq", "ne", "lt", "le", "gt", "ge"]
    value: JsonValue
    required: bool = False
    observed: JsonValue | None
    passed: bool | None
    title: Text


class GateResult(Record):
    """How a gate of an earlier plan turned out on the facts of this run."""

    id: str
    passed: bool | None = Field(description="None: not enough is known to tell.")
    met: int
    need: int
    tests: list[GateTestResult]


class Head(Record):
    """The first lines: what an engineer reads in ten seconds."""

    finding: Text = Field(description="What is the matter, since which step, how sure that is, and where the run stands.")
    cost: Text = Field(description="What it cost, in steps or epochs, and in hours where they are known.")
    checkpoint: Text = Field(description="Which checkpoint can be used.")
    cause: Text = Field(description="The likeliest cause.")
    next: Text = Field(description="What to do with this run, and what to change for the next one, with numbers.")
    would_change: Text = Field(description="What would change this.")


class Unknown(Record):
    """A fact that would settle something open."""

    fact: str
    title: Text
    blocks: list[str] = Field(description="Rule ids that wait for it, most severe first.")
    could_tell: list[Text] = Field(description="Titles of what those rules would conclude.")
    prompt: Text
    observe: Text = Field(description="How to find it out.")
    changes_plan: bool = Field(default=False, description="Some answer was tried and changes what this plan says to do.")


class Unsure(Record):
    """A measured fact whose interval reaches over what rules ask of it, so that they are not decided."""

    fact: str
    title: Text
    value: JsonValue
    interval: list[float | None] = Field(description="Between which numbers it lies; null at an end without bound.")
    asked: str = Field(description="What the first of the rules asks of it, e.g. `> 0.5`.")
    blocks: list[str] = Field(description="Rule ids that a narrower interval would decide, most severe first.")
    could_tell: list[Text] = Field(description="Titles of what those rules would conclude.")
    would_tell: Text = Field(description="What would narrow it.")


class CheckItem(Record):
    """One item of the playbook's checklist."""

    id: str
    title: Text
    status: CheckStatus
    because: list[str] = Field(description="Facts that decided it, or that it waits for.")


class Erratum(Record):
    """A claim of a source that does not hold, where it would have applied."""

    id: str
    source: Source
    claim: Text
    correction: Text


class Check(Record):
    """What can be checked where a log has a column for it."""

    id: str
    title: Text
    ran: bool = Field(description="Whether it was; else no column was found for it.")
    roles: list[str] = Field(description="The roles of columns, one of which is enough; `--map ROLE=COLUMN` gives a column one.")


class Plan(Record):
    """A bilingual action plan with the proof of everything in it."""

    schema_id: Literal["advise/plan@1"] = Field(default="advise/plan@1", alias="schema")
    run: str | None = None
    verdict: Verdict
    head: Head | None = Field(default=None, description="Always there in a plan that is made; a plan from before it was introduced has none.")
    idle_lines: list[str] = Field(default=[], description="The lines of the head that only say that there is nothing to say.")
    diagnoses: list[Diagnosis]
    decisions: list[Decision]
    set_aside: list[SetAside]
    gates: list[Gate]
    gate_results: list[GateResult] = []
    unknown: list[Unknown]
    unsure: list[Unsure] = Field(default=[], description="Measured too roughly to tell; of rules that something speaks for and nothing against.")
    checklist: list[CheckItem]
    errata: list[Erratum]
    findings: list[Finding] = []
    levels: list[RuleLevel] = Field(default=[], description="Rules that the user's settings silence, or take more or less seriously.")
    curves: list[Sketch] = Field(default=[], description="The curves that the evidence was measured on, where logs were read.")
    checks: list[Check] = Field(default=[], description="What was checked and, for want of a column, was not, where logs were read.")
    facts: dict[str, JsonValue]

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    def to_json(self) -> str:
        """The plan as indented JSON, keys in the order of the contract; NaN and infinity never occur in it."""
        return as_json(self)
