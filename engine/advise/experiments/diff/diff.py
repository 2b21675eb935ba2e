"""Two runs compared: settings, curves, plans."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from advise.experiments.diff.parting import Parting, parting
from advise.experiments.diff.settings import SettingChange, differing, settings_of
from advise.explain.difference import Difference, difference
from advise.facts.record import Observed

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.runlog.series.record import RunLog

_SCHEMA = "advise/diff@1"


@dataclass(frozen=True, slots=True)
class CurvePair:
    """One quantity in both runs.

    Attributes:
        role: What it is.
        columns: What each run calls it.
        parting: How the two stand to each other; None where they have nothing in common.
    """

    role: str
    columns: tuple[str, str]
    parting: Parting | None


@dataclass(frozen=True)
class Diff:
    """What differs between two runs.

    Attributes:
        names: What they are called.
        settings: Those that are not the same.
        curves: The main curves that both have.
        axis: What the curves run along; None where the runs count differently, so that no place can be told.
        plans: What is advised otherwise of the second.
        verdicts: Of each.
    """

    names: tuple[str, str]
    settings: Sequence[SettingChange]
    curves: Sequence[CurvePair]
    axis: str | None
    plans: Difference
    verdicts: tuple[str, str]

    @property
    def changed(self) -> list[SettingChange]:
        """The settings that were changed for sure."""
        return [change for change in self.settings if change.is_change]

    def to_json(self) -> str:
        """All of it as indented JSON; what is not finite is null."""
        found: dict[str, Any] = {
            "schema": _SCHEMA,
            "runs": list(self.names),
            "verdicts": list(self.verdicts),
            "settings": [asdict(change) for change in self.settings],
            "several_changed": len(self.changed) > 1,
            "axis": self.axis,
            "curves": [asdict(pair) for pair in self.curves],
            "plans": self.plans.model_dump(mode="json", by_alias=True),
        }
        return json.dumps(found, ensure_ascii=False, indent=2)


def diff(advisor: Advisor, before: Observed, after: Observed, names: tuple[str, str]) -> Diff:
    """What differs between two runs.

    Args:
        advisor: Reasons.
        before: What was observed of the first.
        after: What was observed of the second.
        names: What they are called.
    """
    base = advisor.knowledge
    examined = advisor.examine(before), advisor.examine(after)
    axis, curves = _curves(before.log, after.log, [] if base.watch is None else base.watch.curves)
    return Diff(
        names,
        list(differing(settings_of(before, base), settings_of(after, base), base)),
        curves,
        axis,
        difference(*examined),
        (examined[0].plan.verdict.id, examined[1].plan.verdict.id),
    )


def _curves(before: RunLog | None, after: RunLog | None, roles: Sequence[str]) -> tuple[str | None, list[CurvePair]]:
    if before is None or after is None:
        return None, []
    pairs: list[CurvePair] = []
    same_axis = before.axis == after.axis
    for role in roles:
        first, second = before.curve(role), after.curve(role)
        # What stands in for a quantity of which nothing was logged is no second one.
        if first is not None and second is not None and (first.column, second.column) not in {pair.columns for pair in pairs}:
            pairs.append(CurvePair(role, (first.column, second.column), parting(first, second) if same_axis else None))
    return (before.axis if same_axis else None), pairs
