"""Judging the jobs of a fleet on the cores of this machine or of a cluster; what was judged is kept at once.

The map is joblib's, whose backends are worker processes here, Dask or Ray elsewhere. Without joblib, or with one worker, it is a loop.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from advise.documents.problems import Problem
from advise.errors import InputError, MissingExtraError
from advise.experiments.fleet.find import Job, balanced
from advise.experiments.fleet.row import Row

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from advise.advisor import Advisor
    from advise.knowledge.files import Root

Backend = Literal["loky", "dask", "ray"]
Judged = list[tuple[str, list[Row]]]
# Chunks a worker: enough that the last ones end at about the same time, few enough that handing them over costs nothing.
_CHUNKS_A_WORKER = 16
_MOST_A_CHUNK = 64
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
        return self.workers or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else self.workers or os.cpu_count() or 1


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
    yield from _in_processes(list(jobs), work)


def _in_processes(jobs: list[tuple[str, Job]], work: Work) -> Iterator[Judged]:
    """In worker processes; a job that kills its own is found, and has a row that says so."""
    waiting = dict(_in_order(jobs, work))
    while waiting:
        chunks = _chunks(waiting, work)
        try:
            for done in _mapped(chunks, work):
                for key, _ in done:
                    waiting.pop(key, None)
                yield done
        except Exception as error:
            if not _is_death(error):
                raise
            # It was one of those that were handed over last, which are tried once more, each in a process of its own.
            suspects = [item for chunk in chunks if any(key in waiting for key, _ in chunk) for item in chunk if item[0] in waiting]
            for key, job in suspects[: 2 * work.at_once * _MOST_A_CHUNK]:
                waiting.pop(key)
                yield [(key, _alone(job, work))]


def _in_order(jobs: list[tuple[str, Job]], work: Work) -> Iterator[tuple[str, Job]]:
    key_of = {id(job): key for key, job in jobs}
    for chunk in balanced([job for _, job in jobs], work.at_once * _CHUNKS_A_WORKER):
        yield from ((key_of[id(job)], job) for job in chunk)


def _chunks(waiting: dict[str, Job], work: Work) -> list[list[tuple[str, Job]]]:
    key_of = {id(job): key for key, job in waiting.items()}
    parts = max(work.at_once * _CHUNKS_A_WORKER, len(waiting) // _MOST_A_CHUNK + 1)
    return [[(key_of[id(job)], job) for job in chunk] for chunk in balanced(waiting.values(), parts)]


def _mapped(chunks: list[list[tuple[str, Job]]], work: Work) -> Iterator[Judged]:
    from joblib import Parallel, delayed

    with _cluster(work):
        run = Parallel(n_jobs=work.at_once if work.backend == "loky" else -1, batch_size=1, pre_dispatch="2*n_jobs", return_as="generator_unordered")
        yield from run(delayed(judge)(chunk, work) for chunk in chunks)


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


def _alone(job: Job, work: Work) -> list[Row]:
    from advise.experiments.fleet.judging import failed

    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        try:
            ((_, rows),) = pool.submit(judge, [("", job)], work).result()
        except BrokenProcessPool:
            return [failed(job, _DIED)]
    return rows


def _is_death(error: Exception) -> bool:
    return any(kind.__name__ in ("TerminatedWorkerError", "BrokenProcessPool", "KilledWorker", "RayActorError") for kind in type(error).__mro__)


def _has_joblib() -> bool:
    from importlib.util import find_spec

    return find_spec("joblib") is not None


def _cluster(work: Work) -> AbstractContextManager[Any]:
    """The backend of joblib, connected.

    Raises:
        MissingExtraError: Its packages are not installed.
        InputError: It cannot be reached.
    """
    if work.backend == "loky":
        return nullcontext()
    connect: Callable[[str | None], None] = _dask if work.backend == "dask" else _ray
    try:
        connect(work.address)
    except ImportError as error:
        problem = Problem("--backend", 0, 0, f"{work.backend} is not installed: {error}", "", accepted=f"pip install {_PACKAGES[work.backend]}")
        raise MissingExtraError([problem]) from error
    except (OSError, ConnectionError, ValueError, RuntimeError) as error:
        raise InputError([Problem("--address", 0, 0, f"the cluster cannot be reached: {error}", "")]) from error
    from joblib import parallel_config

    return parallel_config(backend=work.backend)  # type: ignore[no-any-return]


_PACKAGES = {"dask": '"dask[distributed]"', "ray": "ray"}


def _dask(address: str | None) -> None:
    from distributed import Client

    Client(address) if address else Client(threads_per_worker=1)


def _ray(address: str | None) -> None:
    import ray
    from ray.util.joblib import register_ray

    ray.init(address=address, ignore_reinit_error=True, log_to_driver=False)
    register_ray()
