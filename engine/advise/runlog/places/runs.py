"""Which files of a folder belong to one run.

A folder with a log is a run, unless its name says that it is a part of the run above it (`tensorboard`, `checkpoint-500`), or that it holds one split
of the data (`train` beside `validation`). Where a folder with logs of its own holds a single further run, they are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from advise.runlog.places.names import Names
from advise.runlog.places.scan import Scan, Seen
from advise.runlog.words import words_of

Key = tuple[str, ...]
HERE = "."


@dataclass(frozen=True, slots=True)
class RunPlace:
    """The files of one run.

    Attributes:
        name: The folder that its logs have in common, relative to the folder that was given; `.` is that folder itself.
        logs: Its logs, by path.
        settings: Its files of hyperparameters.
        facts: What is stated of it, and of every run in the same place.
        others: Files of it that could have been logs.
    """

    name: str
    logs: tuple[Seen, ...]
    settings: tuple[Seen, ...] = ()
    facts: tuple[Seen, ...] = ()
    others: tuple[Seen, ...] = ()


def runs_of(found: Scan, names: Names) -> list[RunPlace]:
    """The runs of a folder, by name; none where it holds no log.

    Args:
        found: What lies in the folder.
        names: What names say.
    """
    keys: dict[Key, list[Seen]] = defaultdict(list)
    for log in found.of_kind("log"):
        keys[_key(log, names)].append(log)
    groups = list(_groups((), keys, frozenset(names.splits)))
    return [_place(group, keys, groups, found, names) for group in groups]


def _key(seen: Seen, names: Names) -> Key:
    """The folders that tell one run from another."""
    return tuple(folder for folder in seen.within if not names.is_part(folder))


def _groups(above: Key, keys: Collection[Key], splits: frozenset[str]) -> Iterator[tuple[Key, ...]]:
    """The keys below one, those of one run together, the shortest first."""
    own = above in keys
    below: dict[str, list[Key]] = defaultdict(list)
    for key in keys:
        if len(key) > len(above):
            below[key[len(above)]].append(key)
    parts = _splits(below, splits, has_own=own)
    mine = ([above] if own else []) + sorted(key for name in parts for key in below[name])
    inner = [group for name in sorted(below.keys() - parts) for group in _groups((*above, name), below[name], splits)]
    if mine and len(inner) == 1:
        yield (*mine, *inner[0])
        return
    if mine:
        yield tuple(mine)
    yield from inner


def _splits(folders: Mapping[str, object], splits: frozenset[str], *, has_own: bool) -> set[str]:
    """The folders that hold a split of the data of the run above: any such beside logs of its own, else where each is of another split."""
    named = {name: found for name in folders if (found := {word for word in words_of(name) if word in splits})}
    if has_own:
        return set(named)
    alone = [name.lower() for name in named if len(words_of(name)) == 1]
    return set(named) if len(alone) == len(folders) > 1 else set()


def _place(group: tuple[Key, ...], keys: Mapping[Key, Sequence[Seen]], groups: Sequence[tuple[Key, ...]], found: Scan, names: Names) -> RunPlace:
    logs = tuple(log for key in group for log in keys[key])
    others = frozenset(key for other in groups if other is not group for key in other)
    common = _common([log.within for log in logs])

    def own(seen: Seen) -> bool:
        return _owner(_key(seen, names), group, others)

    def shared(seen: Seen) -> bool:
        return any(_key(seen, names) == key[: len(_key(seen, names))] for key in group)

    settings = [seen for seen in found.of_kind("settings") if own(seen)] or [seen for seen in found.of_kind("settings") if shared(seen)]
    return RunPlace(
        name="/".join(common) or HERE,
        logs=logs,
        settings=tuple(settings),
        facts=tuple(seen for seen in found.of_kind("facts") if own(seen) or shared(seen)),
        others=tuple(seen for seen in found.of_kind("other") if own(seen) or (len(groups) == 1)),
    )


def _common(folders: Sequence[Key]) -> Key:
    """The folders that all have above them."""
    first = min(folders, key=len)
    length = next((place for place in range(len(first)) if any(each[place] != first[place] for each in folders)), len(first))
    return first[:length]


def _owner(key: Key, group: tuple[Key, ...], others: frozenset[Key]) -> bool:
    """Whether what lies there belongs to a run: the nearest folder above that holds logs is one of the run's."""
    for length in range(len(key), -1, -1):
        if key[:length] in group:
            return True
        if key[:length] in others:
            return False
    return False
