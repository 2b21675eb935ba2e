"""The reader of large tidy tables gives what the reader of all tables gives, and leaves to it what is not tidy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import pytest

from advise.runlog.readers import delimited, fast_csv
from advise.runlog.readers.table import Table

pytest.importorskip("polars")

HEADER = "step,loss,val_loss"
Rows: TypeAlias = list[str]


def rows() -> Rows:
    return [f"{step},{1 / (step + 1)!r},{step / 7 if step % 10 == 0 else ''}" for step in range(200)]


def both(lines: Sequence[str], end: str = "\n") -> tuple[Table | None, Table]:
    text = end.join([HEADER, *lines])
    (slow,) = delimited.read(text, "log")
    return fast_csv.read(text.encode(), "log"), slow


def seen(table: Table) -> object:
    columns = {name: (list(column.records), list(map(repr, column.values))) for name, column in table.columns.items()}
    return columns, list(table.lines), table.remarks


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [[], [""], ["200,NaN,-inf"], [",,"], [" 200, 1e-3,"]])
def test_tidy_tables(last: Rows, end: str) -> None:
    fast, slow = both([*rows(), *last], end)
    assert fast is not None
    assert seen(replace(fast, remarks=())) == seen(slow)


def short(lines: Rows) -> None:
    lines[50] = "50"


def long(lines: Rows) -> None:
    lines[50] = "50,1,2,3"


def empty(lines: Rows) -> None:
    lines[50] = ""


def spaces(lines: Rows) -> None:
    lines[50] = "  "


def header(lines: Rows) -> None:
    lines[50] = HEADER


def comment(lines: Rows) -> None:
    lines[50] = "# seed,1,2"


def word(lines: Rows) -> None:
    lines[50] = "50,oops,"


def padded(lines: Rows) -> None:
    lines[50] = "50 ,1.5,"


def quoted(lines: Rows) -> None:
    lines[50] = '50,"1.5",'


def cut(lines: Rows) -> None:
    lines.append("200,1.")


@pytest.mark.parametrize("spoil", [short, long, empty, spaces, header, comment, word, padded, quoted, cut])
def test_untidy_tables_are_left_to_the_other_reader(spoil: Callable[[Rows], None]) -> None:
    lines = rows()
    spoil(lines)
    fast, _ = both(lines)
    assert fast is None


@pytest.mark.parametrize("content", [b"", HEADER.encode(), HEADER.encode() + b"\n\n", b"\n" + HEADER.encode()])
def test_what_has_no_header_on_its_first_line_or_no_end_of_it(content: bytes) -> None:
    assert fast_csv.read(content, "log") is None
