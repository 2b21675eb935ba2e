"""What was wrong with a file of framed records, and what of it is not read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from advise.runlog.readers.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS, MAX_RECORDS
from advise.runlog.readers.table import Remark

# A record of scalars has at most some ten thousand bytes; what is larger is a graph or images, and takes up to fifty times as much when decoded.
MAX_RECORD_BYTES = 4 * 1024**2
# As many as there can be columns, and as many again of what is no scalar.
MAX_ENTRIES = 2 * MAX_COLUMNS
_MAX_KINDS = 8


@dataclass(slots=True)
class Damage:
    """What was wrong with a file of records.

    Attributes:
        corrupt: How many records had to be skipped because they are not what had been written.
        oversized: How many were skipped because they are larger than any that holds numbers.
        cut_at: The byte at which the last record begins, if it is not complete.
        lost_at: The byte from which nothing can be read, because the length of the record there is wrong.
        over_limit: Whether there are more records than are read.
    """

    corrupt: int = 0
    oversized: int = 0
    cut_at: int | None = None
    lost_at: int | None = None
    over_limit: bool = False

    def remarks(self, shown: str) -> list[Remark]:
        """What a person should know of it.

        Args:
            shown: The file as the caller named it.
        """
        found = []
        if self.corrupt:
            found.append(Remark("records_corrupt", shown, {"count": self.corrupt}))
        if self.oversized:
            found.append(Remark("records_oversized", shown, {"count": self.oversized}))
        if self.cut_at is not None:
            found.append(Remark("tail_cut", shown, {"byte": self.cut_at}))
        if self.lost_at is not None:
            found.append(Remark("rest_unreadable", shown, {"byte": self.lost_at}))
        if self.over_limit:
            found.append(Remark("records_over_limit", shown, {"limit": MAX_RECORDS}))
        return found


@dataclass(slots=True)
class Skipped:
    """What a file holds that is no number: images, histograms, ….

    Attributes:
        counts: How many, by kind.
    """

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str) -> None:
        """Count one.

        Args:
            kind: What it is, in a word.
        """
        known = kind in self.counts or len(self.counts) < _MAX_KINDS
        self.counts[kind[:MAX_NAME_CHARACTERS] if known else "others"] += 1

    def listed(self) -> str:
        """The kinds, the most frequent first, with their numbers."""
        return ", ".join(f"{kind} ({count})" for kind, count in self.counts.most_common())

    def remarks(self, shown: str) -> list[Remark]:
        """What a person should know of it.

        Args:
            shown: The file as the caller named it.
        """
        return [Remark("media_skipped", shown, {"count": self.counts.total(), "kinds": self.listed()})] if self.counts else []
