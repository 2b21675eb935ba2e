"""What the ledger remembers: rounds of tuning, and the decisions that each tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from advise.terms import JsonValue

Result = Literal["adopted", "not_adopted", "inconclusive", "failed"]
RESULTS: tuple[Result, ...] = ("adopted", "not_adopted", "inconclusive", "failed")
Part = Literal["tried", "concluded"]


@dataclass(frozen=True, slots=True)
class Step:
    """A decision of a plan that a round tried, or that concluded it.

    Attributes:
        part: Which of the two.
        decision: Its id in `kb/decisions.yaml`.
        params: Its numbers, as the plan gave them.
    """

    part: Part
    decision: str
    params: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a round sets out to do.

    Attributes:
        question: What it asks; one question a round.
        changed: What it changes against the baseline.
        hypothesis: What is expected, and why.
        study: The study or the runs that shall answer it.
        tried: The decisions it tries.
    """

    question: str
    changed: str | None = None
    hypothesis: str | None = None
    study: str | None = None
    tried: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a round ended.

    Attributes:
        result: Whether what it tried was adopted.
        what: What came out, with its numbers.
        why: What did not work, and why.
        verdict: The verdict of the plan that concluded it.
        concluded: The decisions that concluded it.
    """

    result: Result
    what: str | None = None
    why: str | None = None
    verdict: str | None = None
    concluded: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """One round.

    Attributes:
        number: From 1, in the order of starting.
        opening: What it set out to do.
        started: In UTC, as `2026-01-31T08:15:00Z`.
        ending: How it ended; None while it is open.
        ended: In UTC; None while it is open.
    """

    number: int
    opening: Opening
    started: str
    ending: Ending | None = None
    ended: str | None = None

    @property
    def status(self) -> str:
        """`open`, or how it ended."""
        return "open" if self.ending is None else self.ending.result
