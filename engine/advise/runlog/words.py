"""The words of a column's name, and which known name is in them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

Words = tuple[str, ...]
# Chinese is written without spaces: each of its characters is a word, and a known name is a row of them.
_PIECES = re.compile(r"[\u3400-\u9fff]|[0-9A-Za-z\u0080-\u1fff\u3040-\u33ff\ua000-\ufeff]+")
# `CrossEntropyLoss` is three words, `mAP50` and `rougeL` are one: both sides of the joint have two letters.
_CAMEL = re.compile(r"(?<=[a-z][a-z])(?=[A-Z][a-z])")
_LONGEST = 8
_REMEMBERED = 20_000


@functools.lru_cache(_REMEMBERED)
def words_of(name: str) -> Words:
    """The words of a name, in lower case: `eval/meanAveragePrecision` has four, and so has 验证损失."""
    return tuple(part.lower() for piece in _PIECES.findall(name) for part in _CAMEL.split(piece))


def phrase_of(words: Words) -> str:
    """Words as they are written: Latin ones apart, Chinese ones together."""
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", " ".join(words))


class Names:
    """Known names, for finding the longest one in a column's words.

    Args:
        meanings: What each name, written in words, stands for; of equal names the first counts.
    """

    def __init__(self, meanings: Iterable[tuple[str, str]]) -> None:
        known: dict[Words, str] = {}
        for name, meaning in meanings:
            known.setdefault(words_of(name), meaning)
        self._known: Mapping[Words, str] = known

    def place(self, words: Words) -> tuple[str, int, int] | None:
        """What the longest known name among the words stands for, and from where to before where it stands; of equally long names the last."""
        for length in range(min(_LONGEST, len(words)), 0, -1):
            for start in range(len(words) - length, -1, -1):
                meaning = self._known.get(words[start : start + length])
                if meaning is not None:
                    return meaning, start, start + length
        return None

    def find(self, words: Words) -> tuple[str, Words] | None:
        """What the longest known name among the words stands for, and the words that remain."""
        found = self.place(words)
        if found is None:
            return None
        meaning, start, end = found
        return meaning, words[:start] + words[end:]

    def exact(self, words: Words) -> str | None:
        """What the name of exactly these words stands for."""
        return self._known.get(words)
