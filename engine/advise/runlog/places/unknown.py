"""A file that is neither facts nor a log that is known, as a person sees it: its first lines, their shapes, and how to teach them."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from advise.documents.problems import Problem
from advise.errors import LogError
from advise.runlog.places.nothing import LOOKED_FOR
from advise.runlog.readers.binary import binary_kind
from advise.runlog.readers.encoding import text_of
from advise.runlog.readers.open import looked_into
from advise.runlog.teaching import FILE
from advise.untrusted import shorten

_READ = 256 * 1024
_LINES = 3
_SHAPES = 5
_MAX_SHAPES = 10_000
_WIDTH = 110
_LISTED = 12
_NUMBER = re.compile(r"[-+]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|(?<![A-Za-z])(?i:nan|inf)(?![A-Za-z])")
_WORD = re.compile(r"([A-Za-z_](?:[\w./-]*[A-Za-z_])?)[^\w]*$")
# What a line begins with that says when it was written.
_WHEN = re.compile(r"\W*(?:\d{2,4}[-/]\d\d[-/]\d{2,4}[T ,]*)?(?:\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?(?:\s*\[\d+\])?\W*")


def unknown(path: str, *, patterns: bool = False, columns: Sequence[str] = ()) -> LogError:
    """The error for a file that was named and is neither facts nor a log that tells anything.

    Args:
        path: The file.
        patterns: Whether patterns were taught, and none fits.
        columns: The names of its numbers, if it was read and none of them is known.
    """
    try:
        data = looked_into(path, _READ) or b""
        size = os.stat(path).st_size
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return LogError([Problem(path, 0, 0, f"cannot be read: {reason}", "")])
    if not data.strip():
        return LogError([Problem(path, 0, 0, "no log here: the file is empty", "", accepted=LOOKED_FOR)])
    binary = binary_kind(data)
    if binary is not None:
        return LogError([Problem(path, 0, 0, f"no log: this is a binary file, {binary}; weights are never opened", "", accepted=LOOKED_FOR)])
    text, _ = text_of(data, path)
    message = "no log of a format that is known, and no facts file" + ("; no line of it fits a pattern" if patterns else "")
    if columns:
        message = "numbers with names were found, but none of the names is known"
    return LogError([Problem(path, 0, 0, message, "", details=tuple(_seen(text, columns, whole=size <= _READ)))])


def _seen(text: str, columns: Sequence[str], *, whole: bool) -> Iterator[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    yield "it begins:"
    yield from (f"  {shorten(line.strip(), _WIDTH)}" for line in lines[:_LINES])
    shapes = Counter(shape for line in lines[:_MAX_SHAPES] if (shape := _shape(line)) is not None)
    if shapes:
        yield f"lines with numbers, {len(shapes)} shapes" + (":" if whole else f" in its first {_READ // 1024} KiB:")
        yield from (f"  {count} × {shorten(shape, _WIDTH)}" for shape, count in shapes.most_common(_SHAPES))
    if columns:
        more = f" and {len(columns) - _LISTED} more" if len(columns) > _LISTED else ""
        yield f"names found: {', '.join(columns[:_LISTED])}{more}"
        yield f"say what they are: --map train.loss='{columns[0]}'; roles are train.loss, dev.loss, dev.metric, lr, gradient.norm and others"
    else:
        yield f"looked for: {LOOKED_FOR}"
    example = _taught(next(line for line in lines if _shape(line) == shapes.most_common(1)[0][0])) if shapes else None
    if example is None:
        yield "no line of it has two numbers to be named"
        return
    teach = "or teach it with one line" if columns else "teach it with one line"
    yield f"{teach}, its numbers called step, epoch, train.loss, dev.loss, dev.metric, lr or as you like: --pattern '{example}'"
    yield f"the same under `patterns:` in a file {FILE} beside it is found each time"


def _shape(line: str) -> str | None:
    """The line with `#` for each number; None without two numbers."""
    shape, count = _NUMBER.subn("#", _without_time(line))
    return shape if count > 1 else None


def _without_time(line: str) -> str:
    line = line.strip()[: 4 * _WIDTH]
    when = _WHEN.match(line)
    return line if when is None else line[when.end() :]


def _taught(line: str) -> str:
    """A pattern for a line: each number is called as the word before it."""
    line = _without_time(line)[:_WIDTH].replace("{", "(").replace("}", ")").replace("'", " ")
    names: list[str] = []
    pieces, place = [], 0
    for match in _NUMBER.finditer(line):
        before = line[place : match.start()]
        if names and not before:
            continue
        names.append(_name(before, names))
        pieces.append(f"{before}{{{names[-1]}}}")
        place = match.end()
    return "".join(pieces)


def _name(before: str, names: Sequence[str]) -> str:
    word = _WORD.search(before)
    called = re.sub(r"\W+", "_", word[1]).strip("_").lower() if word else ""
    called = (called if names else "step") or f"value{len(names) + 1}"
    return called if called not in names else f"{called}{len(names) + 1}"
