"""The shape of a rule file: what `rules/<topic>/<rule>.yaml` may say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from advise.knowledge.parts import Holds, Refers
from advise.knowledge.vocabulary import KnownFact
from advise.terms import Certainty, Priority, Severity
from advise.text import Text

RULE_ID = r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+$"
IDENTIFIER = r"^[a-z][a-z0-9_]*$"
Identifier = Annotated[str, Field(pattern=IDENTIFIER)]
SOURCE_ID = r"^[a-z0-9-]+#[A-Za-z0-9._-]+$"
SourceId = Annotated[str, Field(pattern=SOURCE_ID), Refers("source")]
KnownDiagnosis = Annotated[Identifier, Refers("diagnosis")]
KnownDecision = Annotated[Identifier, Refers("decision")]
Status = Literal["draft", "stable", "deprecated"]
Scalar = bool | int | float | str
# A condition has a grammar of its own (`condition_syntax`), which reports far better than a union of models could.
# Its JSON Schema is put in the place of this mark by `schema`.
CONDITION_MARK = "x-condition"
ConditionData = Annotated[Any, Field(json_schema_extra={CONDITION_MARK: True}), Holds()]


class Shape(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class FactOperand(Shape):
    """The value of a fact."""

    fact: KnownFact


class ParamOperand(Shape):
    """The value of one of the decision's own params."""

    param: Annotated[Identifier, Refers("param")]


ParamValue = FactOperand | Scalar | list[Scalar]


class ConfigLine(Shape):
    """One setting to change; `key` is the fact that holds its present value."""

    key: KnownFact
    to: ParamOperand | FactOperand | Scalar


class Supersedes(Shape):
    """A decision that this one sets aside, and why."""

    decision: KnownDecision
    reason: Text


class GateTestSpec(Shape):
    """One test of a gate, on a fact of the follow-up run.

    A `required` test has to hold whatever else does; without its number the decision is not taken.
    """

    fact: KnownFact
    op: Literal["eq", "ne", "lt", "le", "gt", "ge"]
    value: FactOperand | Scalar
    required: bool = False


class GateSpec(Shape):
    """Tests on the follow-up run: `need` of them have to hold, and the required ones."""

    id: Identifier
    need: Annotated[int, Field(ge=1)] | Literal["all"]
    of: Annotated[list[GateTestSpec], Field(min_length=1)]
    sets: KnownFact
    carries: dict[KnownFact, FactOperand | Scalar] = {}
    passed: Text
    failed: Text


class Said(Text):
    """A text of a rule; where a number in it is unknown, `otherwise` is said, or nothing."""

    otherwise: Said | None = Field(default=None, description="What is said instead where a number in it is unknown.")


class RuleBody(Shape):
    """What all rules have."""

    id: Annotated[str, Field(pattern=RULE_ID)]
    status: Status
    when: ConditionData
    thresholds: dict[KnownFact, Text] = Field(default={}, description="Why each literal number in `when` is that number.")
    sources: Annotated[list[SourceId], Field(min_length=1)]
    errata: list[Annotated[str, Refers("erratum")]] = Field(
        default=[], description="Claims of the sources that this rule corrects; cited when it fires."
    )
    why: Said


class DeriveRule(RuleBody):
    """Concludes the value of a boolean or enum fact."""

    kind: Literal["derive"]
    concludes: Annotated[dict[KnownFact, Scalar], Field(min_length=1, max_length=1)]


class DiagnosisRule(RuleBody):
    """Concludes that something is the case with the run."""

    kind: Literal["diagnosis"]
    concludes: Annotated[Identifier, Refers("diagnosis")]
    severity: Severity
    certainty: Certainty
    title: Said


class DecisionRule(RuleBody):
    """Concludes something to do, with its numbers and steps."""

    kind: Literal["decision"]
    concludes: KnownDecision
    priority: Priority
    title: Said | None = None
    params: dict[Identifier, ParamValue] = {}
    steps: Annotated[list[Said], Field(min_length=1)]
    config: list[ConfigLine] = []
    supersedes: list[Supersedes] = []
    gates: list[GateSpec] = []
    confirm: Said
    in_spite_of: dict[Annotated[str, Refers("erratum")], Text] = Field(
        default={}, description="Errata that forbid what this rule does, and why it does so all the same."
    )
    verdict: Literal["fix_first", "stop", "resume_with_gates", "continue_with_changes", "continue", "none"] | None = None


class CheckRule(RuleBody):
    """Concludes the status of a checklist item: the truth of `when`, where `applies` does not rule it out."""

    kind: Literal["check"]
    concludes: Annotated[Identifier, Refers("checklist item")]
    applies: ConditionData | None = None


KINDS: Mapping[str, type[RuleBody]] = {"derive": DeriveRule, "diagnosis": DiagnosisRule, "decision": DecisionRule, "check": CheckRule}
RuleFile = Annotated[DeriveRule | DiagnosisRule | DecisionRule | CheckRule, Field(discriminator="kind")]
RULE_FILE: TypeAdapter[DeriveRule | DiagnosisRule | DecisionRule | CheckRule] = TypeAdapter(RuleFile, config=ConfigDict(defer_build=True))
