"""Observing what a person names: facts files, logs, folders, in any mixture."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from advise.documents.problems import Problem, nearest
from advise.errors import MappingError, PatternError
from advise.facts.answers import answers_of
from advise.facts.meant import is_meant_as_facts
from advise.facts.read import read_all
from advise.facts.record import Observed
from advise.knowledge.base import KnowledgeBase
from advise.runlog.observe import findings_of, said_of, with_logs
from advise.runlog.places.gather import Gathered, Gatherer, Unread
from advise.runlog.places.nothing import nothing_here
from advise.runlog.places.runs import RunPlace
from advise.runlog.places.unknown import unknown
from advise.runlog.readers import taught
from advise.runlog.readers.open import is_taught, states_facts
from advise.runlog.readers.refusal import unreadable
from advise.runlog.readers.table import Remark, Table
from advise.runlog.series.assemble import EPOCH
from advise.runlog.teaching import Teaching, with_roles
from advise.text import Language, Text

_LISTED = 40
_FILES_NAMED = 12


def observe_paths(
    paths: Sequence[str | Path], base: KnowledgeBase, teaching: Teaching, beside: Mapping[str, object] | None, known: Collection[str]
) -> Observed:
    """Read facts files, logs and run directories of one run.

    Args:
        paths: In any mixture.
        base: The knowledge of columns, measures and facts.
        teaching: What the caller says of the logs.
        beside: Facts by name that are stated beside the files.
        known: The paths that look like logs.

    Raises:
        FactsError: Something in a facts file is wrong; every problem of every file is listed.
        LogError: A log that is named cannot be read at all, or there is none in the folders that are named.
        MappingError: There is no such role or column.
        PatternError: No line fits a pattern.
        RunChoiceError: There is no such run.
        TeachingError: A file beside a log that says how it is read cannot be understood.
    """
    gatherer = Gatherer(base, with_roles(teaching, base.roles))
    stated: list[str] = []
    logs: list[str] = []
    for path in map(str, paths):
        if os.path.isdir(path):
            gatherer.take_folder(path)
        elif gatherer.is_setup(path) and not _is_asked_about(path):
            gatherer.take_settings(path)
        elif _is_log(path, known, gatherer):
            logs.append(path)
        elif is_meant_as_facts(path, base.vocabulary):
            stated.append(path)
        elif not gatherer.take_text(path):
            raise unknown(path, patterns=bool(gatherer.teaching.patterns))
    gatherer.take_logs(logs)
    gathered = gatherer.gathered
    gatherer.choice.check()
    stated += gathered.facts
    if not (stated or beside or gathered.tables or gathered.texts):
        raise nothing_here([str(path) for path in paths], gathered.unread)
    observed = read_all(stated, base.vocabulary, beside)
    remarks = [*gathered.remarks, *_left_out(gathered, base.strings)]
    if not gathered.tables:
        facts = {**said_of((), gathered.texts, base), **observed.facts}
        return replace(observed, facts=facts, findings=(*observed.findings, *findings_of(remarks, base.strings)))
    _check_patterns(gatherer.teaching, gathered.tables)
    _check_mapping(gatherer.teaching, gathered.tables, base)
    seen = with_logs(observed, gathered.tables, base, gatherer.teaching.columns, remarks, gathered.run, gathered.texts, gathered.checkpoints)
    _check_known(seen, observed, gathered)
    return seen


def observe_each(place: RunPlace, folder: str, base: KnowledgeBase) -> Iterator[tuple[str, Observed]]:
    """Observe every run of a place, each by itself: mostly one, and several where files side by side log the same, or a database holds many.

    Args:
        place: The logs, and what lies beside them.
        folder: The folder in which it was found, by which the runs are named.
        base: The knowledge of columns, measures and facts.

    Yields:
        The name of each run, and what is observed of it.

    Raises:
        FactsError: Something in a facts file is wrong.
        LogError: Nothing in the logs can be read, or nothing in them is known.
        TeachingError: A file beside a log that says how it is read cannot be understood.
    """
    gatherer = Gatherer(base, with_roles(Teaching(), base.roles))
    for log in place.logs:
        gatherer.learn_beside(log.path)
    runs = gatherer.runs_at(place, folder)
    gathered = gatherer.gathered
    if not any(tables for _, tables in runs):
        raise nothing_here([seen.path for seen in place.logs], gathered.unread)
    stated = read_all(gathered.facts, base.vocabulary, None)
    remarks = [*gathered.remarks, *_left_out(gathered, base.strings)]
    for name, tables in runs:
        own = replace(gathered, tables=[*tables, *gathered.tables])
        columns = gatherer.teaching.columns
        seen = with_logs(stated, own.tables, base, columns, remarks, name, own.texts, own.checkpoints)
        _check_known(seen, stated, own)
        yield name, seen


def _check_known(seen: Observed, stated: Observed, gathered: Gathered) -> None:
    """See that something is known of the run: a log whose every name is strange says nothing, be it well read.

    Raises:
        LogError: Nothing is.
    """
    logged = [table for table in gathered.tables if len(table.lines)]
    tells = seen.log is not None and bool(seen.log.curves.keys() - {EPOCH})
    if not logged or stated.facts or tells or any(table.seen for table in gathered.tables):
        return
    names = [name for table in logged for name in table.columns if seen.log is None or name not in seen.log.numbering]
    raise (
        unknown(logged[0].file, columns=list(dict.fromkeys(names)))
        if os.path.isfile(logged[0].file)
        else unreadable(logged[0].file, f"none of its names is known: {', '.join(names[:_LISTED])}")
    )


def _is_asked_about(path: str) -> bool:
    """Whether a file that is called as those of hyperparameters states facts, by its own words or because `advise ask` took it for a facts file."""
    return states_facts(path) or os.path.isfile(answers_of(path))


def _is_log(path: str, known: Collection[str], gatherer: Gatherer) -> bool:
    """Whether a file that was named is a log; what a file beside it teaches of it counts."""
    if states_facts(path):
        return False
    gatherer.learn_beside(path)
    return path in known or is_taught(path, gatherer.teaching.patterns)


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


def _check_patterns(teaching: Teaching, tables: Iterable[Table]) -> None:
    """See that each pattern was of use.

    Raises:
        PatternError: No line fits one of them.
    """
    read = {name for table in tables if table.format == taught.FORMAT for name in table.columns}
    useless = [pattern for pattern in teaching.patterns if not read >= {gap.name for gap in pattern.gaps if gap.name and gap.kind == "number"}]
    if useless:
        message = "no line of the logs fits this pattern"
        raise PatternError([Problem("--pattern", 1, 1, message, pattern.source, max(1, len(pattern.source))) for pattern in useless])


def _check_mapping(teaching: Teaching, tables: Iterable[Table], base: KnowledgeBase) -> None:
    logged = list(dict.fromkeys(name for table in tables for name in table.columns))
    named = {name for pattern in teaching.patterns for name in pattern.names}
    problems = []
    for role, column in teaching.columns.items():
        if role not in base.roles.roles:
            accepted = ", ".join(sorted(base.roles.roles))
            problems.append(teaching.problem(role, f"`{role}` is no role", accepted, nearest(role, base.roles.roles)))
        if column not in logged and column not in named:
            accepted = ", ".join(logged[:_LISTED]) + (f" and {len(logged) - _LISTED} more" if len(logged) > _LISTED else "")
            problems.append(teaching.problem(role, f"no log has a column `{column}`", accepted, nearest(column, logged)))
    if problems:
        raise MappingError(problems)
