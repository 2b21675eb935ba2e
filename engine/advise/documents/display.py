"""Showing text that nobody has vetted: nothing in it may move the cursor, change colours or reorder the line."""

from __future__ import annotations

import unicodedata

WINDOW = 100
_LEFT = 60
_TAB = "    "
_CUT = "…"
# Controls, formatting characters (among them bidi overrides), surrogates, line and paragraph separators.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def neutral(text: str) -> str:
    """The text on one line, with every unsafe character made visible."""
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def is_unsafe(character: str) -> bool:
    """Whether a terminal may do something else with the character than show it."""
    return unicodedata.category(character) in _UNSAFE


def shorten(text: str, limit: int = 60) -> str:
    """The beginning of a text that may be very long."""
    return text if len(text) <= limit else f"{text[:limit]}{_CUT}"


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
    return neutral(text.replace("\t", _TAB))


def _visible(character: str) -> str:
    if not is_unsafe(character):
        return character
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else f"<U+{code:04X}>"


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
