"""From the tables of one run's files to its curves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from advise.knowledge.roles import RolesFile, hidden_role
from advise.runlog.readers.records import TOTAL
from advise.runlog.readers.table import Remark, Setting, Table
from advise.runlog.series.axis import Counter, Rows, counters, joined, rows_of, shares_of_epochs, together
from advise.runlog.series.clocks import sorted_out
from advise.runlog.series.columns import AVERAGE, ColumnReader, Meaning
from advise.runlog.series.company import in_company
from advise.runlog.series.kinds import Kind, as_such, kind_of
from advise.runlog.series.rates import most_agreed, with_resolution
from advise.runlog.series.record import Axis, Curve, RunLog
from advise.runlog.series.scales import losses_of_perplexities, on_one_scale
from advise.runlog.series.sessions import Session, latest, session_of, taken

if TYPE_CHECKING:
    from advise.runlog.arrays import Floats, Integers

EPOCH = "epoch"
_NOWHERE = np.empty(0, dtype=np.int64)
# So many zeros in a row at the end, from a loss that was still so much of its first.
_ZEROS, _ABRUPT = 3, 0.05
_STEP_TIME, _ELAPSED = "time.step", "time.elapsed"
_LISTED = 12
_EVALUATED = ("dev.", "test.", "train_dev.")
_CLOCKS = "time."
_AS_DEV = {"test.metric": "dev.metric", "test.loss": "dev.loss"}
# One or two evaluations are a report.
_SEVERAL = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A table whose records stand on an axis."""

    table: Table
    axis: Axis
    session: Session
    along: Counter | None
    epoch: Counter | None
    meanings: Sequence[Meaning]
    numbering: tuple[str, ...]
    settings: Mapping[str, Setting]


# Logs hold numbers such as 1e308, whose sums and differences are infinite, and are treated as what stands nowhere.
@np.errstate(all="ignore")
def assemble(tables: Sequence[Table], roles: RolesFile, overrides: Mapping[str, str] | None = None) -> RunLog:
    """Put the tables of one run together.

    Args:
        tables: What was read of its files.
        roles: What is known of the names of columns.
        overrides: Column by role, where the user says which column it is.
    """
    reader = ColumnReader(roles, overrides)
    kind = kind_of([name for table in tables for name in table.columns], roles)
    placed = [_place(table, reader, roles, kind) for table in tables]
    axis = _axis(placed)
    used = [item for item in placed if item.axis == axis]
    remarks = [remark for table in tables for remark in table.remarks]
    remarks += [remark for item in used for remark in item.session.remarks]
    remarks += [Remark("other_axis", item.table.file, {"axis": item.axis, "used": axis}) for item in placed if item.axis != axis and item.meanings]
    remarks += _nothing_known(placed)
    found: dict[str, list[tuple[tuple[bool, int, bool, int], Curve]]] = defaultdict(list)
    for item in used:
        for meaning in item.meanings:
            curve, dropped = _curve(item, meaning)
            if dropped:
                remarks.append(Remark("replaced_values", item.table.file, {"column": meaning.column, "count": dropped}))
            if len(curve):
                found[curve.role].append((_rank(meaning, curve), curve))
    curves = {role: tuple(_joined([curve for _, curve in sorted(ranked, key=lambda pair: pair[0])])) for role, ranked in found.items()}
    for role in roles.in_groups:
        if role in curves:
            curves[role] = tuple(map(with_resolution, most_agreed(curves[role])))
    step_times, elapsed = sorted_out(curves.pop(_STEP_TIME, ()), curves.pop(_ELAPSED, ()))
    curves |= {role: tuple(replace(curve, role=role) for curve in each) for role, each in ((_STEP_TIME, step_times), (_ELAPSED, elapsed)) if each}
    curves, as_dev = _test_as_dev(curves)
    remarks += as_dev
    curves, scaled = on_one_scale(curves, roles)
    remarks += scaled
    curves |= losses_of_perplexities(curves)
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
        settings=_settings(placed),
        remarks=tuple(remarks),
        unmapped=tuple(_unmapped(placed)),
        kind=kind,
        meanings=tuple(meaning for item in placed for meaning in item.meanings),
        numbering=tuple(dict.fromkeys(name for item in used for name in item.numbering)),
    )


