"""The values of lines of one kind, kept one behind the other, and put together into columns at the end."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from advise.runlog.readers.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS
from advise.runlog.readers.rows import joined
from advise.runlog.readers.table import Column

if TYPE_CHECKING:
    from advise.runlog.arrays import Floats, Integers, Mask

# What stands behind the name of `0.6` in `loss 0.5/0.6`: nothing says what it is, and it is not lost.
_SECOND = " (of)"


@dataclass(slots=True, eq=False)
class Block:
    """Records that have the same columns in the same order.

    Attributes:
        names: The columns.
        scales: What each column's numbers are multiplied by; None where all are as they stand.
        totals: For each column, which other one says of how many it is; None where no number is a share of another.
        rank: The process that wrote the records, where the lines say so.
        records: Of each record, its number in the file.
        values: The values of the records, one record behind the other.
    """

    names: Sequence[str]
    scales: Sequence[float] | None = None
    totals: Mapping[int, int] | None = None
    rank: int | None = None
    records: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))

    def columns(self) -> Iterable[tuple[str, Integers, Floats]]:
        """Each column with its records and values."""
        import numpy as np

        records = np.asarray(self.records)
        values = np.asarray(self.values).reshape(-1, len(self.names))
        shares = set((self.totals or {}).values())
        for place, name in enumerate(self.names):
            if place in shares:
                continue
            column = values[:, place]
            if self.totals and place in self.totals:
                wholes = values[:, self.totals[place]]
                column, is_share = _shares(column, wholes)
                if not is_share.all():
                    yield f"{name}{_SECOND}", records, wholes
            yield name, records, column if self.scales is None or self.scales[place] == 1 else _scaled(column, self.scales[place])


def _scaled(column: Floats, scale: float) -> Floats:
    import numpy as np

    with np.errstate(over="ignore"):
        return column * scale


def _shares(parts: Floats, wholes: Floats) -> tuple[Floats, Mask]:
    """The shares that numbers are, `184/300`, and which are; `0.5/0.6` is none, and its first number stays as it is."""
    import numpy as np

    with np.errstate(all="ignore"):
        counted = (wholes >= 1) & (wholes == np.floor(wholes)) & (parts == np.floor(parts)) & (parts <= wholes)
        return np.where(counted, parts / wholes, parts), counted


def columns_of(blocks: Iterable[Block]) -> tuple[dict[str, Column], int]:
    """The columns of blocks, in the order in which they were first met.

    Args:
        blocks: In the order in which each was begun.

    Returns:
        The columns, and how many had to be left out: of too many, those with the most values stay.
    """
    parts: dict[str, list[tuple[Integers, Floats]]] = defaultdict(list)
    for block in blocks:
        if len(block.records):
            for name, records, values in block.columns():
                parts[name].append((records, values))
    kept = [name for name in parts if len(name) <= MAX_NAME_CHARACTERS]
    if len(kept) > MAX_COLUMNS:
        sizes = {name: sum(len(records) for records, _ in parts[name]) for name in kept}
        most = set(sorted(kept, key=lambda name: -sizes[name])[:MAX_COLUMNS])
        kept = [name for name in kept if name in most]
    return {name: joined(name, parts[name]) for name in kept}, len(parts) - len(kept)
