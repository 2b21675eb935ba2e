"""One run of a fleet: what stands in its row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

Setting = bool | int | float | str
# How many levels a curve in a row tells apart.
LEVELS = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is known of one run.

    Attributes:
        run: Its name below the place that was named.
        path: Its log, or the first of them.
        verdict: The id of the plan's verdict; None where the run could not be judged.
        finding: The id of the worst diagnosis, where one is medium or high.
        severity: Of that diagnosis.
        certainty: Of that diagnosis.
        since: Where it began.
        since_unit: `steps` or `epochs`.
        findings: The ids of all diagnoses that are medium or high, the worst first.
        changes: The ids of the decisions that do not wait.
        metric: What the deciding metric is called.
        direction: `max` or `min`, whichever is better of it.
        best: The best value.
        last: The last value.
        best_step: The step of the best value.
        rate: The peak learning rate.
        state: How the run ended, or that it runs.
        steps: How many are done.
        epochs: How many are done.
        hours: How long it took.
        device_hours: The same on all its devices together.
        lost_hours: Of these, what came after the fault had begun, or all where it spoils all.
        seed: Of its random numbers.
        settings: What it was set to, by name.
        facts: Everything that was observed, by name.
        curve: The deciding curve in few numbers, 0 to 99, or the training loss where there is none; None where a part is not finite.
        told: What its plan says: the lines of the head, the actions and the findings, by language.
        error: Why the run could not be judged.
        content: A digest of the files it was read from; runs with the same one are copies.
    """

    run: str
    path: str
    verdict: str | None = None
    finding: str | None = None
    severity: str | None = None
    certainty: str | None = None
    since: float | None = None
    since_unit: str | None = None
    findings: Sequence[str] = ()
    changes: Sequence[str] = ()
    metric: str | None = None
    direction: str | None = None
    best: float | None = None
    last: float | None = None
    best_step: float | None = None
    rate: float | None = None
    state: str | None = None
    steps: float | None = None
    epochs: float | None = None
    hours: float | None = None
    device_hours: float | None = None
    lost_hours: float | None = None
    seed: Setting | None = None
    settings: Mapping[str, Setting] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    curve: Sequence[int | None] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    content: str = ""

    def __post_init__(self) -> None:
        # What JSON has no word for is not known.
        for name in _NUMBERS:
            value = getattr(self, name)
            if isinstance(value, float) and not math.isfinite(value):
                object.__setattr__(self, name, None)

    def as_record(self) -> dict[str, Any]:
        """Every field by name."""
        return {name: getattr(self, name) for name in FIELDS}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Row:
        """The row that `as_record` was made of; what it does not know is left out."""
        return cls(**{name: value for name, value in record.items() if name in _KNOWN})


FIELDS = tuple(item.name for item in fields(Row))
_KNOWN = frozenset(FIELDS)
_NUMBERS = ("since", "best", "last", "best_step", "rate", "steps", "epochs", "hours", "device_hours", "lost_hours")
# What a table shows of a row; the rest is behind it.
PLAIN = tuple(name for name in FIELDS if name not in ("settings", "facts", "curve", "told", "content"))
