"""The kind of training as facts, told from the columns of a log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advise.facts.record import Fact, Origin
from advise.knowledge.base import KnowledgeBase
from advise.runlog.readers.table import Remark, Table
from advise.runlog.series.record import RunLog

_NAMED = 4


def facts_of_kind(log: RunLog, tables: Sequence[Table], base: KnowledgeBase) -> dict[str, Fact]:
    """What the columns tell of the kind of training.

    Args:
        log: The run.
        tables: What was read of its files.
        base: The fact that says the kind, and how that it was told is said.
    """
    kind, name = log.kind, base.roles.kind_fact
    if kind is None or name is None:
        return {}
    column = kind.columns[0]
    file = next((table.file for table in tables if column in table.columns), "")
    note = base.strings["kind_told"].filled({"columns": _quoted(kind.columns)})
    return {fact: Fact(fact, value, Origin(file, how="measured"), note) for fact, value in {name: kind.name, **kind.facts}.items()}


def remarks_of_kind(log: RunLog, base: KnowledgeBase) -> Iterator[Remark]:
    """That the losses of such a training are no measure of progress.

    Args:
        log: The run.
        base: How that is said.
    """
    kind, name = log.kind, base.roles.kind_fact
    if kind is not None and name is not None and kind.roles:
        own = f"kind_{kind.name}"
        said = base.vocabulary[name].values.get(kind.name, kind.name)
        yield Remark(own if f"log_{own}" in base.strings else "kind", "", {"columns": _quoted(kind.columns), "kind": said})


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(f"`{column}`" for column in columns[:_NAMED])
