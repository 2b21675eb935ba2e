"""Observing a run: what its logs show, put together with what a person states, who wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from advise.facts.fitting import fitting
from advise.facts.record import Fact, Observed, Origin
from advise.knowledge.base import KnowledgeBase
from advise.runlog.column_names import facts_of_names
from advise.runlog.ending import facts_of_messages
from advise.runlog.kind import facts_of_kind, remarks_of_kind
from advise.runlog.measures.run import measured
from advise.runlog.measures.settings import facts_of_settings
from advise.runlog.places.checkpoints import Checkpoint
from advise.runlog.readers import record, taught
from advise.runlog.readers.table import Remark, Table
from advise.runlog.readers.text import outcome
from advise.runlog.saved import placed
from advise.runlog.series.assemble import assemble
from advise.runlog.series.columns import column_named
from advise.runlog.series.record import RunLog
from advise.runlog.stated import on_the_metrics_scale
from advise.terms import Finding
from advise.text import Text, Value, show

_LISTED = 40
_FILES_NAMED = 12
# Formats of text, in which a log may say in words how it ended.
_TEXTS = frozenset({outcome.FORMAT, taught.FORMAT, record.FORMAT})
# Remarks whose count is that of rows which were not read.
_DROPPED = frozenset({"lines_broken", "long_lines", "values_broken", "records_corrupt", "records_oversized", "fits_no_pattern"})
# From this share of the rows on, what they held may have told another story; one or two are what a run that was cut off leaves.
_MUCH = 0.03
_SEVERAL = 3
# Two numbers that a person would write down as the same.
_SAME = 0.005
# A log that shows every hundredth step meets the peak of a rate, or the end of its warmup, only nearly.
_NEAR = 0.05


def with_logs(
    stated: Observed,
    tables: Sequence[Table],
    base: KnowledgeBase,
    mapping: Mapping[str, str],
    remarks: Sequence[Remark] = (),
    run: str | None = None,
    texts: Iterable[str] = (),
    checkpoints: Sequence[Checkpoint] = (),
) -> Observed:
    """What is observed of a run that was logged.

    Args:
        stated: What a person states.
        tables: What was read of the run's logs.
        base: The knowledge of columns, measures and facts.
        mapping: Column by role, where the user says which column it is.
        remarks: About finding the logs.
        run: What the run is called among others.
        texts: Further files of the run that may say in words how it ended.
        checkpoints: What was saved beside the logs.
    """
    log = assemble(tables, base.roles, {**_chosen(stated, tables, base), **mapping})
    log = replace(log, reasons={meaning.column: base.strings[f"why_{meaning.why}"].filled(meaning.evidence) for meaning in log.meanings})
    log = replace(log, checkpoints=placed(checkpoints, log))
    stated = on_the_metrics_scale(stated, log, base.roles)
    settings = {**facts_of_kind(log, tables, base), **facts_of_names(log, base), **facts_of_settings(log, base.roles, base.vocabulary)}
    said = said_of(tables, texts, base)
    known: dict[str, Value] = {name: fact.value for name, fact in {**settings, **said, **stated.facts}.items()}
    seen = facts_seen(tables, base)
    shown = measured(log, base.measures, {**known, **{name: fact.value for name, fact in seen.items()}}, base.vocabulary)
    found = {**shown, **settings, **said, **seen}
    # The name by which a person chooses a column need not be the column's.
    compared = {name: fact for name, fact in stated.facts.items() if name not in base.roles.choices.values()}
    configured = {name: fact for name, fact in settings.items() if name not in stated.facts}
    findings = [
        *stated.findings,
        *findings_of([*remarks, *remarks_of_kind(log, base), *(_weighed(remark, tables) for remark in log.remarks)], base.strings),
        *_overridden(compared, found, base.strings, _SAME),
        *_overridden(configured, shown, base.strings, _NEAR),
    ]
    return replace(stated, facts={**found, **stated.facts}, findings=tuple(findings), run=stated.run or _name(tables) or run, log=log)


def _weighed(remark: Remark, tables: Sequence[Table]) -> Remark:
    """A remark on rows that were dropped comes before all else where they are a good part of the log."""
    dropped = remark.values.get("count")
    if remark.code not in _DROPPED or not isinstance(dropped, int):
        return remark
    kept = sum(len(table.lines) for table in tables if remark.origin == table.file or remark.origin.startswith(f"{table.file}:"))
    return replace(remark, first=dropped >= max(_SEVERAL, _MUCH * (dropped + kept)))


def said_of(tables: Sequence[Table], texts: Iterable[str], base: KnowledgeBase) -> dict[str, Fact]:
    """What the logs, and other texts of the run, say in words.

    Args:
        tables: What was read of the logs.
        texts: Further files.
        base: The messages, and the facts that follow.
    """
    files = dict.fromkeys([*(table.file for table in tables if table.format in _TEXTS), *texts])
    return facts_of_messages(files, tables, base.messages, base.vocabulary, base.strings["how_said"])


def facts_seen(tables: Iterable[Table], base: KnowledgeBase) -> dict[str, Fact]:
    """What an observer in the training loop saw; what the vocabulary does not know, or does not fit it, is no fact.

    Args:
        tables: What was read of the logs.
        base: The vocabulary.
    """
    found: dict[str, Fact] = {}
    for table in tables:
        for name, seen in table.seen.items():
            value = fitting(seen.value, base.vocabulary[name]) if name in base.vocabulary else None
            if value is not None:
                note = base.strings["how_seen"].filled({"step": seen.step})
                found[name] = Fact(name, value, Origin(table.file, seen.line, how="measured"), note)
    return found


def mapped(log: RunLog) -> Iterator[tuple[str, str, str]]:
    """Which column was taken for which role: role, column and file, the deciding one of each role first."""
    for role, curves in sorted(log.curves.items()):
        for curve in curves:
            yield role, curve.column, curve.file


def _chosen(stated: Observed, tables: Iterable[Table], base: KnowledgeBase) -> dict[str, str]:
    """The columns that a stated fact names: the deciding metric by its name."""
    columns = [name for table in tables for name in table.columns]
    chosen: dict[str, str] = {}
    for role, fact in base.roles.choices.items():
        name = stated.facts.get(fact)
        column = None if name is None else column_named(str(name.value), role, columns, base.roles)
        if column is not None:
            chosen[role] = column
    return chosen


def findings_of(remarks: Iterable[Remark], strings: Mapping[str, Text]) -> Iterator[Finding]:
    """What a person should know of the input, in words; what changes the meaning of everything else first.

    Args:
        remarks: What is to be said.
        strings: The phrases.
    """
    for remark in sorted(remarks, key=lambda remark: not remark.first):
        yield Finding.model_construct(text=strings[f"log_{remark.code}"].filled(remark.values), origin=remark.origin, first=remark.first)


def _overridden(stated: Mapping[str, Fact], found: Mapping[str, Fact], strings: Mapping[str, Text], near: float) -> Iterator[Finding]:
    for name, fact in stated.items():
        other = found.get(name)
        if other is not None and not _agree(fact.value, other.value, near):
            values = {"fact": name, "stated": show(fact.value), "measured": show(other.value), "where": str(other.origin)}
            yield Finding.model_construct(text=strings["stated_wins"].filled(values), origin=str(fact.origin))


def _agree(stated: Value, measured: Value, near: float) -> bool:
    if isinstance(stated, bool | str | tuple) or isinstance(measured, bool | str | tuple):
        return stated == measured
    return abs(stated - measured) <= near * max(abs(stated), abs(measured))


def _name(tables: Iterable[Table]) -> str | None:
    return next((table.run for table in tables if table.run), None)
