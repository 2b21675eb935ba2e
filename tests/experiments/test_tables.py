"""One reader of tables of runs: one idea of forms, separators, repeated columns and empty cells, for comparisons and studies alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advise.advisor import Advisor
from advise.errors import ScoresError, StudyError, UnreadableError
from advise.experiments.compare.read import Asked, read_sides
from advise.experiments.study import read as study
from advise.experiments.tables import ENDINGS, MOST_ROWS, SINGLE, Grid, number_of, read_grid

ADVISOR = Advisor(engine="plain")


def grid(folder: Path, name: str, content: str | bytes) -> Grid:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_grid(str(path), 1024**2)


def numbers(found: Grid, column: str) -> list[float | None]:
    return [number_of(row.cells[column]) if column in row.cells else None for row in found.rows]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", "lr,note,val_loss\n0.1,a,0.5\n0.2,,nan\n"),
        ("t.csv", "\ufefflr;note;val_loss\n\n0,1;a;0,5\n2e-1;N/A;nan\n"),
        ("t.csv", "lr,note,val_loss\r\n0.1,a,0.5,\r\n0.2,-,nan\r\n"),
        ("t.tsv", "lr\tnote\tval_loss\n0.1\ta\t0.5\n0.2\tnull\tnan\n"),
        ("t.csv", ",lr,note,val_loss\n0,0.1,a,0.5\n1,0.2,None,nan\n"),
        ("t.json", '[{"lr": 0.1, "note": "a", "val_loss": 0.5}, {"lr": 0.2, "note": null, "val_loss": NaN}]'),
        ("t.json", '{"version": 2, "trials": [{"lr": "0.1", "note": "a", "val_loss": "0.5"}, {"lr": 0.2, "note": "", "val_loss": "NaN"}]}'),
        ("t.jsonl", '{"lr": 0.1, "note": "a", "val_loss": 0.5}\n\n{"lr": 0.2, "val_loss": NaN}\n'),
    ],
)
def test_the_same_table_in_every_form(tmp_path: Path, name: str, content: str) -> None:
    found = grid(tmp_path, name, content)
    assert [column for column in found.columns if column != "version"] == ["lr", "note", "val_loss"]
    assert numbers(found, "lr") == [0.1, 0.2]
    assert [row.cells.get("note") for row in found.rows] == ["a", None]
    assert numbers(found, "val_loss") == pytest.approx([0.5, float("nan")], nan_ok=True)
    assert found.problems == ()


@pytest.mark.parametrize(("encoding", "said"), [("utf-8-sig", []), ("utf-16", []), ("utf-16-le", ["UTF-16"]), ("gb18030", ["GBK"])])
@pytest.mark.parametrize(("name", "content"), [("t.csv", "run,精度\n甲,0.9\n"), ("t.json", '[{"run": "甲", "精度": 0.9}]')])
def test_every_encoding_is_read_and_a_guess_is_said(tmp_path: Path, name: str, content: str, encoding: str, said: list[str]) -> None:
    found = grid(tmp_path, name, content.encode(encoding))
    assert found.columns == ("run", "精度")
    assert [remark.values["encoding"] for remark in found.remarks] == said


def test_a_repeated_column_is_called_as_in_a_log(tmp_path: Path) -> None:
    found = grid(tmp_path, "t.csv", "acc,acc,acc\n0.1,0.2,0.3\n")
    assert found.rows[0].cells == {"acc": "0.1", "acc.1": "0.2", "acc.2": "0.3"}


@pytest.mark.parametrize(("name", "content"), [("t.csv", "0.9\n0.8\n"), ("t.json", "[0.9, 0.8]"), ("t.jsonl", "0.9\n0.8\n")])
def test_values_alone(tmp_path: Path, name: str, content: str) -> None:
    found = grid(tmp_path, name, content)
    assert found.columns == (SINGLE,)
    assert numbers(found, SINGLE) == [0.9, 0.8]


def test_scores_by_seed(tmp_path: Path) -> None:
    found = grid(tmp_path, "t.json", '{"0": 0.9, "1": 0.8}')
    assert [(row.cells["seed"], row.cells[SINGLE]) for row in found.rows] == [("0", "0.9"), ("1", "0.8")]


@pytest.mark.parametrize(
    ("name", "content", "line", "said"),
    [
        ("t.json", '{"loss": [1.0, 0.5], "val_loss": [1.1, 0.7]}', 0, "no list of records"),
        ("t.json", '[{"a": 1},\n 2]', 2, "must be a mapping"),
        ("t.json", "[1,\n2", 1, "never closed"),
        ("t.jsonl", '{"a": 1}\n{"a": \n', 2, ""),
        ("t.csv", f'a,b\n1,"{"x" * 200_000}"\n', 2, "no CSV"),
        ("t.csv", "a,b\n" + "1,2\n" * (MOST_ROWS + 1), 0, "more than"),
        ("t.csv", "a,b\n" + "1,2\n" * 2**18, 0, "larger than 1 MiB"),
    ],
)
def test_what_is_no_table_is_said_at_its_place(tmp_path: Path, name: str, content: str, line: int, said: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        grid(tmp_path, name, content)
    assert said in caught.value.problem.message
    assert caught.value.problem.line == line


def test_a_row_that_does_not_fit_below_the_header_is_told_by_both(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("seed,val_loss\n0,0.5\n1,0.4,0.3\n2,0.6\n", encoding="utf-8")
    said = "this row has 3 cells, and the header names 2"
    with pytest.raises(StudyError, match=said):
        study.read_study(str(path), study.Asked(), ADVISOR.knowledge)
    assert ADVISOR.knowledge.comparison is not None
    with pytest.raises(ScoresError, match=said):
        read_sides([str(path)], ["0.9,0.8"], Asked(direction="down"), ADVISOR, ADVISOR.knowledge.comparison)


def test_text_that_holds_numbers_is_numbers_in_a_study(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    rows = ", ".join(f'{{"lr": "{10**-power:g}", "val_loss": {power / 10}}}' for power in range(1, 7))
    path.write_text(f"[{rows}]", encoding="utf-8")
    (parameter,) = study.read_study(str(path), study.Asked(), ADVISOR.knowledge).searched
    assert (parameter.name, parameter.scale) == ("lr", "log")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.text('01.,;:-enaif\n\t"[]{}x ', max_size=200).map(str.encode), name=st.sampled_from(ENDINGS))
def test_whatever_the_bytes_there_is_a_table_or_a_reason(tmp_path: Path, content: bytes, name: str) -> None:
    try:
        found = grid(tmp_path, f"t{name}", content)
    except UnreadableError:
        return
    assert all(set(row.cells) <= set(found.columns) for row in found.rows)
