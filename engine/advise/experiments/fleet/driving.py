"""Judging the jobs of a fleet on the cores of this machine or of a cluster; what was judged is kept at once.

The workers are processes here, or those of a cluster. Without joblib, or with one worker, it is a loop.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from advise.experiments.fleet.clusters import Backend, Workers, is_death, workers
from advise.experiments.fleet.find import Job, balanced
from advise.experiments.fleet.row import Row
from advise.runlog.places.scan import Seen

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.knowledge.files import Root

Judged = list[tuple[str, list[Row]]]
# Chunks a worker: enough that the last ones end at about the same time, few enough that handing them over costs nothing.
_CHUNKS_A_WORKER = 16
_MOST_A_CHUNK = 64
# Jobs that are tried one by one after a worker died, before the others are handed over again.
_MOST_SUSPECTS = 256
# So many times the limit the process of a job may still live that no exception reaches.
_LAST_RESORT = 3
_GRACE_SECONDS = 10.0
_DIED = "its process died: there was too little memory, or a fault in a library"


@dataclass(frozen=True, slots=True)
class Work:
    """How the jobs are judged.

    Attributes:
        workers: How many at once; 0 for one a core.
        backend: Where.
        address: Of the cluster's scheduler; None for one that is started here.
        seconds: How long each job may take.
        knowledge: Folders of knowledge beside what came with the package.
        settings: The user's settings, such as `.advise.yaml`.
        drafts: Whether rules without a measured alarm rate may speak.
    """

    workers: int = 0
    backend: Backend = "loky"
    address: str | None = None
    seconds: float = 60.0
    knowledge: tuple[str, ...] = ()
    settings: str | None = None
    drafts: bool = False

    def advisor(self) -> Advisor:
        """What judges.

        Raises:
            KnowledgeError: Something in the knowledge is wrong.
            SettingsError: Something in the settings is wrong.
        """
        return _advisor(self.knowledge, self.settings, self.drafts)

    def stamp(self) -> str:
        """What is judged with, in a few letters."""
        from advise.knowledge.prepared import stamp_of

        said = b""
        if self.settings is not None and os.path.isfile(self.settings):
            with open(self.settings, "rb") as file:
                said = file.read()
        return hashlib.blake2b(f"{stamp_of(_root(self.knowledge))}\0{self.drafts}\0".encode() + said, digest_size=16).hexdigest()

    @property
    def at_once(self) -> int:
        """How many workers there are here."""
        here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        return self.workers or here or 1


def judged(jobs: Sequence[tuple[str, Job]], work: Work, advisor: Advisor) -> Iterator[Judged]:
    """The rows of the jobs, by key, as they come.

    Args:
        jobs: By key.
        work: How.
        advisor: What judges where no other process does.

    Raises:
        MissingExtraError: The backend needs packages that are not installed.
        InputError: The cluster cannot be reached.
    """
    if work.backend == "loky" and (work.at_once == 1 or len(jobs) <= 2 or not _has_joblib()):
        from advise.experiments.fleet.judging import rows_of

        for key, job in jobs:
            yield [(key, rows_of(job, advisor, work.seconds))]
        return
    if jobs:
        with workers(work.backend, work.address, work.at_once) as found:
            yield from _in_processes(dict(jobs), work, found)


def _in_processes(waiting: dict[str, Job], work: Work, found: Workers) -> Iterator[Judged]:
    """In worker processes; a job that kills its own is found, and has a row that says so."""
    elsewhere = work if work.backend == "loky" else _anywhere(work)
    while waiting:
        chunks = _chunks(waiting, found.count)
        handed = chunks if work.backend == "loky" else [[(key, _absolute(job)) for key, job in chunk] for chunk in chunks]
        try:
            for done in found.run(partial(judge, work=elsewhere), handed):
                yield [(key, _named(rows, waiting.pop(key))) for key, rows in done if key in waiting]
        except Exception as error:
            if not is_death(error):
                raise
            # Chunks are handed over in their order: it was one of the first that are not done, and these are tried once more.
            suspects = [item for chunk in chunks for item in chunk if item[0] in waiting][:_MOST_SUSPECTS]
            for key, _ in suspects:
                waiting.pop(key)
            yield from _one_by_one(suspects, work)


def _one_by_one(suspects: Iterable[tuple[str, Job]], work: Work) -> Iterator[Judged]:
    """In a process here that has one job at a time, so that it is known which of them ends it."""
    from advise.experiments.fleet.judging import failed

    here, left = replace(work, backend="loky"), deque(suspects)
    while left:
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
            try:
                while left:
                    yield pool.submit(judge, [left[0]], here).result()
                    left.popleft()
            except BrokenProcessPool:
                key, job = left.popleft()
                yield [(key, [failed(job, _DIED)])]


def _chunks(waiting: dict[str, Job], at_once: int) -> list[list[tuple[str, Job]]]:
    key_of = {id(job): key for key, job in waiting.items()}
    parts = max(at_once * _CHUNKS_A_WORKER, len(waiting) // _MOST_A_CHUNK + 1)
    return [[(key_of[id(job)], job) for job in chunk] for chunk in balanced(waiting.values(), parts)]


def _anywhere(work: Work) -> Work:
    """The same for workers that were started in another folder."""
    settings = None if work.settings is None else os.path.abspath(work.settings)
    return replace(work, knowledge=tuple(map(os.path.abspath, work.knowledge)), settings=settings)


def _absolute(job: Job) -> Job:
    """The same for workers that were started in another folder."""

    def there(files: Iterable[Seen]) -> tuple[Seen, ...]:
        return tuple(replace(seen, path=os.path.abspath(seen.path)) for seen in files)

    place = job.place
    moved = replace(place, logs=there(place.logs), settings=there(place.settings), facts=there(place.facts), others=there(place.others))
    return replace(job, folder=os.path.abspath(job.folder), place=moved)


def _named(rows: Sequence[Row], job: Job) -> list[Row]:
    """The rows as the caller named their folder, wherever they were judged."""
    if os.path.isabs(job.folder):
        return list(rows)
    folder = os.path.abspath(job.folder)

    def name(path: str) -> str:
        return os.path.normpath(os.path.join(job.folder, os.path.relpath(path, folder))) if os.path.isabs(path) else path

    return [replace(row, run=name(row.run), path=name(row.path)) for row in rows]


def judge(chunk: Sequence[tuple[str, Job]], work: Work) -> Judged:
    """Judge some jobs in a worker.

    Args:
        chunk: By key.
        work: How.
    """
    from advise.experiments.fleet.judging import rows_of

    advisor = work.advisor()
    found: Judged = []
    for key, job in chunk:
        # What holds a process up inside a library hears no exception; then the process ends, and the job is found.
        timer = threading.Timer(_LAST_RESORT * work.seconds + _GRACE_SECONDS, os._exit, (1,)) if work.backend == "loky" else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            found.append((key, rows_of(job, advisor, work.seconds)))
        finally:
            if timer is not None:
                timer.cancel()
    return found


@cache
def _advisor(knowledge: tuple[str, ...], settings: str | None, drafts: bool) -> Advisor:
    from advise.advisor import Advisor

    return Advisor(_root(knowledge), engine="plain", drafts=drafts, settings=None if settings is None else Path(settings))


def _root(knowledge: tuple[str, ...]) -> Root:
    from advise.knowledge.files import root_with

    return root_with([Path(folder) for folder in knowledge])


def _has_joblib() -> bool:
    from importlib.util import find_spec

    return find_spec("joblib") is not None
