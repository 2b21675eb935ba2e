"""The shape of `kb/fleet.yaml`: what a row of a fleet shows of a run, and when something is said of the fleet as a whole."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from advise.knowledge.rule import Shape
from advise.knowledge.vocabulary import KnownFact

Column = Literal["metric", "direction", "best", "last", "best_step", "rate", "state", "steps", "epochs", "seconds", "devices"]
Share = Annotated[float, Field(gt=0, lt=1)]


class Association(Shape):
    """When a setting is said to go with a finding.

    Attributes:
        level: How probable it may be at most that chance alone brings any of the settings as near to any of the findings.
        share: The least share of the runs with the finding that have the setting.
        runs: Of so many runs at least the finding must be.
        reasons: Why each of these is what it is.
    """

    level: Share = 0.05
    share: Share = 0.7
    runs: int = Field(default=3, ge=2)
    reasons: dict[str, str] = {}


class FleetFile(Shape):
    """`kb/fleet.yaml`.

    Attributes:
        columns: The facts that a column shows, the first that is known.
        settings: Facts that are settings of a run wherever they are known, however they came to be known; a file of hyperparameters adds its own.
        association: When a setting is said to go with a finding.
        baseline: The least share of the groups that differ from one in one setting alone, for that one to be called the baseline.
        reasons: Why that is what it is.
    """

    columns: dict[Column, list[KnownFact]] = {}
    settings: list[KnownFact] = []
    association: Association = Association()
    baseline: Share = 0.5
    reasons: dict[str, str] = {}
