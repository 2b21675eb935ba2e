"""The languages a page is written in, its fixed phrases, and how a value reads."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from advise.render.page import Code, Line, Plain, Run, Strong, prose
from advise.terms import JsonValue
from advise.text import Language, LanguageChoice, Text, is_number, show
from advise.uncertain import Measured

_ORDER: Mapping[LanguageChoice, tuple[Language, ...]] = {"both": ("zh", "en"), "zh": ("zh",), "en": ("en",)}
_COLON: Mapping[Language, str] = {"zh": "：", "en": ": "}
_BETWEEN: Mapping[Language, str] = {"zh": "、", "en": ", "}
_BRACKETS: Mapping[Language, tuple[str, str]] = {"zh": ("（", "）"), "en": (" (", ")")}
_SIGNS: Mapping[str, str] = {"eq": "=", "ne": "≠", "lt": "<", "le": "≤", "gt": ">", "ge": "≥"}
_LONGEST_LIST = 8
_SHOWN_OF_LONG_LIST = 6


@dataclass(frozen=True, slots=True)
class Voice:
    """What is said in which language.

    Attributes:
        strings: The fixed phrases of `kb/strings.yaml`.
        choice: One language, or both, Chinese first.
    """

    strings: Mapping[str, Text]
    choice: LanguageChoice

    @property
    def language(self) -> Language:
        """The language whose punctuation joins what is language-neutral."""
        return "zh" if self.choice == "zh" else "en"

    def phrase(self, key: str, **values: int | str) -> Text:
        """A fixed phrase with its placeholders filled."""
        return self.strings[key].filled(values)

    def joined(self, text: Text) -> str:
        """A short text on one line: `现在做什么 · What to do now`."""
        return " · ".join(dict.fromkeys(text.in_language(language) for language in _ORDER[self.choice]))

    def joined_phrase(self, key: str, **values: int | str) -> str:
        """A fixed phrase on one line."""
        return self.joined(self.phrase(key, **values))

    def each(self, write: Callable[[Language], Line]) -> tuple[Line, ...]:
        """The line in each language; once where both read the same."""
        return tuple(dict.fromkeys(write(language) for language in _ORDER[self.choice]))

    def lines(self, text: Text) -> tuple[Line, ...]:
        """A sentence in each language."""
        return self.each(lambda language: prose(text.in_language(language)))

    def labelled(self, key: str, text: Text) -> tuple[Line, ...]:
        """A sentence behind its label in each language."""
        return self.each(lambda language: (*self.label(key, language), *prose(text.in_language(language))))

    def label(self, key: str, language: Language) -> Line:
        """A label in one language, with its colon."""
        return (Strong(self.strings[key].in_language(language)), Plain(_COLON[language]))

    def entry(self, key: str, runs: Iterable[Run]) -> Line:
        """A language-neutral line behind its label: ids, facts, numbers."""
        return (Plain(self.joined_phrase(key) + _COLON[self.language]), *enumeration(runs, self.language))

    def bracketed(self, line: Line) -> Line:
        """A language-neutral aside behind what it belongs to."""
        before, after = _BRACKETS[self.language]
        return (Plain(before), *line, Plain(after))


def spoken_languages(choice: LanguageChoice) -> tuple[Language, ...]:
    """The languages of a choice, in the order of speaking."""
    return _ORDER[choice]


def enumeration(runs: Iterable[Run], language: Language) -> Line:
    """Runs with commas between them."""
    line: list[Run] = []
    for run in runs:
        line += [Plain(_BETWEEN[language]), run] if line else [run]
    return tuple(line)


def codes(texts: Iterable[str]) -> tuple[Code, ...]:
    """Ids and places, each a code span."""
    return tuple(map(Code, texts))


def reading(value: JsonValue, interval: Sequence[float | None] | None = None) -> str:
    """A value as a facts file has it, a long list shortened; a measured number with its interval."""
    if interval is not None and isinstance(value, int | float):
        low, high = interval
        return show(Measured(value, -math.inf if low is None else low, math.inf if high is None else high))
    if isinstance(value, list):
        return ", ".join(map(reading, value)) if len(value) <= _LONGEST_LIST else _shortened(value)
    if isinstance(value, bool):
        return str(value).lower()
    return show(value)


def number_or_code(value: JsonValue) -> Run:
    """A number stands out; any other value is shown letter by letter."""
    if is_number(value):
        return Strong(reading(value))
    return Code(reading(value))


def comparison(fact: str, op: str, value: JsonValue) -> str:
    """A test as a person writes it: `clip.rate ≤ 0.5`."""
    return f"{fact} {_SIGNS.get(op, op)} {reading(value)}"


def _shortened(values: list[bool | int | float | str]) -> str:
    return ", ".join([*map(reading, values[:_SHOWN_OF_LONG_LIST]), "…", reading(values[-1])])
