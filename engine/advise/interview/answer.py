"""What an answer means: from what a person typed to a value of the fact."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from advise.documents.located import ScalarNode
from advise.documents.nearest import nearest
from advise.errors import AnswerError, FactValueError
from advise.facts.check import MAX_ITEMS, MAX_TEXT, check_value, is_left_out
from advise.interview.quantity import quantity
from advise.interview.wording import Wording
from advise.knowledge.vocabulary import FactSpec, FactType
from advise.text import Scalar, Value

MAX_ANSWER = 10_000
_YES = frozenset(("y", "yes", "true", "t", "on", "是", "是的", "对", "有"))
_NO = frozenset(("n", "no", "false", "f", "off", "否", "不", "不是", "没有", "无"))
_MINUS = str.maketrans("\u2212\u2013\u2014", "---")
_COMMA = re.compile(r"(?:(?<!\s)\s++)?+[,，、;；]\s*")
_INDEX = re.compile(r"[0-9]{1,4}")
# 1,000 is one number to some and two to others; a list has no item 000.
_TAIL_OF_A_NUMBER = re.compile(r"0[0-9]+")
_ITEMS: Mapping[FactType, FactType] = {
    FactType.NUMBERS: FactType.NUMBER,
    FactType.INTEGERS: FactType.INTEGER,
    FactType.TEXTS: FactType.TEXT,
}


def parse_answer(text: str, spec: FactSpec, words: Wording) -> Value:
    """The value that an answer gives a fact.

    Args:
        text: What was typed.
        spec: What the vocabulary says of the fact.
        words: What is said, and what units are called.

    Raises:
        AnswerError: It is no answer to this question; says why.
    """
    if len(text) > MAX_ANSWER:
        raise AnswerError(words.phrase("ask_too_long", count=MAX_ANSWER))
    if not text.strip():
        raise AnswerError(words.phrase("ask_no_answer"))
    return parse_items(_parts(text.strip(), spec, words), spec, words) if spec.type in _ITEMS else _PARSERS[spec.type](text.strip(), spec, words)


def parse_items(texts: Sequence[str], spec: FactSpec, words: Wording) -> Value:
    """The value that a list of answers gives a fact whose value is a list.

    Raises:
        AnswerError: One of them cannot stand in the list.
    """
    if len(texts) > MAX_ITEMS:
        raise AnswerError(words.phrase("ask_too_many", count=MAX_ITEMS))
    single = spec.model_copy(update={"type": _ITEMS[spec.type]})
    return tuple(_PARSERS[single.type](text.strip(), single, words) for text in texts)


def normal(text: str) -> str:
    """The text with full-width and compatibility forms as plain characters: `５％` is `5%`."""
    return unicodedata.normalize("NFKC", text).translate(_MINUS).strip()


def _parts(answer: str, spec: FactSpec, words: Wording) -> list[str]:
    bare = answer[1:-1].strip() if answer.startswith("[") and answer.endswith("]") else answer
    parts = _COMMA.split(bare) if bare else []
    if spec.type is not FactType.TEXTS and any(_TAIL_OF_A_NUMBER.fullmatch(normal(part)) for part in parts):
        raise AnswerError(words.phrase("ask_separated", text=answer))
    return parts


def _number(answer: str, spec: FactSpec, words: Wording) -> Scalar:
    plain = normal(answer)
    if not plain:
        raise AnswerError(words.phrase("ask_no_number", text=answer))
    value = quantity(plain, spec.unit, words)
    try:
        return _checked(ScalarNode(0, 0, 1, value, plain, quoted=False), spec)
    except FactValueError as wrong:
        raise AnswerError(words.phrase(_fault(value, spec), text=answer)) from wrong


def _fault(value: float, spec: FactSpec) -> str:
    try:
        known = float(value)
    except OverflowError:
        known = math.inf
    if not math.isfinite(known):
        return "ask_not_finite" if isinstance(value, float) else "ask_too_large"
    if spec.type is FactType.INTEGER and known != math.floor(known):
        return "ask_not_whole"
    return "ask_out_of_bounds"


def _boolean(answer: str, _: FactSpec, words: Wording) -> Scalar:
    word = normal(answer).casefold()
    if word not in _YES and word not in _NO:
        raise AnswerError(words.phrase("ask_no_yes_or_no", text=answer))
    return word in _YES


def _enum(answer: str, spec: FactSpec, words: Wording) -> Scalar:
    names, word = list(spec.values), normal(answer).casefold()
    if _INDEX.fullmatch(word) and 0 < int(word) <= len(names):
        return names[int(word) - 1]
    called = {normal(form).casefold(): name for name, title in reversed(spec.values.items()) for form in (title.zh, title.en, name)}
    name = called.get(word) or spec.value_called(word)
    if name is None:
        close = nearest(word, called)
        raise AnswerError(words.phrase("ask_not_in_list", text=answer), called.get(close) if close else None)
    return name


def _text(answer: str, spec: FactSpec, words: Wording) -> Scalar:
    bare = answer[1:-1].strip() if len(answer) > 1 and answer[0] == answer[-1] and answer[0] in "\"'" else answer
    node = ScalarNode(0, 0, 1, bare, bare, quoted=True)
    if is_left_out(node):
        raise AnswerError(words.phrase("ask_reserved", text=bare))
    try:
        return _checked(node, spec)
    except FactValueError as wrong:
        raise AnswerError(words.phrase("ask_no_text", count=MAX_TEXT)) from wrong


def _checked(node: ScalarNode, spec: FactSpec) -> Scalar:
    value = check_value(node, spec)
    assert not isinstance(value, tuple)  # noqa: S101 - the fact is of a single value
    return value


_PARSERS: Mapping[FactType, Callable[[str, FactSpec, Wording], Scalar]] = {
    FactType.NUMBER: _number,
    FactType.INTEGER: _number,
    FactType.BOOLEAN: _boolean,
    FactType.ENUM: _enum,
    FactType.TEXT: _text,
}
