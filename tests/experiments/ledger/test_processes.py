"""Real processes: killed at any moment, and two writers at once."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from advise.experiments.ledger.store import Ledger

# Writes rounds one after another, and says each number once it is on record.
WRITER = """
import sys
from advise.experiments.ledger.record import Ending, Opening, Step
from advise.experiments.ledger.store import Ledger
ledger = Ledger(sys.argv[1], create=True)
for index in range(int(sys.argv[3])):
    steps = tuple(Step("tried", "clip", {"threshold": float(place)}) for place in range(8))
    number = ledger.start(Opening(f"{sys.argv[2]} {index}", "x" * 2000, tried=steps)).number
    print("started", number, flush=True)
    ledger.end(number, Ending("failed", why="y" * 2000))
    print("ended", number, flush=True)
"""

ENDER = """
import sys
from advise.experiments.ledger.record import Ending
from advise.experiments.ledger.store import Ledger
Ledger(sys.argv[1]).end(1, Ending("failed", sys.argv[2]))
"""


def writer(place: str, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WRITER, place, name, str(count)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def check_whole(place: str) -> None:
    """No round is half there: its steps are, and where it ended, all of its end is."""
    connection = sqlite3.connect(place)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    for item in Ledger(place).rounds():
        assert len(item.opening.tried) == 8
        assert item.ending is None or (item.ending.why == "y" * 2000 and item.ended is not None)


def test_what_was_acknowledged_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    place = str(tmp_path / "ledger.db")
    source = random.Random(9)
    acknowledged: set[tuple[str, int]] = set()
    for attempt in range(5):
        process = writer(place, f"writer {attempt}", 10_000)
        if attempt:
            # After the first words, so that the kill meets it at work; the first attempt may die while it makes the tables.
            assert process.stdout is not None
            acknowledged.add(_said(process.stdout.readline()))
        time.sleep(source.uniform(0.0, 0.25) if attempt else 0.45)
        process.kill()
        acknowledged |= {_said(line) for line in process.communicate()[0].splitlines() if line.count(" ") == 1 and line.split()[1].isdigit()}
        if Path(place).exists() and attempt:
            check_whole(place)
    found = {item.number: item for item in Ledger(place).rounds()}
    assert acknowledged
    assert {number for _, number in acknowledged} <= found.keys()
    assert all(found[number].ending is not None for word, number in acknowledged if word == "ended")


def test_two_writers_at_once_lose_nothing(any_place: str) -> None:
    writers = [writer(any_place, name, 15) for name in ("first", "second")]
    for process in writers:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    if "://" not in any_place:
        check_whole(any_place)
    rounds = Ledger(any_place).rounds()
    assert [item.number for item in rounds] == list(range(1, 31))
    assert {item.opening.question for item in rounds} == {f"{name} {index}" for name in ("first", "second") for index in range(15)}
    assert all(item.status == "failed" for item in rounds)


def test_of_two_that_end_one_round_one_is_told_so(any_place: str) -> None:
    from advise.experiments.ledger.record import Opening

    Ledger(any_place, create=True).start(Opening("who is first?"))
    processes = [subprocess.Popen([sys.executable, "-c", ENDER, any_place, name], stderr=subprocess.PIPE, text=True) for name in ("a", "b")]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert sorted(process.returncode for process in processes) == [0, 1]
    assert sum("has ended already" in error for error in errors) == 1


def _said(line: str) -> tuple[str, int]:
    word, number = line.split()
    return word, int(number)
