"""Breaks lines where Chinese and English typography break them; `rich` breaks at spaces alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

_NEVER_FIRST = frozenset(" ，。、；：？！）》」』】〉”’…—·,.;:?!)]}%‰")
_NEVER_LAST = frozenset("（《「『【〈“‘([{")


def wrapped(text: Text, width: int) -> list[Text]:
    """The text as lines of at most `width` cells, a Chinese character being two cells wide."""
    from rich.cells import cell_len

    breaks: list[int] = []
    used = position = 0
    for piece in _pieces(text.plain, width):
        if used and used + cell_len(piece.rstrip()) > width:
            breaks.append(position)
            used = 0
        used, position = used + cell_len(piece), position + len(piece)
    lines = list(text.divide(breaks))
    for line in lines:
        line.rstrip()
    return lines


def _pieces(text: str, width: int) -> Iterator[str]:
    from rich.cells import cell_len, chop_cells

    for piece in _unbroken(text):
        if cell_len(piece.rstrip()) <= width:
            yield piece
        else:
            yield from chop_cells(piece, width)


def _unbroken(text: str) -> Iterator[str]:
    start = 0
    for index in range(1, len(text)):
        if _may_break(text[index - 1], text[index]):
            yield text[start:index]
            start = index
    yield text[start:]


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return before == " " or _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")
