"""`list_runs`: the runs of some folders, a line each, and the settings in which they differ."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from advise.agent.answers import RunLine, RunsAnswer
from advise.agent.arguments import RunsArguments
from advise.agent.fitting import fitting
from advise.agent.foreign import cleaned
from advise.agent.pages import cursor_at, start_of
from advise.agent.reply import Reply
from advise.agent.toolbox import Toolbox
from advise.errors import AdviseError, InputError
from advise.render.voice import reading
from advise.untrusted import quoted, said

if TYPE_CHECKING:
    from advise.experiments.fleet.find import Job

# So many runs are looked at in one call, for so long at most; the cursor goes on.
_AT_ONCE = 40
_SECONDS = 15.0
_SETTINGS = 6
_SIZES = tuple((runs, settings) for runs in (40, 30, 20, 14, 10, 7, 5, 3, 2, 1) for settings in (_SETTINGS, 3, 0))


def list_runs(toolbox: Toolbox, asked: RunsArguments) -> Reply:
    """Judge each run below some folders, and say in which settings they differ.

    Raises:
        FactsError: A path may not be read.
        InputError: There is no run in them.
    """
    from advise.experiments.fleet.find import find
    from advise.experiments.fleet.seen import Sniffed

    paths = toolbox.roots.opened(asked.paths or ["."])
    jobs = find(paths, toolbox.advisor.knowledge, Sniffed()).jobs
    names = [quoted(toolbox.roots.hidden(job.name)) for job in jobs]
    start = start_of(asked.cursor, names)
    lines: list[list[RunLine]] = []
    until = time.monotonic() + _SECONDS
    for job, name in zip(jobs[start : start + _AT_ONCE], names[start:], strict=False):
        if lines and time.monotonic() > until:
            break
        lines.append(list(_lines_of(toolbox, job, name)))
    answer = fitting(_SIZES, lambda size: _answer(lines, start, names, *size), text_of)
    return Reply(answer, text_of(answer))


def _lines_of(toolbox: Toolbox, job: Job, name: str) -> Iterator[RunLine]:
    from advise.experiments.fleet.judging import row_of
    from advise.runlog.paths import observe_each

    try:
        for each, observed in observe_each(job.place, job.folder, toolbox.advisor.knowledge):
            clean = cleaned(observed, toolbox.roots)
            row = row_of(each, job, toolbox.advisor.examine(clean, brief=True), clean)
            shown = name if each == job.place.name else quoted(toolbox.roots.hidden(f"{job.folder}/{each}"))
            settings = {quoted(key): quoted(value) if isinstance(value, str) else value for key, value in row.settings.items()}
            yield RunLine(
                run=shown,
                verdict=row.verdict or "",
                finding=row.finding or "",
                severity=row.severity or "",
                since=row.since,
                metric=quoted(row.metric) if row.metric else "",
                best=row.best,
                last=row.last,
                steps=row.steps,
                state=row.state or "",
                settings=settings,
            )
    except AdviseError as error:
        message = error.problems[-1].message if isinstance(error, InputError) and error.problems else str(error)
        yield RunLine(run=name, error=said(toolbox.roots.hidden(message)))


def _answer(lines: Sequence[Sequence[RunLine]], start: int, names: Sequence[str], count: int, settings: int) -> RunsAnswer:
    shown = lines[:count]
    runs = [line for each in shown for line in each]
    # What differs is told of all that were looked at, whatever has room.
    differing = _differing([line for each in lines for line in each])
    kept = frozenset(differing[:settings])
    return RunsAnswer(
        runs=[line.model_copy(update={"settings": {key: value for key, value in line.settings.items() if key in kept}}) for line in runs],
        settings=differing[: max(settings, 1) * 3],
        total=len(names),
        next=cursor_at(start + len(shown), names),
    )


def _differing(runs: Sequence[RunLine]) -> list[str]:
    """The settings that not all runs have alike, those that most runs state first."""
    names = dict.fromkeys(name for run in runs for name in run.settings)
    values = {name: [run.settings[name] for run in runs if name in run.settings] for name in names}
    differing = [name for name, found in values.items() if len(set(map(str, found))) > 1]
    return sorted(differing, key=lambda name: -len(values[name]))


def text_of(answer: RunsAnswer) -> str:
    """How the answer reads: a line a run."""
    return "\n".join(_lines(answer))


def _lines(answer: RunsAnswer) -> Iterator[str]:
    yield f"{answer.total} runs" + (f"; they differ in: {', '.join(answer.settings)}" if answer.settings else "")
    for run in answer.runs:
        if run.error:
            yield f"- {run.run}: not judged: {run.error}"
            continue
        found = f", {run.severity}: {run.finding}" if run.finding else ""
        since = f" since {run.since:g}" if run.since is not None else ""
        metric = (
            f"; {run.metric or 'metric'} best {reading(run.best)}, last {reading(run.last)}" if run.best is not None and run.last is not None else ""
        )
        settings = "; " + ", ".join(f"{name}={reading(value)}" for name, value in run.settings.items()) if run.settings else ""
        yield f"- {run.run}: {run.verdict}{found}{since}{metric}{settings}"
    if answer.next:
        yield f"next: {answer.next}"
