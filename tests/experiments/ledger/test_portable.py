"""Everything that the ledger asks of a database is said in PostgreSQL's words too, also where no server is at hand to hear them."""

from __future__ import annotations

import pytest

sqlalchemy = pytest.importorskip("sqlalchemy")

from sqlalchemy.dialects import postgresql  # noqa: E402 - only where SQLAlchemy is
from sqlalchemy.schema import CreateIndex, CreateTable  # noqa: E402

from advise.experiments.ledger.tables import METADATA, meta, rounds, steps  # noqa: E402

DIALECT = postgresql.dialect()
# A class of type that only one of the databases has would compile to something else, or not at all.
PORTABLE = (sqlalchemy.Integer, sqlalchemy.String, sqlalchemy.Text, sqlalchemy.JSON)


def test_the_tables_can_be_made() -> None:
    made = [str(CreateTable(table).compile(dialect=DIALECT)) for table in METADATA.sorted_tables]
    assert any("number SERIAL NOT NULL" in statement for statement in made)
    assert any("params JSON NOT NULL" in statement for statement in made)
    assert any("FOREIGN KEY(round) REFERENCES advise_rounds (number)" in statement for statement in made)
    assert all(str(CreateIndex(index).compile(dialect=DIALECT)) for table in METADATA.sorted_tables for index in table.indexes)


def test_only_portable_types_are_used() -> None:
    assert all(isinstance(column.type, PORTABLE) for table in METADATA.sorted_tables for column in table.columns)


def test_the_statements_can_be_asked() -> None:
    asked = [
        meta.select().where(meta.c.key == "version"),
        rounds.insert().values(question="why?", started="2026-01-31T08:15:00Z").returning(rounds.c.number),
        rounds.select().where(rounds.c.number == 1),
        rounds.select().order_by(rounds.c.number.desc()).limit(10),
        rounds.update().where(rounds.c.number == 1).values(result="adopted"),
        steps.insert().values(round=1, part="tried", place=0, decision="clip", params={"threshold": 1.3}),
        steps.select().where(steps.c.round >= 1).order_by(steps.c.round, steps.c.part, steps.c.place),
        sqlalchemy.select(sqlalchemy.func.count()).select_from(steps).where(steps.c.round == 1),
    ]
    written = [str(statement.compile(dialect=DIALECT)) for statement in asked]
    assert "RETURNING advise_rounds.number" in written[1]
    assert all(statement.startswith(("SELECT", "INSERT", "UPDATE")) for statement in written)
