from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from advise.documents.problems import MAX_PROBLEMS, Problem
from advise.errors import FactsError
from advise.facts.read import read_all
from advise.facts.record import Fact, Observed, Origin
from advise.knowledge.vocabulary import Vocabulary

Read = Callable[..., Observed]
Refused = Callable[..., tuple[Problem, ...]]


def values(observed: Observed) -> dict[str, object]:
    return {name: fact.value for name, fact in observed.facts.items()}


@pytest.mark.parametrize(
    "text",
    [
        "lr.peak: 0.1\noptimizer.adam.beta1: 0.9",
        "lr: {peak: 0.1}\noptimizer: {adam: {beta1: 0.9}}",
        "lr:\n  peak: 0.1\noptimizer:\n  adam.beta1: 0.9",
        "facts:\n  lr.peak: 0.1\n  optimizer.adam: {beta1: 0.9}",
        "lr: {peak: 0.1, current: unknown}\noptimizer.adam.beta1: 0.9\nclip:\nschedule: unknown\nbatch.size: ~",
        '{"lr": {"peak": 0.1, "current": null}, "optimizer.adam": {"beta1": 0.9}, "batch.size": "unknown"}',
    ],
)
def test_nesting_is_the_same_as_dots(read: Read, text: str) -> None:
    assert values(read(text)) == {"lr.peak": 0.1, "optimizer.adam.beta1": 0.9}


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "facts:\n", "facts: {}\nrun: x", "facts: unknown"])
def test_no_facts_at_all(read: Read, text: str) -> None:
    assert read(text).facts == {}


def test_origins(read: Read, tmp_path: Path) -> None:
    fact = read("run: x\nfacts:\n  lr: {peak: 0.1}\n").facts["lr.peak"]
    assert fact == Fact("lr.peak", 0.1, Origin(str(tmp_path / "a.yaml"), 3, 8))
    assert str(fact.origin) == f"{tmp_path}/a.yaml:3:8"
    assert fact.origin.how == "stated"


@pytest.mark.parametrize(
    ("text", "run"),
    [("run: exp 7", "exp 7"), ("run: 7", "7"), ("run: 中文\nfacts: {}", "中文"), ("run: unknown", None), ("run:", None), ("lr.peak: 1", None)],
)
def test_name_of_the_run(read: Read, text: str, run: str | None) -> None:
    assert read(text).run == run


def test_run_is_also_a_group_of_facts(read: Read, refused: Refused) -> None:
    assert values(read("run: {steps_done: 5}")) == {"run.steps_done": 5}
    assert values(read("run: x\nrun.steps_done: 5")) == {"run.steps_done": 5}
    (problem,) = refused("run: {steps_done: 5}\nfacts: {}")
    assert problem.message == "`run` must be text, got a mapping"


def test_follows_is_relative_to_the_file(read: Read, refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}")
    assert read("follows: plan.json\nlr.peak: 1").follows == tmp_path / "plan.json"
    assert refused(f"follows: {'x' * 400}")[0].message.startswith("`follows` names no file")
    (problem,) = refused("run: x\nfollows: nope.json")
    assert (problem.line, problem.column) == (2, 10)
    assert problem.message == f"`follows` names no file: {tmp_path}/nope.json"


def test_every_problem_of_every_file_in_one_pass(refused: Refused, tmp_path: Path) -> None:
    problems = refused("lr.peek: 1\nlr.peak: x\n", "a: [", "batch.size: 1.5")
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in problems] == [
        "a.yaml:1:1: unknown fact `lr.peek`",
        "a.yaml:2:10: `lr.peak` must be a number, got the word `x`",
        "b.yaml:1:4: this `[` is never closed",
        "c.yaml:1:13: `batch.size` must be a whole number, got 1.5",
    ]


TEN = """\
clip.rate: 3.0
clip.threshold: 0
lr: {peek: 1}
lr.peak: abc
schedule.kind: kosine
batch.size: 1.5
batch.size: 2
early_stopping.enabled: perhaps
milestones.steps: 5
optimizer: adam
"""


def test_ten_errors_are_ten_problems(refused: Refused) -> None:
    assert [problem.line for problem in refused(TEN)] == list(range(1, 11))


def test_at_most_a_hundred_problems(refused: Refused) -> None:
    assert len(refused("".join(f"x{number}: 1\n" for number in range(5000)), "y: 1")) == MAX_PROBLEMS


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "cannot be read: No such file or directory"),
        (lambda path: path.mkdir(), "this is a folder; name the facts file in it"),
    ],
)
def test_what_is_no_file(vocabulary: Vocabulary, tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    path = tmp_path / "facts.yaml"
    make(path)
    with pytest.raises(FactsError) as caught:
        read_all([path, "\0"], vocabulary)
    assert [str(problem) for problem in caught.value.problems] == ["␀:1:1: is no path: embedded null byte", f"{path}:1:1: {message}"]


def test_standard_input(vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"lr: {peak: 0.1, peek: 1}")))
    with pytest.raises(FactsError, match=r"<stdin>:1:17: unknown fact `lr\.peek`"):
        read_all(["-"], vocabulary)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b'{"lr": {"peak": 0.1}}')))
    assert str(read_all(["-"], vocabulary).facts["lr.peak"].origin) == "<stdin>:1:9"


def test_no_standard_input(vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(FactsError, match="there is no standard input"):
        read_all(["-"], vocabulary)


def test_an_earlier_plan_is_not_looked_for_outside_the_folder_of_the_facts(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "link.json").symlink_to(tmp_path / "plan.json")
    for name in ("../plan.json", str(tmp_path / "plan.json"), "link.json"):
        (folder / "facts.yaml").write_text(f"follows: {name}\nfacts: {{}}\n", encoding="utf-8")
        with pytest.raises(FactsError, match="leads out of the folder"):
            read_all([folder / "facts.yaml"], vocabulary)
