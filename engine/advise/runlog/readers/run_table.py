"""Tables in which a row is a run: results of seeds or of a search, which are no course of anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from advise.runlog.lexicon import packaged
from advise.runlog.readers.refusal import unreadable
from advise.runlog.words import words_of
from advise.untrusted import shorten

if TYPE_CHECKING:
    from advise.runlog.readers.table import Column

_FEWEST = 3
# Of the names, how many may be numbers or stand twice: a hash can be all digits.
_SHARE = 0.9
_REMEMBERED = 100_000
_SHOWN = 40
# A time, a date, a size, a share: `00:01:20`, `2024-05-01T10:00`, `3.4G`, `81%`.
_QUANTITY = re.compile(r"[-+]?\d[\d\s.,:/+-]*(?:[TZ][\d:.,+-]*)?\s?(?:[A-Za-z%/]{0,6}|[AaPp][Mm])")


@dataclass(slots=True)
class Labels:
    """The words in the cells of a table, by column.

    Attributes:
        seen: The distinct ones of each column.
    """

    seen: dict[str, set[str]] = field(default_factory=dict)

    def put(self, column: str, cell: str) -> None:
        """Take a cell that is no number."""
        seen = self.seen.setdefault(column, set())
        if len(seen) < _REMEMBERED and not _QUANTITY.fullmatch(cell):
            seen.add(cell)

    def naming(self, columns: Mapping[str, Column], rows: int) -> str | None:
        """The column that calls each row by a name of its own; None where there is none, or where a counter says that the rows follow one another.

        Args:
            columns: The numbers of the table.
            rows: How many rows it has.
        """
        if rows < _FEWEST or any(map(_counts, columns.values())):
            return None
        return next((column for column, seen in self.seen.items() if len(seen) >= _SHARE * rows), None)


def refuse_runs(labels: Labels, columns: Mapping[str, Column], rows: int, shown: str) -> None:
    """See that a table is the course of one run.

    Args:
        labels: The words in its cells.
        columns: Its numbers.
        rows: How many rows it has.
        shown: The file as the caller named it.

    Raises:
        LogError: A row is a run.
    """
    naming = labels.naming(columns, rows)
    if naming is not None:
        message = f"this is a table of runs, not the log of one: `{shorten(naming, _SHOWN)}` has another name in each row, and no counter moves"
        raise unreadable(shown, message, "`advise compare` and `advise study` read such a table")


def _counts(column: Column) -> bool:
    """Whether a column is a counter that moves on from row to row."""
    if packaged().counter_at_the_end(words_of(column.name)) is None:
        return False
    return _is_rising(column.values.tolist())


def _is_rising(values: Sequence[float]) -> bool:
    moves = [later - earlier for earlier, later in pairwise(values) if later != earlier]
    return bool(moves) and sum(move > 0 for move in moves) > len(moves) / 2
