"""What a fleet says as a whole: its findings and what goes with them, what it cost in vain, and which runs to look at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from advise.experiments.fleet.associations import With, associated
from advise.experiments.fleet.groups import Baseline, Group, Member, baseline, copies, differing, grouped
from advise.experiments.fleet.row import Row
from advise.knowledge.base import KnowledgeBase
from advise.terms import SEVERITIES

LOOKED_AT = 3


@dataclass(frozen=True, slots=True)
class Count:
    """A finding, and how many runs have it.

    Attributes:
        finding: Its id.
        runs: How many.
        goes_with: The setting that most of these have and few others; None where there is none that chance would not bring about.
    """

    finding: str
    runs: int
    goes_with: With | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """The fleet as a whole.

    Attributes:
        runs: How many there are.
        unjudged: How many could not be judged.
        sick: How many have a finding that is medium or high.
        verdicts: How many of each.
        findings: The most frequent first.
        hours: What all runs cost, in device hours, as far as that is known.
        lost_hours: Of these, what was spent after a fault had begun.
        names: The settings that differ, each that goes with another once.
        groups: The runs by these settings, seeds folded; none where nothing differs.
        disagreeing: The places of groups in which some seeds are sick and some are not.
        baseline: The group from which the others were changed; None where there is none.
        copies: Runs that were read from the same bytes.
        first: The runs to look at first, by name.
    """

    runs: int
    unjudged: int
    sick: int
    verdicts: Mapping[str, int]
    findings: Sequence[Count]
    hours: float | None
    lost_hours: float | None
    names: Sequence[str]
    groups: Sequence[Group]
    disagreeing: Sequence[int]
    baseline: Baseline | None
    copies: Sequence[Sequence[str]]
    first: Sequence[str]


@dataclass(slots=True)
class Gathering:
    """Takes rows in, one after the other, and keeps of each what the whole is made of.

    Attributes:
        members: The runs that were judged.
        runs: How many came.
        unjudged: How many of them could not be judged.
    """

    members: list[Member] = field(default_factory=list)
    runs: int = 0
    unjudged: int = 0
    _hours: list[float] = field(default_factory=list)
    _lost: list[float] = field(default_factory=list)
    _worst: dict[str, tuple[tuple[float, ...], str]] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """Take a row."""
        self.runs += 1
        if row.device_hours is not None:
            self._hours.append(row.device_hours)
        if row.lost_hours is not None:
            self._lost.append(row.lost_hours)
        if row.error is not None:
            self.unjudged += 1
            return
        self.members.append(Member.of(row))
        if row.finding is not None:
            rank = (-SEVERITIES.index(row.severity) if row.severity in SEVERITIES else -len(SEVERITIES), row.lost_hours or 0.0)
            kept = self._worst.get(row.finding)
            if kept is None or rank > kept[0]:
                self._worst[row.finding] = (rank, row.run)

    def whole(self, base: KnowledgeBase) -> Whole:
        """What the rows say together.

        Args:
            base: When a setting is said to go with a finding, and which group is a baseline.
        """
        spec = base.fleet
        names = differing(self.members)
        groups = grouped(self.members, names) if names else []
        counted = Counter(finding for member in self.members for finding in member.findings)
        # Runs in which nothing but the one setting differs, such as seeds without a name, are no groups of seeds.
        goes_with = associated(list(counted), self.members, names, spec.association)
        return Whole(
            runs=self.runs,
            unjudged=self.unjudged,
            sick=sum(bool(member.findings) for member in self.members),
            verdicts=Counter(member.verdict or "" for member in self.members),
            findings=[Count(finding, count, goes_with.get(finding)) for finding, count in counted.most_common()],
            hours=sum(self._hours) if self._hours else None,
            lost_hours=sum(self._lost) if self._lost else None,
            names=names,
            groups=groups,
            disagreeing=[place for place, group in enumerate(groups) if 0 < group.sick < len(group.runs)],
            baseline=baseline(groups, names, spec.baseline),
            copies=copies(self.members),
            first=self._first(counted),
        )

    def _first(self, counted: Mapping[str, int]) -> list[str]:
        """Of each finding the worst run; the findings by their worst, then by how many runs have them."""
        ranked = sorted(self._worst.items(), key=lambda item: (item[1][0], counted[item[0]]), reverse=True)
        return list(dict.fromkeys(run for _, (_, run) in ranked))[:LOOKED_AT]


def whole_of(rows: Iterable[Row], base: KnowledgeBase) -> Whole:
    """What rows say together.

    Args:
        rows: They are read once.
        base: The knowledge of what counts.
    """
    gathering = Gathering()
    for row in rows:
        gathering.take(row)
    return gathering.whole(base)
