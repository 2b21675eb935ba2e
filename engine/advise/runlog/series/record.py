"""A run as curves: what was logged, by role, along the steps of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from advise.terms import Direction

if TYPE_CHECKING:
    from advise.knowledge.roles import Scale
    from advise.runlog.arrays import Floats, Integers
    from advise.runlog.readers.table import Remark, Setting
    from advise.runlog.series.columns import Meaning
    from advise.runlog.series.kinds import Kind
    from advise.text import Text

Axis = Literal["step", "epoch", "record"]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Curve:
    """One quantity over the run.

    Attributes:
        role: What it is, as `kb/roles.yaml` names it, such as `dev.loss`.
        column: What the file calls it.
        file: The file, as the caller named it.
        group: Which of several: an eval set, a group of parameters, a layer; empty where there is one.
        steps: Shape (n,): where on the axis of the run each value stands; rising.
        values: Shape (n,): as logged, NaN and infinities included.
        lines: Shape (n,): the line of each value in the file, from 1.
        direction: Whether more is better; None where it cannot be told.
        quantity: What is logged, as `kb/roles.yaml` names it, such as `accuracy`; empty where the name does not tell.
        scale: What was done to the values so that they can be compared; None where they are as logged.
        resolution: The distance of the values that can be told apart as they are written; 0 where they have digits enough.
    """

    role: str
    column: str
    file: str
    group: str
    steps: Floats
    values: Floats
    lines: Integers
    direction: Direction | None = None
    quantity: str = ""
    scale: Scale | None = None
    resolution: float = 0.0

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint along the axis of the run.

    Attributes:
        path: Where it lies.
        name: The path from the folder of the run.
        at: Where on the axis it was saved; NaN where its name does not tell.
        step: Its step, where that is known.
        epoch: Its epoch, as the log counts them, where that is known.
        is_best: Whether the trainer calls it the best.
        is_last: Whether the trainer calls it the last.
        written: When it was last written, in seconds since 1970.
    """

    path: str
    name: str
    at: float
    step: int | None
    epoch: float | None
    is_best: bool
    is_last: bool
    written: float


@dataclass(frozen=True, slots=True, eq=False)
class RunLog:
    """Everything that the logs of one run say.

    Attributes:
        axis: What `steps` counts: optimizer steps, epochs, or records where the log names neither.
        curves: By role; the first of a role is the one that decides, the others are further eval sets, groups or layers. The epoch along the steps is
            one of them, where the log names it.
        settings: Hyperparameters that the files state, by their own names, each with the file.
        remarks: What was repaired, skipped or is missing.
        unmapped: Columns that have no role.
        kind: What kind of training the columns tell of, if they do.
        meanings: What each column is and why, of those that have a role.
        numbering: The columns that the axis is made of.
        reasons: Why each column has its role.
        checkpoints: What was saved beside the logs, in the order of their names.
    """

    axis: Axis
    curves: Mapping[str, tuple[Curve, ...]]
    settings: Mapping[str, tuple[Setting, str]] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    unmapped: tuple[str, ...] = ()
    kind: Kind | None = None
    meanings: tuple[Meaning, ...] = ()
    numbering: tuple[str, ...] = ()
    reasons: Mapping[str, Text] = field(default_factory=dict)
    checkpoints: tuple[Saved, ...] = ()

    def curve(self, role: str) -> Curve | None:
        """The curve of a role that decides."""
        found = self.curves.get(role, ())
        return found[0] if found else None
