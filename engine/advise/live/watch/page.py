"""The page of a run that is watched: its verdict, its curves, what stands, and what was told last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advise.live.findings import is_at_least
from advise.live.watch.told import event_line, finding_line, place_text
from advise.live.watch.watch import Event, Watch
from advise.render.observed import course_of, drawn
from advise.render.outline import VERDICT_TONES
from advise.render.page import Banner, Block, Code, Heading, Items, Line, Page, Paragraph, Plain, Table, bullets
from advise.render.voice import Voice
from advise.runlog.series.glance import Glance, glances
from advise.terms import Severity
from advise.text import Text

_MINUTE, _HOUR = 60, 3600
# What stands beside a course: the name of its column, and its values.
_FIXED = 54
_FEWEST_POINTS, _MOST_POINTS = 8, 60
_EVENTS = 5
_LEAST: Severity = "low"
_CURVES = 6


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and when by the clock of whoever watches."""

    clock: str
    event: Event


def watch_page(watch: Watch, told: Sequence[Told], voice: Voice, width: int) -> Page:
    """The page of this moment.

    Args:
        watch: The run.
        told: What was told so far, the newest last.
        voice: In which languages.
        width: How many cells a line may have; the curves are drawn as wide as fits.
    """
    return (
        Heading(1, (Plain(f"{voice.joined_phrase('watch_title')} "), Code(watch.source.path))),
        *_verdict(watch, voice),
        Paragraph((_state(watch, voice),)),
        *_section("section_curves", tuple(_curves(watch, voice, width)), voice),
        *_section("section_diagnoses", tuple(_findings(watch, voice)), voice),
        *_section("watch_latest", tuple(_latest(told, voice)), voice),
    )


def _section(key: str, blocks: tuple[Block, ...], voice: Voice) -> tuple[Block, ...]:
    return (Heading(2, (Plain(voice.joined_phrase(key)),)), *blocks) if blocks else ()


def _verdict(watch: Watch, voice: Voice) -> Iterator[Block]:
    if watch.plan is not None:
        verdict = watch.plan.verdict
        yield Banner(VERDICT_TONES[verdict.id], voice.lines(verdict.title))


def _state(watch: Watch, voice: Voice) -> Line:
    if watch.ended:
        return (Plain(voice.joined_phrase("watch_ended")),)
    if not watch.source.is_there:
        return (Plain(voice.joined_phrase("watch_waiting")),)
    where: Line = () if watch.at is None else (Plain(f"{voice.joined(place_text(watch.at, voice))} · "),)
    if watch.failed:
        return (*where, Plain(f"{voice.joined_phrase('watch_unreadable')}: "), Code(watch.failed))
    return (*where, Plain(voice.joined(voice.strings["watch_grew"].filled({"time": _time(watch.silence, voice)}))))


def _time(seconds: float, voice: Voice) -> Text:
    for unit, length in (("head_hours", _HOUR), ("head_minutes", _MINUTE)):
        if seconds >= 2 * length:
            return voice.phrase(unit, count=f"{seconds / length:.0f}")
    return voice.phrase("head_seconds", count=f"{seconds:.0f}")


def _curves(watch: Watch, voice: Voice, width: int) -> Iterator[Block]:
    points = max(_FEWEST_POINTS, min(_MOST_POINTS, width - _FIXED))
    shown = list(_shown(watch, points))[:_CURVES]
    if shown:
        head = tuple(map(voice.joined_phrase, ("watch_curve", "glance_course", "glance_values")))
        yield Table(head, tuple(_row(glance, voice) for glance in shown))


def _shown(watch: Watch, points: int) -> Iterator[Glance]:
    """The curves that are looked at, in their order."""
    if watch.log is None:
        return
    found = {glance.sketch.role: glance for glance in glances(watch.log, points)}
    yield from (found[role] for role in watch.roles if role in found)


def _row(glance: Glance, voice: Voice) -> tuple[tuple[Line, ...], ...]:
    ends, best = course_of(glance, voice)
    values = ends if best is None else f"{ends}; {best}"
    return ((Code(glance.sketch.column),),), ((Plain(drawn(glance)),),), ((Plain(values),),)


def _findings(watch: Watch, voice: Voice) -> Iterator[Block]:
    standing = [item for item in watch.findings.standing if is_at_least(item.severity, _LEAST)]
    if watch.plan is not None and not standing:
        yield Paragraph(voice.lines(voice.phrase("watch_nothing")))
    if standing:
        faded = (Plain(" "), Plain(voice.joined_phrase("watch_not_now")))
        yield bullets([(*finding_line(item, voice), *(() if item.is_current else faded)) for item in standing])


def _latest(told: Sequence[Told], voice: Voice) -> Iterator[Block]:
    if told:
        lines = [(Plain(f"{item.clock} "), *event_line(item.event, voice)) for item in reversed(told[-_EVENTS:])]
        yield Items(tuple((Paragraph((line,)),) for line in lines))
