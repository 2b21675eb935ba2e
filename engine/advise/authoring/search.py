"""Searching the knowledge base by words, in English and Chinese: a small inverted index, weighted by how rare a word is."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from advise.knowledge.base import KnowledgeBase
from advise.knowledge.entries import names_in, title_of
from advise.terms import EntryKind
from advise.text import Text

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
# A word in an id says more than one in a title, and that more than one in a text.
_ID, _TITLE, _BODY = 4.0, 2.0, 1.0
# The beginning of a word says less than the word: `clip` for `clipping`.
_BEGINNING = 0.5
_SHORTEST_BEGINNING = 3
_EXACT = 1_000.0


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found.

    Attributes:
        body: What else is said of it.
    """

    kind: str
    id: str
    title: Text
    body: Text


class Index:
    """Every entry of a knowledge base by its words.

    Args:
        base: The knowledge base.
    """

    def __init__(self, base: KnowledgeBase) -> None:
        self.entries: Sequence[Entry] = tuple(_entries(base))
        found: dict[str, dict[int, float]] = defaultdict(dict)
        for number, entry in enumerate(self.entries):
            for word, weight in _weighted(entry).items():
                found[word][number] = weight
        self._found: Mapping[str, Mapping[int, float]] = found
        self._words = sorted(found)

    def search(self, query: str, kind: str = "any") -> list[Entry]:
        """The entries that a query fits, the best first.

        Args:
            query: Words, an id, or part of one.
            kind: Only entries of this kind; `any` for all.
        """
        scores: dict[int, float] = defaultdict(float)
        for word in dict.fromkeys(_words_of(query)):
            best: dict[int, float] = {}
            for known, factor in self._like(word):
                rarity = math.log(1 + len(self.entries) / len(self._found[known]))
                for number, weight in self._found[known].items():
                    best[number] = max(best.get(number, 0.0), factor * rarity * weight)
            for number, score in best.items():
                scores[number] += score
        named = query.strip().casefold()
        for number, entry in enumerate(self.entries):
            if entry.id.casefold() == named:
                scores[number] += _EXACT
        chosen = (number for number in scores if kind in ("any", self.entries[number].kind))
        return [self.entries[number] for number in sorted(chosen, key=lambda number: (-round(scores[number], 9), self.entries[number].id))]

    def _like(self, word: str) -> Iterator[tuple[str, float]]:
        if word in self._found:
            yield word, 1.0
        if len(word) < _SHORTEST_BEGINNING or not word.isascii():
            return
        for index in range(bisect_left(self._words, word), len(self._words)):
            known = self._words[index]
            if not known.startswith(word):
                return
            if known != word:
                yield known, _BEGINNING


def _weighted(entry: Entry) -> dict[str, float]:
    weights: dict[str, float] = {}
    for texts, weight in (((entry.body.en, entry.body.zh), _BODY), ((entry.title.en, entry.title.zh), _TITLE), ((entry.id,), _ID)):
        weights |= dict.fromkeys((word for text in texts for word in _words_of(text)), weight)
    return weights


def _words_of(text: str) -> Iterator[str]:
    """Words of the Latin alphabet, and pairs of Chinese characters."""
    for word in _WORD.findall(text.casefold()):
        if word.isascii() or len(word) == 1:
            yield word
        else:
            yield from (first + second for first, second in pairwise(word))


def _entries(base: KnowledgeBase) -> Iterator[Entry]:
    for kind, names in names_in(base).items():
        for name in names:
            yield Entry(kind, name, title_of(kind, name, base), _body(kind, name, base))


def _body(kind: EntryKind, name: str, base: KnowledgeBase) -> Text:
    match kind:
        case "fact":
            return base.vocabulary[name].prompt
        case "erratum":
            return base.errata[name].correction
        case "rule":
            return base.rules[name].spec.why
    return _NOTHING


_NOTHING = Text(en="", zh="")
