"""The difference of two plans as a page: what appears, what vanishes, what changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advise.explain.difference import ChangedEntry, Difference, Entry, FieldChange, Part
from advise.render.page import Block, Code, Heading, Items, Line, Listing, Page, Paragraph, Plain, Strong, bullets
from advise.render.voice import Voice, reading
from advise.terms import JsonValue

_SECTIONS: Mapping[str, str] = {
    "decisions": "section_actions",
    "set_aside": "section_set_aside",
    "gates": "section_gates",
    "diagnoses": "section_diagnoses",
    "unknown": "section_unknown",
    "errata": "whatif_errata",
    "checklist": "whatif_checklist",
}
_APPEARS, _VANISHES, _CHANGES = "+ ", "− ", "~ "


def difference_page(difference: Difference, voice: Voice) -> Page:
    """The whole page; a part that stays as it is, is left out."""
    return (
        Heading(1, (Plain(voice.joined_phrase("whatif_title")), *((Plain(" "), Code(difference.run)) if difference.run else ()))),
        *_nothing(difference, voice),
        *plan_changes(difference, voice),
        Heading(2, (Plain(voice.joined_phrase("whatif_facts")),)),
        Listing("diff", tuple(line for change in difference.facts for line in _fact(change))),
    )


def plan_changes(difference: Difference, voice: Voice) -> Page:
    """What the plan says otherwise: the verdict, then each part that does not stay as it is."""
    return (*_verdict(difference, voice), *(block for name, key in _SECTIONS.items() for block in _section(key, getattr(difference, name), voice)))


def _fact(change: FieldChange) -> Iterator[str]:
    if change.before is not None:
        yield f"- {change.name}: {reading(change.before)}"
    if change.after is not None:
        yield f"+ {change.name}: {reading(change.after)}"


def _nothing(difference: Difference, voice: Voice) -> Iterator[Block]:
    if difference.is_empty:
        yield Paragraph(voice.lines(voice.phrase("whatif_nothing")))


def _verdict(difference: Difference, voice: Voice) -> Iterator[Block]:
    if difference.verdict is not None:
        yield Heading(2, (Plain(voice.joined_phrase("whatif_verdict")),))
        signs = (_VANISHES, _APPEARS)
        lines = [line for sign, text in zip(signs, difference.verdicts, strict=True) for line in voice.lines(text) for line in [(Plain(sign), *line)]]
        yield Paragraph(tuple(lines))


def _section(key: str, part: Part, voice: Voice) -> Iterator[Block]:
    if part.is_empty:
        return
    yield Heading(2, (Plain(voice.joined_phrase(key)),))
    entries = [(_APPEARS, "whatif_appears", item) for item in part.appeared] + [(_VANISHES, "whatif_vanishes", item) for item in part.vanished]
    lines = [(_entry(sign, word, item, voice),) for sign, word, item in entries]
    yield Items(tuple((Paragraph(line),) for line in lines) + tuple(_changed(item, voice) for item in part.changed))


def _entry(sign: str, word: str, item: Entry, voice: Voice) -> Line:
    return (Plain(f"{sign}{voice.joined_phrase(word)} "), Strong(voice.joined(item.title)), Plain(" "), Code(item.id))


def _changed(item: ChangedEntry, voice: Voice) -> tuple[Block, ...]:
    changes = bullets(
        [(Code(change.name), Plain(" "), Code(_shown(change.before)), Plain(" → "), Code(_shown(change.after))) for change in item.changes]
    )
    return (Paragraph((_entry(_CHANGES, "whatif_changes", item, voice),)), changes)


def _shown(value: JsonValue | None) -> str:
    return "–" if value is None else reading(value)
