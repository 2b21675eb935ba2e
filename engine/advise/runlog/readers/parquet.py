"""Parquet tables, read by polars (extra `logs`): a column a quantity, or a row a value, as Neptune's exporter writes them.

The columns of the exporter are those of its README: `run_id`, `attribute_path`, `attribute_type`, `step`, `timestamp`, and a column for each type of
value.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from advise.runlog.lexicon import packaged
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS, MAX_RECORDS
from advise.runlog.readers.refusal import not_installed, unreadable
from advise.runlog.readers.run_table import Labels, refuse_runs
from advise.runlog.readers.scalars import STEP, WALL_TIME
from advise.runlog.readers.table import Column, Remark, Setting, Table
from advise.runlog.words import words_of

if TYPE_CHECKING:
    import polars

    from advise.runlog.arrays import Floats

FORMAT = "parquet"
MAGIC = b"PAR1"
_RUN, _NAME, _TYPE, _TIME, _VALUE = "run_id", "attribute_path", "attribute_type", "timestamp", "float_value"
_NEPTUNE = frozenset({_RUN, _NAME, _TYPE, STEP, _VALUE})
_SERIES = "float_series"
_SINGLE = {"float": _VALUE, "int": "int_value", "bool": "bool_value", "string": "string_value"}
_FAILED = "sys/failed"
_MAX_SETTING_CHARACTERS = 1000


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a Parquet table."""
    return head.startswith(MAGIC)


def is_log(path: str) -> bool:
    """Whether a Parquet table is a log: one column counts, or it is of Neptune. A set of data is none.

    Args:
        path: The file; where polars is not installed, it counts as a log, so that reading it says so.
    """
    try:
        import polars
    except ImportError:
        return True
    try:
        with open(path, "rb") as file:
            names = polars.read_parquet_schema(file)
    except (Exception, polars.exceptions.PanicException):
        return False
    return names.keys() >= _NEPTUNE or any(packaged().counter_at_the_end(words_of(name)) is not None for name in names)


def read(path: str, shown: str) -> tuple[Table, ...]:
    """Read a Parquet table.

    Args:
        path: The file.
        shown: The same as the caller named it.

    Returns:
        One table, or one for each run that Neptune's exporter wrote.

    Raises:
        LogError: Nothing in it can be read.
        MissingExtraError: polars is not installed.
    """
    try:
        import polars
    except ImportError as error:
        raise not_installed(shown, "a Parquet table", error) from error
    try:
        # A name with `*` or `://` in it is a name.
        frame = polars.scan_parquet(os.path.abspath(path), glob=False)
        schema = frame.collect_schema()
        if schema.keys() >= _NEPTUNE:
            return tuple(_of_neptune(frame.select([name for name in schema if name in {*_NEPTUNE, _TIME, *_SINGLE.values()}]), shown))
        numbers = [name for name, kind in schema.items() if kind.is_numeric() or kind == polars.Boolean][:MAX_COLUMNS]
        words = [name for name, kind in schema.items() if kind == polars.String][:MAX_COLUMNS]
        found = frame.select(*(polars.col(name).cast(polars.Float64) for name in numbers), *words).head(MAX_RECORDS).collect()
    except (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError) as error:
        raise unreadable(shown, "the Parquet table is damaged, or of a kind that cannot be read") from error
    return (_wide(found, numbers, words, shown),)


def _wide(frame: polars.DataFrame, numbers: list[str], words: list[str], shown: str) -> Table:
    """A column a quantity, a row a record."""
    import numpy as np

    if not numbers or not len(frame):
        raise unreadable(shown, "the Parquet table has no row with a number")
    every = np.arange(len(frame), dtype=np.int64)
    columns = {}
    for name in numbers:
        filled = frame[name].is_not_null().to_numpy()
        if filled.any():
            columns[name] = Column(name, every[filled], frame[name].drop_nulls().to_numpy())
    labels = Labels()
    for name in words:
        for cell in frame[name].drop_nulls().unique().to_list():
            labels.put(name, cell)
    refuse_runs(labels, columns, len(frame), shown)
    return Table(shown, FORMAT, columns, every + 1)


def _of_neptune(frame: polars.LazyFrame, shown: str) -> Iterator[Table]:
    """A table for each run, in the order of the file."""
    import polars

    rows = frame.head(MAX_RECORDS).collect()
    series = rows.filter((polars.col(_TYPE) == _SERIES) & polars.col(STEP).is_not_null() & polars.col(_VALUE).is_not_null())
    if not len(series):
        raise unreadable(shown, "no series of numbers is in what Neptune exported")
    single = {str(key[0]): part for key, part in rows.filter(polars.col(_TYPE).is_in(list(_SINGLE))).partition_by(_RUN, as_dict=True).items()}
    for key, part in series.partition_by(_RUN, as_dict=True, maintain_order=True).items():
        run = str(key[0])
        settings = _settings(single[run]) if run in single else {}
        remarks = [Remark("run_failed", shown, {"status": "failed"})] if settings.get(_FAILED) is True else []
        if len(rows) >= MAX_RECORDS:
            remarks.append(Remark("scalars_over_limit", shown, {"limit": MAX_RECORDS}))
        yield _of_run(part, run[:MAX_NAME_CHARACTERS], settings, remarks, shown)


def _of_run(part: polars.DataFrame, run: str, settings: Mapping[str, Setting], remarks: list[Remark], shown: str) -> Table:
    """A record a step: of two values of a quantity at one step, the last counts."""
    import numpy as np
    import polars

    part = part.with_columns(polars.col(STEP).cast(polars.Float64)).unique([_NAME, STEP], keep="last", maintain_order=True)
    steps: Floats = np.unique(part[STEP].to_numpy())
    columns = {STEP: Column(STEP, np.arange(len(steps), dtype=np.int64), steps)}
    if _TIME in part.columns:
        times = part.group_by(STEP).agg(polars.col(_TIME).min()).drop_nulls().sort(STEP)
        seconds = times[_TIME].cast(polars.Datetime("ms")).cast(polars.Int64).to_numpy() / 1000.0
        columns[WALL_TIME] = Column(WALL_TIME, np.searchsorted(steps, times[STEP].to_numpy()), seconds)
    for key, values in list(part.partition_by(_NAME, as_dict=True, maintain_order=True).items())[:MAX_COLUMNS]:
        name = str(key[0])[:MAX_NAME_CHARACTERS]
        ordered = values.sort(STEP)
        column = f"logged/{name}" if name in (STEP, WALL_TIME) else name
        columns[column] = Column(column, np.searchsorted(steps, ordered[STEP].to_numpy()), ordered[_VALUE].cast(polars.Float64).to_numpy())
    return Table(shown, FORMAT, columns, np.arange(1, len(steps) + 1), settings, tuple(remarks), run)


def _settings(rows: polars.DataFrame) -> dict[str, Setting]:
    """The single values of a run, by their names."""
    found: dict[str, Setting] = {}
    held = {kind: column for kind, column in _SINGLE.items() if column in rows.columns}
    for row in rows.head(MAX_COLUMNS).iter_rows(named=True):
        value = row.get(held.get(row[_TYPE], ""))
        if value is not None and len(row[_NAME] or "") <= MAX_NAME_CHARACTERS:
            found[str(row[_NAME])] = value[:_MAX_SETTING_CHARACTERS] if isinstance(value, str) else value
    return found
