"""What was observed of a run, as a page: what was read at a glance, what was not and why, the facts below."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from advise.facts.record import Fact, Observed
from advise.render.curves import rounded, sparkline
from advise.render.page import Banner, Block, Code, Heading, Items, Line, Page, Paragraph, Plain, Strong, Table, prose
from advise.render.voice import Voice, reading
from advise.text import show
from advise.uncertain import ends_of

if TYPE_CHECKING:
    from advise.runlog.series.glance import Glance

POINTS = 16
_LISTED = 12


def page_of_observed(observed: Observed, voice: Voice) -> Page:
    """The page: first what changes the meaning of everything else.

    Args:
        observed: What was read.
        voice: In which languages.
    """
    name = Code(observed.run) if observed.run and observed.run.strip() else Plain(voice.joined_phrase("observed_title"))
    return (
        Heading(1, (name,)),
        *(Banner("notice", voice.lines(finding.text)) for finding in observed.findings if finding.first),
        *_section("section_read", tuple(_read(observed, voice)), voice),
        *_section("section_left_out", tuple(_left_out(observed, voice)), voice),
        *_section("section_facts", tuple(_facts(observed, voice)), voice),
    )


def extent_of(glance: Glance) -> str:
    """From where to where on the axis."""
    start, end = show(glance.start), show(glance.end)
    return start if start == end else f"{start}–{end}"


def course_of(glance: Glance, voice: Voice) -> tuple[str, str | None]:
    """The first and the last value, and the best with its place."""
    ends = f"{rounded(glance.sketch.first)} → {rounded(glance.sketch.last)}"
    if glance.best is None or glance.best_at is None:
        return ends, None
    return ends, voice.joined_phrase("glance_best", value=rounded(glance.best), place=show(glance.best_at))


def drawn(glance: Glance) -> str:
    """The course in one line."""
    return sparkline(glance.sketch.points)


def _section(key: str, blocks: tuple[Block, ...], voice: Voice) -> tuple[Block, ...]:
    return (Heading(2, (Plain(voice.joined_phrase(key)),)), *blocks) if blocks else ()


def _read(observed: Observed, voice: Voice) -> Iterator[Block]:
    # Curves are held in arrays, and a facts file is read without them.
    from advise.runlog.series.glance import glances

    log = observed.log
    rows = [] if log is None else [_row(glance, voice) for glance in glances(log, POINTS)]
    if log is not None and rows:
        role, column, values, course = map(voice.joined_phrase, ("glance_role", "glance_column", "glance_values", "glance_course"))
        yield Table((role, column, voice.joined_phrase(f"glance_along_{log.axis}"), values, course), tuple(rows))
    if log is not None and log.numbering:
        yield Paragraph(voice.lines(voice.phrase("glance_axis", columns=_some(log.numbering))))


def _row(glance: Glance, voice: Voice) -> tuple[tuple[Line, ...], ...]:
    sketch = glance.sketch
    ends, best = course_of(glance, voice)
    others = voice.lines(voice.phrase("glance_others", count=len(glance.others), columns=_some(glance.others))) if glance.others else ()
    return (
        ((Strong(sketch.role),),),
        ((Plain(sketch.column),), *(voice.lines(glance.why) if glance.why else ()), *others),
        ((Plain(extent_of(glance)),), (Plain(voice.joined_phrase("glance_count", count=glance.count)),)),
        ((Plain(ends),), *(((Plain(best),),) if best else ())),
        ((Plain(drawn(glance)),),),
    )


def _left_out(observed: Observed, voice: Voice) -> Iterator[Block]:
    said = [Paragraph((*voice.lines(item.text), *(((Code(item.origin),),) if item.origin else ()))) for item in observed.findings if not item.first]
    unmapped = () if observed.log is None else observed.log.unmapped
    if unmapped:
        said.append(Paragraph(voice.lines(voice.phrase("glance_unmapped", count=len(unmapped), columns=_some(unmapped)))))
    if said:
        yield Items(tuple((paragraph,) for paragraph in said))
    elif observed.log is not None:
        yield Paragraph(voice.lines(voice.phrase("glance_all_read")))


def _some(columns: Sequence[str]) -> str:
    more = f", … (+{len(columns) - _LISTED})" if len(columns) > _LISTED else ""
    return ", ".join(f"`{column}`" for column in columns[:_LISTED]) + more


def _facts(observed: Observed, voice: Voice) -> Iterator[Block]:
    facts = [fact for _, fact in sorted(observed.facts.items())]
    if facts:
        head = ("glance_fact", "glance_value", "glance_where")
        yield Table(tuple(voice.joined_phrase(key) for key in head), tuple(_fact(fact, voice) for fact in facts))


def _fact(fact: Fact, voice: Voice) -> tuple[tuple[Line, ...], ...]:
    value = float(f"{fact.value:.7g}") if isinstance(fact.value, float) else fact.value
    shown = reading(list(value) if isinstance(value, tuple) else value, ends_of(fact.value))
    where = os.path.basename(str(fact.origin))
    origin = voice.each(lambda language: (Plain(where),) if fact.note is None else (Plain(f"{where} — "), *prose(fact.note.in_language(language))))
    return ((Plain(fact.name),),), ((Strong(shown),),), origin
