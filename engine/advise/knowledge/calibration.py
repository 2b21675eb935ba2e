"""The shapes of `kb/calibration.yaml`, how often each rule was right on runs of which the truth is known, and of `kb/unrecorded.yaml`."""

from __future__ import annotations

from fnmatch import fnmatchcase

from pydantic import Field

from advise.knowledge.rule import Identifier, Shape
from advise.text import Text


class CorpusSpec(Shape):
    """Runs of which the truth is known."""

    title: Text
    runs: int = Field(ge=0)


class Tally(Shape):
    """What came of a rule on the runs of one corpus.

    It is right where it names what is wrong with the run, and wrong where it says the opposite of it, or alarms on a run that is healthy; of the
    other runs on which it spoke, nothing is known either way.
    """

    spoke: int = Field(ge=0)
    right: int = Field(default=0, ge=0)
    wrong: int = Field(default=0, ge=0)


class CalibrationFile(Shape):
    """`kb/calibration.yaml`; what it says of rules that are gone is not looked at."""

    corpora: dict[Identifier, CorpusSpec] = {}
    rules: dict[str, dict[Identifier, Tally]] = {}

    def record_of(self, rule: str) -> Tally | None:
        """What came of a rule on all corpora; None where no run of them could judge it."""
        tallies = list(self.rules.get(rule, {}).values())
        spoke, right, wrong = (sum(getattr(tally, name) for tally in tallies) for name in ("spoke", "right", "wrong"))
        return Tally.model_construct(spoke=spoke, right=right, wrong=wrong) if right + wrong else None


class Unrecorded(Shape):
    """Why some rules are as sure as they say without a record that shows it.

    Attributes:
        reason: What stands in for the record.
        rules: Ids of rules, or patterns of them such as `ending/*`.
    """

    reason: Text
    rules: list[str] = Field(min_length=1)


class UnrecordedFile(Shape):
    """`kb/unrecorded.yaml`."""

    unrecorded: dict[Identifier, Unrecorded] = {}

    def reason_of(self, rule: str) -> Unrecorded | None:
        """Why a rule has no record; None where nothing says so."""
        return next((entry for entry in self.unrecorded.values() if any(fnmatchcase(rule, pattern) for pattern in entry.rules)), None)
