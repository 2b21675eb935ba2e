"""Watching one run, with a clock that is moved by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from advise import Advisor
from advise.live.watch.page import Told, watch_page
from advise.live.watch.source import Reading, source_of
from advise.live.watch.told import as_data, event_line
from advise.live.watch.watch import SHARE, Event, Watch
from advise.render.page import Paragraph
from advise.render.text import as_text
from advise.render.voice import Voice


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


# A look at so many rows at once: each takes time to test.
_ROWS = 10


class Clock:
    """Moves when it is told to; a look costs what it is said to cost."""

    def __init__(self) -> None:
        self.now, self.spent = 1000.0, 0.0


class Run:
    """A log that is written while it is watched."""

    def __init__(self, log: Path, advisor: Advisor, process: int | None = None) -> None:
        self.log, self.clock, self.step = log, Clock(), 0
        self.events: list[Event] = []
        self.watch = Watch(advisor, source_of(str(log)), Reading(), now=lambda: self.clock.now, spent=lambda: self.clock.spent, process=process)

    def write(self, text: str) -> None:
        with self.log.open("a", encoding="utf-8") as file:
            file.write(text)

    def train(self, seconds: int, loss: str = "") -> None:
        for _ in range(seconds):
            self.step += 1
            self.write(f"step {self.step} train loss {loss or f'{1 + 1 / self.step:.4f}'} lr 1e-3\n")
            if self.step % _ROWS == 0:
                self.wait(_ROWS, _ROWS)

    def wait(self, seconds: float, every: float = 1) -> None:
        end = self.clock.now + seconds
        while self.clock.now < end:
            self.clock.now += every
            self.events += self.watch.poll()

    def told(self, what: str) -> list[str]:
        return [event.finding.id if event.finding else event.text for event in self.events if event.what == what]


@pytest.fixture
def run(tmp_path: Path, advisor: Advisor) -> Iterator[Run]:
    made = Run(tmp_path / "train.log", advisor)
    yield made
    made.watch.source.close()


def test_a_log_may_come_later(run: Run) -> None:
    run.wait(30)
    assert run.events == []
    assert run.watch.plan is None
    run.train(60)
    assert run.watch.plan is not None
    assert run.watch.at is not None
    assert run.watch.at.number == 60


def test_a_fault_is_told_once_with_where_it_began(run: Run) -> None:
    run.train(100)
    run.train(100, "nan")
    assert run.told("found").count("divergence") == 1
    (event,) = (item for item in run.events if item.finding is not None and item.finding.id == "divergence")
    assert event.finding is not None
    assert event.finding.began is not None
    assert event.finding.began.number == 101
    told = as_data(event, run.watch)
    assert told["since"] == 101
    assert told["verdict"] == "stop"


def test_looking_takes_no_more_than_its_share(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    observe = run.watch.source.observe

    def costly(*arguments: object) -> object:
        nonlocal looked
        looked += 1
        run.clock.spent += 1.0
        return observe(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(run.watch.source, "observe", costly)
    run.train(1000)
    assert looked == pytest.approx(3 + SHARE * 1000, abs=1)


def test_many_lines_at_once_do_not_delay_the_next_look(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.train(30)
    grown = run.watch.source.has_grown

    def costly() -> bool:
        run.clock.spent += 60
        return grown()

    monkeypatch.setattr(run.watch.source, "has_grown", costly)
    run.train(30)
    assert run.watch.at is not None
    assert run.watch.at.number == 60


def test_the_end_is_seen_however_much_looking_has_cost(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    observe = run.watch.source.observe

    def costly(*arguments: object) -> object:
        run.clock.spent += 60.0
        return observe(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(run.watch.source, "observe", costly)
    run.train(60)
    run.write("Traceback (most recent call last):\nRuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB\n")
    run.wait(80)
    assert run.watch.ended
    assert run.watch.plan is not None


def test_silence_is_a_finding_and_growth_speaks_against_it(run: Run) -> None:
    run.train(60)
    run.wait(280)
    assert "stalled" not in run.told("found")
    run.wait(60)
    assert "stalled" in run.told("found")
    run.train(60)
    assert "stalled" in run.told("withdrawn")
    assert not run.watch.ended


def test_a_log_that_pauses_to_evaluate_is_not_silent(run: Run) -> None:
    for _ in range(3):
        run.train(40)
        run.wait(250)
    run.train(40)
    run.wait(290)
    assert "stalled" not in run.told("found")


def test_it_ends_when_the_log_says_so_and_nothing_follows(run: Run) -> None:
    run.train(60)
    run.write("Traceback (most recent call last):\nRuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB\n")
    run.wait(9)
    assert not run.watch.ended
    run.wait(30)
    assert run.watch.ended
    assert run.events[-1].what == "ended"


def test_a_run_that_is_started_again_goes_on(run: Run) -> None:
    run.train(60)
    run.write("Traceback (most recent call last):\nRuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB\n")
    run.wait(8)
    run.train(60)
    assert not run.watch.ended


def test_it_ends_with_its_process(tmp_path: Path, advisor: Advisor) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    run = Run(tmp_path / "train.log", advisor, process.pid)
    run.train(30)
    assert not run.watch.ended
    process.communicate(b"\n")
    run.wait(2)
    assert run.watch.ended
    assert run.watch.plan is not None
    run.watch.source.close()


def test_what_cannot_be_read_is_told_once_and_forgotten_when_it_can(run: Run) -> None:
    run.write("no log at all, not yet\n" * 3)
    run.wait(20)
    assert len(run.told("unreadable")) == 1
    assert run.watch.failed
    run.train(60)
    assert run.watch.failed == ""


def test_a_log_that_goes_is_told_once(run: Run) -> None:
    run.train(30)
    run.log.unlink()
    run.wait(30)
    assert [event.what for event in run.events].count("gone") == 1
    run.train(30)
    assert run.watch.source.is_there


def test_one_that_turns_into_a_pipe_blocks_nobody(run: Run) -> None:
    run.train(30)
    run.log.unlink()
    os.mkfifo(run.log)
    run.wait(10)
    assert not run.watch.source.is_there


@pytest.mark.parametrize("language", ["en", "zh", "both"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_page_fits_its_width_and_holds_nothing_foreign(tmp_path: Path, advisor: Advisor, language: str, width: int) -> None:
    run = Run(tmp_path / "tr\x1b[31main.log", advisor)
    run.train(60)
    run.train(30, "nan")
    voice = Voice(advisor.knowledge.strings, language)  # type: ignore[arg-type]
    text = as_text(watch_page(run.watch, [Told("12:00:00", event) for event in run.events], voice, width), width, colour=False)
    assert "\x1b" not in text
    assert "divergence" in text
    for event in run.events:
        assert as_text((Paragraph((event_line(event, voice),)),), 1000, colour=False).count("\n") == 1
    run.watch.source.close()
