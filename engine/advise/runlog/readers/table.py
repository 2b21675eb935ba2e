"""What one file logs: columns of numbers by record, each value with the line it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advise.runlog.arrays import Floats, Integers
    from advise.text import Text

Setting = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a file that a person should know: what was repaired, skipped or is missing.

    Attributes:
        code: The phrase `log_<code>` in `kb/strings.yaml` says it.
        origin: `file`, or `file:line`.
        values: What the placeholders of the phrase stand for.
        first: Whether it changes what everything else means, so that it has to be said first.
    """

    code: str
    origin: str
    values: Mapping[str, int | float | str | Text] = field(default_factory=dict)
    first: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One logged quantity, where it was logged.

    Attributes:
        name: As the file has it; nested keys are joined by `/`, members of a short list are `name[0]`.
        records: Shape (n,): from 0, the records that hold a value; rising.
        values: Shape (n,): the values, NaN and infinities as logged. A blank cell is no value.
    """

    name: str
    records: Integers
    values: Floats

    def __post_init__(self) -> None:
        """Values beyond what can be reckoned with are infinite: their squares and sums would be."""
        import numpy as np

        from advise.statistics import LARGEST

        with np.errstate(invalid="ignore"):
            beyond = np.abs(self.values) > LARGEST
        if beyond.any():
            object.__setattr__(self, "values", np.where(beyond, np.copysign(np.inf, self.values), self.values))


@dataclass(frozen=True, slots=True)
class Observation:
    """A fact that was observed while the run went on.

    Attributes:
        value: As it was written.
        step: When it was last observed; 0 before the first step.
        line: Where it stands, from 1.
    """

    value: Setting
    step: int
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One file, or one run of a file that holds several.

    Attributes:
        file: As the caller named it.
        format: What it was read as, such as `csv`.
        columns: By name, in the order of the file.
        lines: Shape (records,): the line of each record from 1; in a binary file or a database the number of the record.
        settings: Hyperparameters that the file states, by the file's own names, such as `max_steps`.
        remarks: What was repaired or skipped.
        run: What the file calls the run, if it does.
        seen: Facts that were observed in the loop, by name.
    """

    file: str
    format: str
    columns: Mapping[str, Column]
    lines: Integers
    settings: Mapping[str, Setting] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    run: str | None = None
    seen: Mapping[str, Observation] = field(default_factory=dict)
