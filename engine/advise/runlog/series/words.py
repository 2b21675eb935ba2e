"""The words of a column's name, and which known name is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Words = tuple[str, ...]
_SEPARATORS = re.compile(r"[^0-9A-Za-z\u0080-\uffff]+")
# `CrossEntropyLoss` is three words, `mAP50` and `rougeL` are one: both sides of the joint have two letters.
_CAMEL = re.compile(r"(?<=[a-z][a-z])(?=[A-Z][a-z])")
_LONGEST = 8


def words_of(name: str) -> Words:
    """The words of a name, in lower case: `eval/meanAveragePrecision` has four."""
    parts = (part for piece in _SEPARATORS.split(name) for part in _CAMEL.split(piece))
    return tuple(part.lower() for part in parts if part)


class Names:
    """Known names, for finding the longest one in a column's words.

    Args:
        meanings: What each name, written in words, stands for; of equal names the first counts.
    """

    def __init__(self, meanings: Iterable[tuple[str, str]]) -> None:
        known: dict[Words, str] = {}
        for name, meaning in meanings:
            known.setdefault(tuple(name.split()), meaning)
        self._known: Mapping[Words, str] = known

    def find(self, words: Words) -> tuple[str, Words] | None:
        """What the longest known name among the words stands for, and the words that remain; of equally long names the last."""
        for length in range(min(_LONGEST, len(words)), 0, -1):
            for start in range(len(words) - length, -1, -1):
                meaning = self._known.get(words[start : start + length])
                if meaning is not None:
                    return meaning, words[:start] + words[start + length :]
        return None

    def exact(self, words: Words) -> str | None:
        """What the name of exactly these words stands for."""
        return self._known.get(words)
