"""Large tidy CSV files, read by polars where it is installed (extra `logs`); whatever is unusual is left to the reader that takes everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advise.runlog.readers.delimited import FORMAT
from advise.runlog.readers.limits import MAX_COLUMNS
from advise.runlog.readers.table import Column, Table

if TYPE_CHECKING:
    import polars

    from advise.runlog.arrays import Integers

LARGE = 1024**2
_CHUNK = 1024**2


def read(data: bytes, shown: str) -> Table | None:
    """Read a table of nothing but numbers and blanks below one header.

    Args:
        data: The file.
        shown: The file as the caller named it.

    Returns:
        The table; None where the file is not tidy, or polars is not there.
    """
    try:
        import polars
    except ImportError:
        return None
    end = data.find(b"\n")
    names = _names(data[:end]) if end > 0 else None
    if names is None or b'"' in data:
        return None
    try:
        frame = polars.read_csv(data, schema=dict.fromkeys(names, polars.Float64))
    except Exception:
        # Whatever polars finds wrong, the other reader reads, and says what it is: too many cells, a word, a comment, a header again.
        return None
    # Of a line with too few cells, an empty one included, polars makes a row of blanks; the other reader says that there are such lines.
    if _commas(data) != (len(names) - 1) * (len(frame) + 1):
        return None
    return _table(frame, shown)


def _commas(data: bytes) -> int:
    """How many there are: a fourth of the time of `bytes.count`, which is made for what is rare."""
    import numpy as np

    characters = np.frombuffer(data, np.uint8)
    return sum(int(np.count_nonzero(characters[start : start + _CHUNK] == ord(","))) for start in range(0, len(characters), _CHUNK))


def _names(header: bytes) -> list[str] | None:
    try:
        names = header.decode("ascii").rstrip("\r").split(",")
    except UnicodeDecodeError:
        return None
    tidy = all(name and name == name.strip() and not name[0].isdigit() and name[0] not in "-+.#" for name in names)
    numbers = {"nan", "inf", "infinity"}
    return names if tidy and len(set(names)) == len(names) <= MAX_COLUMNS and not numbers & {name.lower() for name in names} else None


def _table(frame: polars.DataFrame, shown: str) -> Table:
    import numpy as np

    every: Integers = np.arange(len(frame), dtype=np.int64)
    columns = {}
    for series in frame:
        if not series.null_count():
            columns[series.name] = Column(series.name, every, series.to_numpy())
        elif series.null_count() < len(series):
            records = np.flatnonzero(series.is_not_null().to_numpy())
            columns[series.name] = Column(series.name, records, series.drop_nulls().to_numpy())
    return Table(shown, FORMAT, columns, every + 2)
