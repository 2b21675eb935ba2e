"""Everything that a person names, read: one run's logs and set-up, the facts files beside it, and what was left out."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from advise.errors import LogError, MissingExtraError
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.places import PlacesFile
from advise.runlog.ending import said_in
from advise.runlog.lexicon import lexicon_of
from advise.runlog.places.apart import told_apart
from advise.runlog.places.checkpoints import Checkpoint, CheckpointReader, checkpoints_beside
from advise.runlog.places.choice import Choice
from advise.runlog.places.names import Names
from advise.runlog.places.newest import By, newest_first
from advise.runlog.places.runs import HERE, RunPlace, runs_of
from advise.runlog.places.scan import Scan, Seen, scan
from advise.runlog.readers.mlflow_files import title_of
from advise.runlog.readers.open import is_taught, read_log
from advise.runlog.readers.progress import watched
from advise.runlog.readers.settings_file import read_settings
from advise.runlog.readers.table import Remark, Table
from advise.runlog.series.columns import ColumnReader
from advise.runlog.teaching import Teaching, beside, read_teaching, with_roles
from advise.text import Text

# So many runs are tried, from the newest on, until one holds what can be read.
_TRIED = 8
_LISTED = 12


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could have been a log and was not read.

    Attributes:
        path: Where it lies.
        reason: Why it was left out; None where it is no log of a known format.
        error: What reading it raised, if it did.
    """

    path: str
    reason: str | None = None
    error: LogError | MissingExtraError | None = None


@dataclass(slots=True)
class Gathered:
    """What was read.

    Attributes:
        tables: Of the logs and files of hyperparameters of one run.
        facts: The facts files, by path.
        remarks: About what was found where.
        unread: What was left out.
        run: What the run is called among others.
        texts: Files that are no logs and may say in words how the run ended.
        checkpoints: What was saved beside the logs.
    """

    tables: list[Table] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    run: str | None = None
    texts: list[str] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)


