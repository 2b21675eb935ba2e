"""What is watched."""

from __future__ import annotations

import json
import math
import os
import random
from pathlib import Path

import pytest

from advise import Advisor
from advise.errors import AdviseError
from advise.live.watch import source as source_module
from advise.live.watch.excerpt import Excerpt
from advise.live.watch.source import Changing, Growing, Reading, is_of_lines, source_of


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def rows(count: int) -> str:
    return "".join(f"step {number} train loss {1 + 1 / number:.4f}\n" for number in range(1, count + 1))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"step 1 loss 2\n", True),
        (b"step,loss\n1,2\n", True),
        (b'{"step": 1, "loss": 2}\n{"step": 2, "loss": 1}\n', True),
        (b"[rank0] step 1 loss 2\n", True),
        (b'{\n "log_history": []}\n', False),
        (b'[\n {"step": 1}]\n', False),
        (b"step 1", False),
        (b"", False),
        (b"\x1f\x8b\x08\n", False),
        (b"a\0b\n", False),
    ],
)
def test_lines_that_are_whole_in_themselves(tmp_path: Path, content: bytes, expected: bool) -> None:
    (tmp_path / "log").write_bytes(content)
    assert is_of_lines(str(tmp_path / "log")) is expected


def test_what_is_not_there_is_neither(tmp_path: Path) -> None:
    assert is_of_lines(str(tmp_path / "log")) is None
    os.mkfifo(tmp_path / "pipe")
    assert is_of_lines(str(tmp_path / "pipe")) is None


def test_facts_have_their_places_in_the_log_itself(tmp_path: Path, advisor: Advisor) -> None:
    log = tmp_path / "train.log"
    log.write_text(rows(300), encoding="utf-8")
    source = source_of(str(log))
    assert isinstance(source, Growing)
    assert source.has_grown()
    seen = source.observe(advisor, Reading())
    assert seen.facts["loss.train"].origin.file == str(log)
    assert 1 <= seen.facts["loss.train"].origin.last <= 300
    assert not source.has_grown()
    with log.open("a", encoding="utf-8") as file:
        file.write("step 301 train loss nan\n")
    assert source.has_grown()
    assert source.observe(advisor, Reading()).facts["loss.first_nonfinite_step"].value == 301
    source.close()


def test_what_is_beside_the_log_teaches_how_it_is_read(tmp_path: Path, advisor: Advisor) -> None:
    log = tmp_path / "train.log"
    log.write_text("".join(f"@{number} zork={1 / number:.4f}\n" for number in range(1, 100)), encoding="utf-8")
    (tmp_path / "advise.yaml").write_text("patterns:\n  - '@{step} zork={train.loss}'\n", encoding="utf-8")
    source = Growing(str(log))
    source.has_grown()
    assert "loss.train" in source.observe(advisor, Reading()).facts
    source.close()


def test_a_document_is_read_anew(tmp_path: Path, advisor: Advisor) -> None:
    log = tmp_path / "trainer_state.json"

    def write(count: int) -> None:
        history = [{"step": number, "epoch": number / 10, "loss": 1 / number} for number in range(1, count)]
        log.write_text(json.dumps({"log_history": history, "global_step": count - 1, "max_steps": 900}, indent=1), encoding="utf-8")

    write(20)
    source = Growing(str(log))
    assert source.has_grown()
    assert source.observe(advisor, Reading()).facts["run.steps_done"].value == 19
    assert not source.has_grown()
    write(40)
    assert source.has_grown()
    assert source.observe(advisor, Reading()).facts["run.steps_done"].value == 39


def test_a_folder_has_grown_when_one_of_its_files_has(tmp_path: Path, advisor: Advisor) -> None:
    source = source_of(str(tmp_path))
    assert isinstance(source, Changing)
    assert not source.has_grown()
    (tmp_path / "train.log").write_text(rows(50), encoding="utf-8")
    assert source.has_grown()
    assert not source.has_grown()
    assert "loss.train" in source.observe(advisor, Reading()).facts


def test_a_folder_of_very_many_files_is_not_looked_through_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "_LARGE", 0.0)
    (tmp_path / "train.log").write_text(rows(5), encoding="utf-8")
    source = Changing(str(tmp_path))
    assert source.has_grown()
    (tmp_path / "train.log").write_text(rows(50), encoding="utf-8")
    monkeypatch.setattr(source, "_rests_until", source._rests_until + 60)
    assert not source.has_grown()
    monkeypatch.setattr(source, "_rests_until", 0.0)
    assert source.has_grown()


@pytest.mark.parametrize("content", [b"\0\1\2" * 1000, b"\xff\xfe" + b"a\0\n\0" * 10, b"\n\n\n\n", bytes(range(256)) * 50])
def test_what_can_not_be_read_is_said_as_any_wrong_input(tmp_path: Path, advisor: Advisor, content: bytes) -> None:
    log = tmp_path / "log"
    log.write_bytes(content)
    source = Growing(str(log))
    source.has_grown()
    with pytest.raises(AdviseError):
        source.observe(advisor, Reading())
    source.close()


def test_a_million_lines_at_once(tmp_path: Path, advisor: Advisor) -> None:
    log = tmp_path / "train.log"
    with log.open("w", encoding="utf-8") as file:
        for number in range(1, 1_000_001):
            file.write(f"step {number} train loss {1 + 1 / number:.4f}\n")
    source = Growing(str(log))
    assert source.has_grown()
    seen = source.observe(advisor, Reading())
    assert seen.facts["run.steps_done"].value == 1_000_000
    assert seen.facts["loss.train"].origin.last == 1_000_000
    source.close()


def course(kind: str, step: int, count: int) -> tuple[float, float]:
    """Training and dev loss of a run of a kind."""
    loss = 2.5 * math.exp(-step * 10 / count) + 1
    dev = loss + 0.1
    if kind == "overfitting":
        loss, dev = loss - 0.7, 1.4 + 2 * math.exp(-step * 10 / count) + max(0, step / count - 0.3) * 1.5
    if kind == "diverged" and step > 0.7 * count:
        loss += min(5.0, (step / count - 0.7) * 200)
        dev = loss
    if kind == "nan" and step > 0.6 * count:
        loss = dev = math.nan
    if kind == "stuck":
        loss, dev = 2.3, 2.31
    return loss, dev


@pytest.mark.parametrize("kind", ["healthy", "overfitting", "diverged", "nan", "stuck"])
def test_an_excerpt_says_what_the_whole_log_says(tmp_path: Path, advisor: Advisor, kind: str) -> None:
    log, drawn, count = tmp_path / "train.log", random.Random(3), 20_000
    with log.open("w", encoding="utf-8") as file:
        for step in range(1, count + 1):
            loss, dev = course(kind, step, count)
            rate = 1e-3 * min(1, step * 200 / count) * (0.5 + 0.5 * math.cos(math.pi * step / count))
            file.write(f"step {step} | train loss {loss + drawn.gauss(0, 0.02):.4f} | lr {rate:.3e}\n")
            if step % 200 == 0:
                file.write(f"step {step} | val loss {dev + drawn.gauss(0, 0.005):.4f}\n")
    source = Growing(str(log))
    source._excerpt = Excerpt(256 * 1024)
    assert source.has_grown()
    assert not source._excerpt.is_whole
    whole, part = advisor.examine([log]).plan, advisor.examine(source.observe(advisor, Reading())).plan
    source.close()
    assert part.verdict.id == whole.verdict.id
    named = [{item.id for item in plan.diagnoses if item.severity in ("high", "medium")} for plan in (whole, part)]
    assert named[0] == named[1]
