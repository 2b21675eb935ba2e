"""A session: what an answer makes true, what can be undone, and what someone else does to the file meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advise.advisor import Advisor
from advise.errors import AnswersChangedError, FileChangedError, FileError
from advise.facts.answers import answers_of
from advise.interview.interview import Interview


def names(interview: Interview) -> list[str]:
    return [question.fact for question in interview.questions()]


def test_an_answer_shows_what_it_makes_true(interview: Interview, answered: Callable[[], str]) -> None:
    effects = interview.answer({"clip.rate": 1.0}).effects
    assert [(found.id, found.severity, found.certainty) for found in effects.diagnoses] == [("clipping_saturated", "medium", "certain")]
    assert [(found.id, found.priority) for found in effects.decisions] == [("loosen_clip", "P1")]
    assert [(found.id, found.status) for found in effects.checklist] == [("first", "fail")]
    assert effects.verdict is not None
    assert effects.verdict.id == "continue_with_changes"
    assert (effects.withdrawn, effects.dropped, effects.derived) == ([], [], [])
    assert answered() == "clip.rate: 1\n"


def test_an_answer_shows_what_follows_from_facts(interview: Interview) -> None:
    effects = interview.answer({"budget.steps": 10}).effects
    assert not any(value for _, value in effects)
    effects = interview.answer({"pipeline.step_time": 200.0}).effects
    assert [(found.id, found.value) for found in effects.derived] == [("run.total_seconds", 2000.0)]
    assert [found.id for found in effects.diagnoses] == ["slow_input"]
    effects = interview.answer({"clip.threshold": 500.0}).effects
    assert [(found.id, found.value) for found in effects.derived] == [("run.odd", True)]
    assert [(found.id, found.status) for found in effects.checklist] == [("second", "fail")]


def test_an_answer_that_the_rules_contradict_is_said(interview: Interview) -> None:
    interview.answer({"run.odd": False})
    effects = interview.answer({"clip.threshold": 500.0}).effects
    assert [found.id for found in effects.contradicted] == ["run.odd"]


def test_going_back_restores_everything(interview: Interview, answers: Path) -> None:
    first = names(interview)
    interview.answer({first[0]: False})
    interview.leave_open(names(interview)[0])
    third = names(interview)[0]
    interview.leave_open(third)
    assert interview.back() == third
    assert names(interview)[0] == third
    interview.back()
    assert interview.back() == first[0]
    assert names(interview) == first
    assert not answers.exists()
    assert interview.back() is None


def test_what_is_withdrawn_after_going_back_is_gone(interview: Interview) -> None:
    interview.answer({"clip.rate": 1.0})
    interview.back()
    assert interview.verdict.id == "cannot_tell"
    effects = interview.answer({"clip.rate": 0.1}).effects
    assert not effects.diagnoses


def test_what_was_left_open_is_asked_in_the_next_session_only(advisor: Advisor, interview: Interview, path: Path) -> None:
    fact = names(interview)[0]
    interview.leave_open(fact)
    assert fact not in names(interview)
    assert fact in names(Interview(advisor, path))


def test_a_session_goes_on_where_the_last_one_ended(advisor: Advisor, interview: Interview, path: Path) -> None:
    interview.answer({"clip.rate": 1.0})
    again = Interview(advisor, path)
    assert names(again) == names(interview)
    assert again.verdict == interview.verdict
    assert again.back() is None


def test_what_someone_else_adds_meanwhile_counts(interview: Interview, path: Path, answered: Callable[[], str]) -> None:
    interview.answer({"budget.steps": 10})
    path.write_text("budget.steps: 10 # ten\nclip.rate: 1.0\n", encoding="utf-8")
    after = interview.answer({"lr.peak": 2.0})
    assert after.reloaded
    assert [found.id for found in after.effects.diagnoses] == ["clipping_saturated"]
    assert answered() == "budget.steps: 10\nlr.peak: 2\n"
    assert interview.back() == "lr.peak"
    assert interview.back() is None
    assert answered() == "budget.steps: 10\n"
    assert path.read_text(encoding="utf-8") == "budget.steps: 10 # ten\nclip.rate: 1.0\n"


def test_someone_else_giving_the_same_answer_is_no_conflict(interview: Interview, path: Path, answered: Callable[[], str]) -> None:
    path.write_text("lr.peak: 2.0\n", encoding="utf-8")
    assert interview.answer({"lr.peak": 2.0, "clip.rate": 0.1}).reloaded
    assert answered() == "clip.rate: 0.1\n"
    path.write_text("lr.peak: 2.0\nclip.rate: 0.1\nbatch.size: 8\n", encoding="utf-8")
    assert interview.answer({"batch.size": 8}).reloaded
    assert interview.back() is None


def test_someone_else_saying_otherwise_ends_it(interview: Interview, path: Path) -> None:
    interview.answer({"clip.rate": 0.1})
    path.write_text("lr.peak: 3.0\nclip.rate: 0.1\n", encoding="utf-8")
    with pytest.raises(AnswersChangedError) as caught:
        interview.answer({"lr.peak": 2.0})
    assert caught.value.lost == {"lr.peak": 2.0}
    assert path.read_text(encoding="utf-8") == "lr.peak: 3.0\nclip.rate: 0.1\n"


def test_going_back_over_someone_elses_change_is_refused(interview: Interview, answers: Path) -> None:
    interview.answer({"clip.rate": 0.1})
    answers.write_text("clip.rate: 0.1\nbatch.size: 8\n", encoding="utf-8")
    with pytest.raises(FileChangedError):
        interview.back()
    interview.reload()
    assert interview.back() is None
    assert "batch.size" not in names(interview)


def test_an_answer_that_cannot_be_written_is_shown(interview: Interview, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(FileError, match=r"Permission denied; not saved:\n  lr\.peak: 0\.5"):
        interview.answer({"lr.peak": 0.5})


def test_an_earlier_plan_answers_some_questions(advisor: Advisor, path: Path, answered: Callable[[], str]) -> None:
    plan = path.with_name("plan.json")
    plan.write_text(advisor.advise({"clip.rate": 1.0}).to_json(), encoding="utf-8")
    path.write_text("follows: plan.json\nfacts:\n  clip.rate: 0.1\n", encoding="utf-8")
    interview = Interview(advisor, path)
    interview.answer({"lr.peak": 2.0})
    assert answered() == "lr.peak: 2\n"


ANSWERS = {"clip.enabled": [True, False], "lr.peak": [0.1, 2.0], "clip.rate": [0.1, 0.9], "clip.threshold": [1.0, 500.0], "run.odd": [True, False]}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(["first", "second", "open", "back"]), max_size=12))
def test_any_way_through_leaves_file_and_session_agreeing(advisor: Advisor, tmp_path_factory: pytest.TempPathFactory, moves: list[str]) -> None:
    path = tmp_path_factory.mktemp("way") / "facts.yaml"
    interview = Interview(advisor, path)
    answers = Path(answers_of(str(path)))
    trail: list[tuple[list[str], bytes | None]] = []
    for move in moves:
        state = (names(interview), answers.read_bytes() if answers.exists() else None)
        if move == "back":
            before = trail.pop() if trail else None
            fact = interview.back()
            assert (fact is None) == (before is None)
            if before is not None:
                assert (names(interview), answers.read_bytes() if answers.exists() else None) == before
            continue
        fact = next((name for name in names(interview) if name in ANSWERS), None)
        if fact is None:
            break
        trail.append(state)
        if move == "open":
            interview.leave_open(fact)
        else:
            interview.answer({fact: ANSWERS[fact][move == "second"]})
    resumed = Interview(advisor, path)
    assert resumed.verdict == interview.verdict
    assert dict(resumed.examination.stated) == dict(interview.examination.stated)
