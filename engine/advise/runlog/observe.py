"""Observing a run: what its logs show, put together with what a person states, who wins."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from advise.documents.problems import Problem, nearest
from advise.errors import MappingError
from advise.facts.read import read_all
from advise.facts.record import Fact, Observed
from advise.knowledge.base import KnowledgeBase
from advise.runlog.kind import facts_of_kind, remarks_of_kind
from advise.runlog.measures.run import measured
from advise.runlog.measures.settings import facts_of_settings
from advise.runlog.places.gather import Gathered, Unread
from advise.runlog.places.nothing import nothing_here
from advise.runlog.readers.table import Remark, Table
from advise.runlog.series.assemble import assemble
from advise.runlog.series.columns import column_named
from advise.runlog.series.record import RunLog
from advise.runlog.stated import on_the_metrics_scale
from advise.terms import Finding
from advise.text import Language, Text, Value, show

_LISTED = 40
_FILES_NAMED = 12
# Two numbers that a person would write down as the same.
_SAME = 0.005
# A log that shows every hundredth step meets the peak of a rate, or the end of its warmup, only nearly.
_NEAR = 0.05


def with_logs(
    stated: Observed, tables: Sequence[Table], base: KnowledgeBase, mapping: Mapping[str, str], remarks: Sequence[Remark] = (), run: str | None = None
) -> Observed:
    """What is observed of a run that was logged.

    Args:
        stated: What a person states.
        tables: What was read of the run's logs.
        base: The knowledge of columns, measures and facts.
        mapping: Column by role, where the user says which column it is.
        remarks: About finding the logs.
        run: What the run is called among others.
    """
    log = assemble(tables, base.roles, {**_chosen(stated, tables, base), **mapping})
    log = replace(log, reasons={meaning.column: base.strings[f"why_{meaning.why}"].filled(meaning.evidence) for meaning in log.meanings})
    stated = on_the_metrics_scale(stated, log, base.roles)
    settings = {**facts_of_kind(log, tables, base), **facts_of_settings(log, base.roles, base.vocabulary)}
    known: dict[str, Value] = {name: fact.value for name, fact in {**settings, **stated.facts}.items()}
    shown = measured(log, base.measures, known, base.vocabulary)
    found = {**shown, **settings}
    # The name by which a person chooses a column need not be the column's.
    compared = {name: fact for name, fact in stated.facts.items() if name not in base.roles.choices.values()}
    configured = {name: fact for name, fact in settings.items() if name not in stated.facts}
    findings = [
        *stated.findings,
        *_findings([*remarks, *remarks_of_kind(log, base), *log.remarks], base.strings),
        *_overridden(compared, found, base.strings, _SAME),
        *_overridden(configured, shown, base.strings, _NEAR),
    ]
    return replace(stated, facts={**found, **stated.facts}, findings=tuple(findings), run=stated.run or _name(tables) or run, log=log)


def observe_paths(
    paths: Sequence[str | Path],
    base: KnowledgeBase,
    columns: Mapping[str, str],
    run: str | None = None,
    beside: Mapping[str, object] | None = None,
) -> Observed:
    """Read facts files, logs and run directories of one run.

    Args:
        paths: In any mixture.
        base: The knowledge of columns, measures and facts.
        columns: Column by role, where the user says which column it is.
        run: Which run is read, where there are several in one place; by default the newest.
        beside: Facts by name that are stated beside the files.

    Raises:
        FactsError: Something in a facts file is wrong; every problem of every file is listed.
        LogError: A log that is named cannot be read at all, or there is none in the folders that are named.
        MappingError: There is no such role or column.
        RunChoiceError: There is no such run.
    """
    from advise.runlog.places.choice import Choice
    from advise.runlog.places.gather import Gatherer
    from advise.runlog.readers.open import is_log, states_facts

    choice = Choice(run)
    gatherer = Gatherer(base, choice, columns.values())
    stated: list[str] = []
    logs: list[str] = []
    for path in map(str, paths):
        if os.path.isdir(path):
            gatherer.take_folder(path)
        elif gatherer.is_setup(path) and not states_facts(path):
            gatherer.take_settings(path)
        elif is_log(path):
            logs.append(path)
        else:
            stated.append(path)
    gatherer.take_logs(logs)
    gathered = gatherer.gathered
    choice.check()
    stated += gathered.facts
    if not (stated or beside or gathered.tables):
        raise nothing_here([str(path) for path in paths], gathered.unread)
    observed = read_all(stated, base.vocabulary, beside)
    remarks = [*gathered.remarks, *_left_out(gathered, base.strings)]
    if not gathered.tables:
        return replace(observed, findings=(*observed.findings, *_findings(remarks, base.strings)))
    _check_mapping(columns, gathered.tables, base)
    return with_logs(observed, gathered.tables, base, columns, remarks, gathered.run)


def _left_out(gathered: Gathered, strings: Mapping[str, Text]) -> Iterator[Remark]:
    """The files that could have been logs and were not read; where nothing was, that comes first."""
    unread = gathered.unread
    if not unread:
        return
    reasons = [Text.model_construct(en=each.reason, zh=each.reason) if each.reason else strings["unread_unknown"] for each in unread]
    files = Text.model_construct(en=_named(unread, reasons, "en"), zh=_named(unread, reasons, "zh"))
    is_all = not any(len(table.lines) for table in gathered.tables)
    yield Remark("files_unread", os.path.dirname(unread[0].path), {"files": files}, first=is_all)


def _named(unread: Sequence[Unread], reasons: Sequence[Text], language: Language) -> str:
    brackets, comma = (("（", "）"), "、") if language == "zh" else ((" (", ")"), ", ")
    pairs = zip(unread[:_FILES_NAMED], reasons, strict=False)
    listed = [f"`{os.path.basename(each.path)}`{brackets[0]}{reason.in_language(language)}{brackets[1]}" for each, reason in pairs]
    more = [f"… (+{len(unread) - _FILES_NAMED})"] if len(unread) > _FILES_NAMED else []
    return comma.join([*listed, *more])


def _check_mapping(columns: Mapping[str, str], tables: Iterable[Table], base: KnowledgeBase) -> None:
    logged = list(dict.fromkeys(name for table in tables for name in table.columns))
    problems = []
    for role, column in columns.items():
        if role not in base.roles.roles:
            accepted = ", ".join(sorted(base.roles.roles))
            problems.append(Problem("--map", 0, 0, f"`{role}` is no role", "", accepted=accepted, nearest=nearest(role, base.roles.roles)))
        if column not in logged:
            accepted = ", ".join(logged[:_LISTED]) + (f" and {len(logged) - _LISTED} more" if len(logged) > _LISTED else "")
            problems.append(Problem("--map", 0, 0, f"no log has a column `{column}`", "", accepted=accepted, nearest=nearest(column, logged)))
    if problems:
        raise MappingError(problems)


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


def _findings(remarks: Iterable[Remark], strings: Mapping[str, Text]) -> Iterator[Finding]:
    # What changes the meaning of everything else comes first.
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
