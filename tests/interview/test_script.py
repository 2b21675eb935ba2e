"""Interviews without a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from advise.errors import FactsError, FileError
from advise.interview.interview import Interview
from advise.interview.listing import listing
from advise.interview.script import read_answers


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return tmp_path / "answers.yaml"


def test_answers_are_read_as_a_person_would_type_them(interview: Interview, answers: Path) -> None:
    answers.write_text(
        "clip: {rate: 5%}\nlr.peak: 1e-4\nbatch.size: 2k\npipeline.step_time: 100ms\nschedule.kind: 余弦退火\nclip.enabled: 是\nrun.notes: 7\n"
        'run.odd: 不知道\nmilestones.steps: [1k, 2000]\nbudget.steps: "3万"\nmilestones.names: a, b\nrun.seconds: null\nclip.threshold: unknown\n',
        encoding="utf-8",
    )
    assert read_answers(str(answers), interview) == {
        "clip.rate": 0.05,
        "lr.peak": 1e-4,
        "batch.size": 2000,
        "pipeline.step_time": 0.1,
        "schedule.kind": "cosine",
        "clip.enabled": True,
        "run.notes": "7",
        "milestones.steps": (1000, 2000),
        "budget.steps": 30_000,
        "milestones.names": ("a", "b"),
    }


def test_every_wrong_answer_is_told_with_its_place(interview: Interview, answers: Path) -> None:
    answers.write_text(
        "# all wrong\nclip.rate: 150%\nlr.peek: 1\nschedule.kind: cosin\nbatch.size: [1]\n"
        "milestones.steps: [1, x]\nrun.notes: {a: b}\nclip.enabled: 3 # no\n",
        encoding="utf-8",
    )
    with pytest.raises(FactsError) as caught:
        read_answers(str(answers), interview)
    problems = caught.value.problems
    assert [(problem.line, problem.column) for problem in problems] == [(2, 12), (3, 1), (4, 16), (5, 13), (6, 19), (7, 12), (8, 15)]
    assert [problem.nearest for problem in problems if problem.line in (3, 4)] == ["lr.peak", "cosine"]
    assert problems[0].accepted == "a number, in [0, 1], as a share of 1 (also: 5%)"


def test_a_name_for_the_run_is_no_answer(interview: Interview, answers: Path) -> None:
    answers.write_text("run: mine\nfacts:\n  clip.rate: 0.5\n", encoding="utf-8")
    with pytest.raises(FactsError, match="is no fact"):
        read_answers(str(answers), interview)


def test_what_is_known_is_not_answered_again_and_not_contradicted(interview: Interview, answers: Path) -> None:
    interview.answer({"clip.rate": 0.5, "lr.peak": 0.1})
    answers.write_text('{"clip.rate": "50%", "lr.peak": 0.2, "batch.size": 8}', encoding="utf-8")
    with pytest.raises(FactsError, match=r"`lr.peak` is 0.2 here and 0.1 at .*facts.answers.yaml:3:1"):
        read_answers(str(answers), interview)
    answers.write_text('{"clip.rate": "50%", "batch.size": 8}', encoding="utf-8")
    assert read_answers(str(answers), interview) == {"batch.size": 8}


def test_a_file_that_is_not_there(interview: Interview, answers: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        read_answers(str(answers), interview)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"a: [", b"- 1", b"3", b"a: b: c", b"{", b"clip.rate: " + b"9" * 20_000 + b"k"])
def test_any_bytes_give_a_located_error(interview: Interview, answers: Path, data: bytes) -> None:
    answers.write_bytes(data)
    with pytest.raises(FactsError) as caught:
        read_answers(str(answers), interview)
    assert all(problem.line for problem in caught.value.problems)


def test_the_next_questions(interview: Interview) -> None:
    made = json.loads(listing(interview, 2).to_json())
    assert list(made) == ["schema", "files", "answered", "effects", "verdict", "open", "questions"]
    assert made["schema"] == "advise/questions@1"
    assert made["open"] == len(list(interview.questions()))
    first, second = made["questions"]
    assert (first["fact"], first["type"], first["blocks"]) == ("clip.enabled", "boolean", ["stability/high"])
    assert (second["fact"], second["above"], second["below"], second["min"]) == ("lr.peak", 0, 10, None)
    assert first["prompt"] == {"en": "What is clip.enabled?", "zh": "clip.enabled 是多少？"}
    assert first["item"] is None


def test_the_next_questions_with_what_was_just_answered(interview: Interview) -> None:
    answered = interview.answer({"clip.rate": 1.0, "milestones.steps": (1, 2)})
    made = json.loads(listing(interview, 0, answered).to_json())
    assert made["answered"] == {"clip.rate": 1.0, "milestones.steps": [1, 2]}
    assert [found["id"] for found in made["effects"]["diagnoses"]] == ["clipping_saturated"]
    assert made["questions"] == []
    assert made["open"] > 0
