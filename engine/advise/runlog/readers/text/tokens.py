"""A line taken apart: its numbers, and the texts between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"\d\d?:\d\d(?::\d\d(?:[.,]\d++)?)?"
# What is no number though it has digits. The first digit of each stands in `_TOKEN` already.
_DATE = rf"\d{{3}}(?:-\d\d?-\d\d?|/\d\d?/\d\d?)(?:[T _]{_CLOCK}(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)"
_TIME = r"\d{0,3}:\d\d(?::\d\d)?(?:[.,]\d++)?(?![\d:])"
_DAY_OF_A_CLOCK = r"\d?/\d\d?(?:/\d{2,4})?(?=\s\d\d?:\d\d)"
_DAY_OF_A_MONTH = rf"(?<={_MONTH}\s.)\d?(?=\s\d\d?:\d\d)|(?<={_MONTH}\s\s.)\d?(?=\s\d\d?:\d\d)"
_VERSION = r"\d*+(?:\.\d++){2,}[\w.+-]*+"
_ADDRESS = r"(?<=0)[xX][0-9a-fA-F]++"
_STAMP = r"\d{7}[-_T]\d{4,6}(?!\d)"
_NO_NUMBER = f"(?:{_DATE}|{_TIME}|{_DAY_OF_A_CLOCK}|{_VERSION}|{_ADDRESS}|{_DAY_OF_A_MONTH}|{_STAMP})"
_EXPONENT = r"(?:[eE][-+]?\d+)?"
# A comma behind them parts clauses where no digit follows it: `iter: 2,800, lr: 1e-4`.
_THOUSANDS = r"(?:,\d{3})++(?:\.\d*+)?+(?!\d|,\d)"
_FROM_A_DIGIT = rf"(?:\d{{0,2}}{_THOUSANDS}|\d*+(?:_\d{{3}})*+(?:\.\d*+)?+){_EXPONENT}"
_FROM_A_SIGN = rf"(?:\d{{1,3}}{_THOUSANDS}|\d++(?:\.\d*+)?+|\.\d++){_EXPONENT}|(?:[nN][aA][nN]|[iI][nN][fF](?:inity)?)(?!\w)"
_FROM_A_LETTER = r"(?<=[nN])[aA][nN](?!\w)|(?<=[iI])[nN][fF](?:inity)?(?!\w)"
# A number begins a word: `mAP50`, `top-5`, `Acc@1` and `output #0` hold none. Behind a `/` it does so only after a number: `12/500`, not `x/0`.
# Behind a `#` only where the line begins with it.
_BEGINS = r"(?<![0-9A-Za-z_@.+\-À-ɏͰ-ԯ].)(?<!.#.)(?<![^\d\s)\]]/.)"
# Every part is possessive or bounded, so that the time is that of the line's length. The first character stands alone so that the engine can search
# for it. Group 2 is the dash of a range such as the `1-50` of `1-50batch`, group 3 is there where the token is no number.
_TOKEN = re.compile(
    rf"([-+.\dnNiI]{_BEGINS}(?:"
    rf"(?<=\d)(?:\d*+(-)\d++(?=[A-Za-z])|{_NO_NUMBER}()|{_FROM_A_DIGIT})|(?<=[-+])(?:{_FROM_A_SIGN})|(?<=\.)\d++{_EXPONENT}|{_FROM_A_LETTER}))"
)
_GROUPS = 3
_split = _TOKEN.split

Shape = tuple[str | None, ...]
"""What lines of one kind have in common: the texts between the tokens, and behind each but the last the two marks of the token that follows."""


class Line(NamedTuple):
    """A line taken apart.

    Attributes:
        shape: The same for all lines that differ in nothing but their numbers.
        tokens: Numbers, dates and times, as they are written.
    """

    shape: Shape
    tokens: Sequence[str]


def taken_apart(line: str) -> Line:
    """Take a line apart; the time is proportional to its length, whatever is in it."""
    parts = _split(line)
    tokens = parts[1 :: _GROUPS + 1]
    del parts[1 :: _GROUPS + 1]
    return Line(tuple(parts), tokens)


def texts_of(shape: Shape) -> list[str]:
    """The texts between the tokens of a shape: one more than there are tokens."""
    return [text or "" for text in shape[::_GROUPS]]


def is_number(shape: Shape, place: int) -> bool:
    """Whether a token is a number, and not a date or a time."""
    return shape[_GROUPS * place + 2] is None


def spans(line: str) -> list[tuple[int, int]]:
    """Where the tokens of a line begin and end."""
    return [match.span() for match in _TOKEN.finditer(line)]


def value_of(token: str) -> float:
    """The value of a number as it is written: `1,024`, `1_000`, `.5`, `nan`; of a range its end.

    Raises:
        ValueError: It is none.
    """
    try:
        return float(token)
    except ValueError:
        return float(token.replace(",", "").replace("_", "").rpartition("-")[2])
