"""A log of any length in bounded memory: of the lines of which there are many, ever fewer, as evenly as they came; all others whole.

What is measured on a curve counts its values: the course of a rate, the last tenth, a smoothed minimum. So the rows that stay have to be as dense
everywhere, and a row of the first hour counts as much as one of the last.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence

# A day at one line a second; of a week every eighth row is left.
MAX_BYTES = 8 * 1024**2
# A shape of lines that there are so many of, such as the rows of training, can do without every second one; evaluations are rarer.
_MANY = 500
# What is printed before the training stays, whatever it is.
_BEGINNING = 50
# Where every line has a shape of its own, no more are told apart.
_MAX_SHAPES = 10_000
# A half goes each time; where hardly anything does, another way has to be taken, or thinning would never end.
_FULL = 0.9
_MAX_LINE = 64 * 1024
_NUMBER = re.compile(rb"[-+]?\d[\d.,:]*(?:[eE][-+]?\d+)?")


class Excerpt:
    """Keeps lines, each with its number in the log.

    Args:
        max_bytes: How much is kept.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self._lines: list[bytes] = []
        self._numbers = array("q")
        self._bytes = 0
        self.count = 0
        # How far the run is: the newest line, where it is one of those that are left out.
        self._newest: bytes | None = None
        # Of a shape that there are many of, one line in so many stays; 1 while the log is whole.
        self._stride = 1
        # How many lines of each shape there were; and of each line that is kept its shape, and which of that it is. Told when they are needed.
        self._shapes: dict[bytes, int] = {}
        self._counts: list[int] = []
        self._shape_of = array("q")
        self._place_in_shape = array("q")

    def take(self, lines: Iterable[bytes]) -> None:
        """Take the next lines of the log."""
        for line in lines:
            self.count += 1
            kept = line if len(line) <= _MAX_LINE else _shortened(line)
            self._newest = None
            if self._stride > 1 and not self._is_wanted(kept):
                self._newest = kept
                continue
            self._lines.append(kept)
            self._numbers.append(self.count)
            self._bytes += len(kept) + 1
            if self._bytes > self._max_bytes:
                self._thin()

    def written(self, half: bytes = b"") -> bytes:
        """What is kept, as a file.

        Args:
            half: The line that is written right now; what a progress bar has shown in it counts, what it is about to show does not.
        """
        shown, carriage_return, _ = half.rpartition(b"\r")
        newest = () if self._newest is None else (self._newest,)
        return b"\n".join([*self._lines, *newest, _shortened(shown) if carriage_return else b""])

    def number_of(self, line: int) -> int:
        """The number in the log of a line of what was written, both from 1."""
        if 1 <= line <= len(self._numbers):
            return self._numbers[line - 1]
        return self.count + max(0, line - len(self._numbers) - (self._newest is not None))

    @property
    def is_whole(self) -> bool:
        """Whether no line was left out."""
        return len(self._lines) == self.count

    def _is_wanted(self, line: bytes) -> bool:
        """Count a line with its shape; whether it stays."""
        shape, place = self._counted(line)
        if not self._stays(shape, place):
            return False
        self._shape_of.append(shape)
        self._place_in_shape.append(place)
        return True

    def _counted(self, line: bytes) -> tuple[int, int]:
        """The shape of a line, and which of that it is, from 0."""
        written = _NUMBER.sub(b"#", line)
        # The first shape is that of all lines whose shape is not told any more.
        shape = self._shapes.get(written, 0) if len(self._shapes) >= _MAX_SHAPES else self._shapes.setdefault(written, len(self._shapes) + 1)
        while len(self._counts) <= shape:
            self._counts.append(0)
        self._counts[shape] += 1
        return shape, self._counts[shape] - 1

    def _stays(self, shape: int, place: int) -> bool:
        return self._counts[shape] < _MANY or place % self._stride == 0

    def _thin(self) -> None:
        if self._stride == 1:
            for line in self._lines:
                shape, place = self._counted(line)
                self._shape_of.append(shape)
                self._place_in_shape.append(place)
        self._stride *= 2
        count = len(self._lines)
        self._keep([at for at in range(count) if at < _BEGINNING or self._stays(self._shape_of[at], self._place_in_shape[at])])
        while self._bytes > _FULL * self._max_bytes and len(self._lines) > 1:
            # Nothing recurs: it goes by the place.
            self._keep(range(1, len(self._lines), 2))

    def _keep(self, places: Sequence[int]) -> None:
        self._lines = [self._lines[place] for place in places]
        for name in ("_numbers", "_shape_of", "_place_in_shape"):
            values = getattr(self, name)
            setattr(self, name, array("q", (values[place] for place in places)))
        self._bytes = sum(map(len, self._lines)) + len(self._lines)


def _shortened(line: bytes) -> bytes:
    """A line that is too long: of the states of a progress bar every second, until it fits; of any other its beginning."""
    states = line.split(b"\r")
    while len(states) > 1 and sum(map(len, states)) + len(states) > _MAX_LINE:
        states = states[1::2] if len(states) % 2 == 0 else states[::2]
    return b"\r".join(states)[:_MAX_LINE]
