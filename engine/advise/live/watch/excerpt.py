"""A log of any length in bounded memory: its beginning and its end whole, and of the lines between, of which there are many, ever fewer."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence

# The lines of three days at one a second take five times as much; the end that is whole is then the last hours.
MAX_BYTES = 4 * 1024**2
# Settings, headers, the first rows.
_BEGINNING = 500
# A shape of lines that there are so many of, such as the rows of training, can do without every second one; evaluations are rarer.
_MANY = 500
# A quarter goes each time; where less does, another way has to be taken, or thinning would never end.
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
        self._lines: list[bytes] = []
        self._numbers = array("q")
        self._bytes = 0
        self.count = 0

    def clear(self) -> None:
        """Begin anew."""
        self._lines, self._numbers, self._bytes, self.count = [], array("q"), 0, 0

    def take(self, lines: Iterable[bytes]) -> None:
        """Take the next lines of the log."""
        for line in lines:
            self.count += 1
            kept = line if len(line) <= _MAX_LINE else _shortened(line)
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
        return b"\n".join([*self._lines, _shortened(shown) if carriage_return else b""])

    def number_of(self, line: int) -> int:
        """The number in the log of a line of what was written, both from 1."""
        if 1 <= line <= len(self._numbers):
            return self._numbers[line - 1]
        return self.count + max(0, line - len(self._numbers))

    @property
    def is_whole(self) -> bool:
        """Whether no line was left out."""
        return len(self._lines) == self.count

    def _thin(self) -> None:
        self._keep(self._without_every_second_of_many())
        while self._bytes > _FULL * self._max_bytes and len(self._lines) > 1:
            # Nothing recurs, or the beginning alone is too much: it goes by the place.
            self._keep(range(1, len(self._lines), 2))

    def _without_every_second_of_many(self) -> list[int]:
        """The places of the lines without every second of the shapes that there are many of, in the older half of what lies behind the beginning."""
        count = len(self._lines)
        end = max(_BEGINNING, (count + _BEGINNING) // 2)
        shapes = [_NUMBER.sub(b"#", line) for line in self._lines[_BEGINNING:end]]
        many = {shape for shape, times in Counter(shapes).items() if times >= _MANY}
        seen: Counter[bytes] = Counter()
        kept = list(range(min(_BEGINNING, count)))
        for place, shape in enumerate(shapes, start=_BEGINNING):
            seen[shape] += 1
            if shape not in many or seen[shape] % 2:
                kept.append(place)
        return [*kept, *range(end, count)]

    def _keep(self, places: Sequence[int]) -> None:
        self._lines = [self._lines[place] for place in places]
        self._numbers = array("q", (self._numbers[place] for place in places))
        self._bytes = sum(map(len, self._lines)) + len(self._lines)


def _shortened(line: bytes) -> bytes:
    """A line that is too long: of the states of a progress bar every second, until it fits; of any other its beginning."""
    states = line.split(b"\r")
    while len(states) > 1 and sum(map(len, states)) + len(states) > _MAX_LINE:
        states = states[1::2] if len(states) % 2 == 0 else states[::2]
    return b"\r".join(states)[:_MAX_LINE]
