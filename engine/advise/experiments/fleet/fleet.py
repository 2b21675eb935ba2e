"""A fleet of runs: found, judged, kept, and looked at."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advise.experiments.fleet.driving import Work, judged
from advise.experiments.fleet.find import Job, find
from advise.experiments.fleet.row import Row
from advise.experiments.fleet.seen import Sniffed
from advise.experiments.fleet.store import Store
from advise.experiments.fleet.where import where
from advise.experiments.fleet.whole import Whole, whole_of
from advise.runlog.readers.table import Remark

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.knowledge.base import KnowledgeBase

Tell = Callable[[int, int], None]
_FORM = "1"


def _untold(done: int, total: int) -> None:
    """Nobody wants to know how far it is."""


class Fleet:
    """Runs that were judged. The rows lie on disk, and are read as they are asked for.

    Args:
        store: Where the rows are.
        base: The knowledge that they were judged with.
        remarks: What was left out when the runs were looked for.
        wanted: Which rows count; None for all.
    """

    def __init__(self, store: Store, base: KnowledgeBase, remarks: Sequence[Remark] = (), wanted: Callable[[Row], bool] | None = None) -> None:
        self._store = store
        self._wanted = wanted
        self.base = base
        self.remarks = tuple(remarks)

    def __iter__(self) -> Iterator[Row]:
        rows = self._store.rows()
        return rows if self._wanted is None else filter(self._wanted, rows)

    def __len__(self) -> int:
        return len(self._store) if self._wanted is None else sum(1 for _ in self)

    @cached_property
    def whole(self) -> Whole:
        """What the rows say together."""
        return whole_of(self, self.base)

    def where(self, text: str) -> Fleet:
        """The runs of which something is so.

        Args:
            text: Such as `verdict == "stop" and lr.peak > 1e-3`; never executed.

        Raises:
            InputError: It is no filter, or asks for what no run has.
        """
        asked = where(text)
        settings = {name for row in self for name in row.settings}
        asked.check({*self.base.vocabulary.specs, *settings})
        before = self._wanted
        return Fleet(self._store, self.base, self.remarks, asked if before is None else lambda row: before(row) and asked(row))

    def to_records(self) -> list[dict[str, Any]]:
        """Every row as a mapping of its fields."""
        return [row.as_record() for row in self]

    def to_frame(self) -> Any:
        """The rows as a data frame of polars, or of pandas where that alone is installed; a setting is a column of its own.

        Raises:
            MissingExtraError: Neither is installed.
        """
        from advise.experiments.fleet.tables import frame_of

        return frame_of(self)

    def _repr_html_(self) -> str:
        from advise.experiments.fleet.html import fragment

        return fragment(self)


def fleet(
    paths: str | Path | Sequence[str | Path],
    *,
    work: Work | None = None,
    store: Path | None = None,
    tell: Tell = _untold,
    fresh: bool = False,
) -> Fleet:
    """Find runs and advise on each.

    Args:
        paths: Folders, logs, patterns, `mlflow:PATH`, `optuna:PATH`.
        work: With what knowledge, on how many workers, where, and how long each run may take; by default with what came with the package,
            on every core of this machine, a minute a run.
        store: Where results are kept, so that what did not change is not judged again; by default nowhere.
        tell: Called with how many runs are done, and of how many.
        fresh: Whether what the store holds is dropped first.

    Raises:
        InputError: A place does not exist, holds no run, or the cluster cannot be reached.
        OutputError: The store cannot be written.
        MissingExtraError: The backend needs packages that are not installed.
    """
    work = work or Work()
    advisor = work.advisor()
    kept = Store(store)
    try:
        if fresh:
            kept.clear()
        sources = [str(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
        sniffed = Sniffed(kept.known_files())
        found = find(sources, advisor.knowledge, sniffed)
        jobs = _keyed(found.jobs, sniffed, work.stamp())
        kept.put_files(sniffed.new)
        kept.list((key, job.name, job.place.logs[0].path) for key, job in jobs)
        _judge(jobs, work, advisor, kept, tell)
    except BaseException:
        kept.close()
        raise
    return Fleet(kept, advisor.knowledge, found.remarks)


def _keyed(jobs: Iterable[Job], sniffed: Sniffed, stamp: str) -> list[tuple[str, Job]]:
    """Each job with what its rows are kept under: what it is read from, and what it is judged with."""
    return [(_key(job, [sniffed.digest(seen.path) for seen in job.files], stamp), job) for job in jobs]


def _key(job: Job, digests: Sequence[str], stamp: str) -> str:
    names = [os.path.basename(seen.path) for seen in job.files]
    said = "\0".join([_FORM, stamp, job.kind, *names, *digests])
    return hashlib.blake2b(said.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _judge(jobs: Sequence[tuple[str, Job]], work: Work, advisor: Advisor, store: Store, tell: Tell) -> None:
    waiting = list({key: (key, job) for key, job in jobs if not store.is_done(key)}.values())
    total, done = len(waiting), 0
    tell(done, total)
    for held in judged(waiting, work, advisor):
        store.put(held)
        done += len(held)
        tell(done, total)
