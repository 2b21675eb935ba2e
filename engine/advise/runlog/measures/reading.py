"""What a measure gives: a value, the rows it rests on, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from advise.runlog.measures.uncertainty import Error
    from advise.runlog.series.record import Curve
    from advise.text import Value


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value.

    Attributes:
        value: What was measured.
        file: The file that it was read from.
        first: The first line it rests on.
        last: The last line it rests on.
        count: How many logged values it rests on.
        error: Its standard error in its own unit, where the measure knows one; infinite where it is uncertain, and nothing tells by how much.
        freedom: On how many degrees of freedom the standard error was told.
    """

    value: Value
    file: str
    first: int
    last: int
    count: int
    error: float | None = None
    freedom: float = math.inf

    def within(self, error: Error | None) -> Reading:
        """The same reading with its standard error."""
        return self if error is None else replace(self, error=error.size, freedom=error.freedom)


def _plain(value: object) -> Value:
    """Without the types of numpy, of which some are and some are not those of Python."""
    plain: Value = value.item() if isinstance(value, np.generic) else value  # type: ignore[assignment]
    return plain


Readings = Mapping[str, Reading]
"""What a measure function returns: its outputs by name. An output that cannot be told is left out, never guessed."""


def over(curve: Curve, value: Value, start: int = 0, stop: int | None = None) -> Reading:
    """A reading that rests on the values of a curve from index `start` to before `stop`."""
    lines = curve.lines[start:stop]
    return Reading(_plain(value), curve.file, int(lines[0]), int(lines[-1]), len(lines))
