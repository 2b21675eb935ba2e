"""The log of one run, as curves by role."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from advise.errors import LogError
from advise.knowledge.base import KnowledgeBase
from advise.runlog.lexicon import lexicon_of
from advise.runlog.places.gather import logs_of_run
from advise.runlog.readers.open import read_log
from advise.runlog.readers.table import Table
from advise.runlog.series.assemble import assemble
from advise.runlog.series.record import RunLog


def log_of(folder: Path, settings: Path, base: KnowledgeBase, columns: Mapping[str, str]) -> RunLog | None:
    """What a run in a folder logged; None where it logged nothing that can be read.

    Args:
        folder: Of the run.
        settings: Its file of hyperparameters, which is no log.
        base: What is known of the names of columns.
        columns: Column by role, where the user says which it is.

    Raises:
        MissingExtraError: A log's reader needs packages that are not installed.
    """
    tables: list[Table] = []
    lexicon = lexicon_of(base.roles)
    for path in logs_of_run(str(folder), base.places):
        if Path(path) == settings:
            continue
        try:
            tables += read_log(path, lexicon=lexicon)
        except LogError:
            # A run that died early leaves an empty log; its trial is judged by having none.
            continue
    return assemble([table for table in tables if len(table.lines)], base.roles, columns) if tables else None
