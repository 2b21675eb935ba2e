"""What is found of a run over time: each finding is told once, with where it began, and withdrawn by contrary evidence alone.

A diagnosis that the newest look does not reach is not withdrawn for that. Its rules may wait for facts that the look did not measure, or the numbers
may lie so near to a threshold that nothing is decided. It is withdrawn where each of its rules is decided, and decided against it, in several looks
one after the other, each of which had something new to see. A finding that came back after it was withdrawn takes twice as many, so that one that
flaps is told ever more rarely.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from advise.conditions import Concluded, ConclusionKind
from advise.plan.extent import Place, began, progress
from advise.terms import SEVERITIES, Certainty, Severity
from advise.text import Text

if TYPE_CHECKING:
    from advise.plan.examination import Examination
    from advise.plan.model import Diagnosis

# So many looks with something new to see have to speak against a finding.
_AGAINST = 2
_MOST_AGAINST = 64


@dataclass(frozen=True, slots=True)
class StandingFinding:
    """A diagnosis that stands.

    Attributes:
        diagnosis: As the last look that reached it said it.
        began: Where it began, as far as the log tells; else where it was first seen; None where the log counts nothing.
        seen: Where it was first seen.
        is_current: Whether the newest look reaches it.
    """

    diagnosis: Diagnosis
    began: Place | None
    seen: Place | None
    is_current: bool = True

    @property
    def id(self) -> str:
        """The id of the diagnosis."""
        return self.diagnosis.id

    @property
    def title(self) -> Text:
        """What is the case."""
        return self.diagnosis.title

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.diagnosis.severity

    @property
    def certainty(self) -> Certainty:
        """How sure it is."""
        return self.diagnosis.certainty


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is otherwise since the look before.

    Attributes:
        what: `found`, `worse` (its severity rose), or `withdrawn`.
        finding: As it stands now, or stood.
        at: Where the run was.
    """

    what: Literal["found", "worse", "withdrawn"]
    finding: StandingFinding
    at: Place | None


class FindingsOverTime:
    """Keeps what is found of one run, look after look."""

    def __init__(self) -> None:
        self._standing: dict[str, StandingFinding] = {}
        self._against: dict[str, int] = {}
        self._needed: dict[str, int] = {}

    @property
    def standing(self) -> tuple[StandingFinding, ...]:
        """What stands, the worst first, in the order in which it was found."""
        return tuple(sorted(self._standing.values(), key=lambda item: SEVERITIES.index(item.severity)))

    def look(self, found: Examination, *, is_new: bool = True) -> tuple[Change, ...]:
        """Take in what the newest look found.

        Args:
            found: The run as it is now.
            is_new: Whether there was something new to see since the look before; else nothing is withdrawn.

        Returns:
            What is otherwise since then.
        """
        at = reached(found)
        current = {item.id: item for item in found.plan.diagnoses}
        changes = [change for item in current.values() for change in self._reached(item, found, at)]
        missed = [item for name, item in self._standing.items() if name not in current]
        if is_new:
            changes += [change for item in missed for change in self._missed(item, found, at)]
        return tuple(changes)

    def _reached(self, item: Diagnosis, found: Examination, at: Place | None) -> Iterator[Change]:
        self._against.pop(item.id, None)
        before = self._standing.get(item.id)
        if before is None:
            now = StandingFinding(item, begun(item.id, found) or at, at)
            yield self._kept("found", now, at)
            return
        now = replace(before, diagnosis=item, is_current=True)
        if SEVERITIES.index(item.severity) < SEVERITIES.index(before.severity):
            yield self._kept("worse", now, at)
        elif item.severity == before.severity:
            self._standing[item.id] = now
        else:
            # What was told of once as high stays so until it is withdrawn.
            self._standing[item.id] = replace(before, is_current=True)

    def _missed(self, item: StandingFinding, found: Examination, at: Place | None) -> Iterator[Change]:
        self._standing[item.id] = replace(item, is_current=False)
        if not speaks_against(item.id, found):
            return
        self._against[item.id] = self._against.get(item.id, 0) + 1
        needed = self._needed.get(item.id, _AGAINST)
        if self._against[item.id] >= needed:
            self._needed[item.id] = min(2 * needed, _MOST_AGAINST)
            del self._against[item.id], self._standing[item.id]
            yield Change("withdrawn", replace(item, is_current=False), at)

    def _kept(self, what: Literal["found", "worse"], now: StandingFinding, at: Place | None) -> Change:
        self._standing[now.id] = now
        return Change(what, now, at)


def speaks_against(diagnosis: str, found: Examination) -> bool:
    """Whether each rule that could reach a diagnosis is decided against it; one that waits for facts is not."""
    asked = Concluded(ConclusionKind.DIAGNOSIS, diagnosis)
    keys = [key for key, item in found.inference.program.implications.items() if item.concludes == asked]
    return all(found.inference.truth(key) is False for key in keys)


def reached(found: Examination) -> Place | None:
    """Where the run is: by what its plan counts the way; None where nothing is counted."""
    extent = progress(None, found.context.facts, found.context.base)
    return None if extent is None else Place(extent.unit, extent.done)


def begun(diagnosis: str, found: Examination) -> Place | None:
    """Where a diagnosis began, as far as the facts tell."""
    return began(diagnosis, found.context.facts, found.context.base)


def is_at_least(severity: Severity, least: Severity) -> bool:
    """Whether a severity is as bad as another, or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)
