"""Which setting goes with a finding: of those who have it most are set so, and of the others few, more than chance would bring about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from advise.experiments.fleet.groups import Member
from advise.experiments.fleet.row import Setting
from advise.knowledge.fleet import Association
from advise.statistics import drawn_above

Relation = Literal["eq", "ge", "le"]
# So many values of a number are tried as the bound; of more, ones that part the runs evenly.
_MOST_CUTS = 12
_MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class With:
    """A setting that goes with a finding.

    Attributes:
        setting: Its name.
        relation: Whether it is equal to the value, at least, or at most.
        value: The value.
        sick: Of the runs with the finding, how many are set so.
        sick_of: How many there are that say how they are set.
        others: Of the other runs, how many are set so.
        others_of: How many there are.
        chance: How probable it is that chance alone brings this about, of all settings and findings that were looked at.
    """

    setting: str
    relation: Relation
    value: Setting
    sick: int
    sick_of: int
    others: int
    others_of: int
    chance: float


def associated(findings: Sequence[str], members: Sequence[Member], names: Sequence[str], spec: Association) -> dict[str, With]:
    """The setting that goes with each finding best, where one does.

    Args:
        findings: What is asked about.
        members: The runs.
        names: The settings that differ.
        spec: When a setting goes with a finding.
    """
    tried: list[tuple[float, str, With]] = []
    for finding in findings:
        for name in names:
            tried += [(found.chance, finding, found) for found in _candidates(finding, name, members, spec)]
    # Holm: the smallest probability has to stand against all that were tried, the next against one less.
    best: dict[str, With] = {}
    for rank, (chance, finding, found) in enumerate(sorted(tried, key=lambda item: item[0])):
        corrected = min(1.0, chance * (len(tried) - rank))
        if corrected > spec.level:
            break
        if finding not in best and found.sick >= spec.share * found.sick_of:
            best[finding] = replace(found, chance=corrected)
    return best


def _candidates(finding: str, name: str, members: Sequence[Member], spec: Association) -> Iterator[With]:
    known = [(value, finding in member.findings) for member in members if (value := member.settings.get(name)) is not None]
    sick = sum(is_sick for _, is_sick in known)
    if sick < spec.runs or len(known) - sick < spec.runs:
        return
    values = {value for value, _ in known}
    numbers = sorted(value for value in values if isinstance(value, int | float) and not isinstance(value, bool))
    if len(numbers) == len(values) and len(values) > 2:
        for bound in _cuts(numbers[1:]):
            yield _counted(name, "ge", bound, known, sick)
        for bound in _cuts(numbers[:-1]):
            yield _counted(name, "le", bound, known, sick)
    elif len(values) <= _MOST_VALUES:
        for value in sorted(values, key=str):
            yield _counted(name, "eq", value, known, sick)


def _cuts(numbers: Sequence[float]) -> Sequence[float]:
    if len(numbers) <= _MOST_CUTS:
        return numbers
    return [numbers[round(place * (len(numbers) - 1) / (_MOST_CUTS - 1))] for place in range(_MOST_CUTS)]


def _counted(name: str, relation: Relation, bound: Setting, known: Sequence[tuple[Setting, bool]], sick: int) -> With:
    def fits(value: Setting) -> bool:
        if relation == "eq":
            return value == bound
        return value >= bound if relation == "ge" else value <= bound  # type: ignore[operator]

    having = [is_sick for value, is_sick in known if fits(value)]
    chance = drawn_above(sum(having), sick, len(having), len(known))
    return With(name, relation, bound, sum(having), sick, len(having) - sum(having), len(known) - sick, chance)
