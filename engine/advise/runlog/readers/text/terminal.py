"""What a terminal shows of a line: without codes that colour it or move the cursor, and each text that was written over by another by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Control sequences, titles of windows, single characters behind an escape; each is bounded or possessive.
_CODE = re.compile(r"\x1b\[[0-9;?<=>]*+[ -/]*+([@-~])?|\x1b\][^\x07\x1b]*+(?:\x07|\x1b\\)?|\x1b[@-_]?")
# Moving the cursor up, to a column, to a place or to the beginning of a line: what follows is written elsewhere.
_MOVES = frozenset("AEFGHfd")
# tqdm fills the room between two bars, others draw with blocks and lines: how far the drawing is, the counter beside it says.
# What stands for a drawn bar.
DRAWN = "━"
_DRAWN = re.compile(r"(?<=\d)%\|[^|\w\r\n]{0,400}+\d?[^|\w\r\n]{0,400}+\|")
_GLYPHS = re.compile(r"[━╸╺╾╼▏▎▍▌▋▊▉█░▒▓⣀-⣿■□▪▫]+")
_KERAS = re.compile(r"\[[=>. \-]{8,}\]")


def moves_the_cursor(line: str) -> bool:
    """Whether a line has codes in it, or parts of it are written over."""
    return "\r" in line or "\x1b" in line or "\b" in line


def shown_in(line: str) -> Sequence[str]:
    """The texts of a line in the order in which they were written, none of them blank.

    Args:
        line: A line with codes in it.
    """
    plain = _CODE.sub(_replaced, line) if "\x1b" in line else line
    return [part for part in plain.replace("\b", "\r").split("\r") if part and not part.isspace()]


def _replaced(code: re.Match[str]) -> str:
    kind = code[1]
    return "\r" if kind in _MOVES else " " if kind == "C" else ""


def without_drawing(text: str) -> str:
    """A text whose progress bar is not drawn, so that two states of one bar differ in nothing but their numbers."""
    if "%|" in text:
        text = _DRAWN.sub("%||", text)
    if not text.isascii():
        text = _GLYPHS.sub(DRAWN, text)
    return _KERAS.sub(DRAWN, text) if "[=" in text or "[>" in text or "[." in text else text
