"""Changes on the command line: checked like a facts file, every mistake pointing into its argument."""

from __future__ import annotations

import pytest

from advise.documents.problems import MAX_PROBLEMS, render
from advise.errors import FactsError
from advise.explain.changes import changes_from_mapping, read_changes
from advise.knowledge.base import KnowledgeBase


def refused(base: KnowledgeBase, *arguments: str) -> str:
    with pytest.raises(FactsError) as caught:
        read_changes(arguments, base.vocabulary)
    return render(caught.value.problems)


def test_values_are_typed_by_the_vocabulary(base: KnowledgeBase) -> None:
    changes = read_changes(["lr.peak=5e-5", "run.finished=no", "run.kind=short", "loss.dev = 2"], base.vocabulary)
    assert changes == {"lr.peak": 5e-5, "run.finished": False, "run.kind": "short"} | {"loss.dev": 2.0}


@pytest.mark.parametrize("word", ["unknown", "~", "null"])
def test_unknown_forgets_a_fact(word: str, base: KnowledgeBase) -> None:
    assert read_changes([f"lr.peak={word}"], base.vocabulary) == {"lr.peak": None}


def test_a_wrong_name_points_at_the_name(base: KnowledgeBase) -> None:
    assert refused(base, "lr.pek=1").splitlines() == [
        "argument:1:1: unknown fact `lr.pek`",
        "  1 | lr.pek=1",
        "    | ^^^^^^",
        "    accepted: lr.peak",
        "    did you mean `lr.peak`?",
    ]


def test_a_wrong_value_points_at_the_value(base: KnowledgeBase) -> None:
    assert refused(base, "lr.peak=-1").splitlines() == [
        "argument:1:9: `lr.peak` must be at least 0, got -1",
        "  1 | lr.peak=-1",
        "    |         ^^",
    ]


@pytest.mark.parametrize(
    ("argument", "place", "message"),
    [
        ("lr.peak=", "1:9", "must be a number, got nothing"),
        ("lr.peak=fast", "1:9", "must be a number, got the word `fast`"),
        ("lr.peak=[1", "1:9", "this `[` is never closed"),
        ("run.kind=lnog", "1:10", "must be one of its 3 values"),
        ("lr=1", "1:1", "`lr` is a group of facts"),
        ("run=x", "1:1", "`run` is no fact"),
        ("=1", "1:1", "the name of a fact is missing"),
        ("学习率=1", "1:1", "unknown fact `学习率`"),
        ("lr.peak=\x1b[31m", "1:9", "control character"),
    ],
)
def test_whatever_is_wrong_is_said_at_its_place(argument: str, place: str, message: str, base: KnowledgeBase) -> None:
    report = refused(base, argument)
    assert report.startswith(f"argument:{place}: ")
    assert message in report


def test_every_mistake_of_every_argument_in_one_pass(base: KnowledgeBase) -> None:
    report = refused(base, "lr.pek=1", "loss.dev=high", "run.finished=1", "loss.train=1", "loss.train=2")
    assert [line for line in report.splitlines() if line.startswith("argument")] == [
        "argument:1:1: unknown fact `lr.pek`",
        "argument:1:10: `loss.dev` must be a number, got the word `high`",
        "argument:1:14: `run.finished` must be true or false, got 1",
        "argument:1:1: `loss.train` is changed twice",
    ]


def test_a_mapping_is_checked_like_arguments(base: KnowledgeBase) -> None:
    changes = changes_from_mapping({"lr": {"peak": 5e-5}, "run.finished": False, "loss.dev": None, "loss.train": "unknown"}, base.vocabulary)
    assert changes == {"lr.peak": 5e-5, "run.finished": False, "loss.dev": None, "loss.train": None}
    with pytest.raises(FactsError) as caught:
        changes_from_mapping({"lr.pek": 1, "run": "x", "loss.dev": ""}, base.vocabulary)
    assert [(problem.file, problem.line) for problem in caught.value.problems] == [("argument", 0)] * 3
    assert [problem.message for problem in caught.value.problems] == [
        "unknown fact `lr.pek`",
        "`run` is no fact; only facts can be changed",
        "`loss.dev` must be a number, got the word ``",
    ]


def test_more_mistakes_than_a_person_reads_are_told_up_to_a_number(base: KnowledgeBase) -> None:
    assert refused(base, *["lr.peak=1e-3"] * 500).count("`lr.peak` is changed twice") == MAX_PROBLEMS
    with pytest.raises(FactsError) as caught:
        changes_from_mapping({f"nothing{number}": 1 for number in range(500)}, base.vocabulary)
    assert len(caught.value.problems) == MAX_PROBLEMS
