"""Showing a line of a file with a caret under the place that is meant, in the columns of a terminal."""

from __future__ import annotations

import unicodedata

from advise.untrusted import verbatim

WINDOW = 100
_LEFT = 60
_TAB = "    "
_CUT = "…"


def cells(text: str) -> int:
    """How many columns of a terminal the text takes: two for each wide character, none for a combining one."""
    return sum(map(_cells, text))


def window(line: str, start: int, width: int) -> tuple[str, str]:
    """The part of a line around a place, and the carets that go under it.

    Args:
        line: A whole line of a file, however long.
        start: Index of the first character that is meant; may be the end of the line.
        width: How many characters are meant.

    Returns:
        Two lines of equal indentation, safe to print; what was cut off is an ellipsis.
    """
    start = max(0, min(start, len(line)))
    first = _first_shown(line, start)
    last = _last_shown(line, first)
    end = max(start + 1, min(start + width, last))
    before = (_CUT if first else "") + _shown(line[first:start])
    after = _shown(line[start:last]) + (_CUT if last < len(line) else "")
    carets = max(1, cells(_shown(line[start:end])))
    return before + after, " " * cells(before) + "^" * carets


def _first_shown(line: str, start: int) -> int:
    first, room = start, _LEFT
    while first > 0 and (room := room - _room(line[first - 1])) >= 0:
        first -= 1
    return first


def _last_shown(line: str, first: int) -> int:
    last, room = first, WINDOW
    while last < len(line) and (room := room - _room(line[last])) >= 0:
        last += 1
    return last


def _room(character: str) -> int:
    # A combining character takes no column, and still there must not be thousands of them.
    return max(1, cells(_shown(character)))


def _shown(text: str) -> str:
    return verbatim(text.replace("\t", _TAB))


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
