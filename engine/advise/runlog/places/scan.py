"""What lies in a folder: logs, facts, set-ups, and files that could have been logs."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from advise.runlog.places.names import Names
from advise.runlog.readers.limits import MAX_ENTRIES, MAX_FILES, MAX_FOLDERS
from advise.runlog.readers.mlflow_files import is_deleted, is_run_folder
from advise.runlog.readers.open import is_log, is_ours, states_facts
from advise.runlog.readers.table import Remark
from advise.runlog.teaching import FILE

_MAX_DEPTH = 8
Kind = Literal["log", "facts", "settings", "teaching", "other"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A file, or the folder of an MLflow run, which is read as one.

    Attributes:
        path: Where it lies, as the caller named the folder.
        within: The folders between that folder and this file, from the outermost.
        kind: What it is; `other` is what is called as logs are and is none.
        changed: When it was last written, in seconds since 1970.
        size: In bytes.
    """

    path: str
    within: tuple[str, ...]
    kind: Kind
    changed: float
    size: int


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    within: tuple[str, ...]
    changed: float
    size: int
    is_run: bool = False


@dataclass(slots=True)
class Scan:
    """What lies in a folder.

    Attributes:
        folder: The folder, as the caller named it.
        files: In the order of their paths.
        remarks: What was left out.
    """

    folder: str
    files: list[Seen] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def of_kind(self, kind: Kind) -> list[Seen]:
        """The files of a kind."""
        return [seen for seen in self.files if seen.kind == kind]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a folder is looked at.

    Attributes:
        files: So many files are opened to see what they are, the newest first.
        entries: So many entries are listed.
        folders: In so many folders.
    """

    files: int = MAX_FILES
    entries: int = MAX_ENTRIES
    folders: int = MAX_FOLDERS


_OF_ONE_RUN = Limits()


def scan(folder: str, names: Names, limits: Limits = _OF_ONE_RUN, looks_like_log: Callable[[str], bool] = is_log) -> Scan:
    """Look for what belongs to runs. Links are not followed, and hidden files are left alone but for set-ups that are known to be hidden.

    Args:
        folder: The folder.
        names: What names say.
        limits: How much is looked at; by default what a person may lay into the folder of a run, or of some.
        looks_like_log: Tells whether a file is a log.
    """
    found = Scan(folder)
    entries = list(_entries(folder, names, found, limits))
    looked_at = sorted((entry for entry in entries if _has_to_be_read(entry, names)), key=lambda entry: -entry.changed)
    if len(looked_at) > limits.files:
        found.remarks.append(Remark("too_many_files", folder, {"limit": limits.files}))
    beyond = {entry.path for entry in looked_at[limits.files :]}
    for entry in entries:
        kind = None if entry.path in beyond else _kind(entry, names, looks_like_log)
        if kind is not None:
            found.files.append(Seen(entry.path, entry.within, kind, entry.changed, entry.size))
    return found


def _has_to_be_read(entry: _Entry, names: Names) -> bool:
    known = entry.is_run or os.path.basename(entry.path) == FILE
    return not (known or names.states_facts(entry.path) or names.states_settings(entry.path) or names.is_left_alone(entry.path))


def _kind(entry: _Entry, names: Names, looks_like_log: Callable[[str], bool]) -> Kind | None:
    if entry.is_run:
        return "log"
    if os.path.basename(entry.path) == FILE:
        return "teaching"
    if names.states_facts(entry.path):
        return "facts"
    if names.states_settings(entry.path):
        return "facts" if states_facts(entry.path) else "settings"
    if entry.path.lower().endswith((".yaml", ".yml")):
        return "facts" if states_facts(entry.path) else None
    if names.is_left_alone(entry.path):
        return None
    if looks_like_log(entry.path):
        return "log"
    return "other" if names.promises_log(entry.path) and not is_ours(entry.path) else None


def _entries(folder: str, names: Names, found: Scan, limits: Limits) -> Iterator[_Entry]:
    """Every file below a folder, and every MLflow run as one; the folders nearest to it first, so that a limit cuts off the deepest."""
    if is_run_folder(folder):
        yield _entry(folder, (), is_run=True)
        return
    waiting: deque[tuple[str, tuple[str, ...]]] = deque([(folder, ())])
    seen = folders = 0
    while waiting:
        here, within = waiting.popleft()
        listed = _listed(here, found, limits.entries)
        seen, folders = seen + len(listed), folders + 1
        if seen > limits.entries or folders > limits.folders:
            found.remarks.append(Remark("too_many_files", folder, {"limit": limits.entries}))
            return
        yield from (_entry(entry.path, within) for entry in listed if entry.is_file(follow_symlinks=False) and not entry.name.startswith("."))
        yield from _below(here, within, names)
        for entry in listed:
            inner = (*within, entry.name)
            if not _is_looked_into(entry, found):
                continue
            if not is_run_folder(entry.path):
                waiting.extend([(entry.path, inner)] if len(inner) <= _MAX_DEPTH else [])
            elif not is_deleted(entry.path):
                yield _entry(entry.path, inner, is_run=True)


def _is_looked_into(entry: os.DirEntry[str], found: Scan) -> bool:
    """Whether an entry is a folder to go through; a link is not, and is told unless it leads to what lies beside it, as `latest-run` does."""
    if entry.name.startswith("."):
        return False
    if not entry.is_symlink():
        return entry.is_dir()
    target = os.path.realpath(entry.path)
    if os.path.dirname(target) != os.path.realpath(os.path.dirname(entry.path)):
        found.remarks.append(Remark("link_not_followed", entry.path))
    return False


def _below(folder: str, within: tuple[str, ...], names: Names) -> Iterator[_Entry]:
    """Set-ups in folders of their own, which may be hidden."""
    for name in names.settings_below:
        path = os.path.join(folder, *name.split("/"))
        hidden = os.path.basename(os.path.dirname(path)).startswith(".")
        if hidden and os.path.isfile(path) and not os.path.islink(path) and not os.path.islink(os.path.dirname(path)):
            yield _entry(path, within)


def _listed(folder: str, found: Scan, limit: int) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            listed = list(islice(entries, limit + 1))
    except OSError as error:
        found.remarks.append(Remark("folder_unreadable", folder, {"reason": error.strerror or str(error)}))
        return []
    if len(listed) > limit:
        found.remarks.append(Remark("too_many_files", folder, {"limit": limit}))
    return sorted(listed[:limit], key=lambda entry: entry.name)


def _entry(path: str, within: tuple[str, ...], *, is_run: bool = False) -> _Entry:
    try:
        status = os.stat(os.path.join(path, "meta.yaml") if is_run else path)
    except OSError:
        return _Entry(path, within, 0.0, 0, is_run)
    return _Entry(path, within, status.st_mtime, status.st_size, is_run)
