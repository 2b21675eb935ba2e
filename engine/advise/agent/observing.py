"""`observe`: what files say of a run, without a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advise.agent.answers import FactLine, ObservedAnswer
from advise.agent.arguments import ObserveArguments
from advise.agent.fitting import fitting
from advise.agent.pages import cursor_at, start_of
from advise.agent.reply import Reply
from advise.agent.toolbox import Toolbox
from advise.facts.record import Observed
from advise.plan.evidence import interval_of, json_value
from advise.render.voice import Voice, reading
from advise.untrusted import quoted, said

_PORTIONS = (40, 30, 20, 15, 10, 7, 4, 2, 1)
_FINDINGS = 5


def observe(toolbox: Toolbox, asked: ObserveArguments) -> Reply:
    """Measure what was logged, and read what is stated."""
    observed = toolbox.observed(asked.paths, {}, asked.columns)
    names = sorted(observed.facts)
    start = start_of(asked.cursor, names)
    voice = toolbox.voice(asked.lang)
    answer = fitting(_PORTIONS, lambda count: _answer(observed, names, start, count, voice), text_of)
    return Reply(answer, text_of(answer))


def _answer(observed: Observed, names: Sequence[str], start: int, count: int, voice: Voice) -> ObservedAnswer:
    shown = names[start : start + count]
    findings = [said(voice.joined(finding.text)) for finding in observed.findings[:_FINDINGS]]
    return ObservedAnswer(
        run=None if observed.run is None else quoted(observed.run),
        facts=[_line(observed, name, voice) for name in shown],
        columns={} if start or observed.log is None else {role: curves[0].column for role, curves in sorted(observed.log.curves.items())[:count]},
        findings=[] if start else findings,
        total=len(names),
        next=cursor_at(start + len(shown), names),
    )


def _line(observed: Observed, name: str, voice: Voice) -> FactLine:
    fact = observed.facts[name]
    how = "" if fact.note is None else said(voice.joined(fact.note))
    return FactLine(fact=name, value=json_value(fact.value), interval=interval_of(fact.value), origin=str(fact.origin), how=how)


def text_of(answer: ObservedAnswer) -> str:
    """How the answer reads: a facts file, with where each fact was read."""
    return "\n".join(_lines(answer))


def _lines(answer: ObservedAnswer) -> Iterator[str]:
    yield (f"run: {answer.run}; " if answer.run else "") + f"{answer.total} facts"
    yield from (
        f"{line.fact}: {reading(line.value, line.interval)}  # {line.origin}" + (f": {line.how}" if line.how else "") for line in answer.facts
    )
    if answer.columns:
        yield "columns: " + ", ".join(f"{role} = {column}" for role, column in answer.columns.items())
    yield from (f"! {finding}" for finding in answer.findings)
    if answer.next:
        yield f"next: {answer.next}"
