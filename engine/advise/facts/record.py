"""What is known of a run, and where it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from advise.terms import Finding
from advise.text import Text, Value

if TYPE_CHECKING:
    from advise.runlog.series.record import RunLog

How = Literal["stated", "measured", "derived"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact was read.

    Attributes:
        file: The file as the caller named it, or what stands for one.
        line: From 1; 0 where there is no file to point into.
        column: From 1.
        how: Whether a person stated it, a log was measured, or it follows from other facts.
        last: The last line of several that a measured fact rests on; 0 where there is one.
    """

    file: str
    line: int = 0
    column: int = 0
    how: How = "stated"
    last: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        if self.how == "measured":
            return f"{self.file}:{self.line}-{self.last}" if self.last > self.line else f"{self.file}:{self.line}"
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fact:
    """One observed fact, as the vocabulary types it.

    Attributes:
        note: How it was measured, and how sure that is; None for what a person states.
    """

    name: str
    value: Value
    origin: Origin
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything observed of one run.

    Attributes:
        facts: By name; a fact that is unknown is missing.
        run: What the run is called.
        follows: The earlier plan, in JSON, whose gates these facts answer.
        findings: Remarks about the input itself.
        log: What the logs say, where there are any.
        forgotten: Facts that stay unknown even where the earlier plan brings them.
    """

    facts: Mapping[str, Fact]
    run: str | None = None
    follows: Path | None = None
    findings: tuple[Finding, ...] = ()
    log: RunLog | None = None
    forgotten: frozenset[str] = frozenset()
