"""The shape of a rule file: what `rules/<topic>/<rule>.yaml` may say."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from advise.knowledge.vocabulary import FactName
from advise.terms import Certainty, Priority, Severity
from advise.text import Text

RULE_ID = r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+$"
IDENTIFIER = r"^[a-z][a-z0-9_]*$"
Identifier = Annotated[str, Field(pattern=IDENTIFIER)]
SOURCE_ID = r"^[a-z0-9-]+#[A-Za-z0-9._-]+$"
SourceId = Annotated[str, Field(pattern=SOURCE_ID)]
Status = Literal["draft", "stable", "deprecated"]
Scalar = bool | int | float | str
# A condition has a grammar of its own (`condition_syntax`), which reports far better than a union of models could.
# Its JSON Schema is put in the place of this mark by `schema`.
CONDITION_MARK = "x-condition"
ConditionData = Annotated[Any, Field(json_schema_extra={CONDITION_MARK: True})]


class Shape(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class FactOperand(Shape):
    """The value of a fact."""

    fact: FactName


class ParamOperand(Shape):
    """The value of one of the decision's own params."""

    param: Identifier


ParamValue = FactOperand | Scalar | list[Scalar]


class ConfigLine(Shape):
    """One setting to change; `key` is the fact that holds its present value."""

    key: FactName
    to: ParamOperand | FactOperand | Scalar


class Supersedes(Shape):
    """A decision that this one sets aside, and why."""

    decision: Identifier
    reason: Text


class GateTestSpec(Shape):
    """One test of a gate, on a fact of the follow-up run.

    A `required` test has to hold whatever else does; without its number the decision is not taken.
    """

    fact: FactName
    op: Literal["eq", "ne", "lt", "le", "gt", "ge"]
    value: FactOperand | Scalar
    required: bool = False


class GateSpec(Shape):
    """Tests on the follow-up run: `need` of them have to hold, and the required ones."""

    id: Identifier
    need: Annotated[int, Field(ge=1)] | Literal["all"]
    of: Annotated[list[GateTestSpec], Field(min_length=1)]
    sets: FactName
    carries: dict[FactName, FactOperand | Scalar] = {}
    passed: Text
    failed: Text


class Said(Text):
    """A text of a decision; where a number in it is unknown, `otherwise` is said, or nothing."""

    otherwise: Said | None = Field(default=None, description="What is said instead where a number in it is unknown.")


class _Rule(Shape):
    id: Annotated[str, Field(pattern=RULE_ID)]
    status: Status
    when: ConditionData
    thresholds: dict[FactName, Text] = Field(default={}, description="Why each literal number in `when` is that number.")
    sources: Annotated[list[SourceId], Field(min_length=1)]
    errata: list[str] = Field(default=[], description="Claims of the sources that this rule corrects; cited when it fires.")
    why: Text


class DeriveRule(_Rule):
    """Concludes the value of a boolean or enum fact."""

    kind: Literal["derive"]
    concludes: Annotated[dict[FactName, Scalar], Field(min_length=1, max_length=1)]


class DiagnosisRule(_Rule):
    """Concludes that something is the case with the run."""

    kind: Literal["diagnosis"]
    concludes: Identifier
    severity: Severity
    certainty: Certainty
    title: Text


class DecisionRule(_Rule):
    """Concludes something to do, with its numbers and steps."""

    kind: Literal["decision"]
    concludes: Identifier
    priority: Priority
    title: Text | None = None
    params: dict[Identifier, ParamValue] = {}
    steps: Annotated[list[Said], Field(min_length=1)]
    config: list[ConfigLine] = []
    supersedes: list[Supersedes] = []
    gates: list[GateSpec] = []
    confirm: Said
    in_spite_of: dict[str, Text] = Field(default={}, description="Errata that forbid what this rule does, and why it does so all the same.")
    verdict: Literal["fix_first", "stop", "resume_with_gates", "continue_with_changes", "continue", "none"] | None = None


class CheckRule(_Rule):
    """Concludes the status of a checklist item: the truth of `when`, where `applies` does not rule it out."""

    kind: Literal["check"]
    concludes: Identifier
    applies: ConditionData | None = None


RuleFile = Annotated[DeriveRule | DiagnosisRule | DecisionRule | CheckRule, Field(discriminator="kind")]
RULE_FILE: TypeAdapter[DeriveRule | DiagnosisRule | DecisionRule | CheckRule] = TypeAdapter(RuleFile, config=ConfigDict(defer_build=True))