class Gatherer:
    """Reads folders and logs.

    Args:
        base: What is known of names, columns and places.
        teaching: What is taught of the logs; `teaching` is that and what is taught by files beside them.
    """

    def __init__(self, base: KnowledgeBase, teaching: Teaching) -> None:
        self._names = Names(base.places)
        self._strings = base.strings
        self._reader = ColumnReader(base.roles)
        self._checkpoints = CheckpointReader(base.places.checkpoints)
        self._lexicon = lexicon_of(base.roles)
        self._roles = base.roles
        self._messages = base.messages
        self.teaching = teaching
        self.choice = Choice(teaching.run)
        self.gathered = Gathered()

    def is_setup(self, path: str) -> bool:
        """Whether a file is called as files of hyperparameters are."""
        return self._names.states_settings(path)

    def take_settings(self, path: str) -> None:
        """Read a file of hyperparameters that was named."""
        self.gathered.tables.append(read_settings(path))

    def take_logs(self, paths: Sequence[str]) -> None:
        """Read logs that were named, each of which has to be one.

        Raises:
            LogError: Nothing in one of them can be read.
            MissingExtraError: The reader of one needs packages that are not installed.
        """
        tables = [table for path in watched(paths, "reading") for table in self._one_run(self._log(path))]
        self.gathered.tables += self._apart(tables, os.path.commonpath(paths) if len(paths) > 1 else "")
        for folder in dict.fromkeys(os.path.dirname(path) or os.curdir for path in paths):
            # A log that lies in a checkpoint, as `trainer_state.json` does, has the others beside that.
            place = os.path.dirname(folder) or os.curdir if self._checkpoints.is_folder(os.path.basename(folder)) else folder
            self._take_checkpoints([place], place)

    def take_folder(self, folder: str) -> None:
        """Read one run of a folder: the one that is asked for, else the newest that can be read."""
        found = self._learned(scan(folder, self._names))
        runs = runs_of(found, self._names)
        self.gathered.remarks += found.remarks
        if not runs:
            self._take_what_is_no_run(found)
            return
        order, by = self._ordered(runs, folder)
        failed: list[Unread] = []
        for run in order[:_TRIED]:
            tables, unread = self._read(run, lambda path: self._one_run(self._log(path)))
            failed += unread
            if self._is_of_use(tables) or run is order[:_TRIED][-1]:
                break
        self._take_others([seen.path for seen in run.others])
        self.gathered.unread += failed
        self.gathered.facts += [seen.path for seen in run.facts]
        if len(runs) > 1:
            names = [self._titles(each)[0] for each in (order if by else runs)]
            self._several(folder, self._titles(run)[0], names, by)
        self.gathered.tables += self._apart(tables, folder)
        self.gathered.tables += [read_settings(seen.path) for seen in run.settings]
        own = dict.fromkeys([self._folder_of(run.name), *("/".join(log.within) for log in run.logs), *([HERE] if len(runs) == 1 else [])])
        self._take_checkpoints([os.path.join(folder, place) if place not in ("", HERE) else folder for place in own], folder)

    def runs_at(self, place: RunPlace, folder: str) -> list[tuple[str, list[Table]]]:
        """Every run that the logs of a place hold, by name, where `take_folder` chooses one; the set-up and the facts beside them are taken.

        Args:
            place: The logs, and what lies beside them.
            folder: The folder in which it was found.
        """
        tables, unread = self._read(place, self._log)
        self.gathered.unread += unread
        self._take_others([seen.path for seen in place.others])
        self.gathered.facts += [seen.path for seen in place.facts]
        self.gathered.tables += [read_settings(seen.path) for seen in place.settings]
        runs: dict[str | None, list[Table]] = {}
        for table in tables:
            runs.setdefault(table.run, []).append(table)
        if len(runs) > 1:
            return [(f"{place.name}/{run}" if run else place.name, held) for run, held in runs.items()]
        apart = told_apart(tables, self._names, self._reader)
        if len(apart) > 1:
            return [(os.path.relpath(held[0].file, folder), held) for held in apart]
        self._take_checkpoints(dict.fromkeys(os.path.dirname(seen.path) or os.curdir for seen in place.logs), folder)
        return [(self._titles(place)[0], tables)]

    def learn_beside(self, log: str) -> None:
        """Learn from the file `advise.yaml` beside a log that was named.

        Raises:
            TeachingError: It cannot be understood.
        """
        self._learn(beside(log, self._roles))

    def _learn(self, more: Teaching) -> None:
        self.teaching = with_roles(self.teaching.over(more), self._roles)
        self.choice.asked = self.teaching.run

    def _learned(self, found: Scan) -> Scan:
        """What lies in a folder after what the files `advise.yaml` in it teach: what fits a pattern is a log."""
        for seen in found.of_kind("teaching"):
            self._learn(read_teaching(seen.path, self._roles))
        patterns = self.teaching.patterns
        files = [replace(seen, kind="log") if seen.kind == "other" and is_taught(seen.path, patterns) else seen for seen in found.files]
        return replace(found, files=files)

    def _folder_of(self, name: str) -> str:
        """The folder of a run, without the folders that are but parts of one."""
        folders = name.split("/")
        while folders and self._names.is_part(folders[-1]):
            folders.pop()
        return "/".join(folders) or HERE

    def _take_checkpoints(self, folders: Iterable[str], root: str) -> None:
        self.gathered.checkpoints += checkpoints_beside(folders, root, self._checkpoints, self._names.is_part)

    def _take_what_is_no_run(self, found: Scan) -> None:
        self._take_checkpoints([found.folder], found.folder)
        self.gathered.facts += [seen.path for seen in found.of_kind("facts")]
        self.gathered.tables += [read_settings(seen.path) for seen in found.of_kind("settings")]
        self._take_others([seen.path for seen in found.of_kind("other")])

    def take_text(self, path: str) -> bool:
        """Keep a file that is no log, if it says in words how a run ended; whether it does.

        Args:
            path: The file.
        """
        says = bool(said_in(path, self._messages))
        if says:
            self.gathered.texts.append(path)
        return says

    def _take_others(self, paths: Sequence[str]) -> None:
        """Files that could have been logs: what says how the run ended is read for that, the rest left out."""
        self.gathered.unread += [Unread(path) for path in paths if not self.take_text(path)]

    def _ordered(self, runs: list[RunPlace], folder: str) -> tuple[list[RunPlace], By | None]:
        """The runs to try, the first first, and by what that is the newest."""
        if len(runs) == 1:
            return runs, None
        asked = self.choice.among([self._titles(run) for run in runs])
        order, by = newest_first(runs, folder)
        if asked is not None:
            return [runs[asked]], None
        if by != "time":
            # The logs of the folder itself are those of the run that it is named for.
            order.sort(key=lambda run: run.name != HERE)
        return order, by

    def _titles(self, run: RunPlace) -> tuple[str, ...]:
        """The names by which a run is known, the one to show first."""
        title = title_of(run.logs[0].path) if os.path.isdir(run.logs[0].path) else None
        return (run.name,) if title is None else (title, run.name)

    def _read(self, run: RunPlace, read: Callable[[str], Sequence[Table]]) -> tuple[list[Table], list[Unread]]:
        tables: list[Table] = []
        unread: list[Unread] = []
        kept, earlier = _latest_states(run.logs)
        for seen in watched(kept, "reading", lambda seen: seen.path):
            try:
                tables += read(seen.path)
            except (LogError, MissingExtraError) as error:
                unread.append(Unread(seen.path, error.problems[0].message, error))
        if earlier:
            self.gathered.remarks.append(Remark("earlier_states", kept[0].path, {"count": earlier}))
        return tables, unread

    def _log(self, path: str) -> Sequence[Table]:
        return read_log(path, lexicon=self._lexicon, patterns=self.teaching.patterns)

    def _is_of_use(self, tables: Iterable[Table]) -> bool:
        columns = set(self.teaching.columns.values())
        return any(columns & table.columns.keys() or self._reader.meanings(list(table.columns)) for table in tables)

    def _one_run(self, tables: Sequence[Table]) -> list[Table]:
        """The tables of one run, where a database holds several: the one that is asked for, else the last."""
        runs = list(dict.fromkeys(table.run for table in tables))
        if len(runs) < 2:
            return list(tables)
        names = [run or "" for run in runs]
        asked = self.choice.among([(name,) for name in names])
        taken = len(runs) - 1 if asked is None else asked
        self._several(tables[0].file, names[taken], names[::-1], None if asked is not None else "time")
        return [table for table in tables if table.run == runs[taken]]

    def _apart(self, tables: list[Table], folder: str) -> list[Table]:
        """The tables of one run, where files side by side log the same."""
        groups = told_apart(tables, self._names, self._reader)
        if len(groups) < 2:
            return groups[0]
        own = [group[0].file for group in groups]
        places = [RunPlace(os.path.relpath(file, folder) if folder else file, (_seen(file),)) for file in own]
        asked = self.choice.among([(place.name,) for place in places])
        order, by = newest_first(places, folder or os.curdir)
        taken = order[0] if asked is None else places[asked]
        self._several(folder or taken.name, taken.name, [place.name for place in order], None if asked is not None else by)
        return groups[places.index(taken)]

    def _several(self, place: str, taken: str, names: Sequence[str], by: By | None) -> None:
        """Say that there are several runs, which one was read, and why that one."""
        self.gathered.run = self.gathered.run or taken
        why = self._strings["newest_asked" if by is None else f"newest_by_{by}"]
        others = [name for name in names if name != taken]
        values: Mapping[str, int | str | Text] = {"count": len(names), "run": taken, "why": why, "others": _listed(others)}
        self.gathered.remarks.append(Remark("several_runs", place, values, first=True))


