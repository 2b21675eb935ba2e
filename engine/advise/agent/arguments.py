"""What the tools are asked: one model a tool, from which every dialect of tool definitions is generated.

A mapping may also come as a list of pairs `{"name": …, "value": …}`, or as either of them in a JSON string: strict modes have no free mappings, and
some models write their arguments as text. What is left out, null and empty are the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from advise.agent.roots import MAX_PATHS
from advise.terms import EntryKind
from advise.text import LanguageChoice

# Names and values of a mapping, as strict modes have them.
NAME, VALUE = "name", "value"
MAX_FACTS = 2000
MAX_ANSWERS = 100
MAX_ID = 200
MAX_QUERY = 500
# Sections of the checklist are called by letters.
_MOST_SECTIONS = 26

_SCALAR: list[dict[str, Any]] = [{"type": "boolean"}, {"type": "number"}, {"type": "string"}]
FACT_VALUE: dict[str, Any] = {"anyOf": [*_SCALAR, {"type": "array", "items": {"anyOf": _SCALAR}}]}
ANSWER_VALUE: dict[str, Any] = {"type": "string"}


def _mapping(given: object) -> object:
    """A mapping from any of its spellings; what is none of them is left for the check to refuse."""
    if isinstance(given, str) and given.lstrip()[:1] in ("{", "["):
        try:
            given = json.loads(given)
        except ValueError:
            return given
    if isinstance(given, list) and all(isinstance(pair, Mapping) and pair.keys() == {NAME, VALUE} for pair in given):
        names = [pair[NAME] for pair in given]
        if len({str(name) for name in names}) < len(names):
            raise ValueError("a name is given twice")
        return {pair[NAME]: pair[VALUE] for pair in given}
    return given


def _map_of(value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": value}


Facts = Annotated[dict[str, Any], BeforeValidator(_mapping), Field(max_length=MAX_FACTS), WithJsonSchema(_map_of(FACT_VALUE))]
Words = Annotated[dict[str, Any], BeforeValidator(_mapping), Field(max_length=MAX_FACTS), WithJsonSchema(_map_of(ANSWER_VALUE))]
Columns = Annotated[dict[str, str], BeforeValidator(_mapping), Field(max_length=MAX_FACTS), WithJsonSchema(_map_of({"type": "string"}))]
PathText = Annotated[str, Field(max_length=1000)]
Paths = Annotated[list[PathText], Field(max_length=MAX_PATHS)]
Detail = Literal["brief", "full"]

_PATHS = "Logs, facts files and folders of one run, relative to the root."
_FACTS = 'What is known of the run, by names of the vocabulary, such as {"lr.peak": 0.001}; leave out what is unknown.'
_AFTER = "An earlier plan whose gates this run answers: the address of its report, or the path of its JSON."
_DETAIL = "brief: at most 800 tokens. full: everything, with the proof of each verdict."
_CURSOR = "Where to go on: `next` of the answer before."


class Arguments(BaseModel):
    """What every tool takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lang: LanguageChoice = Field(default="en", description="Language of the answer.")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: Any) -> Any:
        """What is null, or the empty string, was not given; strict modes cannot leave it out."""
        if not isinstance(given, Mapping):
            return given
        return {name: value for name, value in given.items() if value is not None and value != ""}


class RunArguments(Arguments):
    """What is known of one run."""

    paths: Paths = Field(default=[], description=_PATHS)
    facts: Facts = Field(default={}, description=_FACTS)


class AdviseArguments(RunArguments):
    """What `advise` is asked."""

    after: PathText = Field(default="", description=_AFTER)
    detail: Detail = Field(default="brief", description=_DETAIL)


class ObserveArguments(Arguments):
    """What `observe` is asked."""

    paths: Annotated[list[PathText], Field(min_length=1, max_length=MAX_PATHS)] = Field(description=_PATHS)
    columns: Columns = Field(default={}, description='Which column of the logs is what, where it shall not be guessed: {"dev.metric": "val_dice"}.')
    cursor: str = Field(default="", max_length=MAX_ID, description=_CURSOR)


class RunsArguments(Arguments):
    """What `list_runs` is asked."""

    paths: Paths = Field(default=[], description="Folders and logs of many runs, relative to the root; by default the root.")
    cursor: str = Field(default="", max_length=MAX_ID, description=_CURSOR)


class QuestionsArguments(RunArguments):
    """What `next_questions` is asked."""

    sections: list[Annotated[str, Field(max_length=8)]] = Field(
        default=[],
        max_length=_MOST_SECTIONS,
        description="Sections of the checklist, such as C; I is that of the next round. By default the most valuable comes first.",
    )
    limit: int = Field(default=3, ge=1, le=20, description="How many questions, from 1 to 20.")
    cursor: str = Field(default="", max_length=MAX_ID, description=_CURSOR)
    detail: Detail = Field(default="brief", description="full: also units, bounds and the rules that wait.")


class AnswerArguments(RunArguments):
    """What `answer` is asked."""

    answers: Annotated[Words, Field(max_length=MAX_ANSWERS)] = Field(
        default={},
        description='Answers as a person types them, by fact: {"clip.rate": "5%", "batch.size": "32k"}. Empty: the person is asked in a form.',
    )
    sections: list[Annotated[str, Field(max_length=8)]] = Field(
        default=[], max_length=_MOST_SECTIONS, description="Sections of the checklist to ask for; by default the most valuable."
    )
    detail: Detail = Field(default="brief", description="full: everything that the answers make true.")


class ExplainArguments(RunArguments):
    """What `explain` is asked."""

    id: str = Field(min_length=1, max_length=MAX_ID, description="A diagnosis, decision, rule, checklist item, erratum or fact.")
    after: PathText = Field(default="", description=_AFTER)
    detail: Detail = Field(default="brief", description=_DETAIL)


class WhatIfArguments(RunArguments):
    """What `what_if` is asked."""

    changes: Annotated[Facts, Field(min_length=1)] = Field(
        description='Facts and their values if it were so: {"lr.peak": 5e-5}; "unknown" forgets one.'
    )
    detail: Detail = Field(default="brief", description=_DETAIL)


class DiffRunsArguments(RunArguments):
    """What `diff_runs` is asked: `paths` and `facts` are the later run."""

    before_paths: Paths = Field(default=[], description="Files of the earlier run, relative to the root.")
    before_facts: Facts = Field(default={}, description="Facts of the earlier run.")
    after: PathText = Field(default="", description="The earlier plan: its gates are checked, and its facts compared where no others are given.")
    detail: Detail = Field(default="brief", description=_DETAIL)


class SearchArguments(Arguments):
    """What `search_knowledge` is asked."""

    query: str = Field(min_length=1, max_length=MAX_QUERY, description="Words, an id, or a part of one, in English or Chinese.")
    kind: EntryKind = Field(default="any", description="Only entries of this kind.")
    cursor: str = Field(default="", max_length=MAX_ID, description=_CURSOR)
