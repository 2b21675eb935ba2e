"""From the tables of one run's files to its curves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from advise.knowledge.roles import RolesFile, hidden_role
from advise.runlog.readers.table import Column, Remark, Setting, Table
from advise.runlog.series.columns import ColumnReader, Meaning
from advise.runlog.series.record import Axis, Curve, RunLog
from advise.runlog.series.sessions import Session, latest, session_of, taken

if TYPE_CHECKING:
    from advise.runlog.arrays import Floats, Integers

EPOCH = "epoch"
_LISTED = 12


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A table whose records stand on an axis."""

    table: Table
    axis: Axis
    session: Session
    epoch: Column | None
    meanings: Sequence[Meaning]
    numbering: tuple[str, ...]


def assemble(tables: Sequence[Table], roles: RolesFile, overrides: Mapping[str, str] | None = None) -> RunLog:
    """Put the tables of one run together.

    Args:
        tables: What was read of its files.
        roles: What is known of the names of columns.
        overrides: Column by role, where the user says which column it is.
    """
    reader = ColumnReader(roles, overrides)
    placed = [_place(table, reader) for table in tables]
    axis = _axis(placed)
    used = [item for item in placed if item.axis == axis]
    remarks = [remark for table in tables for remark in table.remarks]
    remarks += [remark for item in used for remark in item.session.remarks]
    remarks += [Remark("other_axis", item.table.file, {"axis": item.axis, "used": axis}) for item in placed if item.axis != axis and item.meanings]
    remarks += _nothing_known(placed)
    found: dict[str, list[tuple[tuple[bool, int, int], Curve]]] = defaultdict(list)
    for item in used:
        for meaning in item.meanings:
            curve, dropped = _curve(item, meaning.column, meaning)
            if dropped:
                remarks.append(Remark("replaced_values", item.table.file, {"column": meaning.column, "count": dropped}))
            if len(curve):
                rank = (bool(meaning.group), meaning.preference, -len(curve))
                found[meaning.role].append((rank, curve))
    curves = {role: tuple(_joined([curve for _, curve in sorted(ranked, key=lambda pair: pair[0])])) for role, ranked in found.items()}
    for role, stand_in in roles.fallbacks.items():
        if role not in curves and stand_in in curves:
            curves[role] = tuple(replace(curve, role=role) for curve in curves[stand_in][:1])
    remarks += _unhide(curves, roles)
    epochs = _epochs(used)
    if epochs is not None:
        curves[EPOCH] = (epochs,)
    return RunLog(
        axis=axis,
        curves=curves,
        settings=_settings(tables),
        remarks=tuple(remarks),
        unmapped=tuple(_unmapped(placed)),
    )


def _place(table: Table, reader: ColumnReader) -> _Placed:
    columns = list(table.columns)
    step = reader.axis("step", columns)
    epoch = reader.axis("epoch", columns)
    numbering = tuple(name for name in (step, epoch) if name is not None)
    session = session_of(table, None if step is None else table.columns[step], None if epoch is None else table.columns[epoch])
    axis: Axis = "step" if step is not None else "epoch" if epoch is not None else "record"
    return _Placed(table, axis, session, None if epoch is None else table.columns[epoch], reader.meanings(columns, numbering), numbering)


def _axis(placed: Iterable[_Placed]) -> Axis:
    """The axis of most of what was logged; steps before epochs before records where it is even."""
    weight: dict[Axis, int] = {"step": 0, "epoch": 0, "record": 0}
    for item in placed:
        weight[item.axis] += sum(len(item.table.columns[meaning.column].values) for meaning in item.meanings)
    return max(weight, key=lambda axis: weight[axis])


def _curve(item: _Placed, name: str, meaning: Meaning | None) -> tuple[Curve, int]:
    """The curve of a column in the run that is read, and how many of its values a later one replaced."""
    column = item.table.columns[name]
    first = int(np.searchsorted(column.records, item.session.first))
    records, values = column.records[first:], column.values[first:]
    steps = taken(item.session.steps, records)
    kept = latest(steps)
    meant = meaning or Meaning(name, EPOCH, "", 0, None)
    lines = taken(item.table.lines, taken(records, kept))
    curve = Curve(meant.role, name, item.table.file, meant.group, taken(steps, kept), taken(values, kept), lines, meant.direction, meant.quantity)
    return curve, _replaced(steps, values, kept)


def _replaced(steps: Floats, values: Floats, kept: Integers) -> int:
    """How many values were dropped that differ from what replaced them."""
    if len(kept) == len(steps):
        return 0
    dropped = np.setdiff1d(np.arange(len(steps)), kept, assume_unique=True)
    places = np.minimum(np.searchsorted(steps[kept], steps[dropped]), len(kept) - 1)
    return int(np.sum(~np.isclose(values[dropped], values[kept][places], equal_nan=True)))


def _joined(curves: Sequence[Curve]) -> list[Curve]:
    """Curves of one column that several files continue are one; otherwise the first file of a column decides."""
    joined: dict[tuple[str, str], Curve] = {}
    for curve in curves:
        key = (curve.column, curve.group)
        first = joined.get(key)
        if first is None:
            joined[key] = curve
        elif curve.steps[0] > first.steps[-1]:
            joined[key] = _continued(first, curve)
        elif curve.steps[-1] < first.steps[0]:
            joined[key] = _continued(curve, first)
    return list(joined.values())


def _continued(first: Curve, second: Curve) -> Curve:
    return replace(
        first,
        file=f"{first.file} + {second.file}",
        steps=np.concatenate([first.steps, second.steps]),
        values=np.concatenate([first.values, second.values]),
        lines=np.concatenate([first.lines, second.lines]),
    )


def _epochs(used: Sequence[_Placed]) -> Curve | None:
    for item in used:
        if item.epoch is not None:
            return _curve(item, item.epoch.name, None)[0]
    return None


def _settings(tables: Sequence[Table]) -> dict[str, tuple[Setting, str]]:
    return {name: (value, table.file) for table in tables for name, value in table.settings.items()}


def _unhide(curves: dict[str, tuple[Curve, ...]], roles: RolesFile) -> list[Remark]:
    """Make NaN of what was written as 0 though it was NaN, and keep these places as a curve of their own."""
    remarks: list[Remark] = []
    for role, witness in roles.hidden_by.items():
        if role not in curves or witness not in curves:
            continue
        first, *others = curves[role]
        places = _hidden(first, curves[witness][0])
        if len(places):
            values = first.values.copy()
            values[places] = np.nan
            curves[role] = (replace(first, values=values), *others)
            hidden = replace(first, steps=first.steps[places], values=values[places], lines=first.lines[places])
            curves[hidden_role(role)] = (hidden,)
            remarks.append(Remark("hidden_nan", f"{first.file}:{int(hidden.lines[0])}", {"column": first.column, "count": len(places)}))
    return remarks


def _hidden(curve: Curve, witness: Curve) -> Integers:
    bad = ~np.isfinite(witness.values)
    places: Integers = np.flatnonzero((curve.values == 0) & np.isin(curve.steps, witness.steps[bad]))
    return places


def _nothing_known(placed: Sequence[_Placed]) -> list[Remark]:
    if any(item.meanings for item in placed):
        return []
    columns = _unmapped(placed)
    if not columns:
        return []
    return [Remark("nothing_known", placed[0].table.file, {"columns": ", ".join(columns[:_LISTED]), "first": columns[0]})]


def _unmapped(placed: Iterable[_Placed]) -> list[str]:
    return [
        name
        for item in placed
        for name in item.table.columns
        if name not in item.numbering and name not in {meaning.column for meaning in item.meanings}
    ]
