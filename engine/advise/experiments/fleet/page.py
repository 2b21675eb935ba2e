"""A fleet as a page: what the runs say together, then a row for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import islice
from typing import TYPE_CHECKING, Any

from advise.errors import InputError
from advise.experiments.fleet.associations import With
from advise.experiments.fleet.groups import Group
from advise.experiments.fleet.row import PLAIN, Row
from advise.experiments.fleet.whole import Count, Whole
from advise.render.page import Badge, Banner, Block, Code, Heading, Items, Line, Page, Paragraph, Plain, Strong, Table, Tone
from advise.render.voice import Voice
from advise.runlog.observe import findings_of
from advise.terms import SEVERITIES
from advise.text import Language, Text, Value, show

if TYPE_CHECKING:
    from advise.experiments.fleet.fleet import Fleet

DIGITS = ".4g"
COLUMNS = ("run", "verdict", "finding", "value", "rate", "state", "done", "hours")
_GROUP_COLUMNS = ("number", "mean", "sick")
_LISTED = 5
_MOST_FINDINGS = 12
_MOST_GROUPS = 12
ERROR = "error"
TONES: dict[str, Tone] = {"fix_first": "danger", "stop": "danger", "error": "warning", "cannot_tell": "muted", "finished": "good", "continue": "good"}
_SIGNS = {"eq": "=", "ge": "≥", "le": "≤"}

Order = Callable[[Row], Any]


def fleet_page(fleet: Fleet, voice: Voice, *, top: int, sort: str | None) -> Page:
    """The whole page.

    Args:
        fleet: The runs.
        voice: In which language.
        top: So many rows; 0 for all.
        sort: The column by which they are sorted, `-` before it for the largest first; by default the worst run first.

    Raises:
        InputError: There is no such column.
    """
    whole = fleet.whole
    order = order_of(sort)
    rows = sorted(fleet, key=order) if top == 0 else nsmallest(top, fleet, key=order)
    return (
        *opening(whole, voice),
        *together(whole, fleet, voice),
        *_groups(whole, voice),
        *_rows(rows, whole, fleet, sort, voice),
        *_left_out(fleet, voice),
    )


def order_of(sort: str | None) -> Order:
    """By what rows are sorted.

    Args:
        sort: A column, `-` before it for the largest first; None for the worst run first.

    Raises:
        InputError: There is no such column.
    """
    if sort is None:
        return worst_first
    from advise.documents.problems import Problem, nearest

    name, falls = sort.removeprefix("-"), sort.startswith("-")
    if name not in PLAIN:
        raise InputError([Problem("--sort", 0, 0, f"there is no column `{name}`", "", accepted=", ".join(PLAIN), nearest=nearest(name, PLAIN))])

    def key(row: Row) -> tuple[int, float, str]:
        value = getattr(row, name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return (0, -value if falls else value, "")
        # What is not known comes last, whichever way.
        return (2, 0.0, "") if value is None or value == () else (1, 0.0, _reversed(str(value)) if falls else str(value))

    return key


def _reversed(text: str) -> str:
    return "".join(chr(0x10FFFF - ord(letter)) for letter in text) + chr(0x10FFFF)


def worst_first(row: Row) -> tuple[int, float, str]:
    """The gravest fault first, of equal ones what cost most; then what could not be judged, then the rest by name."""
    if row.severity in SEVERITIES:
        return (SEVERITIES.index(row.severity), -(row.lost_hours or 0.0), row.run)
    return (len(SEVERITIES) + (row.error is None), 0.0, row.run)


def opening(whole: Whole, voice: Voice) -> Page:
    """The title, how many runs are sick, and how the verdicts spread."""
    title, said = opening_texts(whole, voice)
    spread = voice.each(lambda language: (Plain(", ".join(f"{_verdict(name, voice, language)} {count}" for name, count in _ordered(whole))),))
    return (Heading(1, (Plain(voice.joined(title)),)), Banner("danger" if whole.sick else "good", voice.lines(said)), Paragraph(spread))


def opening_texts(whole: Whole, voice: Voice) -> tuple[Text, Text]:
    """The title, and how many runs are sick."""
    said = voice.phrase("fleet_sick", sick=whole.sick, count=whole.runs) if whole.sick else voice.phrase("fleet_none_sick")
    return voice.phrase("fleet_title", count=whole.runs), said


def _ordered(whole: Whole) -> list[tuple[str, int]]:
    counted = {**whole.verdicts, **({"error": whole.unjudged} if whole.unjudged else {})}
    return sorted(((name, count) for name, count in counted.items() if name), key=lambda item: -item[1])


def _verdict(name: str, voice: Voice, language: Language) -> str:
    return voice.phrase(f"fleet_verdict_{name}").in_language(language)


def together(whole: Whole, fleet: Fleet, voice: Voice) -> Page:
    """What the runs say together: what was lost, where to look first, the findings and what goes with them."""
    blocks: list[Block] = [Paragraph(voice.lines(text)) for text in whole_lines(whole, voice)]
    if whole.first:
        blocks += [
            Heading(2, (Plain(voice.joined_phrase("fleet_first")),)),
            Items(tuple((Paragraph(((Code(run),),)),) for run in whole.first), ordered=True),
        ]
    if whole.findings:
        items = tuple((Paragraph(_count(count, fleet, voice)),) for count in whole.findings[:_MOST_FINDINGS])
        blocks += [Heading(2, (Plain(voice.joined_phrase("fleet_findings")),)), Items(items)]
    return tuple(blocks)


def whole_lines(whole: Whole, voice: Voice) -> Iterator[Text]:
    """What the runs say together, a sentence each.

    Args:
        whole: The fleet as a whole.
        voice: Says the phrases.
    """
    if whole.unjudged:
        yield voice.phrase("fleet_unjudged", count=whole.unjudged)
    if whole.lost_hours and whole.hours:
        yield voice.phrase("fleet_lost", lost=f"{whole.lost_hours:,.3g}", hours=f"{whole.hours:,.4g}")
    if whole.disagreeing:
        yield voice.phrase("fleet_disagree", count=len(whole.disagreeing))
    if whole.baseline is not None:
        first = whole.groups[whole.baseline.group].runs[0]
        yield voice.phrase("fleet_baseline", baseline=f"`{first}`")
        confounded = whole.baseline.confounded
        if confounded:
            names = listed([whole.groups[place].runs[0] for place in confounded])
            yield voice.phrase("fleet_confounded", count=len(confounded), runs=names)
    if whole.copies:
        names = listed(max(whole.copies, key=len))
        yield voice.phrase("fleet_copies", count=sum(map(len, whole.copies)), places=names)


def listed(names: Sequence[str]) -> str:
    """Some names, and how many more there are."""
    more = f", … (+{len(names) - _LISTED})" if len(names) > _LISTED else ""
    return ", ".join(f"`{name}`" for name in names[:_LISTED]) + more


def _count(count: Count, fleet: Fleet, voice: Voice) -> tuple[Line, ...]:
    title = fleet.base.diagnoses[count.finding].title
    found = voice.each(lambda language: (Strong(str(count.runs)), Plain(f" {title.in_language(language)}")))
    return (*found, *(voice.lines(goes_with(count.goes_with, voice)) if count.goes_with else ()))


def goes_with(found: With, voice: Voice) -> Text:
    """The sentence on the setting that goes with a finding."""
    setting = f"`{found.setting}` {_SIGNS[found.relation]} {shown(found.value)}"
    chance = "< 0.001" if found.chance < 0.001 else f"{found.chance:.2g}"
    counts = {"sick": found.sick, "sick_of": found.sick_of, "others": found.others, "others_of": found.others_of}
    return voice.phrase("fleet_goes_with", setting=setting, chance=chance, **counts)


def counted(number: float | None) -> str:
    """A number of steps, epochs or the like, its thousands apart; nothing where it is not known."""
    return "" if number is None else f"{number:,.0f}" if number == int(number) else f"{number:,.3g}"


def shown(value: Value | None) -> str:
    """A value of a setting or a column; nothing where it is not known."""
    return "" if value is None else show(value, DIGITS if isinstance(value, float) else "")


def _groups(whole: Whole, voice: Voice) -> Page:
    """The configurations, where there are fewer than runs; the one with the best mean cannot be told without a direction, so they stand by size."""
    several = [group for group in whole.groups if len(group.runs) > 1]
    if not several or len(whole.groups) > _MOST_GROUPS:
        return ()
    names = [name for name in whole.names if len({str(group.settings[name]) for group in whole.groups}) > 1][:_LISTED]
    head = (*names, *(voice.joined_phrase(f"fleet_column_{column}") for column in _GROUP_COLUMNS))
    rows = tuple(_group(group, names) for group in sorted(whole.groups, key=lambda group: -len(group.runs)))
    return (Heading(2, (Plain(voice.joined_phrase("fleet_groups")),)), Table(head, rows))


def _group(group: Group, names: Sequence[str]) -> tuple[tuple[Line, ...], ...]:
    mean = "" if group.mean is None else shown(group.mean) + ("" if group.spread is None else f" ± {group.spread:.2g}")
    cells = [*(shown(group.settings[name]) for name in names), str(len(group.runs)), mean, str(group.sick or "")]
    return tuple(((Plain(cell),),) for cell in cells)


def _rows(rows: Sequence[Row], whole: Whole, fleet: Fleet, sort: str | None, voice: Voice) -> Page:
    title = voice.joined_phrase("fleet_runs") if sort is None else voice.joined_phrase("fleet_runs_sorted", column=sort)
    head = tuple(voice.joined_phrase(f"fleet_column_{column}") for column in COLUMNS)
    common = common_folder([row.run for row in rows])
    table = Table(head, tuple(_row(row, common, fleet, voice) for row in rows))
    more = whole.runs - len(rows)
    below = (Paragraph(voice.lines(voice.phrase("fleet_more_rows", count=more))),) if more > 0 else ()
    return (Heading(2, (Plain(title), *((Plain(" "), Code(common + "/")) if common else ()))), table, *below)


def common_folder(names: Sequence[str]) -> str:
    """The folder that all runs have above them; nothing where there is none."""
    folders = {os.path.dirname(name) for name in names}
    if not folders or "" in folders:
        return ""
    try:
        return os.path.commonpath(folders)
    except ValueError:
        return ""


def _row(row: Row, common: str, fleet: Fleet, voice: Voice) -> tuple[tuple[Line, ...], ...]:
    name = row.run.removeprefix(f"{common}/") if common else row.run
    verdict = row.verdict or "error"
    tone = TONES.get(verdict, "notice")
    found = finding_text(row, fleet)
    finding: tuple[Line, ...] = ((Plain(row.error or ""),),) if found is None else voice.lines(found)
    value = f"{shown(row.best)} {shown(row.last)}".strip()
    done = counted(row.steps if row.steps is not None else row.epochs)
    cells: Iterable[tuple[Line, ...]] = (
        ((Code(name),),),
        voice.each(lambda language: (Badge(_verdict(verdict, voice, language), tone),)),
        finding,
        ((Plain(value),),),
        ((Plain(shown(row.rate)),),),
        ((Plain(row.state or ""),),),
        ((Plain(done),),),
        ((Plain("" if row.hours is None else f"{row.hours:.3g}"),),),
    )
    return tuple(cells)


def finding_text(row: Row, fleet: Fleet) -> Text | None:
    """The worst finding of a run, and since when; None where it has none.

    Args:
        row: The run.
        fleet: Its fleet.
    """
    if row.finding is None or row.finding not in fleet.base.diagnoses:
        return None
    title = fleet.base.diagnoses[row.finding].title
    phrase = fleet.base.strings.get(f"fleet_since_{row.since_unit}")
    if row.since is None or phrase is None:
        return title
    return phrase.filled({"finding": title, "number": counted(row.since)})


def _left_out(fleet: Fleet, voice: Voice) -> Page:
    if not fleet.remarks:
        return ()
    found = list(islice(findings_of(fleet.remarks, fleet.base.strings), _MOST_FINDINGS))
    items = tuple((Paragraph((*voice.lines(finding.text), (Code(finding.origin),))),) for finding in found)
    return (Heading(2, (Plain(voice.joined_phrase("fleet_left_out")),)), Items(items))
