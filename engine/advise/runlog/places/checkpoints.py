"""The checkpoints that lie beside a log: told by the names of files and folders, whose contents are never opened."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from advise.knowledge.places import CheckpointNames
from advise.runlog.words import Names as KnownWords
from advise.runlog.words import words_of

# Of one folder: how many entries are looked at, and in how many folders below it.
_MAX_ENTRIES = 10_000
_MAX_BELOW = 50
_MAX_KEPT = 2_000
_DATE = re.compile(r"(?<!\d)20\d\d([-_.]?)[01]\d\1[0-3]\d(?:[-_.T]?[0-2]\d[-_.h]?[0-5]\d(?:[-_.m]?[0-5]\d)?)?(?!\d)")
# A number with a decimal point is a value, such as that of a loss; in `model.05-0.23` only the second is one.
_TOKEN = re.compile(r"(?<!\d)(?<!\d\.)(\d{1,15})(?!\d|\.\d)|(?<!\d)(\d++\.\d+)|([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+")
_COUNT = "count"
Token = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Weights that were saved.

    Attributes:
        path: Where they lie.
        name: The path from the folder of the run.
        numbers: What the name counts, by `step`, `epoch`, or `count` where it does not say of what.
        is_best: Whether the trainer calls it the best.
        is_last: Whether the trainer calls it the last.
        written: When it was last written, in seconds since 1970.
    """

    path: str
    name: str
    numbers: Mapping[str, int]
    is_best: bool
    is_last: bool
    written: float


class CheckpointReader:
    """Reads the names of checkpoints.

    Args:
        names: The words in them.
    """

    def __init__(self, names: CheckpointNames) -> None:
        self._shared = frozenset(names.shared_endings)
        self._endings = sorted((*names.endings, *names.shared_endings), key=len, reverse=True)
        self._counters = KnownWords([(word, unit) for unit, words in names.counters.items() for word in words])
        self._weights, self._folders = frozenset(names.weights), frozenset(names.folders)
        self._best, self._last, self._others = frozenset(names.best), frozenset(names.last), frozenset(names.others)
        counting = {word for words in names.counters.values() for phrase in words for word in words_of(phrase)}
        self._in_folders = self._weights | self._folders | self._best | self._last | counting
        self._of_folders = self._folders | counting

    def read(self, entry: os.DirEntry[str], within: str) -> Checkpoint | None:
        """An entry of a folder as a checkpoint; None where it is none.

        Args:
            entry: The entry.
            within: The folder, from that of the run; empty for the latter.
        """
        target = None if entry.name.startswith(".") else _target(entry)
        if target is None:
            return None
        is_folder = _is_folder(entry)
        stem, counted = self._stem(entry.name, is_folder=is_folder), self._stem(target, is_folder=is_folder)
        if stem is None or counted is None:
            return None
        words, numbers = frozenset(words_of(stem)), self.numbers(counted)
        is_best, is_last = bool(words & self._best), bool(words & self._last)
        if words & self._others or not (numbers or is_best or is_last):
            return None
        name = os.path.join(within, entry.name) if within else entry.name
        return Checkpoint(entry.path, name, numbers, is_best, is_last, _written(entry))

    def is_folder(self, name: str) -> bool:
        """Whether a folder is called as that of a checkpoint."""
        return self._stem(name, is_folder=True) is not None and bool(self.numbers(name))

    def _stem(self, name: str, *, is_folder: bool) -> str | None:
        """A name without its ending; None where it is not called as weights are."""
        if is_folder:
            return name if self._names_folder(frozenset(_letters(name))) else None
        ending = next((ending for ending in self._endings if name.lower().endswith(ending)), None)
        if ending is None:
            return None
        stem = name[: -len(ending)]
        return stem if ending not in self._shared or _letters(stem) else None

    def _names_folder(self, words: frozenset[str]) -> bool:
        if not words or not words <= self._in_folders:
            return False
        return bool(words & self._of_folders) or bool(words & self._weights and words & (self._best | self._last))

    def numbers(self, stem: str) -> Mapping[str, int]:
        """What a name counts: by the word before each number, else the one behind it.

        Args:
            stem: The name without its ending.
        """
        tokens: list[Token] = [(match[1], match[2], match[3]) for match in _TOKEN.finditer(_DATE.sub(" ", stem.lower()))]
        found: dict[str, int] = {}
        unit: str | None = _COUNT
        for place, (digits, decimal, _) in enumerate(tokens):
            if digits is None and decimal is None:
                unit = None
                continue
            # A number behind another counts what that one does.
            unit = self._unit(tokens, place) or unit
            if unit is not None and digits is not None:
                found[unit] = max(int(digits), found.get(unit, 0))
        named = {unit: number for unit, number in found.items() if unit != _COUNT}
        return named or found

    def _unit(self, tokens: Sequence[Token], place: int) -> str | None:
        """What a number counts by the words around it."""
        before = tuple(word for _, _, word in tokens[max(0, place - 2) : place] if word)
        for words in (before, before[-1:]):
            if (known := self._counters.exact(words)) is not None:
                return known
        behind = tokens[place + 1][2] if place + 1 < len(tokens) else None
        is_free = place + 2 >= len(tokens) or tokens[place + 2][2] is not None
        if behind and is_free and (known := self._counters.exact((behind,))) is not None:
            return known
        return _COUNT if before and before[-1] in self._weights else None


