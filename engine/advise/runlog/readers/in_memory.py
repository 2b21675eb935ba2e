"""What a program holds of a run: a list of records, lists by name, a data frame, the history of Keras or of Transformers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any

from advise.documents.problems import Problem
from advise.errors import LogError
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_RECORDS
from advise.runlog.readers.records import Records
from advise.runlog.readers.table import Table

SHOWN = "history"
FORMAT = "in memory"
_ACCEPTED = "a list of dicts, a mapping of lists, a pandas or polars data frame, a Keras History, the state of a Transformers trainer"


def table_of(history: object) -> Table:
    """A history as a table; its lines count its records from 1.

    Args:
        history: Records, each a mapping of names to numbers; or lists of numbers by name; or an object that holds either: a data frame, the `History`
            of Keras, the state of a trainer of Transformers. Nothing of these libraries is imported.

    Raises:
        LogError: It is none of these, or holds nothing.
    """
    records = Records()
    for number, record in enumerate(islice(_records(history), MAX_RECORDS), start=1):
        kept = {str(name): plain for name, value in islice(record.items(), MAX_COLUMNS) if (plain := _plain(value)) is not None}
        if kept:
            records.add(number, kept)
    for name, value in _settings(history):
        records.set(name, value)
    if not len(records.rows.lines):
        raise LogError([Problem(SHOWN, 0, 0, "the history holds no record", "", accepted=_ACCEPTED)])
    return records.table(SHOWN, FORMAT)


def _records(history: Any) -> Iterator[Mapping[Any, Any]]:
    columns = _columns(history)
    if columns is not None:
        names = list(columns)
        for values in zip_longest(*(_listed(columns[name]) for name in names)):
            yield {name: value for name, value in zip(names, values, strict=True) if value is not None}
        return
    held = getattr(history, "log_history", history)
    if isinstance(held, str | bytes) or not isinstance(held, Iterable):
        raise LogError([Problem(SHOWN, 0, 0, f"a {type(history).__name__} is no history", "", accepted=_ACCEPTED)])
    for place, record in enumerate(held):
        if not isinstance(record, Mapping):
            message = f"record {place + 1} of the history is a {type(record).__name__}, not a mapping"
            raise LogError([Problem(SHOWN, 0, 0, message, "", accepted=_ACCEPTED)])
        yield record


def _columns(history: Any) -> Mapping[Any, Any] | None:
    """Lists by name, where the history is or holds such."""
    kept = getattr(history, "history", None)
    if isinstance(kept, Mapping):
        epochs = getattr(history, "epoch", None)
        return {"epoch": epochs, **kept} if epochs and "epoch" not in kept else kept
    if isinstance(history, Mapping):
        return history
    if hasattr(history, "columns") and callable(getattr(history, "to_dict", None)):
        return {name: _of_frame(_listed(history[name])) for name in history.columns}
    return None


def _of_frame(values: list[Any]) -> list[Any]:
    """A column of a data frame, where NaN stands for what was not logged, unless it is all there is from some row to the end, and more than one."""
    blank = [isinstance(value, float) and math.isnan(value) for value in values]
    first = blank.index(True) if True in blank else len(blank)
    if 0 < first < len(blank) - 1 and all(blank[first:]):
        return values
    return [None if is_blank else value for value, is_blank in zip(values, blank, strict=True)]


def _listed(values: Any) -> list[Any]:
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise LogError([Problem(SHOWN, 0, 0, f"a column of the history is a {type(values).__name__}, not a list of numbers", "", accepted=_ACCEPTED)])
    return list(islice(values, MAX_RECORDS))


def _plain(value: Any) -> object:
    """A number of NumPy or of a framework as one of Python's; what is none stays as it is."""
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    if isinstance(value, Mapping | list | tuple):
        return value
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        return None


def _settings(history: Any) -> Iterator[tuple[str, object]]:
    """What Keras keeps of how it was called."""
    params = getattr(history, "params", None)
    if isinstance(params, Mapping):
        yield from ((name, params[name]) for name in ("epochs", "batch_size") if isinstance(params.get(name), int))
