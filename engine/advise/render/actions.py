"""The sections about doing: decisions, what was set aside, gates and how earlier gates turned out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from advise.plan.model import ConfigChange, Decision, Gate, GateResult, GateTest, GateTestResult, Plan, SetAside
from advise.render.grounds import evidence_line, source_ids
from advise.render.page import Badge, Block, Code, Fold, Items, Line, Listing, Paragraph, Plain, Run, Strong, Tone, bullets, prose
from advise.render.voice import Voice, codes, comparison, number_or_code, reading
from advise.terms import Priority
from advise.text import Language

PRIORITY_TONES: Mapping[Priority, Tone] = {"P0": "danger", "P1": "warning", "P2": "notice"}
_FORBIDDEN = ("veto:", "erratum:")
_MARKS: Mapping[bool | None, str] = {True: "✓", False: "✗", None: "?"}
_OUTCOMES: Mapping[bool | None, str] = {True: "result_passed", False: "result_failed", None: "result_open"}


def decisions(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """What to do, in order, with its numbers; what can wait folds, unless there is nothing else.

    Args:
        plan: The plan.
        voice: The language.
    """
    pressing = [decision for decision in plan.decisions if decision.priority != "P2"] or plan.decisions
    waiting = [decision for decision in plan.decisions if decision not in pressing]
    # What another decision sets aside is said where that one stands: it is not forbidden, and not first.
    waits = {item.id: [other for other in plan.set_aside if other.by == item.id != other.id] for item in plan.decisions}
    now = (_ordered(pressing, waits, voice),) if pressing else ()
    return (*now, Fold(voice.joined_phrase("later", count=len(waiting)), (_ordered(waiting, waits, voice),))) if waiting else now


def harmful(plan: Plan) -> list[SetAside]:
    """What would do harm: what a veto or an erratum forbids. What only waits for another decision is no such thing."""
    return [item for item in plan.set_aside if item.by.startswith(_FORBIDDEN)]


def set_aside(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """What would do harm, with the reason."""
    items = tuple((_set_aside(item, voice),) for item in harmful(plan))
    return (Items(items),) if items else ()


def not_taken(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """What was considered and is neither harmful nor waits for a decision that stands; not what another rule asked for with other numbers."""
    standing = {decision.id for decision in plan.decisions}
    items = tuple((_set_aside(item, voice),) for item in plan.set_aside if item.by not in standing | {item.id} and not item.by.startswith(_FORBIDDEN))
    return (Fold(voice.joined_phrase("not_taken", count=len(items)), (Items(items),)),) if items else ()


def gates(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """The tests of the follow-up run, and what follows from them."""
    return tuple(block for gate in plan.gates for block in gate_lines(gate, voice))


def gate_results(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """Each earlier gate, its outcome and its tests."""
    return (Items(tuple(_gate_result(result, voice) for result in plan.gate_results)),) if plan.gate_results else ()


def _ordered(items: Sequence[Decision], waits: Mapping[str, Sequence[SetAside]], voice: Voice) -> Items:
    return Items(tuple(tuple(_decision(decision, voice, waits[decision.id])) for decision in items), ordered=True)


def _decision(decision: Decision, voice: Voice, later: Sequence[SetAside]) -> Iterator[Block]:
    yield Paragraph(action(decision, voice))
    if decision.params:
        yield Paragraph((_params(decision, voice),))
    if decision.missing_params:
        yield Paragraph((voice.entry("measure_first", codes(decision.missing_params)),))
    if decision.steps:
        yield Items(tuple((Paragraph(voice.lines(step)),) for step in decision.steps), ordered=True)
    if decision.config:
        yield Listing("diff", tuple(line for change in decision.config for line in _diff(change)))
    yield Paragraph(voice.labelled("confirm", decision.confirm))
    for item in later:
        yield Paragraph(_not_first(item, voice))
    yield Fold(voice.joined_phrase("grounds"), (Paragraph(voice.lines(decision.why)), _grounds(decision, voice)))


def _not_first(item: SetAside, voice: Voice) -> tuple[Line, ...]:
    def line(language: Language) -> Line:
        reason = prose(item.reason.in_language(language))
        return (*voice.label("not_first", language), Plain(f"{item.title.in_language(language)} — "), *reason)

    return voice.each(line)


def action(decision: Decision, voice: Voice) -> tuple[Line, ...]:
    """The title of a decision behind its priority, in each language."""
    first, *rest = voice.each(lambda language: (Strong(decision.title.in_language(language)),))
    badge = Badge(decision.priority, PRIORITY_TONES[decision.priority])
    return ((badge, Plain(" "), *first, Plain(" "), Code(decision.id)), *rest)


def _params(decision: Decision, voice: Voice) -> Line:
    line: list[Run] = []
    for name, value in decision.params.items():
        line += [Plain(" · " if line else ""), Code(name), Plain(" = "), number_or_code(value)]
    return tuple(line)


def _diff(change: ConfigChange) -> Iterator[str]:
    if change.before is not None:
        yield f"- {change.key}: {reading(change.before)}"
    yield f"+ {change.key}: {reading(change.after)}"


def _grounds(decision: Decision, voice: Voice) -> Items:
    lines = [evidence_line(evidence, voice) for evidence in decision.evidence]
    if decision.because:
        lines.append(voice.entry("because", codes(decision.because)))
    lines.append(voice.entry("rule", codes([decision.rule, *decision.supported_by])))
    if decision.sources:
        lines.append(voice.entry("sources", source_ids(decision.sources)))
    return bullets(lines)


def _set_aside(item: SetAside, voice: Voice) -> Paragraph:
    reasons = voice.each(lambda language: (Strong(item.title.in_language(language)), Plain(" — "), *prose(item.reason.in_language(language))))
    ids = (Code(item.id), *voice.bracketed(voice.entry("set_aside_by", codes([item.by]))))
    return Paragraph((*reasons, ids))


def gate_lines(gate: Gate, voice: Voice) -> Iterator[Block]:
    """The tests of one gate, and what follows from them."""
    need = voice.phrase("gate_need_all" if gate.need == len(gate.of) else "gate_need", need=gate.need, total=len(gate.of))
    first, *rest = voice.lines(need)
    yield Paragraph(((Code(gate.id), Plain(" "), *first), *rest))
    yield bullets([_asked(test, gate, voice) for test in gate.of])
    yield Paragraph(voice.labelled("gate_passed", gate.passed))
    yield Paragraph(voice.labelled("gate_failed", gate.failed))
    if gate.carries:
        carried = tuple(f"{fact}: {reading(value)}" for fact, value in gate.carries.items())
        yield Paragraph((voice.entry("gate_carries", codes(carried)),))


def _asked(test: GateTest, gate: Gate, voice: Voice) -> Line:
    needed = voice.bracketed((Plain(voice.joined_phrase("gate_required")),)) if test.required and gate.need < len(gate.of) else ()
    return (Code(comparison(test.fact, test.op, test.value)), Plain(f" {voice.joined(test.title)}"), *needed)


def _gate_result(result: GateResult, voice: Voice) -> tuple[Block, ...]:
    outcome = voice.phrase(_OUTCOMES[result.passed], met=result.met, total=len(result.tests), need=result.need)
    first, *rest = voice.lines(outcome)
    tests = bullets([_gate_test(test, voice) for test in result.tests])
    return (Paragraph(((Plain(_MARKS[result.passed] + " "), Code(result.id), Plain(" "), *first), *rest)), tests)


def _gate_test(test: GateTestResult, voice: Voice) -> Line:
    asked = Code(comparison(test.fact, test.op, test.value))
    title = Plain(f" {voice.joined(test.title)} — ")
    return (Plain(_MARKS[test.passed] + " "), asked, title, *_observed(test, voice))


def _observed(test: GateTestResult, voice: Voice) -> Line:
    if test.observed is None:
        return (Plain(voice.joined_phrase("unknown_value")),)
    return (Plain(f"{voice.joined_phrase('observed')} "), Code(reading(test.observed)))
