"""Breaks lines where Chinese and English typography break them; `rich` breaks at spaces alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

_NEVER_FIRST = frozenset(" ，。、；：？！）》」』】〉”’…—·,.;:?!)]}%‰")
_NEVER_LAST = frozenset("（《「『【〈“‘([{")


def wrapped(text: Text, width: int, whole: str = "") -> list[Text]:
    """The text as lines of at most `width` cells, a Chinese character being two cells wide.

    Args:
        text: One line.
        width: At least two cells.
        whole: A style; what is in it is kept on one line as long as a line can hold it.
    """
    from rich.cells import cell_len

    breaks: list[int] = []
    used = position = 0
    for piece in _pieces(text, width, whole):
        if used and used + cell_len(piece.rstrip()) > width:
            breaks.append(position)
            used = 0
        used, position = used + cell_len(piece), position + len(piece)
    lines = list(text.divide(breaks))
    for line in lines:
        line.rstrip()
    return lines


def _pieces(text: Text, width: int, whole: str) -> Iterator[str]:
    from rich.cells import cell_len, chop_cells

    for piece in _unbroken(text, whole):
        if cell_len(piece.rstrip()) <= width:
            yield piece
        else:
            yield from chop_cells(piece, width)


def _unbroken(text: Text, whole: str) -> Iterator[str]:
    inside = {index for span in text.spans if span.style == whole for index in range(span.start + 1, span.end)}
    plain, start = text.plain, 0
    for index in range(1, len(plain)):
        if index not in inside and _may_break(plain[index - 1], plain[index]):
            yield plain[start:index]
            start = index
    yield plain[start:]


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return before == " " or _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")
