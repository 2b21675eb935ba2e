"""Writing the record of a run, line by line, so that a process that is killed leaves all but its last line."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from advise.runlog.readers.record import SCHEMA

# What the record of a run is called in its folder.
FILE = "advise.jsonl"
Plain = bool | int | float | str


class RecordWriter:
    """A file of JSON lines.

    Args:
        path: Where it is written; what lies there is continued, so that a resumed run has one record.
        settings: The hyperparameters, by the names that trainers use.

    Raises:
        OSError: It cannot be written.
    """

    def __init__(self, path: Path, settings: Mapping[str, object]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("a", encoding="utf-8")
        if path.stat().st_size:
            self._mend(path)
        self._known: dict[str, Plain] = {}
        self._line({"schema": SCHEMA, "settings": dict(settings)})

    def _mend(self, path: Path) -> None:
        """End a line that was cut off, so that the next one can be read."""
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                self._file.write("\n")

    def row(self, values: Mapping[str, object]) -> None:
        """Write numbers of a step.

        Args:
            values: By the names that trainers use, with `step`.

        Raises:
            OSError: It cannot be written.
        """
        self._line(values)

    def observed(self, step: int, facts: Mapping[str, Plain]) -> None:
        """Write what was seen, as far as it is new or has changed.

        Args:
            step: When.
            facts: By the names of the vocabulary.

        Raises:
            OSError: It cannot be written.
        """
        changed = {name: value for name, value in facts.items() if not _same(self._known.get(name), value)}
        if changed:
            self._known |= changed
            self._line({"step": step, "observed": changed})

    def close(self) -> None:
        """See the last line off."""
        self._file.close()

    def _line(self, entry: Mapping[str, object]) -> None:
        self._file.write(json.dumps(entry, ensure_ascii=True, default=str) + "\n")
        self._file.flush()


def _same(before: Plain | None, now: Plain) -> bool:
    """Whether a reader would take two values for the same; a measured number moves in its digits at every look."""
    if isinstance(before, bool | str) or isinstance(now, bool | str) or before is None:
        return before is now or before == now
    return math.isclose(before, now, rel_tol=0.02)
