"""The words by which a line of a log says where it stands and which data it is about, from `kb/roles.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advise.runlog.words import Words, words_of

if TYPE_CHECKING:
    from advise.knowledge.roles import RolesFile

# What a split is called where it stands before a column's name.
BEST = "best"
_LABELS: Mapping[str, str] = {"dev": "val"}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words that a reader of text has to know.

    Attributes:
        splits: The label of a split, such as `val`, by each phrase that names it.
        counters: The name of a counter, such as `global_step`, by its words.
        leads: Words that may stand before a counter's name: `starting epoch`.
        phases: Names of fields that say which data a record is about.
        processes: What the number of a process is called.
    """

    splits: Mapping[Words, str]
    counters: Mapping[Words, str]
    leads: frozenset[str]
    phases: frozenset[str]
    processes: frozenset[Words]

    def split_of(self, text: str) -> str | None:
        """The label of the split that a whole text names, such as `Validation`."""
        return self.splits.get(words_of(text))

    def splits_in(self, words: Words) -> Iterator[tuple[int, int, str]]:
        """Each split that is named among words: from where to before where, and its label; of phrases that overlap, the longest."""
        place = 0
        while place < len(words):
            for length in range(min(_LONGEST, len(words) - place), 0, -1):
                label = self.splits.get(words[place : place + length])
                if label is not None:
                    yield place, place + length, label
                    place += length - 1
                    break
            place += 1

    def counter_at_the_end(self, words: Words) -> str | None:
        """The counter that a name is, if it is nothing else: `global step`, `starting epoch`, `Epoch(train)`; not `number of skipped iterations`."""
        for start in range(max(0, len(words) - _LONGEST), len(words)):
            name = self.counters.get(words[start:])
            if name is not None:
                return name if self._only_leads(words[:start]) else None
        return None

    def _only_leads(self, words: Words) -> bool:
        left = [True] * len(words)
        for start, end, _ in self.splits_in(words):
            left[start:end] = [False] * (end - start)
        return all(word in self.leads for word, counts in zip(words, left, strict=True) if counts)


_LONGEST = 5


def lexicon_of(roles: RolesFile) -> Lexicon:
    """The words of a knowledge base.

    Args:
        roles: What is known of the names of columns.
    """
    splits = {words_of(phrase): _LABELS.get(split, split) for split, phrases in roles.splits.items() for phrase in phrases}
    splits |= {words_of(phrase): BEST for phrase in roles.bests}
    counters = {words: "_".join(words) for words in _axis_names(roles.axes.values())}
    return Lexicon(splits, counters, frozenset(roles.counter_leads), frozenset(roles.phases), frozenset(map(words_of, roles.processes)))


def _axis_names(axes: Iterable[Iterable[str]]) -> Iterator[Words]:
    for names in axes:
        yield from map(words_of, names)


@functools.cache
def packaged() -> Lexicon:
    """The words of the knowledge that came with the package; for whoever has no knowledge base at hand."""
    from advise.documents.yaml import read_yaml
    from advise.knowledge.files import packaged_root
    from advise.knowledge.roles import RolesFile

    path = packaged_root().kb / "roles.yaml"
    document = read_yaml(path.read_bytes(), str(path)).document
    return lexicon_of(RolesFile.model_validate({} if document is None else document.plain()))
