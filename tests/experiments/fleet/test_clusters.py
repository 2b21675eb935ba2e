"""A fleet on worker processes of each backend, one of which is killed in the middle: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.experiments.fleet.conftest import HERE, write_run

from advise.errors import InputError, MissingExtraError
from advise.experiments.fleet import Fleet, Row, fleet
from advise.experiments.fleet.clusters import Backend
from advise.experiments.fleet.driving import Judged, Work, _one_by_one
from advise.experiments.fleet.find import Job, find
from advise.experiments.fleet.seen import Sniffed

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="finds workers in /proc")]
RUNS = 40
# How the command line of a worker of a backend looks, and what it needs.
WORKERS = {"loky": "loky.backend.popen_loky", "dask": "multiprocessing.spawn", "ray": "ray::_called"}
NEEDED = {"loky": "joblib", "dask": "distributed", "ray": "ray"}


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    for number in range(RUNS):
        write_run(tmp_path / "runs" / f"run{number:02}", 0.1 if number % 4 == 0 else 0.001, number)
    return tmp_path / "runs"


@pytest.fixture(params=list(WORKERS))
def backend(request: pytest.FixtureRequest) -> Backend:
    name: Backend = request.param
    pytest.importorskip("joblib")
    pytest.importorskip(NEEDED[name], reason=f"the backend needs {NEEDED[name]}")
    return name


@contextmanager
def cluster(backend: Backend) -> Iterator[str | None]:
    """A cluster of two worker processes, and its address; the workers of loky are started by the fleet itself."""
    if backend == "dask":
        from distributed import LocalCluster

        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as started:
            yield started.scheduler_address
    elif backend == "ray":
        import ray

        started = ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
        try:
            yield started.address_info["gcs_address"]
        finally:
            ray.shutdown()
    else:
        yield None


def descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        found += [each for child in children for each in (child, *descendants(child))]
    return found


def workers(backend: Backend) -> list[int]:
    """The worker processes that this process has started, by their command lines."""

    def said(pid: int) -> str:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return ""

    return [pid for pid in descendants(os.getpid()) if WORKERS[backend] in said(pid)]


def deadly(chunk: Sequence[tuple[str, Job]], work: Work) -> Judged:
    """Judges nothing, and ends its process at one of the jobs."""
    if chunk[0][0] == "1":
        os._exit(1)
    return [(key, [Row(run=job.name, path="")]) for key, job in chunk]


def told(found: Fleet) -> dict[str, tuple[object, ...]]:
    return {row.run: (row.verdict, row.finding, row.best, row.error) for row in found}


def test_a_killed_worker_costs_no_run(backend: Backend, runs: Path) -> None:
    killed: list[int] = []
    counts: list[int] = []

    def kill(done: int, _: int) -> None:
        counts.append(done)
        if done and not killed:
            killed.append(workers(backend)[-1])
            os.kill(killed[0], signal.SIGKILL)

    with cluster(backend) as address:
        found = fleet(runs, work=Work(2, backend, address), tell=kill)
    assert killed
    assert max(Counter(row.run for row in found).values()) == 1
    assert told(found) == told(fleet(runs, work=HERE))
    # Each was handed over and came back once, the first word being that none is done.
    assert counts == sorted(set(counts))
    assert counts[-1] == RUNS


@pytest.mark.parametrize("backend", ["dask"])
def test_workers_that_were_started_in_another_folder(backend: Backend, runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the backend needs distributed")
    with cluster(backend) as address:
        monkeypatch.chdir(runs.parent)
        found = told(fleet("runs", work=Work(2, backend, address)))
    assert found == told(fleet("runs", work=HERE))


def test_a_cluster_that_is_not_there_is_refused(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the backend needs distributed")
    monkeypatch.setattr("advise.experiments.fleet.clusters._CONNECT_SECONDS", 1)
    with pytest.raises(InputError, match="the cluster cannot be reached"):
        fleet(runs, work=Work(2, "dask", "tcp://127.0.0.1:9"))


@pytest.mark.parametrize("backend", ["dask", "ray"])
def test_a_backend_that_is_not_installed_is_refused_with_the_command(backend: Backend, runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("distributed", "ray"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=f"{backend} is not installed") as caught:
        fleet(runs, work=Work(2, backend))
    (problem,) = caught.value.problems
    assert problem.accepted is not None
    assert problem.accepted.startswith("pip install ")
    assert backend in problem.accepted


def test_the_job_that_kills_its_process_is_found(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when its process dies the second time, alone; the others have their rows."""
    found = find([str(runs)], HERE.advisor().knowledge, Sniffed())
    jobs = [(str(place), job) for place, job in enumerate(found.jobs[:3])]
    monkeypatch.setattr("advise.experiments.fleet.driving.judge", deadly)
    rows = dict(item for done in _one_by_one(jobs, HERE) for item in done)
    assert list(rows) == ["0", "1", "2"]
    assert [rows[key][0].error is None for key in rows] == [True, False, True]
    assert "its process died" in str(rows["1"][0].error)
