"""Advising on the runs of a job: rows out, whatever happens."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from advise.deadline import OverdueError, deadline
from advise.errors import AdviseError, InputError
from advise.experiments.fleet.find import Job
from advise.experiments.fleet.row import LEVELS, Row, Setting
from advise.experiments.naming import SettingNames
from advise.plan.extent import began, number, progress
from advise.plan.head import main_diagnosis
from advise.plan.model import Plan
from advise.render.outline import head_lines
from advise.runlog.paths import observe_each
from advise.terms import ALARMING
from advise.text import LANGUAGES, Language, Value

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.facts.record import Observed
    from advise.knowledge.base import KnowledgeBase
    from advise.knowledge.fleet import Column
    from advise.plan.examination import Examination
    from advise.runlog.series.record import RunLog

_POINTS = 24
_HOUR = 3600
_MOST_SETTINGS = 200
_MOST_TEXT = 200
# Of a plan in the row: as many of each as its first screen has.
_MOST_TOLD = 6


def rows_of(job: Job, advisor: Advisor, seconds: float) -> list[Row]:
    """The rows of a job: one for each run that it turns out to be, at least one.

    Args:
        job: What is read.
        advisor: What judges it.
        seconds: How long it may take.
    """
    rows: list[Row] = []
    try:
        with deadline(seconds):
            for name, observed in _observed(job, advisor.knowledge):
                rows.append(row_of(name, job, advisor.examine(observed, brief=True), observed))
    except OverdueError:
        rows.append(failed(job, f"it took longer than {seconds:g} s"))
    except AdviseError as error:
        rows.append(failed(job, _said(error)))
    except MemoryError:
        rows.append(failed(job, "there was not enough memory"))
    except Exception as error:
        # A fleet goes on whatever one of its runs does; the row says that the fault is ours.
        rows.append(failed(job, f"internal error: {type(error).__name__}: {error}"))
    return rows


def failed(job: Job, reason: str) -> Row:
    """The row of what could not be judged.

    Args:
        job: What was to be read.
        reason: Why not.
    """
    return Row(run=job.name, path=_first_path(job), error=reason[:1_000])


def _said(error: AdviseError) -> str:
    problems = error.problems if isinstance(error, InputError) else ()
    # The first says only that nothing could be read, where a second says of which file and why.
    return "; ".join(dict.fromkeys(problem.message for problem in problems[-2:])) or str(error)


def _observed(job: Job, base: KnowledgeBase) -> Iterator[tuple[str, Observed]]:
    if job.kind == "optuna":
        from advise.experiments.fleet.trials import observed_trials

        yield from observed_trials(_first_path(job), base)
        return
    many = False
    for name, observed in observe_each(job.place, job.folder, base):
        # The first is called as the job is, unless it turns out not to be the only one.
        yield (os.path.normpath(os.path.join(job.folder, name)) if many or name != job.place.name else job.name), observed
        many = True


def _first_path(job: Job) -> str:
    return job.place.logs[0].path


def row_of(name: str, job: Job, examination: Examination, observed: Observed) -> Row:
    """The row of one run.

    Args:
        name: What it is called.
        job: What it was read from.
        examination: What was concluded.
        observed: What was read.
    """
    base, facts, plan = examination.context.base, examination.context.facts, examination.plan
    alarming = [item for item in plan.diagnoses if item.severity in ALARMING]
    main = main_diagnosis(plan.diagnoses, plan.decisions, base) if alarming else None
    start = None if main is None else began(main.id, facts, base)
    hours = _scaled(_number("seconds", facts, base), 1 / _HOUR)
    device_hours = _scaled(hours, _number("devices", facts, base) or 1.0)
    settings, seed = _settings(observed, facts, base)
    return Row(
        run=name,
        path=observed.log.curves[next(iter(observed.log.curves))][0].file if observed.log and observed.log.curves else _first_path(job),
        verdict=plan.verdict.id,
        finding=None if main is None else main.id,
        severity=None if main is None else main.severity,
        certainty=None if main is None else main.certainty,
        since=None if start is None else start.number,
        since_unit=None if start is None else start.unit,
        findings=tuple(item.id for item in alarming),
        changes=tuple(item.id for item in plan.decisions if item.priority != "P2"),
        metric=_word("metric", facts, base),
        direction=_word("direction", facts, base),
        best=_number("best", facts, base),
        last=_number("last", facts, base),
        best_step=_number("best_step", facts, base),
        rate=_number("rate", facts, base),
        state=_word("state", facts, base),
        steps=_number("steps", facts, base),
        epochs=_number("epochs", facts, base),
        hours=hours,
        device_hours=device_hours,
        lost_hours=None if main is None else _scaled(device_hours, _lost_share(main.id, facts, base)),
        seed=seed,
        settings=settings,
        facts=plan.facts,
        curve=_curve(observed.log, base),
        told=_told(plan),
    )


def _number(column: Column, facts: Mapping[str, Value], base: KnowledgeBase) -> float | None:
    known = (number(facts, fact) for fact in base.fleet.columns.get(column, ()))
    found = next((value for value in known if value is not None), None)
    # A measured number goes into the row without its interval.
    return None if found is None else float(found)


def _word(column: Column, facts: Mapping[str, Value], base: KnowledgeBase) -> str | None:
    return next((str(facts[fact]) for fact in base.fleet.columns.get(column, ()) if fact in facts), None)


def _scaled(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else value * factor


def _lost_share(diagnosis: str, facts: Mapping[str, Value], base: KnowledgeBase) -> float | None:
    """The share of a run that a fault made worthless; None where it did not, or that is not known."""
    spoils = base.diagnoses[diagnosis].spoils
    extent = progress(diagnosis, facts, base)
    if spoils is None or extent is None or extent.done <= 0:
        return None
    if spoils == "all":
        return 1.0
    start = began(diagnosis, facts, base, extent.unit)
    return None if start is None else min(1.0, max(0.0, (extent.done - start.number) / extent.done))


def _settings(observed: Observed, facts: Mapping[str, Value], base: KnowledgeBase) -> tuple[dict[str, Setting], Setting | None]:
    """What the run was set to: facts first, then what its files say by their own names; and its seed."""
    names = SettingNames(base)
    found: dict[str, Setting] = {name: _plain(facts[name]) for name in base.fleet.settings if name in facts}
    stated = (name for name, fact in observed.facts.items() if fact.origin.how == "stated" and name in facts)
    found |= {name: _plain(facts[name]) for name in stated if isinstance(facts[name], bool | int | float | str)}
    seed: Setting | None = None
    for name, (value, _) in (observed.log.settings if observed.log is not None else {}).items():
        if names.is_seed(name):
            seed = value if seed is None else seed
        elif names.is_setting(name) and len(found) < _MOST_SETTINGS:
            found.setdefault(name, _plain(value))
    return found, seed


def _plain(value: object) -> Setting:
    """A value as JSON has it, and no longer than a table can show."""
    if isinstance(value, bool | int):
        return value
    return float(value) if isinstance(value, float) else str(value)[:_MOST_TEXT]


def _curve(log: RunLog | None, base: KnowledgeBase) -> tuple[int | None, ...]:
    """The deciding curve between its lowest and its highest value; by ranks of a hundred."""
    if log is None:
        return ()
    roles = (*base.study.objective.roles, "train.loss") if base.study.objective.roles else ()
    curve = next((found for role in roles if (found := log.curve(role)) is not None and len(found) > 1), None)
    if curve is None:
        return ()
    blocks = np.array_split(curve.values, min(_POINTS, len(curve)))
    middles = [float(np.median(finite)) if len(finite := block[np.isfinite(block)]) else None for block in blocks]
    known = [middle for middle in middles if middle is not None]
    if not known:
        return ()
    low, width = min(known), max(known) - min(known)
    return tuple(None if middle is None else (round(LEVELS * (middle - low) / width) if width > 0 else LEVELS // 2) for middle in middles)


def _told(plan: Plan) -> dict[str, Any]:
    """The first screen of a plan, by language."""

    def said(language: Language) -> dict[str, Any]:
        return {
            "verdict": plan.verdict.title.in_language(language),
            "head": [text.in_language(language) for _, text in head_lines(plan)],
            "actions": [
                [item.title.in_language(language), [f"{line.key}: {_shown(line.before)} → {_shown(line.after)}" for line in item.config]]
                for item in plan.decisions[:_MOST_TOLD]
            ],
            "findings": [
                [item.severity, item.title.in_language(language), item.why.in_language(language)]
                for item in plan.diagnoses[:_MOST_TOLD]
                if item.severity != "info"
            ],
        }

    return {language: said(language) for language in LANGUAGES}


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    return "?" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
