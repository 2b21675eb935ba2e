"""What a line says of how the run ended."""

from __future__ import annotations

import re

from advise.runlog.readers.table import Remark

_EXCEPTION = re.compile(r"(?:[\w.]{1,200}\.)?\w{0,100}(?:Error|Exception|Interrupt)\b|OutOfMemoryError\b")
_STOPPED_EARLY = re.compile(r"early stopping", re.IGNORECASE)
_PAIR = re.compile(r"[=:]\s{0,4}\d")
_MAX_EXCEPTION = 160


def could_end(line: str) -> bool:
    """Whether a line is worth to be looked at."""
    lower = line.lower()
    return "out of memory" in lower or "early stopping" in lower or _EXCEPTION.match(line.strip()) is not None


def ending_in(line: str, place: str) -> Remark | None:
    """How the run ended, as a line says; None where it says nothing of it.

    Args:
        line: The line.
        place: `file:line`.
    """
    stripped = line.strip()
    if "out of memory" in line.lower():
        return Remark("out_of_memory", place)
    if stripped.startswith("KeyboardInterrupt"):
        return Remark("ended_by_interrupt", place)
    if _EXCEPTION.match(stripped):
        return Remark("ended_by_exception", place, {"exception": stripped[:_MAX_EXCEPTION]})
    if _STOPPED_EARLY.search(line) and not _PAIR.search(line):
        return Remark("early_stopped", place)
    return None
