"""What an unquoted word means, by the core schema of YAML 1.2."""

from __future__ import annotations

import math
import re

from advise.documents.located import Scalar

_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_NUMBER_STARTS = frozenset("+-.0123456789")
# Beyond this no integer is a finite float, and Python refuses to convert the longest ones.
_LONGEST_INTEGER = 400


def resolve(text: str) -> Scalar:
    """The value of a plain scalar: None, a boolean, a number, or the word itself.

    `1e-5` and `0o17` are numbers; `no`, `on`, `1_000` and `1:30` are words.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _BASED.fullmatch(text):
        return int(text, 0) if len(text) <= _LONGEST_INTEGER else math.inf
    return number(text) if _FLOAT.fullmatch(text) else text


def number(text: str) -> int | float:
    """The value of a decimal number, which is infinite when it is beyond all floats."""
    return int(text) if _INTEGER.fullmatch(text) and len(text) <= _LONGEST_INTEGER else float(text)
