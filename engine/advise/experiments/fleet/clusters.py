"""Worker processes to map over: of this machine, of a Dask cluster, of a Ray cluster; results come as they are done.

Joblib maps for this machine and for Dask. Its backend for Ray gives everything at the end only, so that nothing could be kept on the way; there the
chunks are tasks of Ray itself, which runs those of a worker that died again, as Dask does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeVar

from advise.documents.problems import Problem
from advise.errors import InputError, MissingExtraError

Backend = Literal["loky", "dask", "ray"]
Chunk = TypeVar("Chunk")
Result = TypeVar("Result")
_PACKAGES = {"loky": '"playbook-advisor[fleet]"', "dask": '"playbook-advisor[fleet]" "dask[distributed]"', "ray": "ray"}
_CONNECT_SECONDS = 20
# So often a chunk is tried again elsewhere when its worker died: as often as Dask does by default.
_RETRIES = 3
# What backends raise when a worker died for good; their packages may not be installed.
_DEATHS = frozenset({"TerminatedWorkerError", "BrokenProcessPool", "KilledWorker", "RayActorError", "WorkerCrashedError", "OutOfMemoryError"})


@dataclass(frozen=True, slots=True)
class Workers:
    """Worker processes.

    Attributes:
        count: How many there are at the moment.
        run: Maps a function over chunks, in any order; what the workers raise is raised.
    """

    count: int
    run: Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]


@contextmanager
def workers(backend: Backend, address: str | None, count: int) -> Iterator[Workers]:
    """Connect to worker processes, or start them; what was started is ended.

    Args:
        backend: Whose.
        address: Of a cluster's scheduler; None to start one here.
        count: How many are started here.

    Raises:
        MissingExtraError: The packages of the backend are not installed.
        InputError: The cluster cannot be reached.
    """
    if backend == "loky":
        yield Workers(count, lambda function, chunks: _by_joblib(function, chunks, count))
        return
    connected = _dask(address, count) if backend == "dask" else _ray(address, count)
    try:
        found = connected.__enter__()
    except ImportError as error:
        problem = Problem("--backend", 0, 0, f"{backend} is not installed: {error}", "", accepted=f"pip install {_PACKAGES[backend]}")
        raise MissingExtraError([problem]) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError([Problem("--address", 0, 0, f"the cluster cannot be reached: {error}", "")]) from error
    try:
        yield found
    finally:
        connected.__exit__(None, None, None)


def is_death(error: Exception) -> bool:
    """Whether an error says that a worker died, and not that its work failed.

    Args:
        error: What `Workers.run` raised.
    """
    return any(kind.__name__ in _DEATHS for kind in type(error).__mro__)


def _by_joblib(function: Callable[[Chunk], Result], chunks: Iterable[Chunk], count: int) -> Iterator[Result]:
    from joblib import Parallel, delayed

    run = Parallel(n_jobs=count, batch_size=1, pre_dispatch="2*n_jobs", return_as="generator_unordered")
    yield from run(delayed(function)(chunk) for chunk in chunks)


@contextmanager
def _dask(address: str | None, count: int) -> Iterator[Workers]:
    from distributed import Client
    from joblib import parallel_config

    made = {"address": address} if address else {"n_workers": count, "threads_per_worker": 1, "dashboard_address": None}
    with Client(**made, timeout=_CONNECT_SECONDS) as client:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        with parallel_config(backend="dask", client=client):
            yield Workers(sum(client.nthreads().values()), lambda function, chunks: _by_joblib(function, chunks, -1))


@contextmanager
def _ray(address: str | None, count: int) -> Iterator[Workers]:
    import ray

    is_ours = not ray.is_initialized()
    if is_ours:
        ray.init(address=address, log_to_driver=False, **({} if address else {"num_cpus": count, "include_dashboard": False}))
    try:
        at_once = max(1, int(ray.cluster_resources().get("CPU", 1)))
        yield Workers(at_once, lambda function, chunks: _by_ray(function, chunks, 2 * at_once))
    finally:
        if is_ours:
            ray.shutdown()


def _by_ray(function: Callable[[Chunk], Result], chunks: Iterable[Chunk], at_once: int) -> Iterator[Result]:
    import ray

    task = ray.remote(max_retries=_RETRIES)(_called)
    left = iter(chunks)
    running = [task.remote(function, chunk) for chunk in islice(left, at_once)]
    try:
        while running:
            (done, *_), running = ray.wait(running, num_returns=1)
            running += [task.remote(function, chunk) for chunk in islice(left, 1)]
            yield ray.get(done)
    finally:
        for each in running:
            ray.cancel(each)


def _called(function: Callable[[Chunk], Result], chunk: Chunk) -> Result:
    # Ray makes tasks of plain functions only.
    return function(chunk)
