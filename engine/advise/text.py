"""Text in two languages, and the placeholders inside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeGuard

from pydantic import BaseModel, ConfigDict

from advise.uncertain import Measured, show_measured

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
LanguageChoice = Literal["both", "zh", "en"]
LANGUAGE_CHOICES: tuple[LanguageChoice, ...] = ("both", "zh", "en")
Scalar = bool | int | float | str
Value = Scalar | tuple[Scalar, ...]

# A format specification is data from a rule file: only bounded, harmless forms are let through.
_MEETS = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9%][\u4e00-\u9fff]")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(?::(,?(?:\.[0-9])?[defg%]?))?\}")
# What is counted in English texts: of one, the singular is said.
_ONE = re.compile(
    r"(?<![\w.,])1 ((?:more |other |dev |training |new )?"
    r"(?:evaluation|epoch|step|update|value|seed|trial|sample|run|block|neighbour|row|repeat|setting|time))s\b"
)
# A share of a whole, as the English says it.
_OF_A_WHOLE = re.compile(r"\{([a-z0-9_.]+):[^{}]*%\}(?= of )")
_WHOLE = 100.0
_MORE_THAN_ALL: Mapping[Language, str] = {"en": "more than 100%", "zh": "超过 100%"}
UNKNOWN: Mapping[Language, str] = {"en": "unknown", "zh": "未知"}
_TRUTH: Mapping[Language, tuple[str, str]] = {"en": ("no", "yes"), "zh": ("否", "是")}


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number, which to Python a truth value is too; NaN and infinities are."""
    return isinstance(value, int | float) and not isinstance(value, bool)


class Text(BaseModel):
    """One sentence or title in English and Chinese; the two say the same."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    en: str
    zh: str

    def in_language(self, language: Language) -> str:
        """The text in one language."""
        return self.en if language == "en" else self.zh

    def filled(self, values: Mapping[str, Value | Text]) -> Text:
        """The text with each placeholder `{name:format}` replaced by its value.

        Args:
            values: Value by placeholder name, a `Text` in its own language; a missing name reads "unknown" in its language. A share of a whole that
                exceeds the whole is said to, and no more.
        """
        shares = frozenset(_OF_A_WHOLE.findall(self.en)) if "%} of " in self.en else frozenset()
        return Text.model_construct(en=_fill(self.en, values, "en", shares), zh=_fill(self.zh, values, "zh", shares))


def placeholders(text: str) -> frozenset[str]:
    """The names that a text's placeholders refer to."""
    return frozenset(match[1] for match in _PLACEHOLDER.finditer(text))


def stray_braces(text: str) -> bool:
    """Whether braces remain that are no valid placeholder."""
    return bool(set("{}") & set(_PLACEHOLDER.sub("", text)))


def show(value: Value, spec: str = "", language: Language = "en") -> str:
    """A value as a person reads it: `1e-05` for small numbers, `192, 200` for lists, `0.90 ± 0.01` for what was measured.

    A format says which digits of a number are wanted, and nothing of its interval is then shown.
    """
    if isinstance(value, tuple):
        separator = ", " if language == "en" else "、"
        return separator.join(show(item, spec, language) for item in value)
    if isinstance(value, bool):
        return _TRUTH[language][value]
    if isinstance(value, str):
        return value
    if spec:
        return format(float(value) if spec[-1:] in "efg%" else round(value), spec)
    if isinstance(value, Measured):
        return show_measured(value)
    return str(value) if isinstance(value, int) else format(value, ".7g")


def union_of_placeholders(texts: Iterable[Text]) -> frozenset[str]:
    """Every placeholder name in any language of any of the texts."""
    return frozenset().union(*(placeholders(text.en) | placeholders(text.zh) for text in texts))


def _spaced(said: str, before: str, after: str) -> str:
    """What is put into Chinese text, apart from it by a space where Latin letters or digits meet Chinese: 第 6 个 epoch 起."""
    first, last = (" " if _MEETS.fullmatch(pair) else "" for pair in (before + said[:1], said[-1:] + after))
    return f"{first}{said}{last}"


def _fill(text: str, values: Mapping[str, Value | Text], language: Language, shares: frozenset[str] = frozenset()) -> str:
    def replace(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if isinstance(value, Text):
            said = value.in_language(language)
            return _spaced(said, text[: match.start()][-1:], text[match.end() :][:1]) if language == "zh" else said
        if match[1] in shares and isinstance(value, float) and float(show(value, match[2]).rstrip("%")) > _WHOLE:
            return _MORE_THAN_ALL[language]
        return UNKNOWN[language] if value is None else show(value, match[2] or "", language)

    filled = _PLACEHOLDER.sub(replace, text)
    return _ONE.sub(r"1 \1", filled) if language == "en" and "1 " in filled else filled
