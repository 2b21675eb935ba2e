"""Reading JSON into a located tree: strict but for `NaN` and `Infinity`, which logs are full of."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from advise.documents.decode import JSON_BREAKS, SourceText
from advise.documents.located import Read, Scalar
from advise.documents.scalars import number
from advise.documents.tree import Spot, TreeBuilder, read_tree
from advise.errors import UnreadableError
from advise.untrusted import shorten

_SPACE = re.compile(r"[ \t\n\r]*+")
_CHARACTERS = r'[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+'
_STRING_START = re.compile(f'"{_CHARACTERS}')
_TOKEN = re.compile(
    rf"""(?P<mark>[{{}}\[\]:,])
    |"(?P<string>{_CHARACTERS})"
    |(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][-+]?[0-9]++)?+(?![\w.]))
    |(?P<word>-?[A-Za-z_]\w*+)""",
    re.VERBOSE | re.ASCII,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_OTHER_LANGUAGES = {"True": "true", "False": "false", "None": "null", "nan": "NaN", "inf": "Infinity", "undefined": "null"}
_OPENED_BY = {"}": "{", "]": "["}
_STARTS = {
    "'": "JSON takes double quotes",
    "/": "JSON has no comments",
    "#": "JSON has no comments",
    **dict.fromkeys("+-.0123456789", "this is no number in JSON"),
}


class _Next(Enum):
    VALUE = auto()
    FIRST_ITEM = auto()
    FIRST_KEY = auto()
    KEY = auto()
    COLON = auto()
    COMMA = auto()
    END = auto()


_NEEDED = {
    _Next.VALUE: "a value is needed here",
    _Next.FIRST_ITEM: "a value or `]` is needed here",
    _Next.FIRST_KEY: "a key in double quotes or `}` is needed here",
    _Next.KEY: "a key in double quotes is needed here",
    _Next.COLON: "a `:` is missing before this",
    _Next.COMMA: "a `,` is missing before this",
    _Next.END: "something follows after the end",
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    width: int


def read_json(data: bytes, name: str) -> Read:
    """Read a JSON file.

    Args:
        data: The bytes of the file.
        name: How to call the file in problems.
    """
    return read_tree(data, name, JSON_BREAKS, lambda source, builder: _Reader(source, builder).read())


class _Reader:
    def __init__(self, source: SourceText, builder: TreeBuilder) -> None:
        self._source = source
        self._builder = builder
        self._line_starts = [0, *(match.end() for match in JSON_BREAKS.finditer(source.text))]
        self._next = _Next.VALUE
        self._open: list[str] = []
        self._comma: _Token | None = None

    def read(self) -> None:
        for token in self._tokens():
            self._take(token)
            self._comma = token if token.kind == "mark" and token.text == "," else None
        if self._builder.innermost is not None:
            raise self._refused(self._builder.innermost, f"this `{self._open[-1]}` is never closed")
        if self._next is not _Next.END:
            raise UnreadableError(self._source.problem(1, 1, "the file is empty: JSON needs a value"))

    def _tokens(self) -> Iterator[_Token]:
        text = self._source.text
        index = _end(_SPACE, text, 0)
        while index < len(text):
            match = _TOKEN.match(text, index)
            if match is None:
                raise self._unreadable(index)
            kind = match.lastgroup or ""
            yield _Token(kind, match[kind], index, match.end() - index)
            index = _end(_SPACE, text, match.end())

    def _take(self, token: _Token) -> None:
        if token.kind == "mark":
            self._mark(token)
        elif token.kind == "string" and self._next in (_Next.KEY, _Next.FIRST_KEY):
            self._scalar(token)
            self._next = _Next.COLON
        elif self._next in (_Next.VALUE, _Next.FIRST_ITEM):
            self._scalar(token)
            self._after_value()
        else:
            raise self._unexpected(token)

    def _mark(self, token: _Token) -> None:
        match token.text:
            case "{" | "[" if self._next in (_Next.VALUE, _Next.FIRST_ITEM):
                self._builder.begin(self._spot(token), is_mapping=token.text == "{")
                self._open.append(token.text)
                self._next = _Next.FIRST_KEY if token.text == "{" else _Next.FIRST_ITEM
            case "}" | "]" if self._may_close(token.text):
                self._builder.end()
                self._open.pop()
                self._after_value()
            case ":" if self._next is _Next.COLON:
                self._next = _Next.VALUE
            case "," if self._next is _Next.COMMA:
                self._next = _Next.KEY if self._open[-1] == "{" else _Next.VALUE
            case _:
                raise self._unexpected(token)

    def _may_close(self, mark: str) -> bool:
        first = _Next.FIRST_KEY if mark == "}" else _Next.FIRST_ITEM
        return self._next is first or (self._next is _Next.COMMA and self._open[-1] == _OPENED_BY[mark])

    def _after_value(self) -> None:
        self._next = _Next.COMMA if self._open else _Next.END

    def _scalar(self, token: _Token) -> None:
        spot = self._spot(token)
        match token.kind:
            case "string":
                text = str(json.loads(f'"{token.text}"')) if "\\" in token.text else token.text
                whole = _SURROGATE.sub("\ufffd", text)
                mistake = None if whole == text else "half of a surrogate pair is no character"
                self._builder.scalar(spot, whole, whole, quoted=True, mistake=mistake)
            case "number":
                self._builder.scalar(spot, number(token.text), token.text, quoted=False)
            case _ if token.text in _WORDS:
                self._builder.scalar(spot, _WORDS[token.text], token.text, quoted=False)
            case _:
                meant = _OTHER_LANGUAGES.get(token.text)
                hint = f"JSON writes `{meant}`" if meant else "text needs double quotes"
                raise self._refused(spot, f"`{shorten(token.text)}` is no value in JSON: {hint}")

    def _unexpected(self, token: _Token) -> UnreadableError:
        if self._comma is not None and token.kind == "mark" and token.text in "}]":
            return self._refused(self._spot(self._comma), "nothing follows this `,`: leave it out")
        if self._next is _Next.COMMA and token.kind == "mark" and token.text in "}]":
            return self._refused(self._spot(token), f"the `{self._open[-1]}` above is not closed before this")
        return self._refused(self._spot(token), _NEEDED[self._next])

    def _unreadable(self, index: int) -> UnreadableError:
        text = self._source.text
        if text[index] != '"':
            return UnreadableError(self._source.problem_at(index, _STARTS.get(text[index]) or f"the character `{text[index]}` is not allowed here"))
        stop = _end(_STRING_START, text, index)
        if stop == len(text) or text[stop] in "\r\n":
            return UnreadableError(self._source.problem_at(index, "this quote is not closed on its line"))
        if text[stop] == "\\":
            return UnreadableError(self._source.problem_at(stop, "this is no escape in JSON: a backslash itself is written `\\\\`"))
        return UnreadableError(
            self._source.problem_at(stop, f"the control character U+{ord(text[stop]):04X} is not allowed in text: write it as an escape")
        )

    def _spot(self, token: _Token) -> Spot:
        line = bisect_right(self._line_starts, token.start)
        return Spot(line, token.start - self._line_starts[line - 1] + 1, token.width)

    def _refused(self, spot: Spot, message: str) -> UnreadableError:
        return UnreadableError(self._source.problem(spot.line, spot.column, message, spot.width))


def _end(pattern: re.Pattern[str], text: str, index: int) -> int:
    match = pattern.match(text, index)
    return index if match is None else match.end()
