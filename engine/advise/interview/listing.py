"""The next questions as JSON, for programs that ask in their own way."""

from __future__ import annotations

from itertools import islice
from typing import Literal

from pydantic import ConfigDict, Field

from advise.interview.accepted import accepted
from advise.interview.agenda import Question
from advise.interview.interview import Answered, Interview
from advise.interview.standing import Effects
from advise.interview.wording import Wording
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.vocabulary import Cost, FactType
from advise.plan.evidence import json_value
from advise.plan.model import Verdict
from advise.terms import JsonValue, Record
from advise.text import Text
from advise.untrusted import as_json


class EnumValue(Record):
    """One value that an enum can have."""

    value: str
    title: Text


class AskedFor(Record):
    """The item of the checklist that a question is asked for."""

    id: str
    section: str
    title: Text


class AskedQuestion(Record):
    """One question."""

    fact: str
    title: Text
    type: FactType
    unit: str
    min: float | None = Field(description="The smallest value.")
    max: float | None = Field(description="The largest value.")
    above: float | None = Field(description="Every value is greater.")
    below: float | None = Field(description="Every value is smaller.")
    values: list[EnumValue]
    prompt: Text
    observe: Text = Field(description="How to find it out.")
    cost: Cost
    accepted: Text = Field(description="What is accepted as an answer, in words.")
    blocks: list[str] = Field(description="Rule ids that wait for it, the weightiest first.")
    could_tell: list[Text] = Field(description="Titles of what those rules would conclude.")
    item: AskedFor | None


class Listing(Record):
    """What `advise ask --json` prints."""

    schema_id: Literal["advise/questions@1"] = Field(default="advise/questions@1", alias="schema")
    files: list[str] = Field(description="The files that hold the facts.")
    answered: dict[str, JsonValue] = Field(description="What was answered just now, by `--answers`.")
    effects: Effects | None = Field(description="What these answers make true.")
    verdict: Verdict
    open: int = Field(description="How many questions remain.")
    questions: list[AskedQuestion]

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    def to_json(self) -> str:
        """Indented JSON, keys in the order of the contract."""
        return as_json(self)


def listing(interview: Interview, count: int, answered: Answered | None = None) -> Listing:
    """The next questions.

    Args:
        interview: What is asked.
        count: How many questions at most.
        answered: What was answered just now.
    """
    remaining = interview.questions()
    shown = [asked_question(question, interview.base, interview.words) for question in islice(remaining, count)]
    values = {} if answered is None else answered.values
    return Listing(
        files=[str(path) for path in interview.store.paths],
        answered={fact: json_value(value) for fact, value in values.items()},
        effects=answered.effects if answered else None,
        verdict=interview.verdict,
        open=len(shown) + sum(1 for _ in remaining),
        questions=shown,
    )


def asked_question(question: Question, base: KnowledgeBase, words: Wording) -> AskedQuestion:
    """Everything that is said of a question."""
    spec, item = base.vocabulary[question.fact], question.item
    return AskedQuestion(
        fact=question.fact,
        title=spec.title,
        type=spec.type,
        unit=spec.unit,
        min=spec.min,
        max=spec.max,
        above=spec.above,
        below=spec.below,
        values=[EnumValue(value=value, title=title) for value, title in spec.values.items()],
        prompt=spec.prompt,
        observe=spec.observe,
        cost=spec.cost,
        accepted=accepted(spec, words),
        blocks=list(question.blocks),
        could_tell=list(question.could_tell),
        item=None if item is None else AskedFor(id=item.id, section=item.section, title=item.title),
    )
