"""What is known of a run, and where it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from advise.bilingual import Value
from advise.plan.model import Finding

How = Literal["stated", "measured", "derived"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact was read.

    Attributes:
        file: The file as the caller named it, or what stands for one.
        line: From 1; 0 where there is no file to point into.
        column: From 1.
        how: Whether a person stated it, a log was measured, or it follows from other facts.
    """

    file: str
    line: int = 0
    column: int = 0
    how: How = "stated"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Fact:
    """One observed fact, as the vocabulary types it."""

    name: str
    value: Value
    origin: Origin


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything observed of one run.

    Attributes:
        facts: By name; a fact that is unknown is missing.
        run: What the run is called.
        follows: The earlier plan, in JSON, whose gates these facts answer.
        findings: Remarks about the input itself.
    """

    facts: Mapping[str, Fact]
    run: str | None = None
    follows: Path | None = None
    findings: tuple[Finding, ...] = ()
