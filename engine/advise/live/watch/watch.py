"""Watching one run: when it is looked at, what is new, and when it has ended."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from advise.errors import AdviseError, InputError
from advise.facts.record import Fact, Observed, Origin
from advise.live.findings import Change, FindingsOverTime, StandingFinding, reached
from advise.live.watch.gaps import Gaps
from advise.live.watch.source import Reading, Source
from advise.plan.extent import Place
from advise.text import Value

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.plan.examination import Examination
    from advise.plan.model import Plan
    from advise.runlog.series.record import RunLog

# What watching may take of a core in the long run; and what it may take at once, in seconds, so that the beginning of a run is seen closely.
SHARE = 0.005
_ALLOWANCE = 3.0
# A look sooner than this sees little that is new.
_SOONEST = 2.0
# A run that has ended may be started again by whoever watches over jobs.
_GRACE, _LONGEST_GRACE = 10.0, 300.0
_TIMES_USUAL = 3
# While nothing comes, the silence itself is looked at again when it has grown by so much.
_FIRST_SILENCE, _SILENCE_GROWN = 30.0, 1.1

What = Literal["found", "worse", "withdrawn", "unreadable", "gone", "ended"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell.

    Attributes:
        what: A finding is new, is worse, or is withdrawn; the log cannot be read, or is gone; the run has ended.
        at: Where the run was; None where that is not known.
        finding: The finding, where it is about one.
        text: Why it cannot be read, where it cannot.
    """

    what: What
    at: Place | None = None
    finding: StandingFinding | None = None
    text: str = ""


class Watch:
    """Follows one run.

    Args:
        advisor: Reasons.
        source: What is watched.
        reading: How it is read.
        now: The clock, in seconds.
        spent: The time that this process has taken of a core, in seconds.
        process: The process of the training, where it is known: when it is gone, the run has ended.

    Attributes:
        advisor: Reasons.
        source: What is watched.
        gaps: How often it grows.
        findings: What stands.
        plan: The plan of the newest look; None before the first.
        at: Where the run is.
        ended: Whether the run has ended.
        failed: Why the newest look could not read the log; empty where it could.
    """

    def __init__(
        self,
        advisor: Advisor,
        source: Source,
        reading: Reading,
        *,
        now: Callable[[], float] = time.monotonic,
        spent: Callable[[], float] = time.process_time,
        process: int | None = None,
    ) -> None:
        self.advisor, self.source, self._reading = advisor, source, reading
        self._now, self._spent, self._process = now, spent, process
        self._counted_at, self._credit = now(), _ALLOWANCE
        self.gaps = Gaps(now())
        self.findings = FindingsOverTime()
        self.plan: Plan | None = None
        self.at: Place | None = None
        self.ended = False
        self.failed = ""
        self._observed: Observed | None = None
        self._is_finished = False
        self._is_new = self._was_there = False
        self._looked = float("-inf")
        self._silence_looked = _FIRST_SILENCE / _SILENCE_GROWN

    def poll(self) -> list[Event]:
        """See whether something is new, and look at the run where it is time to."""
        events: list[Event] = []
        is_gone = self._process is not None and not _is_alive(self._process)
        if self.source.has_grown():
            self.gaps.grown(self._now())
            self._is_new = True
            self._silence_looked = _FIRST_SILENCE / _SILENCE_GROWN
        elif self._was_there and not self.source.is_there:
            events.append(Event("gone", self.at))
        self._was_there = self.source.is_there
        may_look = self._may_look()
        # A pause that is not usual may be the end, and is rare: what was written before it is looked at whatever it costs.
        if self._is_new and (is_gone or may_look or self.silence >= self._grace):
            before = self._spent()
            events += self._look()
            self._credit -= self._spent() - before
        elif self._observed is not None and self.silence >= self._silence_looked * _SILENCE_GROWN:
            self._silence_looked = self.silence
            events += self._examine(self._observed, is_new=False)
        if self._has_ended(is_gone=is_gone):
            self.ended = True
            events.append(Event("ended", self.at))
        return events

    @property
    def log(self) -> RunLog | None:
        """What the log says, as of the newest look."""
        return None if self._observed is None else self._observed.log

    @property
    def roles(self) -> list[str]:
        """The roles of the curves that are looked at, in this order."""
        spec = self.advisor.knowledge.watch
        return [] if spec is None else list(spec.curves)

    @property
    def silence(self) -> float:
        """For how many seconds nothing has come."""
        return self.gaps.silence(self._now())

    def _has_ended(self, *, is_gone: bool) -> bool:
        if self._is_new:
            return False
        return is_gone or (self._is_finished and self.silence >= self._grace)

    @property
    def _grace(self) -> float:
        return min(max(_GRACE, _TIMES_USUAL * (self.gaps.usual or 0.0)), _LONGEST_GRACE)

    def _may_look(self) -> bool:
        now = self._now()
        # What was not used is not kept for ever, or a quiet night would be followed by a busy morning.
        self._credit = min(self._credit + SHARE * (now - self._counted_at), _ALLOWANCE)
        self._counted_at = now
        return now - self._looked >= _SOONEST and self._credit > 0

    def _look(self) -> list[Event]:
        self._is_new = False
        try:
            observed = self.source.observe(self.advisor, self._reading)
        except (AdviseError, OSError) as error:
            return self._unreadable(error)
        finally:
            self._looked = self._now()
        self.failed = ""
        return self._examine(observed, is_new=True)

    def _unreadable(self, error: Exception) -> list[Event]:
        before = self.failed
        self.failed = error.problems[0].message if isinstance(error, InputError) and error.problems else str(error)
        return [] if before else [Event("unreadable", self.at, text=self.failed)]

    def _examine(self, observed: Observed, *, is_new: bool) -> list[Event]:
        self._observed = observed
        found = self.advisor.examine(self._with_silence(observed))
        self.plan, self.at = found.plan, reached(found)
        self._is_finished = _is_finished(found)
        return [_event(change) for change in self.findings.look(found, is_new=is_new)]

    def _with_silence(self, observed: Observed) -> Observed:
        """What was observed, and what watching knows beside: that the run has not ended, as far as its log says, and how long it has been silent."""
        spec = self.advisor.knowledge.watch
        if spec is None:
            return observed
        usual = self.gaps.usual
        seen: dict[str, Value] = {spec.finished: False, spec.silence: round(self.silence, 1)}
        if usual:
            seen[spec.interval] = round(usual, 3)
        origin = Origin(self.source.path, how="measured")
        known = {name: Fact(name, value, origin) for name, value in seen.items()}
        return replace(observed, facts={**known, **observed.facts})


def _event(change: Change) -> Event:
    return Event(change.what, change.at, change.finding)


def _is_finished(found: Examination) -> bool:
    spec = found.context.base.watch
    return spec is not None and found.context.facts.get(spec.finished) is True


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        # It is another user's.
        return True
    return True
