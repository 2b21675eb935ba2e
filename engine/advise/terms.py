"""The words of the contract that every part of the package speaks: how bad, how sure, how urgent, what is to be done, and what it rests on.

They stand at the ground, below the knowledge base and above nothing: `plan.model` puts them together.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from advise.text import Text

VerdictId = Literal["continue", "continue_with_changes", "resume_with_gates", "stop", "fix_first", "finished", "cannot_tell"]
Concerns = Literal["this_run", "next_run"]
Certainty = Literal["certain", "likely", "possible"]
Severity = Literal["high", "medium", "low", "info"]
Priority = Literal["P0", "P1", "P2"]
CheckStatus = Literal["pass", "fail", "unknown", "not_applicable"]
# Which way is better.
Direction = Literal["up", "down"]
Format = Literal["md", "text", "json", "html"]
PlanFormat = Literal["md", "text", "json", "html", "sarif"]
EntryKind = Literal["any", "rule", "fact", "diagnosis", "decision", "checklist", "source", "erratum"]
JsonValue = bool | int | float | str | list[bool | int | float | str]

SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "info")
# Those that say that something is wrong with the run.
ALARMING: tuple[Severity, ...] = SEVERITIES[:2]
CERTAINTIES: tuple[Certainty, ...] = ("certain", "likely", "possible")


class Record(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Source(Record):
    """A place that the knowledge rests on."""

    id: str = Field(description="`document#anchor`, e.g. `playbook#gradient-clipping`.")
    title: Text
    url: str | None = None


class Finding(Record):
    """Something about the input itself: a contradiction, a repair, a value that was overridden."""

    text: Text
    origin: str = ""
    first: bool = Field(default=False, description="Whether it changes what everything else means, so that it is said first.")


class RuleLevel(Record):
    """A rule that the user's settings silence, or take more or less seriously."""

    rule: str
    before: str | None = Field(description="Its severity or priority; None where a rule of its kind has neither.")
    now: str = Field(description="`off` where it is silenced.")
    origin: str = Field(description="The file and line that say so.")


class Sketch(Record):
    """A logged curve that the plan speaks of, in a few numbers."""

    role: str = Field(description="What it is, such as `dev.loss`.")
    column: str = Field(description="What the log calls it.")
    origin: str = Field(description="The file and the lines it was read from.")
    points: list[float | None] = Field(description="Medians of blocks from first to last; null where nothing was finite.")
    first: float | None
    last: float | None
