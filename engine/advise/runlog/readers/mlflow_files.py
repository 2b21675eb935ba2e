"""MLflow's file store: a folder for each run, with a file for each metric and parameter (mlflow/store/tracking/file_store.py)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from advise.runlog.readers.limits import MAX_COLUMNS, MAX_DEPTH, MAX_LINE_CHARACTERS, MAX_NAME_CHARACTERS, MAX_RECORDS
from advise.runlog.readers.mlflow import ended, put_setting, said_of
from advise.runlog.readers.refusal import unreadable
from advise.runlog.readers.scalars import Scalars
from advise.runlog.readers.table import Remark, Setting, Table

_MAX_STATUS = 40
_META = "meta.yaml"
# Three numbers, and perhaps the name and the digest of a data set.
_MAX_LINE_BYTES = 2_000
_STATUSES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
_INTEGERS = range(-(2**63), 2**63)


def is_run_folder(path: str) -> bool:
    """Whether a folder is that of a run: `mlruns/<experiment>/<run>`.

    Args:
        path: The folder.
    """
    return os.path.isfile(os.path.join(path, _META)) and os.path.isdir(os.path.join(path, "metrics"))


def is_deleted(path: str) -> bool:
    """Whether MLflow has a run as deleted.

    Args:
        path: Its folder.
    """
    try:
        return _meta(os.path.join(path, _META)).get("lifecycle_stage") == "deleted"
    except (OSError, ValueError):
        return False


def title_of(path: str) -> str | None:
    """What MLflow calls a run; None where it says nothing.

    Args:
        path: Its folder.
    """
    try:
        title = _meta(os.path.join(path, _META)).get("run_name")
    except (OSError, ValueError):
        return None
    return str(title)[:MAX_NAME_CHARACTERS] if title else None


def read_run_folder(path: str, shown: str | None = None) -> tuple[Table, ...]:
    """Read the folder of a run. Links in it are not followed.

    Args:
        path: The folder.
        shown: The same as the caller named it.

    Returns:
        One table. Its records are steps; `step` and `wall_time` (seconds since 1970) say when they were logged; the lines count what was
        logged, from the earliest; its settings are the parameters.

    Raises:
        LogError: Nothing in it can be read.
    """
    shown = shown or path
    gathered = _Gathered()
    try:
        for name, file in islice(_files(os.path.join(path, "metrics")), MAX_COLUMNS):
            gathered.metric(name, file)
        for name, file in islice(_files(os.path.join(path, "params")), MAX_COLUMNS):
            put_setting(gathered.settings, name, _head(file, MAX_LINE_CHARACTERS).decode("utf-8", "replace"))
        meta = _meta(os.path.join(path, _META))
    except (OSError, ValueError) as error:
        raise unreadable(shown, f"the run's folder cannot be read: {error}") from error
    if not len(gathered.scalars):
        raise unreadable(shown, "no metric of the run holds a value")
    gathered.scalars.order_by_time()
    status = meta.get("status")
    said = _STATUSES.get(status, "") if isinstance(status, int) else str(status or "")[:_MAX_STATUS]
    remarks = [*gathered.remarks(shown), *ended(said, shown)]
    run = str(meta.get("run_name") or meta.get("run_id") or os.path.basename(os.path.abspath(path)))[:MAX_NAME_CHARACTERS]
    return (gathered.scalars.table(shown, "mlflow", {**gathered.settings, **said_of(said)}, remarks, run),)


@dataclass(slots=True)
class _Gathered:
    """What the folder of a run holds."""

    scalars: Scalars = field(default_factory=Scalars)
    settings: dict[str, Setting] = field(default_factory=dict)
    broken: int = 0
    lines: int = 0

    def metric(self, name: str, file: str) -> None:
        """Keep the values of a metric."""
        with open(file, "rb") as stream:
            while line := stream.readline(_MAX_LINE_BYTES):
                self.lines += 1
                if self.lines > MAX_RECORDS:
                    self.scalars.full = True
                    return
                point = _point(line)
                if point is None:
                    self.broken += 1
                else:
                    time, step, value = point
                    self.scalars.add(name, step, time, value, 0)

    def remarks(self, shown: str) -> Iterator[Remark]:
        """What could not be read."""
        if self.broken:
            yield Remark("values_broken", shown, {"count": self.broken})


def _point(line: bytes) -> tuple[float, int, float] | None:
    """Time, step and value in a line `time value step`; the first releases wrote no step, later ones add the name of a data set."""
    words = line.split()
    if len(words) < 2:
        return None
    try:
        time, value, step = int(words[0]) / 1000, float(words[1]), int(words[2]) if len(words) > 2 else 0
    except (ValueError, OverflowError):
        return None
    return (time, step, value) if step in _INTEGERS else None


def _files(folder: str, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The files of a folder and of those in it: by name, `/` between folders, and their paths."""
    if depth >= MAX_DEPTH or not os.path.isdir(folder) or os.path.islink(folder):
        return
    with os.scandir(folder) as entries:
        listed = sorted(islice(entries, MAX_COLUMNS), key=lambda entry: entry.name)
    for entry in listed:
        if entry.is_file(follow_symlinks=False):
            yield f"{prefix}{entry.name}", entry.path
        elif entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{prefix}{entry.name}/", depth + 1)


def _head(file: str, size: int) -> bytes:
    with open(file, "rb") as stream:
        return stream.read(size)


def _meta(file: str) -> dict[str, object]:
    """What is said of the run, as far as it can be read."""
    from advise.documents.yaml import read_yaml

    if os.path.islink(file) or not os.path.isfile(file):
        return {}
    document = read_yaml(_head(file, MAX_LINE_CHARACTERS), file).document
    plain = document.plain() if document is not None else None
    return plain if isinstance(plain, dict) else {}
