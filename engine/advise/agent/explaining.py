"""`explain`: the proof of one id, or what keeps it from being reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advise.agent.answers import ExplainAnswer, MissingLine, NearestLine
from advise.agent.arguments import ExplainArguments
from advise.agent.fitting import fitting, left_out
from advise.agent.reply import Reply
from advise.agent.tokens import FULL_BUDGET, cut
from advise.agent.toolbox import Toolbox
from advise.explain.explanation import explain as explained
from advise.explain.records import ConclusionNode, Explanation, FactNode, GroupNode, Lacking, Node, RuleNode
from advise.render.voice import Voice, comparison, reading
from advise.untrusted import said

_MARKS = {True: "✓", False: "✗", None: "?"}
_ENDING = "… detail=full"
# How many lines of the proof, and how many of everything else.
_SIZES = ((60, 20), (40, 12), (25, 8), (15, 6), (10, 4), (6, 3), (3, 2), (1, 1))


def explain(toolbox: Toolbox, asked: ExplainArguments) -> Reply:
    """Explain how an id turned out."""
    found = explained(toolbox.examination(asked.paths, asked.facts, asked.after), asked.id)
    voice = toolbox.voice(asked.lang)
    if asked.detail == "full":
        from advise.explain.page import explanation_page
        from advise.render.markdown import as_markdown

        answer = _answer(found, voice, (10_000, 10_000)).model_copy(update={"explanation": found})
        return Reply(answer, cut(as_markdown(explanation_page(found, voice)), FULL_BUDGET, _ENDING))
    answer = fitting(_SIZES, lambda size: _answer(found, voice, size), _text)
    return Reply(answer, _text(answer))


def _answer(found: Explanation, voice: Voice, size: tuple[int, int]) -> ExplainAnswer:
    depth, count = size
    proof = [line for node in (*found.proofs, *found.against) for line in _outline(node, voice, 0)]
    reversals = [comparison(item.fact, item.op, item.value) for item in (*found.reversed_by, *found.weakened_by)]
    nearest = [_nearest(item, voice, count) for item in _lacking(found)]
    return ExplainAnswer(
        id=found.id,
        kind=found.kind,
        title=said(voice.joined(found.title)),
        outcome=found.outcome,
        says=voice.joined_phrase(f"explain_outcome_{found.outcome}"),
        why="" if found.why is None else said(voice.joined(found.why)),
        proof=proof[:depth],
        nearest=nearest[:count],
        set_aside=[said(f"{item.by}: {voice.joined(item.reason)}") for item in found.set_aside[:count]],
        reversed_by=reversals[:count],
        used_by=found.used_by[:count],
        sources=[source.id for source in found.sources[:count]],
        left_out=left_out(
            proof=(proof[:depth], proof),
            nearest=(nearest[:count], nearest),
            reversed_by=(reversals[:count], reversals),
            used_by=(found.used_by[:count], found.used_by),
            sources=(found.sources[:count], found.sources),
        ),
    )


def _lacking(found: Explanation) -> Sequence[Lacking]:
    """What is missing; for an unknown fact, itself."""
    return found.nearest or ([Lacking(rule="", different=[], missing=found.missing)] if found.missing else [])


def _nearest(item: Lacking, voice: Voice, count: int) -> NearestLine:
    return NearestLine(
        rule=item.rule,
        different=[line.strip() for node in item.different[:count] for line in _outline(node, voice, 0)][:count],
        missing=[MissingLine(fact=fact.fact, needed=fact.needed, prompt=voice.joined(fact.prompt)) for fact in item.missing[:count]],
    )


def _outline(node: Node, voice: Voice, level: int) -> Iterator[str]:
    yield "  " * level + said(f"{_MARKS[node.holds]} {_node(node, voice)}")
    for below in node.below:
        yield from _outline(below, voice, level + 1)


def _node(node: Node, voice: Voice) -> str:
    match node:
        case FactNode():
            value = voice.joined_phrase("unknown_value") if node.value is None else reading(node.value, node.interval)
            asked = f" ({node.asked})" if node.asked else ""
            source = f" = {node.expression}" if node.expression else f" [{node.origin}]" if node.origin else ""
            return f"{node.fact} = {value}{asked}{source}"
        case ConclusionNode():
            return f"{node.conclusion.value} {node.id}: {voice.joined_phrase('explain_reached' if node.reached else 'explain_not_reached')}"
        case GroupNode():
            return f"{node.met} / {node.total} (≥ {node.need})"
        case RuleNode():
            return f"{voice.joined_phrase('rule')} {node.rule}"


def _text(answer: ExplainAnswer) -> str:
    return "\n".join(_lines(answer))


def _lines(answer: ExplainAnswer) -> Iterator[str]:
    yield f"{answer.kind} {answer.id}: {answer.title}"
    yield f"{answer.outcome} — {answer.says}"
    if answer.why:
        yield answer.why
    yield from answer.proof
    for item in answer.nearest:
        yield f"nearest: {item.rule}"
        yield from (f"  ≠ {line}" for line in item.different)
        yield from (f"  ? {line.fact} {line.needed}: {line.prompt}" for line in item.missing)
    yield from (f"set aside by {line}" for line in answer.set_aside)
    yield from (
        f"{label}: {', '.join(names)}"
        for label, names in (("reversed by", answer.reversed_by), ("used by", answer.used_by), ("sources", answer.sources))
        if names
    )
    if answer.left_out:
        yield "… " + ", ".join(f"+{count} {part}" for part, count in answer.left_out.items()) + ": detail=full"
