"""A line with gaps in it: `step {step} trl {train.loss} val {dev.loss}`.

What stands between the gaps has to be in the line letter for letter, but that blanks stand for any number of blanks. A gap is a number, unless it
says otherwise:

    {train.loss}      a number; directly before `%` it is a share
    {free:bytes}      a number with a unit of bytes: `1.12 GiB`
    {name:word}       letters without blanks, quotes or brackets between them
    {what:text}       anything, as little as possible
    {} {:text}        the same for what is not kept: a word, or anything

A pattern becomes a regular expression in which no part gives back what it took, so that a line is searched in time that grows with its length alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from advise.documents.problems import Problem, nearest
from advise.errors import PatternError
from advise.untrusted import shorten

Kind = Literal["number", "bytes", "word", "text"]
KINDS: tuple[Kind, ...] = ("number", "bytes", "word", "text")
MAX_PATTERN = 1_000
_MAX_GAPS = 64
# Of what is taken as little as possible, each further one multiplies the time by its length.
_MAX_TEXTS = 1
_DIGITS = r"(?>\d{1,3}(?:,\d{3})++(?!\d)|\d{1,60}+)"
_NUMBER = rf"(?>[-+]?(?:{_DIGITS}(?:\.\d{{0,60}}+)?|\.\d{{1,60}}+)(?:[eE][-+]?\d{{1,5}}+)?|[-+]?(?i:nan|inf(?:inity)?)(?![A-Za-z]))"
_EXPRESSIONS: Mapping[Kind, str] = {
    "number": rf"({_NUMBER})",
    "bytes": rf"({_NUMBER}\s?(?>(?i:[kmgtp]i?b|bytes?|[kmgtp])))(?![A-Za-z])",
    "word": r"([^\s\"'`,;()\[\]{}<>]{1,200}+)",
    "text": r"(.{0,300}?)",
}
_UNITS: Mapping[str, float] = {"": 1.0, "k": 1024.0, "m": 1024.0**2, "g": 1024.0**3, "t": 1024.0**4, "p": 1024.0**5}
_GAP = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_PERCENT = 0.01

Found = float | str


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap of a pattern.

    Attributes:
        name: What it is called; empty where it is not kept.
        kind: What it takes.
        scale: By what its number is multiplied.
        column: Where it stands in the pattern, from 1.
        width: How many characters it has there.
    """

    name: str
    kind: Kind
    scale: float
    column: int
    width: int


@dataclass(frozen=True, slots=True)
class LinePattern:
    """A pattern that is ready to be searched for.

    Attributes:
        source: As it was written.
        gaps: In their order.
        literal: The longest word between the gaps: a line without it does not fit.
        expression: What it became.
    """

    source: str
    gaps: tuple[Gap, ...]
    literal: str
    expression: re.Pattern[str]

    @property
    def names(self) -> list[str]:
        """What is kept, in the order of the line."""
        return [gap.name for gap in self.gaps if gap.name]

    def search(self, text: str) -> dict[str, Found] | None:
        """What stands in the gaps, by name; None where the text does not fit."""
        found = self.expression.search(text)
        if found is None:
            return None
        kept = (gap for gap in self.gaps if gap.name)
        return {gap.name: _value(gap, text) for gap, text in zip(kept, found.groups(), strict=True)}


def line_pattern(source: str, where: str) -> LinePattern:
    """Make a pattern ready.

    Args:
        source: As a person wrote it.
        where: What to call the place in a problem: a file, or an option.

    Raises:
        PatternError: It is no pattern; the problem says where.
    """
    if len(source) > MAX_PATTERN:
        raise PatternError([Problem(where, 1, 1, f"a pattern has at most {MAX_PATTERN} characters, this one has {len(source)}", "")])
    pieces = list(_pieces(source, where))
    gaps = tuple(piece for piece in pieces if isinstance(piece, Gap))
    literals = [piece for piece in pieces if isinstance(piece, str)]
    _check(source, where, pieces, gaps)
    last = len(pieces) - 1
    expression = "".join(_expression(piece, is_first=place == 0, is_last=place == last) for place, piece in enumerate(pieces))
    begins = "" if isinstance(pieces[0], str) else r"(?<![\w.])"
    longest = max((word for literal in literals for word in literal.split()), key=len, default="")
    return LinePattern(source, gaps, longest, re.compile(f"{begins}{expression}"))


