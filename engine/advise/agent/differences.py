"""`what_if` and `diff_runs`: one plan against another, and the gates of an earlier plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advise.agent.answers import ChangeLine, DifferenceAnswer
from advise.agent.arguments import DiffRunsArguments, WhatIfArguments
from advise.agent.fitting import fitting, left_out
from advise.agent.lines import gate_outcome, verdict_line
from advise.agent.reply import Reply
from advise.agent.tokens import FULL_BUDGET, cut
from advise.agent.toolbox import Toolbox
from advise.documents.problems import Problem
from advise.errors import FactsError
from advise.explain.changes import changes_from_mapping
from advise.explain.difference import Difference, FieldChange, Part, changed, difference
from advise.plan.examination import Examination
from advise.render.voice import Voice, reading
from advise.untrusted import said

_PARTS = ("decisions", "set_aside", "gates", "diagnoses", "checklist", "unknown", "errata")
_EVERYTHING = 10_000
# How many entries, how many changed facts, and how many changes of one entry.
_SIZES = ((40, 30, 4), (25, 20, 3), (16, 15, 2), (12, 10, 2), (8, 8, 1), (5, 5, 1), (3, 3, 0), (1, 1, 0))


def what_if(toolbox: Toolbox, asked: WhatIfArguments) -> Reply:
    """What would be otherwise if some facts were."""
    changes = changes_from_mapping(asked.changes, toolbox.advisor.knowledge.vocabulary)
    observed = toolbox.observed(asked.paths, asked.facts)
    before, after = toolbox.advisor.examine(observed), toolbox.advisor.examine(changed(observed, changes))
    return _reply(toolbox, before, after, toolbox.voice(asked.lang), full=asked.detail == "full")


def diff_runs(toolbox: Toolbox, asked: DiffRunsArguments) -> Reply:
    """What a later run says otherwise than an earlier one, and whether it passes the gates of its plan.

    Raises:
        FactsError: There is no earlier run to compare with, or something in the facts is wrong.
        ReportError: The earlier report is not kept any more.
    """
    if not (asked.before_paths or asked.before_facts or asked.after):
        accepted = "before_facts, before_paths, or after: the plan of the earlier run"
        raise FactsError([Problem("arguments", 0, 0, "there is nothing to compare with", "", accepted=accepted)])
    earlier = toolbox.plan(asked.after) if asked.after else None
    facts: Mapping[str, object] = asked.before_facts
    if earlier is not None and not (asked.before_paths or asked.before_facts):
        facts = earlier.facts
    before = toolbox.examination(asked.before_paths, facts)
    after = toolbox.advisor.examine(toolbox.observed(asked.paths, asked.facts), after=earlier or before.plan)
    return _reply(toolbox, before, after, toolbox.voice(asked.lang), full=asked.detail == "full")


def _reply(toolbox: Toolbox, before: Examination, after: Examination, voice: Voice, *, full: bool) -> Reply:
    found = difference(before, after)
    address = toolbox.reports.keep(after.plan)
    if full:
        from advise.explain.difference_page import difference_page
        from advise.render.markdown import as_markdown

        whole = _answer(before, after, found, voice, address, (_EVERYTHING, _EVERYTHING, _EVERYTHING))
        page = as_markdown(difference_page(found, voice))
        return Reply(whole.model_copy(update={"difference": found}), cut(page, FULL_BUDGET, f"… {address}"), report=address)
    answer = fitting(_SIZES, lambda size: _answer(before, after, found, voice, address, size), _text)
    return Reply(answer, _text(answer), report=address)


def _answer(before: Examination, after: Examination, found: Difference, voice: Voice, address: str, size: tuple[int, int, int]) -> DifferenceAnswer:
    count, facts, fields = size
    entries = [line for name in _PARTS for line in _entries(name, getattr(found, name), voice, fields)]
    return DifferenceAnswer(
        before=verdict_line(before.plan.verdict, voice),
        after=verdict_line(after.plan.verdict, voice),
        gates=[gate_outcome(result) for result in after.gate_results[:count]],
        facts=[_field(change) for change in found.facts[:facts]],
        changes=entries[:count],
        left_out=left_out(facts=(found.facts[:facts], found.facts), changes=(entries[:count], entries)),
        report=address,
    )


def _entries(name: str, part: Part, voice: Voice, fields: int) -> Iterator[ChangeLine]:
    for item in part.appeared:
        yield ChangeLine(part=name, what="appears", id=item.id, title=said(voice.joined(item.title)))
    for item in part.vanished:
        yield ChangeLine(part=name, what="vanishes", id=item.id, title=said(voice.joined(item.title)))
    for entry in part.changed:
        changes = [_field(change) for change in entry.changes[:fields]]
        yield ChangeLine(part=name, what="changes", id=entry.id, title=said(voice.joined(entry.title)), changes=changes)


def _field(change: FieldChange) -> str:
    old, new = ("–" if value is None else reading(value) for value in (change.before, change.after))
    return said(f"{change.name}: {old} → {new}")


def _text(answer: DifferenceAnswer) -> str:
    return "\n".join(_lines(answer))


def _lines(answer: DifferenceAnswer) -> Iterator[str]:
    same = answer.before.id == answer.after.id
    yield f"{answer.after.id} — {answer.after.title}" if same else f"{answer.before.id} → {answer.after.id} — {answer.after.title}"
    for gate in answer.gates:
        passed = {True: "passed", False: "failed", None: "open"}[gate.passed]
        yield f"gate {gate.id}: {passed}, {gate.met} of {gate.need}: {'; '.join(gate.tests)}"
    yield from (f"fact {line}" for line in answer.facts)
    for item in answer.changes:
        sign = {"appears": "+", "vanishes": "-", "changes": "~"}[item.what]
        yield f"{sign} {item.part} {item.id}: {item.title}" + (f" ({'; '.join(item.changes)})" if item.changes else "")
    if answer.left_out:
        yield "… " + ", ".join(f"+{count} {part}" for part, count in answer.left_out.items()) + ": detail=full"
    yield f"report: {answer.report}"
