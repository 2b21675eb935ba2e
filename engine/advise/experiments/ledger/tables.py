"""The tables of the ledger, in types that SQLite and PostgreSQL both have."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

VERSION = "1"
METADATA = MetaData()

meta = Table(
    "advise_ledger",
    METADATA,
    Column("key", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

rounds = Table(
    "advise_rounds",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("question", Text, nullable=False),
    Column("changed", Text),
    Column("hypothesis", Text),
    Column("study", Text),
    # Text, since SQLite has no type for a time with its zone; ISO 8601 in UTC sorts as it is.
    Column("started", String(20), nullable=False),
    Column("ended", String(20)),
    Column("result", String(20)),
    Column("what", Text),
    Column("why", Text),
    Column("verdict", String(40)),
    # A number is never given twice, also after a round was deleted by hand.
    sqlite_autoincrement=True,
)

steps = Table(
    "advise_steps",
    METADATA,
    Column("round", Integer, ForeignKey("advise_rounds.number"), primary_key=True),
    Column("part", String(10), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("decision", String(80), nullable=False),
    Column("params", JSON, nullable=False),
    Index("advise_steps_decision", "decision"),
)
