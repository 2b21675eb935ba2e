"""Two runs as a page: what was changed, where the curves part, what is advised otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from advise.experiments.diff.diff import CurvePair, Diff
from advise.experiments.diff.parting import Parting
from advise.experiments.diff.settings import SettingChange
from advise.explain.difference_page import plan_changes
from advise.render.curves import rounded
from advise.render.page import Banner, Block, Code, Heading, Line, Page, Paragraph, Plain, Strong, Table
from advise.render.voice import Voice, reading
from advise.terms import JsonValue
from advise.text import show


def diff_page(found: Diff, voice: Voice) -> Page:
    """The whole page; a section with nothing in it is left out."""
    return (
        Heading(1, (Plain(f"{voice.joined_phrase('diff_title')} "), Code(found.names[0]), Plain(" → "), Code(found.names[1]))),
        *_warning(found, voice),
        *_section("diff_settings", tuple(_settings(found, voice)), voice),
        *_section("section_curves", tuple(_curves(found, voice)), voice),
        *plan_changes(found.plans, voice),
    )


def _section(key: str, blocks: tuple[Block, ...], voice: Voice) -> tuple[Block, ...]:
    return (Heading(2, (Plain(voice.joined_phrase(key)),)), *blocks) if blocks else ()


def _warning(found: Diff, voice: Voice) -> Iterator[Block]:
    changed = found.changed
    if len(changed) > 1:
        yield Banner("warning", voice.lines(voice.phrase("diff_several", count=len(changed))))
    elif not changed:
        yield Paragraph(voice.lines(voice.phrase("diff_no_change")))


def _settings(found: Diff, voice: Voice) -> Iterator[Block]:
    if found.settings:
        head = (voice.joined_phrase("diff_setting"), found.names[0], found.names[1])
        yield Table(head, tuple(_setting(change, voice) for change in found.settings))


def _setting(change: SettingChange, voice: Voice) -> tuple[tuple[Line, ...], ...]:
    return ((Code(change.name),),), (_value(change.before, voice),), (_value(change.after, voice),)


def _value(value: JsonValue | None, voice: Voice) -> Line:
    return (Plain(voice.joined_phrase("diff_not_said")) if value is None else Strong(reading(value)),)


def _curves(found: Diff, voice: Voice) -> Iterator[Block]:
    if found.curves and found.axis is None:
        yield Paragraph(voice.lines(voice.phrase("diff_other_axis")))
        return
    rows = tuple(_curve(pair, pair.parting, found.axis, voice) for pair in found.curves if pair.parting is not None)
    if rows:
        yield Table((voice.joined_phrase("watch_curve"), found.names[0], found.names[1], voice.joined_phrase("diff_parts")), rows)


def _curve(pair: CurvePair, parted: Parting, axis: str | None, voice: Voice) -> tuple[tuple[Line, ...], ...]:
    values = (((Strong(rounded(value)),),) for value in (parted.before, parted.after))
    return ((Code(pair.role),),), *values, tuple(_where(parted, axis, voice))


def _where(parted: Parting, axis: str | None, voice: Voice) -> Iterator[Line]:
    unit = "epochs" if axis == "epoch" else "steps"

    def place(at: float) -> str:
        return voice.joined(voice.phrase(f"head_since_{unit}", number=show(float(f"{at:.6g}"))))

    if parted.same_until is not None:
        yield (Plain(voice.joined_phrase("diff_same_until", place=place(parted.same_until))),)
    if parted.parts_at is not None:
        yield (Plain(voice.joined_phrase("diff_part_at", place=place(parted.parts_at))),)
    elif parted.same_until != parted.end:
        yield (Plain(voice.joined_phrase("diff_never_part", place=place(parted.end))),)