def checkpoints_beside(folders: Iterable[str], root: str, reader: CheckpointReader, is_part: Callable[[str], bool]) -> list[Checkpoint]:
    """The checkpoints in the folders of a run, and one level below them, each once.

    Args:
        folders: The folders.
        root: What the names are told from.
        reader: Reads the names.
        is_part: Whether a folder of this name belongs to the run whose folder it lies in.
    """
    found: dict[str, Checkpoint] = {}
    for folder in dict.fromkeys(folders):
        listed = _listed(folder)
        parts = (entry for entry in listed if is_part(entry.name) and not reader.is_folder(entry.name) and _is_folder(entry, links=False))
        places = [(folder, listed), *((entry.path, _listed(entry.path)) for entry in islice(parts, _MAX_BELOW))]
        for place, entries in places:
            for checkpoint in _read(entries, os.path.relpath(place, root), reader):
                found.setdefault(os.path.realpath(checkpoint.path), checkpoint)
    return list(islice(found.values(), _MAX_KEPT))


def _read(entries: Iterable[os.DirEntry[str]], within: str, reader: CheckpointReader) -> Iterator[Checkpoint]:
    for entry in entries:
        checkpoint = reader.read(entry, "" if within == os.curdir else within)
        if checkpoint is not None:
            yield checkpoint


def _listed(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(islice(entries, _MAX_ENTRIES), key=lambda entry: entry.name)
    except OSError:
        return []


def _target(entry: os.DirEntry[str]) -> str | None:
    """The name of what an entry is: its own, and of a link that stays in its folder that of what it leads to; None of any other link."""
    try:
        if not entry.is_symlink():
            return entry.name
        target = os.path.realpath(entry.path)
        beside = os.path.dirname(target) == os.path.realpath(os.path.dirname(entry.path))
        return os.path.basename(target) if beside and os.path.exists(target) else None
    except OSError:
        return None


def _written(entry: os.DirEntry[str]) -> float:
    try:
        return entry.stat(follow_symlinks=False).st_mtime
    except OSError:
        return 0.0


def _is_folder(entry: os.DirEntry[str], *, links: bool = True) -> bool:
    try:
        return entry.is_dir(follow_symlinks=links)
    except OSError:
        return False


def _letters(name: str) -> list[str]:
    """The words of a name without its numbers."""
    return [word.lower() for word in _WORD.findall(name)]