def _place(table: Table, reader: ColumnReader, roles: RolesFile, kind: Kind | None) -> _Placed:
    columns = list(table.columns)
    counting = [name for name in columns if _counts(name, reader)]
    meanings = in_company(reader.meanings(columns, counting), table, reader, roles)
    if kind is not None:
        meanings = as_such(meanings, kind)
    rows = rows_of(table, meanings, reader)
    epoch = next(iter(counters(table, "epoch", reader, rows)), None)
    steps = counters(table, "step", reader, rows)
    step = joined(steps[0], steps[1:]) if steps else None
    own = _at_evaluations(table, "step" if step is not None else "epoch", reader, rows)
    session = session_of(table, step, epoch, rows, own)
    if (
        step is not None
        and epoch is not None
        and not session.per_epoch
        and np.all(step.values == step.values[0])
        and np.any(epoch.values != epoch.values[0])
    ):
        # A total that is written in each row is no place.
        step = None
        session = session_of(table, None, epoch, rows, _at_evaluations(table, "epoch", reader, rows))
    shares = None if step is None or epoch is None or not session.per_epoch else shares_of_epochs(step, epoch, rows)
    if shares is not None:
        # What is counted are samples: how many steps they make, nothing says.
        step, epoch = None, shares
        session = session_of(table, None, shares, rows, None)
    axis: Axis = "step" if step is not None else "epoch" if epoch is not None else "record"
    numbering = tuple(name for counter in (step, epoch) if counter is not None for name in counter.names)
    return _Placed(table, axis, session, step or epoch, epoch, meanings, numbering, _totals(table, step, epoch, session))


def _counts(name: str, reader: ColumnReader) -> bool:
    return any(reader.counter(axis, name.removesuffix(TOTAL)) is not None for axis in ("step", "epoch"))


def _at_evaluations(table: Table, axis: str, reader: ColumnReader, rows: Rows) -> Counter | None:
    """What the rows of evaluations say of where they stand."""
    names = sorted((rank, name) for name in table.columns if (rank := reader.counter(axis, name)) is not None)
    return together([name for _, name in names], table.columns).only(rows.evaluations) if names else None


def _totals(table: Table, step: Counter | None, epoch: Counter | None, session: Session) -> dict[str, Setting]:
    """How long the run is to be, where its counters say of how many they are."""
    found: dict[str, Setting] = dict(table.settings)
    if step is not None and step.total is not None:
        total = step.total
        if not session.per_epoch:
            found.setdefault(f"step{TOTAL}", total)
        elif epoch is not None and epoch.total is not None:
            found.setdefault(f"step{TOTAL}", total * epoch.total)
    if epoch is not None and epoch.total is not None:
        found.setdefault(f"epoch{TOTAL}", epoch.total)
    return found


def _axis(placed: Iterable[_Placed]) -> Axis:
    """The axis of most of what was logged; steps before epochs before records where it is even."""
    weight: dict[Axis, int] = {"step": 0, "epoch": 0, "record": 0}
    for item in placed:
        weight[item.axis] += sum(len(item.table.columns[meaning.column].values) for meaning in item.meanings)
    return max(weight, key=lambda axis: weight[axis])


def _rank(meaning: Meaning, curve: Curve) -> tuple[bool, int, bool, int]:
    """Which of several columns of a role decides: of an evaluation the average over it, of the training the value of the batch; the longest."""
    is_average = meaning.column.endswith(AVERAGE)
    wanted = curve.role.startswith(_EVALUATED)
    return bool(meaning.group), meaning.preference, is_average != wanted, -len(curve)


def _curve(item: _Placed, meaning: Meaning) -> tuple[Curve, int]:
    """The curve of a column in the run that is read, and how many of its values later ones replaced."""
    column = item.table.columns[meaning.column]
    inside = slice(*np.searchsorted(column.records, (item.session.first, item.session.end)))
    records, values = column.records[inside], column.values[inside]
    steps = taken(item.session.steps, records)
    is_evaluation = meaning.role.startswith(_EVALUATED)
    if item.along is not None and not is_evaluation:
        # `results: loss=…` at the end of an epoch says again what its rows said.
        first = _first_of_equals(steps, records, item.along)
        records, values, steps = records[first], values[first], steps[first]
    kept = latest(steps)
    lines = taken(item.table.lines, taken(records, kept))
    curve = Curve(
        meaning.role,
        meaning.column,
        item.table.file,
        meaning.group,
        taken(steps, kept),
        taken(values, kept),
        lines,
        meaning.direction,
        meaning.quantity,
    )
    # What a clock says between two rows stands at the first of them, and is replaced by what it says next.
    return curve, 0 if is_evaluation or meaning.role.startswith(_CLOCKS) else _replaced(steps, values, kept)


