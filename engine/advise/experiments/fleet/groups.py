"""Runs by what they were set to: what differs between them, seeds folded, and what goes with what."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from advise.experiments.fleet.row import Row, Setting

# What a table of groups can show beside each other.
_MOST_NAMES = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A run, as far as groups need it.

    Attributes:
        run: Its name.
        settings: What it was set to.
        seed: Of its random numbers.
        verdict: Of its plan.
        findings: What is medium or high.
        best: Its best value.
        device_hours: What it cost.
        content: A digest of what it was read from.
    """

    run: str
    settings: Mapping[str, Setting]
    seed: Setting | None
    verdict: str | None
    findings: frozenset[str]
    best: float | None
    device_hours: float | None
    content: str

    @classmethod
    def of(cls, row: Row) -> Member:
        """Of a row."""
        return cls(row.run, row.settings, row.seed, row.verdict, frozenset(row.findings), row.best, row.device_hours, row.content)


@dataclass(frozen=True, slots=True)
class Group:
    """Runs of one configuration.

    Attributes:
        settings: What sets it apart from the others; None where a run does not say.
        runs: Their names.
        seeds: How many different ones, as far as they are known.
        mean: Of the best values.
        spread: Their standard deviation; None of fewer than two.
        sick: How many have a finding that is medium or high.
        verdicts: How many of each.
    """

    settings: Mapping[str, Setting | None]
    runs: Sequence[str]
    seeds: int
    mean: float | None
    spread: float | None
    sick: int
    verdicts: Mapping[str, int] = field(default_factory=dict)


def differing(members: Sequence[Member]) -> list[str]:
    """The settings that are not the same in all runs, each that goes with another one once.

    Args:
        members: The runs.
    """
    names = dict.fromkeys(name for member in members for name in member.settings)
    found: dict[tuple[int, ...], str] = {}
    for name in list(names)[: _MOST_NAMES * 10]:
        codes: dict[object, int] = {}
        course = tuple(codes.setdefault(_exact(member.settings.get(name)), len(codes)) for member in members)
        if len(codes) > 1 and course not in found:
            found[course] = name
    return list(found.values())[:_MOST_NAMES]


def _exact(value: Setting | None) -> object:
    # 1, 1.0 and True are one key to Python.
    return type(value).__name__ if value is None else (isinstance(value, bool), value)


def grouped(members: Sequence[Member], names: Sequence[str]) -> list[Group]:
    """The runs by these settings, in the order in which they come.

    Args:
        members: The runs.
        names: What tells groups apart; seeds do not.
    """
    found: dict[tuple[object, ...], list[Member]] = defaultdict(list)
    for member in members:
        found[tuple(_exact(member.settings.get(name)) for name in names)].append(member)
    return [_group(held, names) for held in found.values()]


def _group(members: Sequence[Member], names: Sequence[str]) -> Group:
    values = [member.best for member in members if member.best is not None]
    mean = math.fsum(values) / len(values) if values else None
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)) if mean is not None and len(values) > 1 else None
    return Group(
        settings={name: members[0].settings.get(name) for name in names},
        runs=[member.run for member in members],
        seeds=len({member.seed for member in members if member.seed is not None}),
        mean=mean,
        spread=spread,
        sick=sum(bool(member.findings) for member in members),
        verdicts=Counter(member.verdict or "" for member in members),
    )


def copies(members: Iterable[Member]) -> list[list[str]]:
    """Runs that were read from the same bytes, by name."""
    found: dict[str, list[str]] = defaultdict(list)
    for member in members:
        if member.content:
            found[member.content].append(member.run)
    return [runs for runs in found.values() if len(runs) > 1]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The configuration from which the others were changed.

    Attributes:
        group: Its place among the groups.
        changed: By the place of each other group: the settings in which it differs.
    """

    group: int
    changed: Mapping[int, Sequence[str]]

    @property
    def confounded(self) -> list[int]:
        """The groups that differ in more than one setting, so that no one of them can be blamed."""
        return [place for place, names in self.changed.items() if len(names) > 1]


def baseline(groups: Sequence[Group], names: Sequence[str], share: float) -> Baseline | None:
    """The group that most others differ from in one setting alone.

    Args:
        groups: By these names.
        names: What tells them apart.
        share: So many of the others have to; else nothing is a baseline, as in a search.
    """
    if len(groups) < 3:
        return None
    keys = [tuple(_exact(group.settings[name]) for name in names) for group in groups]
    # Groups that agree in all settings but one meet under the key without it.
    near: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        for index in range(len(key)):
            near[(index, *key[:index], *key[index + 1 :])].append(place)
    neighbours: Counter[int] = Counter()
    for places in near.values():
        for place in places:
            neighbours[place] += len(places) - 1
    (first, count), *_ = sorted(neighbours.items(), key=lambda item: (-item[1], -len(groups[item[0]].runs), item[0]))
    if count < share * (len(groups) - 1):
        return None
    changed = {
        place: [name for name, one, other in zip(names, keys[first], key, strict=True) if one != other]
        for place, key in enumerate(keys)
        if place != first
    }
    return Baseline(first, changed)
