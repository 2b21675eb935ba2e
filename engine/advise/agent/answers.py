"""What the tools answer: short records that name things, beside the records of the plan itself where everything is asked for.

Some clients show a model the structured answer, others the text; each of the two says all there is to say, and each keeps to the budget.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from advise.explain.difference import Difference
from advise.explain.records import Explanation, Outcome
from advise.interview.listing import AskedQuestion
from advise.interview.standing import Effects
from advise.plan.model import ConfigChange, Plan
from advise.terms import Certainty, JsonValue, Priority, Record, Severity, VerdictId


class Answer(Record):
    """What every answer has."""

    note: str = Field(default="", description="What to bear in mind in reading it; empty where there is nothing.")

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    # Fields that keep to a contract of their own, in which nothing is left out.
    contracts: ClassVar[tuple[str, ...]] = ()

    def structured(self) -> dict[str, Any]:
        """The answer as JSON values; what is empty is left out, and means its default."""
        dumped = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={*self.contracts})
        found = {"schema": type(self).model_fields["schema_id"].default, **dumped}
        for name in self.contracts:
            value = getattr(self, name)
            if value:
                listed = isinstance(value, list)
                found[name] = [_whole(item) for item in value] if listed else _whole(value)
        return found


def _whole(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", by_alias=True)


class VerdictLine(Record):
    """The one-line answer, in the language that was asked for."""

    id: VerdictId
    title: str
    because: list[str] = []


class DecisionLine(Record):
    """Something to do."""

    id: str
    priority: Priority
    title: str
    params: dict[str, JsonValue] = {}
    config: list[ConfigChange] = []
    steps: list[str] = Field(default=[], description="Empty where there was no room: `explain`, `detail=full` and the report have them.")
    confirm: str = Field(default="", description="How to see that it worked; empty where there was no room.")


class DiagnosisLine(Record):
    """Something that is the case."""

    id: str
    severity: Severity
    certainty: Certainty
    title: str
    why: str = Field(default="", description="Empty where there was no room.")


class SetAsideLine(Record):
    """Something that was considered and must not be done."""

    id: str
    by: str
    title: str


class GateLine(Record):
    """Tests that the follow-up run has to pass."""

    id: str
    need: int
    of: list[str]


class GateOutcome(Record):
    """How a gate of an earlier plan turned out on this run."""

    id: str
    passed: bool | None = Field(description="Null: not enough is known to tell.")
    met: int
    need: int
    tests: list[str]


class QuestionLine(Record):
    """A fact that would settle something open."""

    fact: str
    prompt: str
    accepted: str = Field(default="", description="What is accepted as an answer; empty where there was no room.")


class PlanAnswer(Answer):
    """What `advise` answers."""

    contracts: ClassVar[tuple[str, ...]] = ("plan",)
    schema_id: Literal["advise/plan-answer@1"] = Field(default="advise/plan-answer@1", alias="schema")
    run: str | None = None
    verdict: VerdictLine
    decisions: list[DecisionLine] = []
    set_aside: list[SetAsideLine] = []
    gates: list[GateLine] = []
    gate_results: list[GateOutcome] = Field(default=[], description="How the gates of the earlier plan turned out.")
    diagnoses: list[DiagnosisLine] = []
    curves: list[str] = Field(default=[], description="The main curves: first and last value, and the best with its place.")
    questions: list[QuestionLine] = Field(default=[], description="What is worth knowing, most valuable first.")
    findings: list[str] = Field(default=[], description="Remarks about the input.")
    left_out: dict[str, int] = Field(default={}, description="What had no room, counted.")
    report: str = Field(description="The address of the whole report, which `after` takes.")
    plan: Plan | None = Field(default=None, description="The whole plan; null where detail is brief.")


class RunLine(Record):
    """One run of several."""

    run: str
    verdict: str = ""
    finding: str = Field(default="", description="The worst diagnosis.")
    severity: str = ""
    since: float | None = None
    metric: str = ""
    best: float | None = None
    last: float | None = None
    steps: float | None = None
    state: str = ""
    settings: dict[str, JsonValue] = Field(default={}, description="Those in which the runs differ.")
    error: str = Field(default="", description="Why it could not be judged.")


class RunsAnswer(Answer):
    """What `list_runs` answers."""

    schema_id: Literal["advise/runs-answer@1"] = Field(default="advise/runs-answer@1", alias="schema")
    runs: list[RunLine]
    settings: list[str] = Field(default=[], description="The settings in which the runs differ.")
    total: int = Field(description="How many runs there are in all.")
    next: str = Field(default="", description="The cursor of the next runs; empty at the end.")


class FactLine(Record):
    """A fact and where it was read."""

    fact: str
    value: JsonValue
    interval: list[float | None] | None = Field(default=None, description="Between which numbers it lies, null at an end without bound; none: exact.")
    origin: str
    how: str = ""


class ObservedAnswer(Answer):
    """What `observe` answers."""

    schema_id: Literal["advise/observed-answer@1"] = Field(default="advise/observed-answer@1", alias="schema")
    run: str | None = None
    facts: list[FactLine]
    columns: dict[str, str] = Field(default={}, description="Which column was taken for which role.")
    findings: list[str] = Field(default=[], description="Remarks about the input.")
    total: int = Field(description="How many facts there are in all.")
    next: str = Field(default="", description="The cursor of the next facts; empty at the end.")


class QuestionsAnswer(Answer):
    """What `next_questions` answers."""

    contracts: ClassVar[tuple[str, ...]] = ("full",)
    schema_id: Literal["advise/questions-answer@1"] = Field(default="advise/questions-answer@1", alias="schema")
    verdict: VerdictLine
    questions: list[QuestionLine]
    open: int = Field(description="How many questions remain, these included.")
    next: str = Field(default="", description="The cursor of the next questions; empty at the end.")
    full: list[AskedQuestion] = Field(default=[], description="The same questions in full, where detail is full.")


class AnsweredAnswer(Answer):
    """What `answer` answers."""

    contracts: ClassVar[tuple[str, ...]] = ("effects",)
    schema_id: Literal["advise/answered@1"] = Field(default="advise/answered@1", alias="schema")
    answered: dict[str, JsonValue] = Field(description="What was understood, by fact: it belongs into `facts` of the next call.")
    rejected: dict[str, str] = Field(default={}, description="By fact, why an answer is none, and what would be.")
    verdict: VerdictLine
    became: list[str] = Field(default=[], description="What the answers make true.")
    questions: list[QuestionLine] = Field(default=[], description="What to ask next.")
    left_out: dict[str, int] = Field(default={}, description="What had no room, counted.")
    effects: Effects | None = Field(default=None, description="What the answers make true in full, where detail is full.")


class MissingLine(Record):
    """An unknown fact for want of which something is undecided."""

    fact: str
    needed: str
    prompt: str


class NearestLine(Record):
    """What keeps a rule from firing."""

    rule: str
    different: list[str] = []
    missing: list[MissingLine] = []


class ExplainAnswer(Answer):
    """What `explain` answers."""

    contracts: ClassVar[tuple[str, ...]] = ("explanation",)
    schema_id: Literal["advise/explain-answer@1"] = Field(default="advise/explain-answer@1", alias="schema")
    id: str
    kind: str
    title: str
    outcome: Outcome
    says: str = Field(description="The outcome in words.")
    why: str = ""
    proof: list[str] = Field(default=[], description="The proof as an outline, two blanks a level.")
    nearest: list[NearestLine] = Field(default=[], description="Where it was not reached: what its nearest rules lack.")
    set_aside: list[str] = []
    reversed_by: list[str] = Field(default=[], description="Any one of these would withdraw it.")
    used_by: list[str] = []
    sources: list[str] = []
    left_out: dict[str, int] = {}
    explanation: Explanation | None = Field(default=None, description="Everything; null where detail is brief.")


class ChangeLine(Record):
    """Something that appears, vanishes or is said otherwise."""

    part: str
    what: Literal["appears", "vanishes", "changes"]
    id: str
    title: str
    changes: list[str] = []


class DifferenceAnswer(Answer):
    """What `what_if` and `diff_runs` answer."""

    contracts: ClassVar[tuple[str, ...]] = ("difference",)
    schema_id: Literal["advise/difference-answer@1"] = Field(default="advise/difference-answer@1", alias="schema")
    before: VerdictLine
    after: VerdictLine
    gates: list[GateOutcome] = Field(default=[], description="How the gates of the earlier plan turned out.")
    facts: list[str] = Field(default=[], description="What is otherwise, and what follows from it by computing.")
    changes: list[ChangeLine] = []
    left_out: dict[str, int] = Field(default={}, description="What had no room, counted.")
    report: str = Field(description="The address of the later run's report.")
    difference: Difference | None = Field(default=None, description="Everything; null where detail is brief.")


class Hit(Record):
    """An entry of the knowledge base."""

    kind: str
    id: str
    title: str
    excerpt: str = ""
    address: str = Field(description="The resource that has all of it.")


class SearchAnswer(Answer):
    """What `search_knowledge` answers."""

    schema_id: Literal["advise/search-answer@1"] = Field(default="advise/search-answer@1", alias="schema")
    hits: list[Hit]
    total: int
    next: str = Field(default="", description="The cursor of the next entries; empty at the end.")
