"""Whatever is no study is refused with what it is, and with what would be accepted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from sqlite3 import Connection

import pytest

from advise import Advisor
from advise.errors import StudyError
from advise.experiments.study.read import Asked, read_study

Opened = Callable[[Path], AbstractContextManager[Connection]]
ASKED = Asked("val_loss", "down", None, None, ())
UNASKED = Asked()


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def refusal(path: Path, advisor: Advisor, asked: Asked) -> str:
    with pytest.raises(StudyError) as refused:
        read_study(str(path), asked, advisor.knowledge)
    (problem, *_) = refused.value.problems
    assert problem.file in (str(path), "--direction")
    return f"{problem.message} / {problem.accepted}"


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        ("", UNASKED, "holds no trial"),
        ("lr,val_loss\n", ASKED, "holds no trial"),
        ("lr,val_loss\n0.1,0.5\n", ASKED, "a single trial says nothing"),
        ("lr,val_loss\n0.1,nan\n0.2,nan\n0.3,inf\n", ASKED, "no trial of 3 ended with a finite `val_loss`"),
        ("lr,acc\n0.1,0.5\n0.2,0.6\n", ASKED, "acc"),
        ("lr,wd\n0.1,1\n0.2,2\n", UNASKED, "name it with --objective"),
        ("lr,q\n0.1,1\n0.2,2\n", Asked("q", None, None, None, ()), "whether more or less is better"),
    ],
    ids=["empty", "header alone", "one trial", "nan", "no such column", "no objective", "no direction"],
)
def test_a_table_that_is_no_study(tmp_path: Path, advisor: Advisor, text: str, asked: Asked, said: str) -> None:
    path = tmp_path / "trials.csv"
    path.write_text(text, encoding="utf-8")
    assert said in refusal(path, advisor, asked)


@pytest.mark.parametrize("content", [b"", b"hello\n", b"SQLite format 3\x00 but cut off"], ids=["empty", "text", "cut off"])
def test_a_file_that_is_no_database(tmp_path: Path, advisor: Advisor, content: bytes) -> None:
    path = tmp_path / "optuna.db"
    path.write_bytes(content)
    assert refusal(path, advisor, UNASKED)


def test_a_file_that_is_missing(tmp_path: Path, advisor: Advisor) -> None:
    assert "no such file" in refusal(tmp_path / "optuna.db", advisor, UNASKED)


def test_several_studies_want_a_name(tmp_path: Path, advisor: Advisor, optuna: Opened) -> None:
    path = tmp_path / "optuna.db"
    with optuna(path) as database:
        database.execute("INSERT INTO studies VALUES (1, 'first'), (2, 'second')")
    assert "2 studies: name one with --study / first, second" in refusal(path, advisor, UNASKED)


def test_a_study_without_trials(tmp_path: Path, advisor: Advisor, optuna: Opened) -> None:
    path = tmp_path / "optuna.db"
    with optuna(path) as database:
        database.execute("INSERT INTO studies VALUES (1, 'first')")
        database.execute("INSERT INTO study_directions VALUES (1, 'MINIMIZE', 1, 0)")
    assert "holds no trial" in refusal(path, advisor, UNASKED)


def test_objectives_of_both_directions_want_a_choice(tmp_path: Path, advisor: Advisor, optuna: Opened) -> None:
    path = tmp_path / "optuna.db"
    with optuna(path) as database:
        database.execute("INSERT INTO studies VALUES (1, 'first')")
        database.execute("INSERT INTO study_directions VALUES (1, 'MINIMIZE', 1, 0), (2, 'MAXIMIZE', 1, 1)")
        database.executemany("INSERT INTO trials VALUES (?, ?, 1, 'COMPLETE')", [(1, 0), (2, 1)])
        values = [(1, 0, 0.5), (1, 1, 2.0), (2, 0, 0.4), (2, 1, 3.0)]
        database.executemany("INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, ?, ?, 'FINITE')", values)
    assert "2 objectives in different directions" in refusal(path, advisor, UNASKED)