def logs_of_run(folder: str, places: PlacesFile) -> list[str]:
    """The logs of the run in a folder, by path; where there are several runs, of the newest.

    Args:
        folder: The folder.
        places: What is known of the names of files and folders.
    """
    names = Names(places)
    runs = runs_of(scan(folder, names), names)
    if not runs:
        return []
    newest = runs[0] if len(runs) == 1 else newest_first(runs, folder)[0][0]
    return [log.path for log in _latest_states(newest.logs)[0]]


def _listed(names: Sequence[str]) -> str:
    more = f", … (+{len(names) - _LISTED})" if len(names) > _LISTED else ""
    return ", ".join(f"`{name}`" for name in names[:_LISTED]) + more


def _seen(path: str) -> Seen:
    try:
        status = os.stat(path)
    except OSError:
        return Seen(path, (), "log", 0.0, 0)
    return Seen(path, (), "log", status.st_mtime, status.st_size)


def _latest_states(logs: Sequence[Seen]) -> tuple[list[Seen], int]:
    """Each checkpoint of Transformers holds the whole log so far: the logs without the earlier ones, the state first, and how many were left out."""
    states = [log for log in logs if os.path.basename(log.path) == "trainer_state.json"]
    if len(states) < 2:
        return list(logs), 0
    latest = max(states, key=lambda log: (log.size, _number(log)))
    return [latest, *(log for log in logs if log not in states)], len(states) - 1


def _number(state: Seen) -> int:
    """The step of a checkpoint, by the name of its folder."""
    digits = re.findall(r"\d{1,18}", state.within[-1] if state.within else "")
    return int(digits[-1]) if digits else 0
