"""What was observed of a run, written as a facts file that can be read again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from advise.facts.record import Fact, Observed
from advise.facts.written import written, written_ends
from advise.plan.evidence import interval_of, json_value
from advise.render.curves import rounded
from advise.render.observed import POINTS, drawn, extent_of
from advise.text import Value, show
from advise.uncertain import Measured, ends_of
from advise.untrusted import comment

if TYPE_CHECKING:
    from advise.runlog.series.glance import Glance
    from advise.runlog.series.record import RunLog

_SHOWN = 12


def as_facts_file(observed: Observed) -> str:
    """The facts as YAML; what a person should know of the input, and where each fact was read, are comments."""
    lines = [*_remarks(observed), *([] if observed.log is None else _mapping(observed.log))]
    if observed.run:
        lines.append(f"run: {written(observed.run)}")
    lines.append("facts:" if observed.facts else "facts: {}")
    known = sorted(observed.facts.items())
    lines += [_fact(fact) for _, fact in known]
    intervals = [
        f"  {name}: {written_ends(value)}" for name, fact in known if isinstance(value := _rounded(fact.value), Measured) and not value.is_exact
    ]
    lines += ["intervals:", *intervals] if intervals else []
    return "".join(f"{line}\n" for line in lines)


def as_json(observed: Observed) -> str:
    """The facts with their origins, the mapping with its reasons, and the findings as JSON."""
    found = {
        "schema": "advise/observed@1",
        "run": observed.run,
        "facts": {name: _fact_record(fact) for name, fact in sorted(observed.facts.items())},
        "axis": None if observed.log is None else observed.log.axis,
        "curves": [] if observed.log is None else [_curve(glance) for glance in _glances(observed.log)],
        "unmapped": [] if observed.log is None else list(observed.log.unmapped),
        "columns": {} if observed.log is None else _columns(observed.log),
        "why": {} if observed.log is None else {column: reason.model_dump() for column, reason in observed.log.reasons.items()},
        "findings": [finding.model_dump() for finding in observed.findings],
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _glances(log: RunLog) -> Iterator[Glance]:
    # Curves are held in arrays, and a facts file is written without them.
    from advise.runlog.series.glance import glances

    return glances(log, POINTS)


def _curve(glance: Glance) -> dict[str, object]:
    sketch = glance.sketch
    return {
        "role": sketch.role,
        "column": sketch.column,
        "others": list(glance.others),
        "why": None if glance.why is None else glance.why.model_dump(),
        "origin": sketch.origin,
        "start": glance.start,
        "end": glance.end,
        "count": glance.count,
        "first": sketch.first,
        "last": sketch.last,
        "best": glance.best,
        "best_at": glance.best_at,
        "points": sketch.points,
    }


def _fact_record(fact: Fact) -> dict[str, object]:
    how = None if fact.note is None else fact.note.model_dump()
    interval = {} if ends_of(fact.value) is None else {"interval": interval_of(fact.value)}
    return {"value": json_value(fact.value), **interval, "origin": str(fact.origin), "how": how}


def _columns(log: RunLog) -> dict[str, list[str]]:
    return {role: [curve.column for curve in curves] for role, curves in sorted(log.curves.items())}


def _remarks(observed: Observed) -> Iterator[str]:
    for finding in observed.findings:
        origin = f"{finding.origin}: " if finding.origin else ""
        yield f"# {comment(f'{origin}{finding.text.zh} / {finding.text.en}')}"


def _mapping(log: RunLog) -> Iterator[str]:
    yield "# role = column, the deciding one first; --map ROLE=COLUMN says otherwise"
    for glance in _glances(log):
        columns = [glance.sketch.column, *glance.others]
        more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
        yield f"# {glance.sketch.role} = {comment(', '.join(columns[:_SHOWN]))}{more}"
        best = "" if glance.best is None else f", {rounded(glance.best)} @ {show(glance.best_at or 0)}"
        ends = f"{rounded(glance.sketch.first)} → {rounded(glance.sketch.last)}"
        yield f"#     {log.axis} {extent_of(glance)}, n = {glance.count}: {ends}{best}  {drawn(glance)}"
        if glance.why is not None:
            yield f"#     {comment(f'{columns[0]}: {glance.why.zh} / {glance.why.en}')}"
    if log.numbering:
        yield f"# axis: {log.axis}, {comment(', '.join(log.numbering))}"
    if log.unmapped:
        more = f" and {len(log.unmapped) - _SHOWN} more" if len(log.unmapped) > _SHOWN else ""
        yield f"# no role: {comment(', '.join(log.unmapped[:_SHOWN]))}{more}"


def _fact(fact: Fact) -> str:
    how = "" if fact.note is None else f" ({fact.note.zh} / {fact.note.en})"
    return f"  {fact.name}: {written(_rounded(fact.value))}  # {comment(f'{fact.origin}{how}')}"


def _rounded(value: Value) -> Value:
    """A number to the seven digits that anybody reads."""
    if isinstance(value, Measured):
        return Measured(*(float(f"{number:.7g}") for number in (float(value), value.low, value.high)))
    return float(f"{value:.7g}") if isinstance(value, float) else value
