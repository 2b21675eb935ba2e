"""A fleet as a table that other programs read: JSON lines, CSV, Parquet, a data frame. A setting is a column of its own."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from advise.documents.problems import Problem
from advise.errors import MissingExtraError
from advise.experiments.fleet.row import PLAIN, Row
from advise.untrusted import cell

if TYPE_CHECKING:
    from advise.experiments.fleet.fleet import Fleet

# A column of settings is called so, that `advise study` knows it for a hyperparameter.
PREFIX = "params_"
_BETWEEN = " "


def json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Each row on a line, whole.

    Args:
        rows: The rows.
    """
    for row in rows:
        yield json.dumps(row.as_record(), ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=str) + "\n"


def as_csv(fleet: Fleet) -> str:
    """The rows as CSV, settings behind the columns that every run has.

    Args:
        fleet: The runs.
    """
    settings = _settings(fleet)
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*PLAIN, *(f"{PREFIX}{name}" for name in settings)])
    for row in fleet:
        writer.writerow([cell(value) for value in _flat(row, settings).values()])
    return written.getvalue()


def as_parquet(fleet: Fleet) -> bytes:
    """The rows as a Parquet file.

    Args:
        fleet: The runs.

    Raises:
        MissingExtraError: polars is not installed.
    """
    written = BytesIO()
    _polars(fleet).write_parquet(written)
    return written.getvalue()


def frame_of(fleet: Fleet) -> Any:
    """The rows as a data frame of polars, or of pandas where that alone is installed.

    Args:
        fleet: The runs.

    Raises:
        MissingExtraError: Neither is installed.
    """
    try:
        return _polars(fleet)
    except MissingExtraError:
        try:
            import pandas
        except ImportError:
            pass
        else:
            settings = _settings(fleet)
            return pandas.DataFrame([_flat(row, settings) for row in fleet])
        raise


def _polars(fleet: Fleet) -> Any:
    try:
        import polars
    except ImportError as error:
        message = "tables of this kind are written by polars, which is not installed"
        raise MissingExtraError([Problem("fleet", 0, 0, message, "", accepted='pip install "playbook-advisor[fleet]"')]) from error
    settings = _settings(fleet)
    return polars.DataFrame([_flat(row, settings) for row in fleet], infer_schema_length=None, strict=False)


def _settings(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.settings))


def _flat(row: Row, settings: Iterable[str]) -> Mapping[str, object]:
    plain = {name: getattr(row, name) for name in PLAIN}
    joined = {name: _BETWEEN.join(value) if isinstance(value, list | tuple) else value for name, value in plain.items()}
    return {**joined, **{f"{PREFIX}{name}": row.settings.get(name) for name in settings}}