def _first_of_equals(steps: Floats, records: Integers, along: Counter) -> Integers | slice:
    """Which values are kept where one without a number of its own stands at the same place as one with one."""
    if len(steps) < 2 or bool(np.all(steps[1:] > steps[:-1])):
        return slice(None)
    own = np.isin(records, along.records)
    repeats = np.zeros(len(steps), dtype=bool)
    repeats[1:] = (steps[1:] == steps[:-1]) & ~own[1:] & own[:-1]
    return np.flatnonzero(~repeats)


def _replaced(steps: Floats, values: Floats, kept: Integers) -> int:
    """How many values were dropped that differ from what replaced them."""
    if len(kept) in (0, len(steps)):
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
    """The epoch along the steps."""
    for item in used:
        if item.epoch is not None:
            counter = item.epoch
            inside = slice(*np.searchsorted(counter.records, (item.session.first, item.session.end)))
            records, values = counter.records[inside], counter.values[inside]
            steps = item.session.steps[records]
            kept = latest(steps)
            lines = item.table.lines[records[kept]]
            return Curve(EPOCH, counter.names[0], item.table.file, "", steps[kept], values[kept], lines)
    return None


def _settings(placed: Sequence[_Placed]) -> dict[str, tuple[Setting, str]]:
    return {name: (value, item.table.file) for item in placed for name, value in item.settings.items()}


def _unhide(curves: dict[str, tuple[Curve, ...]], roles: RolesFile) -> list[Remark]:
    """Make NaN of what was written as 0 though it was NaN, and keep these places as a curve of their own."""
    remarks: list[Remark] = []
    for role, witness in roles.hidden_by.items():
        if role not in curves:
            continue
        first, *others = curves[role]
        places = _hidden(first, curves[witness][0]) if witness in curves else _NOWHERE
        code = "hidden_nan" if len(places) else "hidden_nan_abrupt"
        if not len(places) and not _is_finite_beside(first, curves.get(witness, ())):
            places = _fallen_to_zero(first)
        if len(places):
            values = first.values.copy()
            values[places] = np.nan
            curves[role] = (replace(first, values=values), *others)
            hidden = replace(first, steps=first.steps[places], values=values[places], lines=first.lines[places])
            curves[hidden_role(role)] = (hidden,)
            remarks.append(Remark(code, f"{first.file}:{int(hidden.lines[0])}", {"column": first.column, "count": len(places)}))
    return remarks


def _hidden(curve: Curve, witness: Curve) -> Integers:
    bad = ~np.isfinite(witness.values)
    places: Integers = np.flatnonzero((curve.values == 0) & np.isin(curve.steps, witness.steps[bad]))
    return places


def _is_finite_beside(curve: Curve, witnesses: Sequence[Curve]) -> bool:
    """Whether what would be NaN too is logged at the last value, and is none: a loss of 0 is then a loss of 0."""
    return any(bool(np.isfinite(each.values[each.steps == curve.steps[-1]]).any()) for each in witnesses)


def _fallen_to_zero(curve: Curve) -> Integers:
    """The values at the end that are exactly 0, if the loss fell there from one row to the next: none does that by learning."""
    above = np.flatnonzero(curve.values != 0)
    if not len(above) or len(curve) - 1 - above[-1] < _ZEROS or not np.all(curve.values[above] > 0):
        return _NOWHERE
    last, first = curve.values[above[-1]], curve.values[above[0]]
    return np.arange(above[-1] + 1, len(curve)) if last >= _ABRUPT * first else _NOWHERE


def _test_as_dev(curves: Mapping[str, Sequence[Curve]]) -> tuple[dict[str, tuple[Curve, ...]], list[Remark]]:
    """The curves, with a test set that is evaluated during training as the dev set, where nothing else is evaluated.

    Many scripts call so what they look at after each epoch. A number or two at the end are a report, and decide nothing unless a person says so.
    """
    known = {role: tuple(each) for role, each in curves.items()}
    if any(role in known for role in _AS_DEV.values()):
        return known, []
    tested = {role: each for role, each in known.items() if role in _AS_DEV}
    if not tested:
        return known, []
    first = next(iter(tested.values()))[0]
    if max(len(curve) for each in tested.values() for curve in each) < _SEVERAL:
        return known, [Remark("only_test", first.file, {"column": first.column, "role": _AS_DEV[first.role]})]
    known |= {_AS_DEV[role]: tuple(replace(curve, role=_AS_DEV[role]) for curve in each) for role, each in tested.items()}
    return known, [Remark("test_as_dev", first.file, {"column": first.column})]


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
