"""Rounds as a page: one after another, and what did not work in a list of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from advise.experiments.ledger.record import Round, Step
from advise.render.page import Badge, Block, Code, Heading, Items, Line, Page, Paragraph, Plain, Strong, Tone, bullets
from advise.render.voice import Voice, enumeration, number_or_code
from advise.terms import JsonValue
from advise.text import Text

_TONES: Mapping[str, Tone] = {"open": "notice", "adopted": "good", "not_adopted": "muted", "inconclusive": "warning", "failed": "danger"}
_UNSUCCESSFUL = ("not_adopted", "failed", "inconclusive")


def ledger_page(rounds: Sequence[Round], titles: Mapping[str, Text], voice: Voice) -> Page:
    """Every round, and the failed attempts together.

    Args:
        rounds: In the order of starting.
        titles: What the decisions are called.
        voice: In which language.
    """
    blocks: list[Block] = [Heading(1, (Plain(voice.joined_phrase("round_ledger")),))]
    if not rounds:
        return (*blocks, Paragraph(((Plain(voice.joined_phrase("round_none")),),)))
    failed = [item for item in rounds if item.status in _UNSUCCESSFUL]
    if failed:
        blocks.append(Heading(2, (Plain(voice.joined_phrase("round_failures")),)))
        blocks.append(Items(tuple(tuple(_failure(item, titles, voice)) for item in failed)))
    for item in rounds:
        blocks += round_blocks(item, titles, voice)
    return tuple(blocks)


def list_page(rounds: Sequence[Round], voice: Voice) -> Page:
    """One line a round."""
    if not rounds:
        return (Paragraph(((Plain(voice.joined_phrase("round_none")),),)),)
    return (bullets([_line(item, voice) for item in rounds]),)


def round_page(item: Round, titles: Mapping[str, Text], voice: Voice) -> Page:
    """One round."""
    return tuple(round_blocks(item, titles, voice))


def round_blocks(item: Round, titles: Mapping[str, Text], voice: Voice) -> Iterator[Block]:
    """The heading of a round, and everything on record."""
    yield Heading(2, (Plain(_heading(item, voice)),))
    yield bullets(list(_record(item, titles, voice)))


def _record(item: Round, titles: Mapping[str, Text], voice: Voice) -> Iterator[Line]:
    yield (_badge(item, voice), Plain(" "), *_dates(item, voice))
    opening, ending = item.opening, item.ending
    for key, text in (("round_changed", opening.changed), ("round_hypothesis", opening.hypothesis)):
        if text:
            yield voice.entry(key, [Plain(text)])
    if opening.study:
        yield voice.entry("round_study", [Code(opening.study)])
    for step in opening.tried:
        yield voice.entry("round_tried", [Plain("")])[:1] + _step(step, titles, voice)
    if ending is None:
        return
    if ending.verdict or ending.concluded:
        concluded = [Code(step.decision) for step in ending.concluded]
        yield voice.entry("round_verdict", [*([Code(ending.verdict)] if ending.verdict else []), *concluded])
    for key, text in (("round_what", ending.what), ("round_why", ending.why)):
        if text:
            yield voice.entry(key, [Plain(text)])


def _line(item: Round, voice: Voice) -> Line:
    tried = enumeration([Code(step.decision) for step in item.opening.tried], voice.language)
    return (Strong(str(item.number)), Plain(" "), _badge(item, voice), Plain(f" {item.started[:10]} {item.opening.question} "), *tried)


def _failure(item: Round, titles: Mapping[str, Text], voice: Voice) -> Iterator[Block]:
    yield Paragraph(((Strong(_heading(item, voice)), Plain(" "), _badge(item, voice)),))
    for step in item.opening.tried:
        yield Paragraph((_step(step, titles, voice),))
    ending = item.ending
    why = None if ending is None else ending.why or ending.what
    yield Paragraph(((Plain(why),) if why else (Plain(voice.joined_phrase("tried_without_reason")),),))


def _step(step: Step, titles: Mapping[str, Text], voice: Voice) -> Line:
    title = titles.get(step.decision)
    named: Line = (Plain(f"{voice.joined(title)} "), Code(step.decision)) if title else (Code(step.decision),)
    return (*named, *(run for name, value in step.params.items() for run in _param(name, value)))


def _param(name: str, value: JsonValue) -> Line:
    return (Plain(" · "), Code(name), Plain(" = "), number_or_code(value))


def _heading(item: Round, voice: Voice) -> str:
    return voice.joined_phrase("round_heading", round=item.number, question=item.opening.question)


def _badge(item: Round, voice: Voice) -> Badge:
    return Badge(voice.joined_phrase(f"round_status_{item.status}"), _TONES[item.status])


def _dates(item: Round, voice: Voice) -> Line:
    started = voice.entry("round_started", [Plain(item.started)])
    return (*started, Plain(" "), *voice.entry("round_ended", [Plain(item.ended)])) if item.ended else started
