"""Records of JSON and of text, put together into a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from advise.runlog.lexicon import Lexicon, packaged
from advise.runlog.readers.flatten import flattened
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS
from advise.runlog.readers.rows import Rows
from advise.runlog.readers.table import Remark, Setting, Table
from advise.runlog.words import words_of

# What numbers a record stays as it is: steps are those of the run, whatever the record is about.
_NUMBERING = re.compile(r"(?:^|[/_ ])(?:step|steps|iter|iteration|epoch|batch|it|timestamp|_runtime)$", re.IGNORECASE)
_NUMBER = re.compile(r"\s*([-+]?(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf|infinity))\s*", re.IGNORECASE)
_PAIR = re.compile(r"(\d{1,15})/(\d{1,15})")
# How the column is called that says of how many a counter is.
TOTAL = "_total"
_MAX_SETTING_CHARACTERS = 1000


def number_in(text: str) -> float | None:
    """A number that is written as text: `1e-4`, `nan`, `-Infinity`; None for any other text."""
    match = _NUMBER.fullmatch(text)
    return float(match[1]) if match else None


@dataclass(slots=True)
class Records:
    """Records in the order of their file, and what the file says besides.

    Attributes:
        rows: The numbers.
        settings: Hyperparameters, by the file's own names.
        remarks: What was repaired or skipped.
        lexicon: The words that name splits.
    """

    rows: Rows = field(default_factory=Rows)
    settings: dict[str, Setting] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    lexicon: Lexicon = field(default_factory=packaged)

    def add(self, line: int, record: Mapping[str, object]) -> None:
        """Keep the numbers of a record.

        Args:
            line: Where it stands, from 1.
            record: Its fields; texts that are no numbers are no column, but may say which split of the data the record is about.
        """
        split, fields = self._about(record)
        shape = (split, *fields)
        self.rows.begin(line)
        if self.rows.put_all(shape, fields.values()):
            return
        for key, value in fields.items():
            pair = _PAIR.fullmatch(value) if isinstance(value, str) and "/" in key else None
            if pair:
                # `"global_step/max_steps": "10/500"`
                first = key.partition("/")[0]
                self.rows.put(first, float(pair[1]))
                self.rows.put(f"{first}{TOTAL}", float(pair[2]))
                continue
            for name, single in flattened(key, value):
                number = number_in(single) if isinstance(single, str) else _as_float(single)
                if number is not None:
                    self.rows.put(self._column(split, name), number)
        if all(isinstance(value, int | float) for value in fields.values()):
            self.rows.learn(shape, [self._column(split, key) for key in fields])

    def _about(self, record: Mapping[str, object]) -> tuple[str | None, Mapping[str, object]]:
        """Which split of the data a record says it is about, and its other fields."""
        phases = self.lexicon.phases
        if phases.isdisjoint(record):
            return None, record
        for key in filter(phases.__contains__, record):
            split = self.lexicon.split_of(str(record[key]))
            if split is not None:
                return split, {name: value for name, value in record.items() if name != key}
        return None, record

    def _column(self, split: str | None, name: str) -> str:
        """What a number of a record is called: by what the record is about, where it does not say so itself."""
        return name if split is None or _NUMBERING.search(name) or self._says_split(name) else f"{split}/{name}"

    def _says_split(self, name: str) -> bool:
        return any(True for _ in self.lexicon.splits_in(words_of(name)))

    def set(self, name: str, value: object) -> None:
        """Keep a hyperparameter, or the single ones in it."""
        for key, single in flattened(name, value):
            if len(key) <= MAX_NAME_CHARACTERS and (key in self.settings or len(self.settings) < MAX_COLUMNS):
                self.settings[key] = single[:_MAX_SETTING_CHARACTERS] if isinstance(single, str) else single

    def table(self, shown: str, form: str) -> Table:
        """Everything as a table.

        Args:
            shown: The file as the caller named it.
            form: What it was read as.
        """
        import numpy as np

        remarks = (*self.remarks, *self.rows.remarks(shown))
        return Table(shown, form, self.rows.columns(), np.array(self.rows.lines, dtype=np.int64), self.settings, remarks)


def _as_float(value: bool | int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
