"""Which files of a folder belong to one run.

A folder with a log is a run, unless its name says that it is a part of the run above it (`tensorboard`, `checkpoint-500`), or that it holds one split
of the data (`train` beside `validation`). Where a folder with logs of its own holds a single further run, they are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from advise.runlog.places.names import Names
from advise.runlog.places.scan import Kind, Scan, Seen
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
    beside = _Beside(found, groups, names)
    return [_place(run, groups, keys, beside) for run in range(len(groups))]


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


class _Beside:
    """What lies beside the logs: to which run each file belongs, told once for all of them."""

    def __init__(self, found: Scan, groups: Sequence[tuple[Key, ...]], names: Names) -> None:
        self._run_of = {key: index for index, group in enumerate(groups) for key in group}
        self._own: dict[tuple[Kind, int | None], list[Seen]] = defaultdict(list)
        self._at: dict[tuple[Kind, Key], list[Seen]] = defaultdict(list)
        for seen in found.files:
            if seen.kind != "log":
                key = _key(seen, names)
                self._own[seen.kind, self._owner(key)].append(seen)
                self._at[seen.kind, key].append(seen)

    def own(self, kind: Kind, run: int | None) -> list[Seen]:
        """The files of a run, by its place among the runs; None for those of no run."""
        return self._own.get((kind, run), [])

    def shared(self, kind: Kind, group: tuple[Key, ...]) -> list[Seen]:
        """The files in the folders of a run and in all above them."""
        places = dict.fromkeys(key[:length] for key in group for length in range(len(key) + 1))
        return [seen for key in places for seen in self._at.get((kind, key), [])]

    def _owner(self, key: Key) -> int | None:
        """The run to which what lies there belongs: that of the nearest folder above that holds logs."""
        above = (key[:length] for length in range(len(key), -1, -1))
        return next((self._run_of[each] for each in above if each in self._run_of), None)


def _place(run: int, groups: Sequence[tuple[Key, ...]], keys: Mapping[Key, Sequence[Seen]], beside: _Beside) -> RunPlace:
    group = groups[run]
    logs = tuple(log for key in group for log in keys[key])
    common = _common([log.within for log in logs])
    facts = {seen.path: seen for seen in (*beside.own("facts", run), *beside.shared("facts", group))}
    others = [*beside.own("other", run), *(beside.own("other", None) if len(groups) == 1 else ())]
    return RunPlace(
        name="/".join(common) or HERE,
        logs=logs,
        settings=tuple(beside.own("settings", run) or beside.shared("settings", group)),
        facts=tuple(facts[path] for path in sorted(facts)),
        others=tuple(others),
    )


def _common(folders: Sequence[Key]) -> Key:
    """The folders that all have above them."""
    first = min(folders, key=len)
    length = next((place for place in range(len(first)) if any(each[place] != first[place] for each in folders)), len(first))
    return first[:length]
