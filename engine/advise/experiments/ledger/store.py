"""The ledger: rounds are started, ended once, and read."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from advise.errors import LedgerError
from advise.experiments.ledger.connect import Database
from advise.experiments.ledger.record import RESULTS, Ending, Opening, Part, Round, Step
from advise.untrusted import said

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_CHARACTERS = 20_000
_MOST_ROUNDS = 10_000


class Ledger:
    """A ledger of rounds.

    Args:
        place: The path of a SQLite file, or the URL of a database.
        create: Whether it is made where it is not there.

    Raises:
        LedgerError: It cannot be opened, is no ledger, or was written by a later version.
    """

    def __init__(self, place: str, *, create: bool = False) -> None:
        self._database = Database(place, create=create)
        self.name = self._database.name
        with self._database.transaction(writes=False) as connection:
            version = _version(connection)
        if version is None:
            self._make(create=create)
        else:
            self._check_version(version)
        if create:
            self._database.log_ahead()

    def start(self, opening: Opening) -> Round:
        """Start a round.

        Raises:
            LedgerError: A text is too long, or the ledger cannot be written.
        """
        from advise.experiments.ledger.tables import rounds

        _check_texts(question=opening.question, changed=opening.changed, hypothesis=opening.hypothesis, study=opening.study)
        if not opening.question.strip():
            raise LedgerError("a round has a question; ask one that its result can answer")
        started = _now()
        values = {
            "question": opening.question,
            "changed": opening.changed,
            "hypothesis": opening.hypothesis,
            "study": opening.study,
            "started": started,
        }
        with self._database.transaction(writes=True) as connection:
            number = connection.execute(rounds.insert().values(**values).returning(rounds.c.number)).scalar_one()
            _add_steps(connection, number, opening.tried)
        return Round(number, opening, started)

    def end(self, number: int, ending: Ending, tried: tuple[Step, ...] = ()) -> Round:
        """End a round, once.

        Args:
            number: The round.
            ending: How it ended.
            tried: Decisions it tried besides those it started with.

        Raises:
            LedgerError: There is no such round, it has ended already, a text is too long, or the ledger cannot be written.
        """
        from advise.experiments.ledger.tables import rounds

        _check_texts(what=ending.what, why=ending.why)
        values = {"ended": _now(), "result": ending.result, "what": ending.what, "why": ending.why, "verdict": ending.verdict}
        with self._database.transaction(writes=True) as connection:
            found = connection.execute(rounds.select().where(rounds.c.number == number)).mappings().first()
            if found is None:
                raise LedgerError(f"{self.name}: there is no round {number}")
            if found["result"] is not None:
                raise LedgerError(f"{self.name}: round {number} has ended already ({found['result']}, {found['ended']}); what is on record stays")
            connection.execute(rounds.update().where(rounds.c.number == number).values(**values))
            _add_steps(connection, number, (*tried, *ending.concluded))
        return self.round(number)

    def round(self, number: int) -> Round:
        """One round.

        Raises:
            LedgerError: There is no such round, or the ledger cannot be read.
        """
        found = [item for item in self.rounds() if item.number == number]
        if not found:
            raise LedgerError(f"{self.name}: there is no round {number}")
        return found[0]

    def rounds(self) -> tuple[Round, ...]:
        """Every round, in the order of starting; of very many the last.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        try:
            return self._rounds()
        except (ValueError, TypeError, RecursionError) as error:
            # Types in SQLite are only advice, and what is JSON is found out as a row is read.
            raise LedgerError(f"{self.name}: is damaged: {said(str(error))}") from error

    def _rounds(self) -> tuple[Round, ...]:
        from advise.experiments.ledger.tables import rounds, steps

        with self._database.transaction(writes=False) as connection:
            last = connection.execute(rounds.select().order_by(rounds.c.number.desc()).limit(_MOST_ROUNDS)).mappings().all()
            first = min((row["number"] for row in last), default=0)
            of_rounds = connection.execute(
                steps.select().where(steps.c.round >= first).order_by(steps.c.round, steps.c.part, steps.c.place)
            ).mappings()
            by_round: dict[int, list[Step]] = {}
            for row in of_rounds:
                by_round.setdefault(row["round"], []).append(_step(row))
        return tuple(_round(row, by_round.get(row["number"], [])) for row in reversed(last))

    def _make(self, *, create: bool) -> None:
        from advise.experiments.ledger.tables import METADATA, VERSION, meta

        with self._database.transaction(writes=True) as connection:
            version = _version(connection)
            if version is not None:
                # Another process made it in between.
                self._check_version(version)
                return
            if self._database.is_file and _tables(connection):
                raise LedgerError(f"{self.name}: is a database of something else, not a ledger")
            if not create:
                raise LedgerError(f"{self.name}: there is no ledger; `advise round start` makes one")
            METADATA.create_all(connection)
            connection.execute(meta.insert().values(key="version", value=VERSION))

    def _check_version(self, version: str) -> None:
        from advise.experiments.ledger.tables import VERSION

        if version != VERSION:
            raise LedgerError(f"{self.name}: is of version {version}, and this program knows version {VERSION}: update the program")


