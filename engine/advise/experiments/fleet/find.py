"""Finding the runs of a fleet: in folders, by patterns, in trackers' databases; each format's own idea of a run, and no two mixed."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from advise.documents.problems import Problem
from advise.errors import InputError
from advise.experiments.fleet.seen import Sniffed
from advise.knowledge.base import KnowledgeBase
from advise.runlog.places.names import Names
from advise.runlog.places.runs import HERE, RunPlace, runs_of
from advise.runlog.places.scan import Limits, Seen, scan
from advise.runlog.readers.table import Remark

LIMITS = Limits(files=1_000_000, entries=2_000_000, folders=500_000)
_MAX_MATCHES = 100_000
_WILD = ("*", "?", "[")
_SCHEMES = ("mlflow", "optuna")
# Of more files side by side than this, each that begins like the others is a run of its own: nobody logs one run into so many.
_ONE_RUN = 16
_HEAD_BYTES = 4096
# A run costs time to judge, however short its log is: as much as so many bytes more.
_COST = 50_000


@dataclass(frozen=True, slots=True)
class Job:
    """The files of a run, or of several that cannot be told apart before they are read.

    Attributes:
        name: What it is called.
        folder: The folder in which it was found.
        place: Its files.
        kind: `log`, or `optuna` for a study whose trials are runs.
    """

    name: str
    folder: str
    place: RunPlace
    kind: str = "log"

    @property
    def files(self) -> list[Seen]:
        """All that it is read from."""
        return [*self.place.logs, *self.place.settings, *self.place.facts, *self.place.others]

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(seen.size for seen in self.place.logs)


@dataclass(slots=True)
class Found:
    """What was found.

    Attributes:
        jobs: In the order of the places that were named.
        remarks: What was left out, and why.
    """

    jobs: list[Job] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def find(sources: Sequence[str], base: KnowledgeBase, sniffed: Sniffed) -> Found:
    """Find runs.

    Args:
        sources: Folders, logs, patterns of paths, `mlflow:PATH`, `optuna:PATH`.
        base: What is known of names.
        sniffed: Which files are logs, as far as that is known from an earlier time.

    Raises:
        InputError: A place does not exist, or there is no run in any of them.
    """
    found, names = Found(), Names(base.places)
    problems: list[Problem] = []
    for source in sources:
        scheme, colon, rest = source.partition(":")
        if colon and scheme in _SCHEMES and not os.path.lexists(source):
            _of_tracker(scheme, rest, found, names, sniffed, problems)
            continue
        paths = _matches(source, found)
        if not paths:
            problems.append(Problem(source, 0, 0, "there is no such file or folder", ""))
        for path in paths:
            _of_path(path, found, names, sniffed)
    if problems:
        raise InputError(problems)
    if not found.jobs:
        raise InputError([Problem(source, 0, 0, "no run in here", "") for source in sources])
    found.jobs = list({_identity(job): job for job in found.jobs}.values())
    return found


def _identity(job: Job) -> tuple[str, ...]:
    return tuple(os.path.realpath(seen.path) for seen in job.place.logs)


def _matches(source: str, found: Found) -> list[str]:
    if os.path.lexists(source) or not any(sign in source for sign in _WILD):
        return [source] if os.path.lexists(source) else []
    paths = [path for path, _ in zip(glob.iglob(source, recursive=True), range(_MAX_MATCHES + 1), strict=False)]
    if len(paths) > _MAX_MATCHES:
        found.remarks.append(Remark("too_many_files", source, {"limit": _MAX_MATCHES}))
    return sorted(paths[:_MAX_MATCHES])


def _of_path(path: str, found: Found, names: Names, sniffed: Sniffed) -> None:
    if not os.path.isdir(path):
        found.jobs.append(_single(path))
        return
    seen = scan(path, names, LIMITS, sniffed.is_log)
    found.remarks += seen.remarks
    for place in runs_of(seen, names):
        found.jobs += [_job(path, each) for each in _parted(place)]


def _of_tracker(scheme: str, rest: str, found: Found, names: Names, sniffed: Sniffed, problems: list[Problem]) -> None:
    path = rest.removeprefix("sqlite:///")
    if not os.path.lexists(path):
        accepted = f"{scheme}:PATH, of a database in a file or a folder of this machine"
        problems.append(Problem(f"{scheme}:{rest}", 0, 0, "there is no such file or folder", "", accepted=accepted))
    elif scheme == "optuna":
        found.jobs.append(replace(_single(path), kind="optuna"))
    else:
        _of_path(path, found, names, sniffed)


def _single(path: str) -> Job:
    try:
        status = os.stat(path)
        seen = Seen(path, (), "log", status.st_mtime, status.st_size)
    except OSError:
        seen = Seen(path, (), "log", 0.0, 0)
    return Job(path, os.path.dirname(path) or os.curdir, RunPlace(os.path.basename(path), (seen,)))


def _job(folder: str, place: RunPlace) -> Job:
    name = os.path.normpath(folder) if place.name == HERE else os.path.normpath(os.path.join(folder, place.name))
    return Job(name, folder, place)


def _parted(place: RunPlace) -> Iterator[RunPlace]:
    """A place by the runs in it, where so many files begin alike that each is one; else the place, which is told apart when it is read."""
    if len(place.logs) <= _ONE_RUN:
        yield place
        return
    kinds: dict[tuple[str, str, bytes], list[Seen]] = {}
    for log in place.logs:
        kinds.setdefault((os.path.dirname(log.path), os.path.splitext(log.path)[1], _first_line(log.path)), []).append(log)
    many = [logs for logs in kinds.values() if len(logs) > _ONE_RUN]
    if not many:
        yield place
        return
    rest = tuple(log for logs in kinds.values() if len(logs) <= _ONE_RUN for log in logs)
    for logs in many:
        for log in logs:
            name = os.path.join(place.name, os.path.basename(log.path)) if place.name != HERE else os.path.basename(log.path)
            yield replace(place, name=name, logs=(log,), others=())
    if rest:
        yield replace(place, logs=rest)


def _first_line(path: str) -> bytes:
    """The first line without its numbers: what a table calls its columns, and how a trainer begins to speak."""
    if os.path.isdir(path):
        return path.encode("utf-8", "surrogateescape")
    try:
        with open(path, "rb") as file:
            line = file.read(_HEAD_BYTES).split(b"\n", 1)[0]
    except OSError:
        return b""
    return line.translate(None, b"0123456789.+-eE")


def balanced(jobs: Iterable[Job], parts: int) -> list[list[Job]]:
    """Jobs in chunks of about the same number of bytes, the largest first, so that no worker is left with one of them at the end.

    Args:
        jobs: In any order.
        parts: About how many chunks.
    """
    ordered = sorted(jobs, key=lambda job: -job.size)
    room = max(1, sum(job.size + _COST for job in ordered) // max(1, parts))
    chunks: list[list[Job]] = []
    taken = room
    for job in ordered:
        if taken >= room:
            chunks.append([])
            taken = 0
        chunks[-1].append(job)
        taken += job.size + _COST
    return chunks
