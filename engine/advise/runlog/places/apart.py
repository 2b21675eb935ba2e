"""Tables of one folder that log the same: copies of one run's splits and ranks, or runs of their own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from advise.runlog.places.names import Names
from advise.runlog.readers.table import Column, Table
from advise.runlog.series.columns import ColumnReader
from advise.runlog.words import words_of

# Two files have the same columns if this share of all their columns is in both.
_SAME_COLUMNS = 0.8
# A file that begins in the first tenth of another is no continuation of it.
_BEGINNING = 0.1
_RANK = re.compile(r"(?:local[-_]?)?(?:rank|worker|node|gpu|proc|process|device)[-_]?\d+", re.IGNORECASE)
# What several files of one folder hold, these formats write for one run.
_CONTINUED = frozenset({"tensorboard", "wandb", "hf_trainer_state"})


def told_apart(tables: Sequence[Table], names: Names, reader: ColumnReader) -> list[list[Table]]:
    """The tables by run: those that log the same from the same beginning are of several runs, and those that log something else belong to each.

    Where the names of files or folders say which split of the data each is about, their columns are named so; of several ranks the first is read.

    Args:
        tables: What was read of one folder.
        names: What names of files and folders say.
        reader: Reads the names of columns.
    """
    groups: list[list[Table]] = []
    for table in tables:
        group = next((group for group in groups if _same(group[0], table, reader)), None)
        if group is None:
            groups.append([table])
        else:
            group.append(table)
    told = [_of_splits(group, names.splits) for group in groups]
    common = [table for group in told if len(group) == 1 for table in group[0]]
    several = max((group for group in told if len(group) > 1), key=len, default=None)
    if several is None:
        return [common]
    # What is of no one run alone can belong to any of them; what only some of several kinds share cannot be told.
    return [[*each, *common] for each in several]


def _same(first: Table, second: Table, reader: ColumnReader) -> bool:
    names, others = first.columns.keys(), second.columns.keys()
    if first.format != second.format or not names or not others or first.file == second.file:
        return False
    if first.format in _CONTINUED and os.path.dirname(first.file) == os.path.dirname(second.file):
        return False
    if len(names & others) < _SAME_COLUMNS * len(names | others) or not reader.meanings(list(names)):
        return False
    return _begin_alike(_axis(first, reader), _axis(second, reader))


def _axis(table: Table, reader: ColumnReader) -> Column | None:
    name = reader.axis("step", table.columns) or reader.axis("epoch", table.columns)
    return None if name is None else table.columns[name]


def _begin_alike(first: Column | None, second: Column | None) -> bool:
    if first is None or second is None or not len(first.values) or not len(second.values):
        return first is None and second is None
    begin, end = max(first.values[0], second.values[0]), min(first.values[-1], second.values[-1])
    earlier = min(first.values[0], second.values[0])
    return bool(begin - earlier <= _BEGINNING * (end - earlier))


def _of_splits(group: list[Table], splits: Mapping[str, str]) -> list[list[Table]]:
    """Tables that log the same: by run, those of its splits together."""
    if len(group) == 1:
        return [group]
    by_rank: dict[str, Table] = {}
    for table in group:
        by_rank.setdefault(_RANK.sub("", table.file), table)
    about = {file: _split(file, splits) for file in by_rank}
    if len({split for split, _ in about.values()}) == 1:
        # A word that is in every name tells nothing apart.
        return [[table] for table in by_rank.values()]
    found: dict[str, list[Table]] = {}
    for file, table in by_rank.items():
        split, rest = about[file]
        found.setdefault(rest, []).append(table if split is None else _named(table, split, splits))
    return list(found.values())


def _split(file: str, splits: Mapping[str, str]) -> tuple[str | None, str]:
    """The split of the data that the name of a file, else of its folder, speaks of; and the name without it."""
    folder, name = os.path.split(file)
    for place, part in ((1, os.path.splitext(name)[0]), (0, os.path.basename(folder))):
        words = words_of(part)
        # A folder of a split is called so; a word of its longer name may mean anything.
        split = next((splits[word] for word in words if word in splits), None) if place or len(words) == 1 else None
        if split is not None:
            rest = " ".join(word for word in words if word not in splits)
            return split, f"{folder}/{rest}" if place else f"{os.path.dirname(folder)}/{rest}"
    return None, file


def _named(table: Table, split: str, splits: Mapping[str, str]) -> Table:
    """The table with the split before the names of its columns, unless they speak of splits themselves."""
    if any(word in splits for name in table.columns for word in words_of(name)):
        return table
    prefix = {"dev": "val"}.get(split, split)
    return replace(table, columns=dict(_renamed(table, prefix)))


def _renamed(table: Table, prefix: str) -> Iterator[tuple[str, Column]]:
    for name, column in table.columns.items():
        yield (name, column) if _numbers(name) else (f"{prefix}/{name}", replace(column, name=f"{prefix}/{name}"))


def _numbers(name: str) -> bool:
    return words_of(name)[-1:] in (("step",), ("steps",), ("iter",), ("iteration",), ("epoch",), ("time",), ("batch",), ("timestamp",))
