"""The words of an interview: its phrases, and what units and magnitudes are called: the physical ones here, the rest in the knowledge base."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from advise.text import Language, Text, Value
from advise.units import DIMENSIONLESS, Unit
from advise.untrusted import named

Measure = tuple[Unit, Fraction]

_SECOND, _BYTE = Unit.parse("seconds"), Unit.parse("bytes")
_ONE = Fraction(1)
_TIMES: Mapping[str, Fraction] = {
    "ns nanosecond nanoseconds 纳秒": Fraction(1, 10**9),
    "us μs microsecond microseconds 微秒": Fraction(1, 10**6),
    "ms msec millisecond milliseconds 毫秒": Fraction(1, 10**3),
    "s sec secs second seconds 秒 秒钟": _ONE,
    "m min mins minute minutes 分 分钟": Fraction(60),
    "h hr hrs hour hours 时 小时 个小时": Fraction(3600),
    "d day days 天 日": Fraction(86400),
    "week weeks 周 星期": Fraction(7 * 86400),
}
_SIZES: Mapping[str, Fraction] = {
    "B byte bytes 字节": _ONE,
    **{f"{letter}B {letter.lower()}B": Fraction(1000**power) for power, letter in enumerate("KMGTP", start=1)},
    **{f"{letter}iB": Fraction(1024**power) for power, letter in enumerate("KMGTP", start=1)},
}
_SHARES: Mapping[str, Fraction] = {"% percent": Fraction(1, 100), "‰ permille": Fraction(1, 1000)}
_MAGNITUDES: Mapping[str, int] = {
    "个 次 项": 1,
    "k K thousand 千": 10**3,
    "M million 百万": 10**6,
    "G B b bn billion 十亿": 10**9,
    "T trillion 万亿": 10**12,
    "百": 10**2,
    "万 w W": 10**4,
    "十万": 10**5,
    "千万": 10**7,
    "亿": 10**8,
    "百亿": 10**10,
    "千亿": 10**11,
    **{f"{letter}i": 1024**power for power, letter in enumerate("KMGT", start=1)},
}
_PER = re.compile(r"(?:(?<!\s)\s++)?+(?:/|\bper\b|每)\s*", re.IGNORECASE)
# A longer word is one in any case.
_SYMBOL = 2
_LIST = re.compile(r"(?:(?<!\s)\s++)?+[,、，]\s*")


def _spread(groups: Mapping[str, Fraction], unit: Unit) -> Iterator[tuple[str, Measure]]:
    for words, factor in groups.items():
        yield from ((word, (unit, factor)) for word in words.split())


_PHYSICAL: Mapping[str, Measure] = dict([*_spread(_TIMES, _SECOND), *_spread(_SIZES, _BYTE), *_spread(_SHARES, DIMENSIONLESS)])
_FOLDED = {word.casefold(): measure for word, measure in _PHYSICAL.items()}
# Longest first: 百万 begins with 百.
_BY_LENGTH = sorted(((word, factor) for words, factor in _MAGNITUDES.items() for word in words.split()), key=lambda item: -len(item[0]))


@dataclass(frozen=True)
class Wording:
    """The words of an interview in both languages: its phrases, and what units are called.

    Attributes:
        bases: The base units of the vocabulary: `step`, `second`.
        strings: The fixed phrases of the knowledge base. `unit_steps: {en: "steps, iterations", zh: "步, 次迭代"}` names the unit `steps`: every
            word is understood, and the first Chinese one is shown. A unit without a phrase goes by its own name.
    """

    bases: frozenset[str]
    strings: Mapping[str, Text]

    @classmethod
    def of(cls, units: Iterable[Unit], strings: Mapping[str, Text]) -> Wording:
        """The words for the units that a vocabulary uses."""
        return cls(frozenset(base for unit in set(units) for base, _ in unit.powers), strings)

    def phrase(self, key: str, **values: Value | Text) -> Text:
        """Something the interview says.

        Args:
            key: Which phrase.
            values: What its placeholders stand for; text that nobody has vetted is made harmless.
        """
        return self.strings[key].filled({name: named(value) for name, value in values.items()})

    def shown(self, unit: str, language: Language) -> str:
        """A unit as a person reads it: `秒/步`; in English it is its own name."""
        if language == "en":
            return unit
        return re.sub(r"[a-z]+", lambda match: next(iter(self._words(match[0].removesuffix("s"), language)), match[0]), unit)

    def readings(self, text: str) -> Iterator[tuple[Unit | None, Fraction]]:
        """What may stand behind a number: a unit, a magnitude, or both (`k steps`).

        Yields:
            The unit, None for a magnitude alone, and the factor.
        """
        if whole := self._measure(text):
            yield whole
        for word, factor in _BY_LENGTH:
            if not text.startswith(word) and not (len(word) > _SYMBOL and text.casefold().startswith(word)):
                continue
            rest = text[len(word) :].strip()
            if not rest:
                yield None, Fraction(factor)
            elif measure := self._measure(rest):
                yield measure[0], measure[1] * factor

    def _measure(self, text: str) -> Measure | None:
        above, *below = map(self._word, _PER.split(text))
        if above is None:
            return None
        unit, factor = above
        for measure in below:
            if measure is None:
                return None
            unit, factor = unit / measure[0], factor / measure[1]
        return unit, factor

    def _word(self, word: str) -> Measure | None:
        # A single letter means what its case says: M is a million, m is minutes.
        if word in _PHYSICAL or len(word) == 1:
            return _PHYSICAL.get(word) or self._counted.get(word)
        return self._counted.get(word.casefold()) or _FOLDED.get(word.casefold())

    @cached_property
    def _counted(self) -> Mapping[str, Measure]:
        named = {base: (base, f"{base}s", *self._words(base, "en"), *self._words(base, "zh")) for base in self.bases}
        return {word.casefold(): (Unit.parse(base), _ONE) for base, words in named.items() for word in words}

    def _words(self, base: str, language: Language) -> list[str]:
        text = self.strings.get(f"unit_{base}s")
        return [] if text is None else _LIST.split(text.in_language(language))