def _pieces(source: str, where: str) -> Iterator[str | Gap]:
    """The texts and gaps of a pattern, blanks at its ends left out."""
    begin, end = len(source) - len(source.lstrip()), len(source.rstrip())
    place = begin
    for match in _GAP.finditer(source, begin, end):
        yield from _text(source, place, match.start(), where)
        yield _gap(source, match, where)
        place = match.end()
    yield from _text(source, place, end, where)


def _text(source: str, start: int, end: int, where: str) -> Iterator[str]:
    stray = next((place for place in range(start, end) if source[place] in "{}"), None)
    if stray is not None:
        message = "this brace has no other: a gap is written {name}" if source[stray] == "{" else "this brace closes nothing"
        raise _problem(message, source, stray + 1, 1, where)
    if start < end:
        yield source[start:end]


def _gap(source: str, match: re.Match[str], where: str) -> Gap:
    name, _, kind = match[1].partition(":")
    column, width = match.start() + 1, len(match[0])
    name, kind = name.strip(), kind.strip()
    if kind not in ("", *KINDS):
        message = f"`{shorten(kind)}` is no kind of gap"
        raise _problem(message, source, column + match[0].index(":") + 1, len(kind), where, ", ".join(KINDS), nearest(kind, KINDS))
    if name and not _NAME.fullmatch(name):
        raise _problem(f"`{shorten(name)}` is no name: letters, digits, dots and underscores", source, column + 1, len(match[1]), where)
    default: Kind = "number" if name else "word"
    chosen = next((each for each in KINDS if each == kind), default)
    scale = _PERCENT if source[match.end() : match.end() + 1] == "%" else 1.0
    return Gap(name, chosen, scale, column, width)


def _check(source: str, where: str, pieces: list[str | Gap], gaps: tuple[Gap, ...]) -> None:
    if not any(gap.name for gap in gaps):
        raise _problem("no gap has a name: write {step} or {train.loss} where a number stands", source, 1, max(1, len(source)), where)
    if len(gaps) > _MAX_GAPS:
        raise _problem(f"at most {_MAX_GAPS} gaps, this has {len(gaps)}", source, gaps[_MAX_GAPS].column, gaps[_MAX_GAPS].width, where)
    seen: set[str] = set()
    texts = 0
    for before, piece in zip((None, *pieces), pieces, strict=False):
        if not isinstance(piece, Gap):
            continue
        if isinstance(before, Gap):
            message = "nothing stands between this gap and the one before it, so where one ends cannot be told"
            raise _problem(message, source, piece.column, piece.width, where)
        if piece.name in seen:
            raise _problem(f"`{piece.name}` is given twice", source, piece.column, piece.width, where)
        texts += piece.kind == "text" and piece is not pieces[-1]
        if texts > _MAX_TEXTS:
            raise _problem(f"at most {_MAX_TEXTS} gap before the last may take any text", source, piece.column, piece.width, where)
        seen |= {piece.name} - {""}


def _expression(piece: str | Gap, *, is_first: bool, is_last: bool) -> str:
    if isinstance(piece, Gap):
        expression = r"(.{0,300})" if piece.kind == "text" and is_last else _EXPRESSIONS[piece.kind]
        # Numbers are padded to a width, and end where their digits end.
        padding = r"\s*+" if piece.kind in ("number", "bytes") and not is_first else ""
        stop = r"(?!\d)" if piece.kind == "number" else ""
        return f"{padding}{expression if piece.name else f'(?:{expression[1:]}'}{stop}"
    words = re.split(r"(\s+)", piece)
    return "".join(r"\s++" if word.isspace() else re.escape(word) for word in words if word)


def _value(gap: Gap, text: str) -> Found:
    if gap.kind == "bytes":
        number = re.match(_NUMBER, text)
        unit = text[number.end() :].strip().lower() if number else ""
        return _float(number[0] if number else text) * _UNITS.get(unit[:1] if unit[:1] != "b" else "", 1.0)
    return _float(text) * gap.scale if gap.kind == "number" else text.strip()


def _float(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return math.nan


def _problem(message: str, source: str, column: int, width: int, where: str, accepted: str | None = None, meant: str | None = None) -> PatternError:
    return PatternError([Problem(where, 1, column, message, source, max(1, width), accepted, meant)])
