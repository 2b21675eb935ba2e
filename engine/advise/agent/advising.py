"""`advise`: the plan for a run, first what fits, then all of it."""

from __future__ import annotations

from collections.abc import Iterator

from advise.agent.answers import PlanAnswer
from advise.agent.arguments import AdviseArguments
from advise.agent.fitting import fitting, left_out
from advise.agent.lines import (
    config_text,
    curve_lines,
    decision_line,
    diagnosis_line,
    gate_line,
    gate_outcome,
    numbered,
    params_text,
    question_lines,
    set_aside_line,
    verdict_line,
)
from advise.agent.reply import Reply
from advise.agent.tokens import FULL_BUDGET, cut
from advise.agent.toolbox import Toolbox
from advise.plan.model import Plan
from advise.render.voice import Voice
from advise.untrusted import quoted, said

_EVERYTHING = 1_000
# How many decisions, diagnoses and questions are told, and of how many decisions and diagnoses the how and why; from the fullest to the barest.
_SIZES = (
    (_EVERYTHING, _EVERYTHING, 5, _EVERYTHING, _EVERYTHING),
    (_EVERYTHING, _EVERYTHING, 5, 3, 3),
    (_EVERYTHING, _EVERYTHING, 4, 2, 3),
    (_EVERYTHING, _EVERYTHING, 3, 2, 2),
    (_EVERYTHING, _EVERYTHING, 3, 1, 2),
    (_EVERYTHING, _EVERYTHING, 3, 1, 1),
    (8, 8, 3, 1, 1),
    (7, 7, 3, 1, 0),
    (6, 6, 3, 1, 0),
    (6, 6, 2, 0, 0),
    (5, 5, 2, 0, 0),
    (4, 4, 2, 0, 0),
    (3, 3, 2, 0, 0),
    (3, 2, 1, 0, 0),
    (2, 2, 1, 0, 0),
    (2, 1, 0, 0, 0),
    (1, 1, 0, 0, 0),
)


def advise(toolbox: Toolbox, asked: AdviseArguments) -> Reply:
    """Make the plan for a run."""
    examined = toolbox.examination(asked.paths, asked.facts, asked.after)
    plan, curves = examined.plan, curve_lines(examined)
    voice = toolbox.voice(asked.lang)
    address = toolbox.reports.keep(plan)
    if asked.detail == "full":
        from advise.render import render

        answer = _answer(plan, curves, voice, address, _SIZES[0]).model_copy(update={"plan": plan})
        page = render(plan, voice.strings, "md", voice.choice)
        return Reply(answer, cut(page, FULL_BUDGET, f"… {address}"), report=address)
    answer = fitting(_SIZES, lambda size: _answer(plan, curves, voice, address, size), lambda found: text_of(found, voice))
    return Reply(answer, text_of(answer, voice), report=address)


def _answer(plan: Plan, curves: list[str], voice: Voice, address: str, size: tuple[int, int, int, int, int]) -> PlanAnswer:
    decided, diagnosed, asked, with_steps, with_why = size
    questions = question_lines(plan, voice)
    decisions, diagnoses, aside, gates = plan.decisions[:decided], plan.diagnoses[:diagnosed], plan.set_aside[:decided], plan.gates[:decided]
    return PlanAnswer(
        run=None if plan.run is None else quoted(plan.run),
        verdict=verdict_line(plan.verdict, voice),
        decisions=[decision_line(item, voice, steps=index < with_steps, confirm=index < max(with_steps, 1)) for index, item in enumerate(decisions)],
        set_aside=[set_aside_line(item, voice) for item in aside],
        gates=[gate_line(gate) for gate in gates],
        gate_results=[gate_outcome(result) for result in plan.gate_results[:decided]],
        diagnoses=[diagnosis_line(item, voice, why=index < with_why) for index, item in enumerate(diagnoses)],
        curves=curves[: min(diagnosed + 1, len(curves))],
        questions=questions[:asked],
        findings=[said(voice.joined(finding.text)) for finding in plan.findings[:diagnosed]],
        left_out=left_out(
            decisions=(decisions, plan.decisions),
            diagnoses=(diagnoses, plan.diagnoses),
            set_aside=(aside, plan.set_aside),
            gates=(gates, plan.gates),
            questions=(questions[:asked], questions),
            findings=(plan.findings[:diagnosed], plan.findings),
        ),
        report=address,
    )


def text_of(answer: PlanAnswer, voice: Voice) -> str:
    """How the short answer reads."""
    run = f"run {answer.run}: " if answer.run else ""
    lines = [f"{run}{answer.verdict.id} — {answer.verdict.title}"]
    lines += [f"{voice.joined_phrase('section_curves')}: " + "; ".join(answer.curves)] if answer.curves else []
    lines += numbered(f"## {voice.joined_phrase('section_gate_results')}", _gate_results(answer))
    lines += numbered(f"## {voice.joined_phrase('section_actions')}", _decisions(answer, voice))
    lines += numbered(f"## {voice.joined_phrase('section_set_aside')}", (f"- {item.id} ({item.by}): {item.title}" for item in answer.set_aside))
    lines += numbered(f"## {voice.joined_phrase('section_gates')}", _gates(answer))
    lines += numbered(f"## {voice.joined_phrase('section_diagnoses')}", _diagnoses(answer))
    lines += numbered(f"## {voice.joined_phrase('section_unknown')}", (f"- {item.fact}: {item.prompt}" for item in answer.questions))
    lines += numbered(f"## {voice.joined_phrase('section_findings')}", (f"- {text}" for text in answer.findings))
    if answer.left_out:
        lines.append("… " + ", ".join(f"+{count} {part}" for part, count in answer.left_out.items()) + ": detail=full")
    lines.append(f"report: {answer.report}")
    return "\n".join(lines)


def _gate_results(answer: PlanAnswer) -> Iterator[str]:
    for result in answer.gate_results:
        passed = {True: "passed", False: "failed", None: "open"}[result.passed]
        yield f"- {result.id}: {passed}, {result.met} of {result.need}: {'; '.join(result.tests)}"


def _gates(answer: PlanAnswer) -> Iterator[str]:
    for gate in answer.gates:
        yield f"- {gate.id}: {gate.need} / {len(gate.of)}: {'; '.join(gate.of)}"


def _decisions(answer: PlanAnswer, voice: Voice) -> Iterator[str]:
    for number, item in enumerate(answer.decisions, start=1):
        params = params_text(item)
        yield f"{number}. {item.priority} {item.id}: {item.title}" + (f" ({params})" if params else "")
        if item.config:
            yield f"   {config_text(item)}"
        yield from (f"   - {step}" for step in item.steps)
        if item.confirm:
            yield f"   {voice.joined_phrase('confirm')}: {item.confirm}"


def _diagnoses(answer: PlanAnswer) -> Iterator[str]:
    for item in answer.diagnoses:
        yield f"- {item.severity}, {item.certainty}: {item.id}: {item.title}" + (f" — {item.why}" if item.why else "")
