"""An explanation as a page: the answer, the proof as a tree, what is missing, and what would reverse it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from advise.conditions import ConclusionKind
from advise.explain.records import (
    ConclusionNode,
    Explanation,
    FactNode,
    GroupNode,
    Lacking,
    Missing,
    Node,
    NumberOfDecision,
    RuleNode,
    SourceOfNumber,
)
from advise.plan.model import Reversal
from advise.render.grounds import SEVERITY_TONES
from advise.render.page import Address, Badge, Banner, Block, Code, Heading, Items, Line, Page, Paragraph, Plain, Run, Strong, bullets
from advise.render.voice import Voice, codes, comparison, reading
from advise.terms import Source

_MARKS: Mapping[bool | None, str] = {True: "✓ ", False: "✗ ", None: "? "}
_KINDS: Mapping[ConclusionKind, str] = {
    ConclusionKind.DIAGNOSIS: "explain_kind_diagnosis",
    ConclusionKind.DECISION: "explain_kind_decision",
    ConclusionKind.CHECK_PASSED: "explain_check_passed",
    ConclusionKind.CHECK_FAILED: "explain_check_failed",
    ConclusionKind.ALARM: "explain_kind_alarm",
}


def explanation_page(explained: Explanation, voice: Voice, *, author: bool = False) -> Page:
    """The whole page; a section with nothing in it is left out.

    Args:
        explained: What is explained.
        voice: In which languages.
        author: Whether it is for whoever writes rules: numbers with their names in the rule and what they are computed by.
    """
    sections: Sequence[tuple[str, Iterable[Block]]] = (
        ("explain_numbers", _numbers(explained.numbers, voice, author=author)),
        ("explain_proof", _proofs(explained, voice)),
        ("explain_against", _set_aside(explained, voice)),
        ("explain_nearest", _items(_lacking(item, voice) for item in explained.nearest)),
        ("explain_missing", _items((_missing(item, voice),) for item in explained.missing)),
        ("explain_used_known" if explained.outcome == "known" else "explain_used_unknown", _list(codes(explained.used_by))),
        ("explain_reversal", _reversals(explained, voice)),
        ("explain_sources", _sources(explained.sources, voice)),
    )
    shown = [(key, tuple(blocks)) for key, blocks in sections]
    return (*_opening(explained, voice), *(block for key, blocks in shown if blocks for block in (_heading(key, voice), *blocks)))


def _heading(key: str, voice: Voice) -> Heading:
    return Heading(2, (Plain(voice.joined_phrase(key)),))


def _opening(explained: Explanation, voice: Voice) -> Iterator[Block]:
    yield Heading(1, (Plain(f"{voice.joined_phrase(f'explain_kind_{explained.kind}')} "), Code(explained.id)))
    first, *rest = voice.each(lambda language: (Strong(explained.title.in_language(language)),))
    yield Paragraph(((*_badges(explained, voice), *first), *rest))
    outcome = voice.phrase(f"explain_outcome_{explained.outcome}")
    yield Banner("muted", voice.lines(outcome))
    for remark in explained.remarks:
        yield Banner("notice", voice.lines(remark))
    if explained.why is not None:
        yield Paragraph(voice.lines(explained.why))


def _badges(explained: Explanation, voice: Voice) -> Iterator[Run]:
    if explained.severity is not None:
        yield Badge(voice.joined_phrase(f"severity_{explained.severity}"), SEVERITY_TONES[explained.severity])
        yield Plain(" ")
    if explained.certainty is not None:
        yield Badge(voice.joined_phrase(f"certainty_{explained.certainty}"), "notice")
        yield Plain(" ")
    if explained.priority is not None:
        yield Badge(explained.priority, "notice")
        yield Plain(" ")


def _numbers(numbers: Sequence[NumberOfDecision], voice: Voice, *, author: bool) -> Iterator[Block]:
    yield from _items(tuple(_number(item, voice, author=author)) for item in numbers)


def _number(item: NumberOfDecision, voice: Voice, *, author: bool) -> Iterator[Block]:
    ruled: Line = (Plain(" — "), Code(f"params.{item.param}"), Plain(" "), Code(item.rule)) if author else ()
    if item.source is not None and not item.titles:
        # It is no setting, and the fact says in words what it is.
        yield from _source_of(item.source, voice, author=author, after=ruled)
        return
    called: Line = (Plain(" / ".join(voice.joined(title) for title in item.titles)),) if item.titles else (Code(item.param),)
    before = f"{reading(item.before)} → " if item.before is not None else ""
    line: Line = (*called, Plain(f": {before}"), Strong(reading(item.value)), *ruled)
    if item.source is None:
        yield Paragraph((line, *voice.lines(voice.phrase("explain_number_of_rule"))))
        return
    yield Paragraph((line,))
    yield Items((tuple(_source_of(item.source, voice, author=author)),))


def _source_of(source: SourceOfNumber, voice: Voice, *, author: bool, after: Line = ()) -> Iterator[Block]:
    value = voice.joined_phrase("unknown_value") if source.value is None else reading(source.value, source.interval)
    place: Line = (Plain(" — "), Code(source.origin)) if source.origin else ()
    ruled: Line = (Plain(" "), Code(source.fact if source.expression is None else f"{source.fact} = {source.expression}")) if author else ()
    computed: Line = (Plain(f" {voice.joined_phrase('explain_computed')}"),) if source.below and not author else ()
    how = () if source.how is None else voice.lines(source.how)
    yield Paragraph(((Plain(f"{voice.joined(source.title)}: {value}"), *place, *ruled, *after, *computed), *how))
    if source.below:
        yield Items(tuple(tuple(_source_of(each, voice, author=author)) for each in source.below))


def _proofs(explained: Explanation, voice: Voice) -> Iterator[Block]:
    yield from _items(tuple(_node(node, voice)) for node in explained.proofs)


def _set_aside(explained: Explanation, voice: Voice) -> Iterator[Block]:
    for item in explained.set_aside:
        yield Paragraph((*voice.lines(item.reason), (voice.entry("set_aside_by", codes([item.by, item.rule])))))
    yield from _items(tuple(_node(node, voice)) for node in explained.against)


def _node(node: Node, voice: Voice) -> Iterator[Block]:
    """A line, and what lies below it one step further in."""
    yield Paragraph((_line(node, voice),))
    below = _unfolded(node.below)
    if below:
        yield Items(tuple(tuple(_node(item, voice)) for item in below))
    if isinstance(node, ConclusionNode):
        for lacking in node.lacking:
            yield from _lacking(lacking, voice)


def _unfolded(below: Sequence[Node]) -> Sequence[Node]:
    """What stands below a line; of a single alternative its parts, since that it is one goes without saying."""
    if len(below) == 1 and isinstance(below[0], GroupNode) and below[0].need == below[0].total:
        return below[0].below
    return below


def _line(node: Node, voice: Voice) -> Line:
    match node:
        case FactNode():
            return _fact(node, voice)
        case ConclusionNode():
            kind = voice.joined_phrase(_KINDS[node.conclusion]) if node.conclusion in _KINDS else node.conclusion.value
            turned_out = voice.joined_phrase("explain_reached" if node.reached else "explain_not_reached")
            return (Plain(f"{_MARKS[node.holds]}{kind} "), Code(node.id), Plain(f" {voice.joined(node.title)} — {turned_out}"))
        case GroupNode():
            key = "explain_all_of" if node.need == node.total else "explain_any_of" if node.need == 1 else "explain_at_least"
            return (Plain(_MARKS[node.holds] + voice.joined_phrase(key, need=node.need, total=node.total, met=node.met)),)
        case RuleNode():
            return (Plain(f"{_MARKS[node.holds]}{voice.joined_phrase('rule')} "), Code(node.rule))


def _fact(node: FactNode, voice: Voice) -> Line:
    mark = "" if node.holds is None and not node.asked and node.value is not None else _MARKS[node.holds]
    origin: Line = (Plain(" — "), Code(node.origin)) if node.origin else ()
    origin = (Plain(" "), Code(f"= {node.expression}")) if node.expression else origin
    asked = f" ({node.asked})" if node.asked else ""
    title = Plain(f"{mark}{voice.joined(node.title)} ")
    if node.value is None:
        return (title, Code(f"{node.fact}{asked}"), Plain(f" {voice.joined_phrase('unknown_value')}"), *origin)
    return (title, Code(f"{node.fact} = {reading(node.value, node.interval)}{asked}"), *origin)


def _lacking(lacking: Lacking, voice: Voice) -> tuple[Block, ...]:
    different = [tuple(_node(node, voice)) for node in lacking.different]
    missing = [(_missing(item, voice),) for item in lacking.missing]
    return (Paragraph(((voice.entry("explain_nearest_rule", codes([lacking.rule]))),)), Items((*different, *missing)))


def _missing(item: Missing, voice: Voice) -> Paragraph:
    needed = f" ({item.needed})" if item.needed else ""
    aside = voice.bracketed(voice.entry("explain_part_of", codes([item.part_of]))) if item.part_of else ()
    head = (Plain(f"? {voice.joined(item.title)} "), Code(f"{item.fact}{needed}"), *aside)
    return Paragraph((head, *voice.lines(item.prompt), *voice.lines(item.observe)))


def _reversals(explained: Explanation, voice: Voice) -> Iterator[Block]:
    lines = [_tests(key, tests, voice) for key, tests in (("withdrawn_if", explained.reversed_by), ("weakened_if", explained.weakened_by)) if tests]
    if lines:
        yield bullets(lines)
    elif explained.outcome in ("concluded", "taken", "fired"):
        yield Paragraph(voice.lines(voice.phrase("explain_nothing_alone")))


def _tests(key: str, tests: Sequence[Reversal], voice: Voice) -> Line:
    return voice.entry(key, codes(comparison(test.fact, test.op, test.value) for test in tests))


def _sources(sources: Sequence[Source], voice: Voice) -> Iterator[Block]:
    if sources:
        yield bullets(
            [(Code(item.id), Plain(f" {voice.joined(item.title)}"), *((Plain(" "), Address(item.url)) if item.url else ())) for item in sources]
        )


def _items(items: Iterable[tuple[Block, ...]]) -> Iterator[Block]:
    made = tuple(items)
    if made:
        yield Items(made)


def _list(runs: Sequence[Run]) -> Iterator[Block]:
    if runs:
        yield bullets([(run,) for run in runs])
