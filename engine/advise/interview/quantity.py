"""Numbers as people write them: `1e-4`, `5%`, `32k`, `100ms`, `1h30m`, `3 GiB`, `2万`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from advise.documents.scalars import resolve
from advise.errors import AnswerError
from advise.interview.wording import Wording
from advise.text import Text, is_number
from advise.units import DIMENSIONLESS, Unit

# Exponents of up to four digits: a fraction holds every digit of the number, and beyond this no float exists anyway.
_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4}(?![0-9]))?"
_PIECE = re.compile(rf"\s*({_NUMBER})\s*([^\s\d.+-][^\d+-]*)?")
_CLOCK = re.compile(r"([0-9]+):([0-5][0-9]):([0-5][0-9](?:\.[0-9]+)?)")
_SEPARATED = re.compile(r"[-+]?[0-9]+(?:[_,'][0-9]+| [0-9]{3}(?![0-9]))+.*")
# No float has more digits before the point, and nobody types more behind it.
_LONGEST = 400
_SECOND = Unit.parse("seconds")


def quantity(text: str, unit: str, words: Wording) -> int | float:
    """The number that is meant, in a unit.

    Args:
        text: What was written, its characters normalised (NFKC).
        unit: In what the number is wanted, such as `seconds/step`.
        words: What is said, and what units are called.

    Raises:
        AnswerError: It is no number, or its unit does not fit.
    """
    plain = resolve(text)
    if is_number(plain):
        return plain
    clock = _CLOCK.fullmatch(text)
    pieces = list(zip(clock.groups(), ("h", "min", "s"), strict=True)) if clock else _pieces(text, words)
    wanted = Unit.parse(unit)
    if len(pieces) > 1:
        _check_compound(text, [suffix for _, suffix in pieces], words)
    return _number(sum((Fraction(number) * _factor(number, suffix, unit, wanted, words) for number, suffix in pieces), Fraction()))


def _pieces(text: str, words: Wording) -> list[tuple[str, str]]:
    found, index = [], 0
    while match := _PIECE.match(text, index):
        found.append((match[1], (match[2] or "").strip()))
        index = match.end()
    if not found or text[index:].strip():
        raise AnswerError(words.phrase("ask_separated" if _SEPARATED.fullmatch(text) else "ask_no_number", text=text))
    if any(len(number) > _LONGEST for number, _ in found):
        raise AnswerError(words.phrase("ask_too_large", text=text))
    return found


def _check_compound(text: str, suffixes: Sequence[str], words: Wording) -> None:
    """Several numbers are one only as a duration, from large to small: `1h30m`."""
    factors = [next((factor for unit, factor in words.readings(suffix) if unit == _SECOND), None) if suffix else None for suffix in suffixes]
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(factors) or any(before <= after for before, after in pairwise(known)):
        raise AnswerError(words.phrase("ask_separated" if _SEPARATED.fullmatch(text) else "ask_several_numbers", text=text))


def _factor(number: str, suffix: str, unit: str, wanted: Unit, words: Wording) -> Fraction:
    if not suffix:
        return Fraction(1)
    # What is asked for each step may be answered without saying so.
    fitting = {wanted, Unit(tuple((base, power) for base, power in wanted.powers if power > 0))}
    readings = list(words.readings(suffix))
    for meant, factor in readings:
        if meant is None or meant in fitting:
            return factor
    raise AnswerError(_misfit(number, suffix, readings, unit, words))


def _misfit(number: str, suffix: str, readings: Sequence[tuple[Unit | None, Fraction]], unit: str, words: Wording) -> Text:
    asked = in_unit(unit, words)
    if not readings:
        return words.phrase("ask_unknown_unit", unit=suffix, asked=asked)
    meant, factor = readings[0]
    value = Fraction(number) * factor
    if meant is not None and value and DIMENSIONLESS / meant == Unit.parse(unit):
        return words.phrase("ask_inverse_unit", unit=suffix, asked=asked, value=f"{float(1 / value):.6g}")
    return words.phrase("ask_minutes_or_million" if suffix == "m" else "ask_misfit_unit", unit=suffix, asked=asked)


def in_unit(unit: str, words: Wording) -> Text:
    """In what is asked: `in seconds/step`."""
    if Unit.parse(unit) == DIMENSIONLESS:
        return words.phrase("ask_as_share" if unit == "ratio" else "ask_without_unit")
    return words.phrase("ask_in_unit", unit=Text(en=words.shown(unit, "en"), zh=words.shown(unit, "zh")))


def _number(value: Fraction) -> int | float:
    if value.denominator == 1:
        return value.numerator
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)
