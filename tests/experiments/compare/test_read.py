"""Reading both sides: every form of scores, and what is wrong with them, each at its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advise.advisor import Advisor
from advise.documents.problems import Problem
from advise.errors import ScoresError
from advise.experiments.compare.read import Asked, read_sides
from advise.experiments.compare.sample import Sample
from advise.knowledge.comparison import ComparisonSpec
from advise.terms import Direction

UP = Asked(direction="up")
GOOD = "0.92,0.93"
NAMES = ["s.csv", "s.tsv", "s.txt", "s.json", "s.jsonl"]


class Reader:
    def __init__(self, advisor: Advisor, spec: ComparisonSpec) -> None:
        self.advisor, self.spec = advisor, spec

    def both(self, base: str | list[str], new: str | list[str], asked: Asked = UP) -> tuple[Sample, Sample, Direction]:
        sides = [[side] if isinstance(side, str) else side for side in (base, new)]
        return read_sides(sides[0], sides[1], asked, self.advisor, self.spec)

    def side(self, base: str | list[str], asked: Asked = UP) -> Sample:
        return self.both(base, GOOD, asked)[0]

    def wrong(self, base: str | list[str], new: str | list[str] = GOOD, asked: Asked = UP) -> tuple[Problem, ...]:
        with pytest.raises(ScoresError) as caught:
            self.both(base, new, asked)
        return caught.value.problems


@pytest.fixture
def read(advisor: Advisor, spec: ComparisonSpec) -> Reader:
    return Reader(advisor, spec)


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return str(path)


def test_numbers_of_the_command_line(read: Reader) -> None:
    assert read.side("0.912, 0.915,9e-1").values == (0.912, 0.915, 0.9)
    assert read.side(["0.912", "0.915,-0.5"]).values == (0.912, 0.915, -0.5)
    seeded = read.side("7:0.912,8:0.915")
    assert seeded.seeds == {"7": 0.912, "8": 0.915}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.csv", "seed,accuracy\n0,0.912\n1,0.915\n"),
        ("s.csv", "\ufeffseed; val acc\n0;0.912\n\n1;0.915\n"),
        ("s.tsv", "run_id\tseed\ttotal_params\taccuracy\na\t0\tx\t0.912\nb\t1\ty\t0.915\n"),
        ("s.json", '{"0": 0.912, "1": 0.915}'),
        ("s.json", '[{"seed": 0, "accuracy": 0.912}, {"seed": 1, "accuracy": 0.915}]'),
        ("s.jsonl", '{"seed": 0, "val/accuracy": 0.912}\n{"seed": 1, "val/accuracy": 0.915}\n'),
    ],
)
def test_tables_of_runs(read: Reader, tmp_path: Path, name: str, text: str) -> None:
    sample = read.side(written(tmp_path, name, text))
    assert sample.values == (0.912, 0.915)
    assert sample.seeds == {"0": 0.912, "1": 0.915}


@pytest.mark.parametrize(("name", "text"), [("s.csv", "0.912\n0.915\n"), ("s.csv", "accuracy\n0.912\n0.915\n"), ("s.json", "[0.912, 0.915]")])
def test_scores_alone(read: Reader, tmp_path: Path, name: str, text: str) -> None:
    assert read.side(written(tmp_path, name, text)).values == (0.912, 0.915)


def test_each_score_knows_its_line(read: Reader, tmp_path: Path) -> None:
    path = written(tmp_path, "s.csv", "seed,accuracy\n0,0.912\n\n1,0.915\n")
    assert [score.origin for score in read.side(path).scores] == [f"{path}:2", f"{path}:4"]


def test_the_metric_decides_among_several_columns(read: Reader, tmp_path: Path) -> None:
    table = "run_id,total_steps,final_val_loss,train_time_ms\na,1530,3.27,264608\nb,1530,3.28,264620\n"
    first = written(tmp_path, "a.csv", table)
    second = written(tmp_path, "b.csv", table)
    base, _, direction = read.both(first, second, Asked())
    assert (base.metric, base.values, direction) == ("final_val_loss", (3.27, 3.28), "down")
    timed, _, _ = read.both(first, second, Asked("Train Time MS", "down"))
    assert timed.values == (264608, 264620)


def test_chinese_tables_in_gbk_are_read(read: Reader, tmp_path: Path) -> None:
    assert read.side(written(tmp_path, "s.csv", "run,精度\n甲,0.9\n乙,0.91\n", "gbk")).values == (0.9, 0.91)


@pytest.mark.parametrize(("metric", "direction"), [("accuracy", "up"), ("val_loss", "down"), ("wer", "down"), ("mIoU", "up")])
def test_the_name_of_the_metric_tells_whether_more_is_better(read: Reader, metric: str, direction: str) -> None:
    assert read.both(GOOD, "0.9,0.91", Asked(metric))[2] == direction


def test_where_nothing_tells_it_is_not_guessed(read: Reader) -> None:
    (problem,) = read.wrong("0.9,0.91", asked=Asked())
    assert problem.file == "--direction"
    assert "more or less is better" in problem.message


def test_one_run_is_refused_with_the_reason_on_both_sides(read: Reader) -> None:
    first, second = read.wrong("0.9", "0.95")
    assert "BASE has one run" in first.message
    assert "no gain can be told from luck" in first.message
    assert "NEW has one run" in second.message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("seed,accuracy\n0,0.9\n1,nan\n2,0.91\n", 3, "is not finite"),
        ("seed,accuracy\n0,0.9\n1,\n2,0.91\n", 3, "has no value in this run"),
        ("seed,accuracy\n0,0.9\n1,OOM\n2,0.91\n", 3, "is no number: OOM"),
        ("seed,accuracy\n0,0.9\n1,1e200\n2,0.91\n", 3, "is beyond any metric"),
        ("seed,a,b\n0,0.9,1\n1,0.8,2\n", 1, "several columns could be the metric"),
        ("seed,note\n0,x\n1,y\n", 1, "no column holds numbers"),
        ("seed,accuracy\n", 1, "no column holds numbers"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_at_its_place(read: Reader, tmp_path: Path, text: str, line: int, said: str) -> None:
    path = written(tmp_path, "s.csv", text)
    (problem,) = read.wrong(path)
    assert (problem.file, problem.line) == (path, line)
    assert said in problem.message


def test_an_unknown_metric_suggests_the_nearest_column(read: Reader, tmp_path: Path) -> None:
    path = written(tmp_path, "s.csv", "seed,accuracy\n0,0.9\n1,0.91\n")
    (problem,) = read.wrong(path, asked=Asked("acuracy", "up"))
    assert problem.nearest == "accuracy"


@pytest.mark.parametrize(
    ("name", "text"),
    [("b.json", "[0.9, 0.8"), ("o.json", '{"a": {"b": 1}}'), ("notes.md", "0.9\n0.8\n")],
)
def test_a_file_that_is_neither_a_table_nor_a_log_is_said(read: Reader, tmp_path: Path, name: str, text: str) -> None:
    assert "neither a table of runs" in read.wrong(written(tmp_path, name, text))[0].message


def test_a_column_that_stands_twice_is_not_chosen_silently(read: Reader, tmp_path: Path) -> None:
    path = written(tmp_path, "s.csv", "seed,acc,acc\n0,0.9,0.8\n1,0.91,0.7\n")
    assert read.wrong(path)[0].accepted == "acc, acc.1"
    assert read.side(path, Asked("acc.1", "up")).values == (0.8, 0.7)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=300) | st.text('0123456789.,;:-+enaif\n\t"[]{}seda ', max_size=200).map(str.encode), name=st.sampled_from(NAMES))
def test_whatever_the_bytes_there_are_scores_or_located_problems(read: Reader, tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    values: tuple[float, ...] = ()
    problems: tuple[Problem, ...] = ()
    try:
        values = read.side(str(path)).values
    except ScoresError as error:
        problems = error.problems
    assert len(values) >= 2 or (problems and all(problem.message for problem in problems))


@pytest.mark.parametrize("source", ["nothing.csv", "0.9,zero", "--metrc", ""])
def test_what_is_neither_a_file_nor_numbers_is_said(read: Reader, source: str) -> None:
    assert "neither a file nor a directory nor numbers" in read.wrong(source)[0].message


def test_scores_of_both_sides_are_wrong_at_once(read: Reader) -> None:
    assert [problem.column for problem in read.wrong("0.9,inf", "nan,0.9")] == [5, 1]


def test_a_run_on_both_sides_is_refused(read: Reader, tmp_path: Path) -> None:
    path = written(tmp_path, "s.csv", "seed,accuracy\n0,0.9\n1,0.91\n")
    (problem,) = read.wrong(path, path)
    assert "stands on both sides" in problem.message


def test_sides_of_different_metrics_are_refused(read: Reader, tmp_path: Path) -> None:
    first = written(tmp_path, "a.csv", "seed,accuracy\n0,0.9\n1,0.91\n")
    second = written(tmp_path, "b.csv", "seed,loss\n0,0.9\n1,0.91\n")
    assert "different columns" in read.wrong(first, second)[0].message


def test_seeds_without_effect_are_refused(read: Reader) -> None:
    assert "all equal" in read.wrong("0.9,0.9", "0.91,0.91")[0].message


def test_too_many_scores_are_refused(read: Reader, tmp_path: Path) -> None:
    path = written(tmp_path, "s.json", json.dumps([0.5] * 10_001))
    assert "at most" in read.wrong(path)[0].message
