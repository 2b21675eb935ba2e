"""What is new in a file of lines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from advise.live.watch import tail
from advise.live.watch.tail import News, Tail


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "train.log"


def append(log: Path, text: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_half_written_line_waits_for_its_end(log: Path) -> None:
    append(log, "step 1\nstep ")
    follow = Tail(str(log))
    assert follow.news() == News("grown", (b"step 1",))
    assert follow.half == b"step "
    assert follow.news() == News("nothing")
    append(log, "2\n")
    assert follow.news() == News("grown", (b"step 2",))


def test_a_file_that_is_not_there_may_come(log: Path) -> None:
    follow = Tail(str(log))
    assert follow.news() == News("gone")
    append(log, "step 1\n")
    assert follow.news() == News("grown", (b"step 1",))


def test_a_log_that_is_deleted_and_comes_back_goes_on(log: Path) -> None:
    append(log, "step 1\n")
    follow = Tail(str(log))
    follow.news()
    log.unlink()
    assert follow.news() == News("gone")
    append(log, "step 2\n")
    assert follow.news() == News("replaced", (b"step 2",))


def test_rotation_goes_on_with_the_new_file(log: Path) -> None:
    append(log, "step 1\nstep 2\n")
    follow = Tail(str(log))
    follow.news()
    log.rename(log.with_suffix(".1"))
    append(log, "step 3\n")
    assert follow.news() == News("replaced", (b"step 3",))


def test_one_that_is_copied_away_and_cut_goes_on(log: Path) -> None:
    append(log, "step 1\nstep 2\n")
    follow = Tail(str(log))
    follow.news()
    os.truncate(log, 0)
    append(log, "step 3\n")
    assert follow.news() == News("replaced", (b"step 3",))


def test_one_that_begins_alike_is_the_same_log_written_anew(log: Path) -> None:
    append(log, "step 1\nstep 2\n")
    follow = Tail(str(log))
    follow.news()
    os.truncate(log, 0)
    append(log, "step 1\nstep 2\nstep 3\n")
    follow_again = follow.news()
    assert follow_again.what in ("grown", "rewritten")
    log.unlink()
    append(log, "step 1\n")
    assert follow.news().what in ("replaced", "rewritten")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_no_log_and_blocks_nobody(log: Path) -> None:
    os.mkfifo(log)
    assert Tail(str(log)).news() == News("gone")


def test_a_folder_is_no_log(tmp_path: Path) -> None:
    assert Tail(str(tmp_path)).news() == News("gone")


def test_a_name_that_can_be_none(tmp_path: Path) -> None:
    assert Tail("a\0b").news() == News("gone")


def test_much_at_once_comes_in_parts(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "CHUNK", 10)
    append(log, "".join(f"step {number}\n" for number in range(1, 6)))
    follow = Tail(str(log))
    lines = list(follow.news().lines)
    while follow.behind:
        lines += follow.news().lines
    assert lines == [f"step {number}".encode() for number in range(1, 6)]


def test_a_line_without_an_end_is_not_kept_whole(log: Path) -> None:
    log.write_bytes(b"x" * (3 * 1024**2))
    follow = Tail(str(log))
    follow.news()
    assert len(follow.half) <= 1024**2
