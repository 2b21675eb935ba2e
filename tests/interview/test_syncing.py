"""A busy disk is waited for only so long, and what it could not take is told."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from advise.errors import FileError
from advise.interview.syncing import Syncing
from advise.interview.whole_file import WholeFile


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A disk that is busy until this is set."""
    ready = threading.Event()
    monkeypatch.setattr(os, "fsync", lambda _: ready.wait(10))
    yield ready
    ready.set()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, disk: threading.Event) -> threading.Event:
    """A disk that is busy until this is set, and then has no room."""

    def fail(_: int) -> None:
        disk.wait(10)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    return disk


def test_a_file_takes_its_place_while_the_disk_is_still_busy(tmp_path: Path, disk: threading.Event) -> None:
    file = WholeFile(tmp_path / "facts.yaml")
    file.write(b"lr.peak: 0.1\n")
    assert not disk.is_set()
    assert file.path.read_bytes() == b"lr.peak: 0.1\n"
    disk.set()
    file.settle()


def test_settling_waits_for_the_disk(tmp_path: Path, disk: threading.Event) -> None:
    file = WholeFile(tmp_path / "facts.yaml")
    file.write(b"lr.peak: 0.1\n")
    settled = threading.Thread(target=file.settle)
    settled.start()
    settled.join(0.05)
    assert settled.is_alive()
    disk.set()
    settled.join(10)
    assert not settled.is_alive()


@pytest.mark.parametrize("later", [lambda file: file.settle(), lambda file: file.write(b"lr.peak: 0.2\n")], ids=["at the end", "at the next answer"])
def test_what_the_disk_could_not_take_is_told_later(tmp_path: Path, failing: threading.Event, later: Callable[[WholeFile], None]) -> None:
    file = WholeFile(tmp_path / "facts.yaml")
    file.write(b"lr.peak: 0.1\n")
    failing.set()
    with pytest.raises(FileError, match="No space left"):
        later(file)


def test_a_quick_disk_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda _: (time.sleep(0.02), synced.append(1)))
    with (tmp_path / "file").open("wb") as handle:
        Syncing(patience=10).start(handle.fileno())
        assert synced == [1]