def _version(connection: Connection) -> str | None:
    from advise.experiments.ledger.tables import meta

    if meta.name not in _tables(connection):
        return None
    found = connection.execute(meta.select().where(meta.c.key == "version")).mappings().first()
    return None if found is None else str(found["value"])


def _tables(connection: Connection) -> list[str]:
    from sqlalchemy import inspect

    return list(inspect(connection).get_table_names())


def _add_steps(connection: Connection, number: int, added: Iterable[Step]) -> None:
    from sqlalchemy import func, select

    from advise.experiments.ledger.tables import steps

    there = connection.execute(select(func.count()).select_from(steps).where(steps.c.round == number)).scalar_one()
    rows = [
        {"round": number, "part": step.part, "place": place, "decision": step.decision, "params": dict(step.params)}
        for place, step in enumerate(added, start=there)
    ]
    if rows:
        connection.execute(steps.insert(), rows)


def _round(row: Mapping[Any, Any], taken: list[Step]) -> Round:
    number, started = _whole(row, "number"), _needed(row, "started")
    tried = tuple(step for step in taken if step.part == "tried")
    opening = Opening(_needed(row, "question"), _text(row, "changed"), _text(row, "hypothesis"), _text(row, "study"), tried)
    if row["result"] not in RESULTS:
        return Round(number, opening, started)
    concluded = tuple(step for step in taken if step.part == "concluded")
    ending = Ending(row["result"], _text(row, "what"), _text(row, "why"), _text(row, "verdict"), concluded)
    return Round(number, opening, started, ending, _text(row, "ended"))


def _step(row: Mapping[Any, Any]) -> Step:
    params = row["params"]
    if not isinstance(params, dict) or not all(map(_is_param, params.values())):
        raise TypeError("`params` must be names with numbers, texts or lists of them")
    part: Part = "concluded" if row["part"] == "concluded" else "tried"
    return Step(part, _needed(row, "decision"), params)


def _is_param(value: object) -> bool:
    plain = bool | int | float | str
    return isinstance(value, plain) or (isinstance(value, list) and all(isinstance(member, plain) for member in value))


def _whole(row: Mapping[Any, Any], name: str) -> int:
    value = row[name]
    if not isinstance(value, int):
        raise TypeError(f"`{name}` must be a whole number, not {type(value).__name__}")
    return value


def _text(row: Mapping[Any, Any], name: str) -> str | None:
    value = row[name]
    if value is not None and not isinstance(value, str):
        raise TypeError(f"`{name}` must be text, not {type(value).__name__}")
    return value


def _needed(row: Mapping[Any, Any], name: str) -> str:
    value = _text(row, name)
    if value is None:
        raise TypeError(f"`{name}` must be text, and there is none")
    return value


def _check_texts(**texts: str | None) -> None:
    for name, text in texts.items():
        if text is not None and not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise LedgerError(f"the {name} of a round must be text in UTF-8")
        if text is not None and len(text) > MOST_CHARACTERS:
            raise LedgerError(f"the {name} of a round has at most {MOST_CHARACTERS} characters, this one has {len(text)}")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
