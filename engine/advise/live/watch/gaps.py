"""How often a log grows, and for how long it has not."""

from __future__ import annotations

from collections import deque
from statistics import median

# Enough to meet an evaluation and a checkpoint, of which there is one in a hundred lines or so.
_KEPT = 1000
_FEWEST = 5
# Ten times the usual is then at least twice the longest that was seen.
_LONGEST_IN_USUAL = 5


class Gaps:
    """Times between one growth of a log and the next.

    Args:
        now: When watching begins, in seconds.
    """

    def __init__(self, now: float) -> None:
        self._gaps: deque[float] = deque(maxlen=_KEPT)
        self._grew = now
        self._first = True

    def grown(self, now: float) -> None:
        """The log has grown."""
        # Before the first growth nobody knows when it grew last.
        if not self._first:
            self._gaps.append(now - self._grew)
        self._first = False
        self._grew = now

    def silence(self, now: float) -> float:
        """For how many seconds it has not grown."""
        return max(0.0, now - self._grew)

    @property
    def usual(self) -> float | None:
        """The usual time between growths, in seconds: the median, or a fifth of the longest, for evaluations take their time.

        None where too few were seen to tell.
        """
        if len(self._gaps) < _FEWEST:
            return None
        return max(median(self._gaps), max(self._gaps) / _LONGEST_IN_USUAL)
