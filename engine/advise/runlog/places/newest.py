"""Which of several runs is the newest: by the times in their logs, else by their numbers, else by when the files were written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal

from advise.runlog.places.runs import RunPlace

By = Literal["time", "number", "date"]
_TAIL_BYTES = 16 * 1024
_LOOKED_AT = 4
_CLOCK = r"(?:[-_T /]+([0-2]\d)[-_:.]?([0-5]\d)[-_:.]?([0-5]\d))?"
_STAMP = re.compile(rf"(?<![\d.])(20\d\d)[-/]([01]\d)[-/]([0-3]\d){_CLOCK}")
_SINCE_1970 = re.compile(r"(?:time|stamp)\W{1,4}([12]\d{9})(?!\d{4})|(?<![\d.])(1[5-9]\d{8}|2[01]\d{8})\.\d", re.IGNORECASE)
# Names are written without separators too, and hold no other numbers of ten digits.
_STAMP_IN_NAME = re.compile(rf"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d){_CLOCK}")
_SINCE_1970_IN_NAME = re.compile(r"(?<!\d)(1[5-9]\d{8}|2[01]\d{8})(?!\d)")
_DIGITS = re.compile(r"\d+")


def newest_first(runs: Sequence[RunPlace], folder: str) -> tuple[list[RunPlace], By]:
    """Runs from the newest to the oldest, and by what they are told to be.

    Args:
        runs: At least one.
        folder: Where they lie.
    """
    told = [_told(run, folder) for run in runs]
    written = [max(log.changed for log in run.logs) for run in runs]
    numbers = _numbers([run.name for run in runs])
    if all(told) and len(set(told)) > 1:
        by: By = "time"
        keys = [(time or 0.0, date) for time, date in zip(told, written, strict=True)]
    elif numbers is not None:
        by, keys = "number", [(number, 0.0) for number in numbers]
    else:
        by, keys = "date", [(date, 0.0) for date in written]
    order = sorted(range(len(runs)), key=lambda index: (keys[index], runs[index].name), reverse=True)
    return [runs[index] for index in order], by


def _told(run: RunPlace, folder: str) -> float | None:
    """The latest time that the logs or their names speak of; None where they speak of none."""
    in_logs = [time for log in run.logs[:_LOOKED_AT] for time in _times(_tail(log.path), _STAMP, _SINCE_1970)]
    names = [os.path.relpath(log.path, folder) for log in run.logs]
    return max(in_logs or [time for name in names for time in _times(name, _STAMP_IN_NAME, _SINCE_1970_IN_NAME)], default=None)


def _times(text: str, stamp: re.Pattern[str], since_1970: re.Pattern[str]) -> Iterator[float]:
    for match in stamp.finditer(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            yield datetime(year, month, day, hour, minute, second).timestamp()
        except (ValueError, OverflowError, OSError):
            continue
    for match in since_1970.finditer(text):
        yield float(next(filter(None, match.groups())))


def _tail(path: str) -> str:
    """The end of a text; of an MLflow run, what is said of it. What is binary tells no time this way."""
    file = os.path.join(path, "meta.yaml") if os.path.isdir(path) else path
    try:
        with open(file, "rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _TAIL_BYTES))
            data = stream.read(_TAIL_BYTES)
    except (OSError, ValueError):
        return ""
    return "" if b"\0" in data else data.decode("utf-8", "replace")


def _numbers(names: Sequence[str]) -> list[int] | None:
    """The one number in which the names differ, where what has none is the first: `exp`, `exp2`; None where they differ in more."""
    for named in (names, [name if name[-1:].isdigit() else f"{name}1" for name in names]):
        parts = [[int(digits) for digits in _DIGITS.findall(name)] for name in named]
        if len({_DIGITS.sub("#", name) for name in named}) == 1:
            differing = [place for place in range(len(parts[0])) if any(one[place] != other[place] for one, other in pairwise(parts))]
            return [part[differing[0]] for part in parts] if len(differing) == 1 else None
    return None
