"""Ledgers in files, and in a PostgreSQL server that is started for the tests where one is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sqlalchemy")

from advise.experiments.ledger.connect import Database
from advise.experiments.ledger.store import Ledger


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "notes" / "ledger.db")


@pytest.fixture
def ledger(place: str) -> Ledger:
    return Ledger(place, create=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_place(request: pytest.FixtureRequest) -> str:
    """Each kind of place that a ledger may lie in; there is no ledger yet."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("place"))
    made: Callable[[], str] = request.getfixturevalue("new_database")
    return made()


@pytest.fixture
def execute() -> Callable[[str, str], None]:
    """Says something in SQL to a database behind the ledger's back."""

    def executed(place: str, statement: str) -> None:
        with Database(place, create=False).transaction(writes=True) as connection:
            connection.exec_driver_sql(statement)

    return executed


@pytest.fixture(scope="session")
def new_database(server: str) -> Callable[[], str]:
    """Makes an empty database on the server, and returns its URL."""
    from sqlalchemy import create_engine

    numbers = count(1)

    def made() -> str:
        name = f"ledger{next(numbers)}"
        engine = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return server.format(name)

    return made


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server on a socket in a folder of its own: its URL, with a gap for the name of a database."""
    pytest.importorskip("psycopg", reason="the extra `postgresql` is not installed")
    binaries = _binaries()
    if binaries is None:
        pytest.skip("there is no PostgreSQL server on this machine (on Debian `apt-get install postgresql` brings one)")
    folder = Path(tempfile.mkdtemp(prefix="advise-postgresql-"))
    owner = _owner()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    initdb = [binaries / "initdb", "-D", folder / "data", "-U", "advise", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"]
    made = subprocess.run(initdb, check=False, capture_output=True, text=True, cwd=folder, **owner)
    if made.returncode:
        shutil.rmtree(folder)
        pytest.skip(f"PostgreSQL does not make a cluster here: {made.stderr.strip()}")
    settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", folder]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([binaries / "postgres", "-D", folder / "data", *settings], stdout=log, stderr=log, cwd=folder, **owner)
    try:
        _wait_for(folder, process)
        yield f"postgresql://advise@/{{}}?host={folder}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        shutil.rmtree(folder)


def _binaries() -> Path | None:
    """Where the server's programs are; Debian keeps them off the path."""
    on_path = shutil.which("initdb")
    beside = [Path(on_path).resolve().parent] if on_path else []
    usual = (folder for root in ("/usr/lib/postgresql", "/usr", "/opt/homebrew/opt") for folder in Path(root).glob("*/bin"))
    return next((folder for folder in (*usual, *beside) if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def _owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, and so root runs it as somebody else."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait_for(folder: Path, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    end = time.monotonic() + 30
    while True:
        assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
        try:
            psycopg.connect(host=str(folder), user="advise", dbname="postgres").close()
        except psycopg.OperationalError:
            assert time.monotonic() < end, "PostgreSQL does not answer"
            time.sleep(0.05)
        else:
            return


@pytest.fixture(autouse=True)
def _read_once(prepared_once: None) -> None:
    """As its name says."""
