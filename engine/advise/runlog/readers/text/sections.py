"""Which data the lines below a heading are about: `Evaluating …`, `***** Running training *****`."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from advise.runlog.readers.table import Column

if TYPE_CHECKING:
    from advise.runlog.arrays import Integers

TRAIN = "train"


@dataclass(slots=True)
class Sections:
    """The headings of a file.

    A heading counts if it comes again. It reaches to the next heading, or, where evaluation has headings and training has none, to the next counter.
    """

    begins: array[int] = field(default_factory=lambda: array("q"))
    splits: list[str] = field(default_factory=list)
    kinds: list[object] = field(default_factory=list)

    def heading(self, record: int, split: str, kind: object) -> None:
        """A heading was met.

        Args:
            record: The record that comes next.
            split: What it says that is about.
            kind: What all headings of its wording have in common.
        """
        self.begins.append(record)
        self.splits.append(split)
        self.kinds.append(kind)

    def applied(self, columns: Mapping[str, Column], named: Collection[str], counted: Integers) -> dict[str, Column]:
        """The columns, those of values below a heading called by what it says.

        Args:
            columns: By name.
            named: Those that say themselves which data they are about, and those that count.
            counted: The records that say where on the axis they stand, rising.
        """
        import numpy as np

        from advise.runlog.readers.rows import joined

        reaches = self._reaches(counted)
        if not reaches:
            return dict(columns)
        starts = np.array([start for start, _, _ in reaches])
        ends = np.array([end for _, end, _ in reaches])
        labels = [split for _, _, split in reaches]
        parts: dict[str, list[Column]] = {}
        for name, column in columns.items():
            if name in named:
                parts.setdefault(name, []).append(column)
                continue
            places = np.searchsorted(starts, column.records, side="right") - 1
            inside = (places >= 0) & (column.records < ends[np.maximum(places, 0)])
            for label in dict.fromkeys(labels):
                chosen = inside & np.array([labels[place] == label for place in places.tolist()], dtype=bool)
                if chosen.any():
                    parts.setdefault(f"{label}/{name}", []).append(Column(f"{label}/{name}", column.records[chosen], column.values[chosen]))
            if not inside.all():
                parts.setdefault(name, []).append(Column(name, column.records[~inside], column.values[~inside]))
        return {name: joined(name, [(column.records, column.values) for column in several]) for name, several in parts.items()}

    def _reaches(self, counted: Integers) -> list[tuple[int, int, str]]:
        """From which record to before which each heading that is not of training reaches."""
        import numpy as np

        often = Counter(self.kinds)
        headings = [(begin, split) for begin, split, kind in zip(self.begins, self.splits, self.kinds, strict=True) if often[kind] > 1]
        of_training = sum(split == TRAIN for _, split in headings)
        alternate = of_training >= len(headings) - of_training - 1 and of_training > 1
        found = []
        for place, (begin, split) in enumerate(headings):
            end = headings[place + 1][0] if place + 1 < len(headings) else np.iinfo(np.int64).max
            if not alternate:
                following = int(np.searchsorted(counted, begin))
                end = min(end, counted[following] if following < len(counted) else end)
            if split != TRAIN and end > begin:
                found.append((begin, int(end), split))
        return found
