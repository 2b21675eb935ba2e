"""From the records of a plan to the short lines of an answer, in the language that was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from advise.agent.answers import (
    DecisionLine,
    DiagnosisLine,
    GateLine,
    GateOutcome,
    QuestionLine,
    SetAsideLine,
    VerdictLine,
)
from advise.plan.examination import Examination
from advise.plan.model import Decision, Diagnosis, Gate, GateResult, GateTestResult, Plan, SetAside, Verdict
from advise.render.voice import Voice, comparison, reading
from advise.untrusted import said


def verdict_line(verdict: Verdict, voice: Voice) -> VerdictLine:
    """The one-line answer."""
    return VerdictLine(id=verdict.id, title=voice.joined(verdict.title), because=verdict.because)


def decision_line(item: Decision, voice: Voice, *, steps: bool, confirm: bool) -> DecisionLine:
    """Something to do, with as much of the how as there is room for."""
    return DecisionLine(
        id=item.id,
        priority=item.priority,
        title=said(voice.joined(item.title)),
        params=item.params,
        config=item.config,
        steps=[said(voice.joined(step)) for step in item.steps] if steps else [],
        confirm=said(voice.joined(item.confirm)) if confirm else "",
    )


def diagnosis_line(item: Diagnosis, voice: Voice, *, why: bool) -> DiagnosisLine:
    """Something that is the case."""
    return DiagnosisLine(
        id=item.id,
        severity=item.severity,
        certainty=item.certainty,
        title=said(voice.joined(item.title)),
        why=said(voice.joined(item.why)) if why else "",
    )


def set_aside_line(item: SetAside, voice: Voice) -> SetAsideLine:
    """Something not to do."""
    return SetAsideLine(id=item.id, by=item.by, title=said(voice.joined(item.title)))


def gate_line(gate: Gate) -> GateLine:
    """What the follow-up run has to pass."""
    return GateLine(id=gate.id, need=gate.need, of=[comparison(test.fact, test.op, test.value) for test in gate.of])


def gate_outcome(result: GateResult) -> GateOutcome:
    """How a gate turned out."""
    return GateOutcome(id=result.id, passed=result.passed, met=result.met, need=result.need, tests=[_test(test) for test in result.tests])


def question_lines(plan: Plan, voice: Voice) -> list[QuestionLine]:
    """What is unknown, most valuable first."""
    return [QuestionLine(fact=item.fact, prompt=voice.joined(item.prompt)) for item in plan.unknown]


def numbered(title: str, lines: Iterable[str]) -> list[str]:
    """A heading and what stands below it; nothing where there is nothing."""
    found = list(lines)
    return [title, *found] if found else []


def config_text(item: DecisionLine) -> str:
    """The config change of a decision: `lr.peak: 0.0001 → 5e-05`."""
    return ", ".join(f"{change.key}: {'–' if change.before is None else reading(change.before)} → {reading(change.after)}" for change in item.config)


def params_text(item: DecisionLine) -> str:
    """The numbers of a decision."""
    return ", ".join(f"{name} = {reading(value)}" for name, value in item.params.items())


def _test(test: GateTestResult) -> str:
    met = "–" if test.observed is None else reading(test.observed)
    outcome = {True: "✓", False: "✗", None: "?"}[test.passed]
    return f"{outcome} {comparison(test.fact, test.op, test.value)} ({met})"


def curve_lines(examined: Examination) -> list[str]:
    """The main curves of a run, each in one line: first and last value, and the best with its place."""
    spec = examined.context.base.watch
    if examined.log is None or spec is None:
        return []
    # Numbers of curves take numpy, which facts alone do not need.
    from advise.render.curves import rounded
    from advise.runlog.series.glance import glances

    found = {glance.sketch.role: glance for glance in glances(examined.log, 1)}
    lines = []
    for glance in (found[role] for role in spec.curves if role in found):
        line = f"{glance.sketch.role} {rounded(glance.sketch.first)} → {rounded(glance.sketch.last)}"
        best = "" if glance.best is None or glance.best_at is None else f", best {rounded(glance.best)} at {glance.best_at:g}"
        lines.append(line + best)
    return lines
