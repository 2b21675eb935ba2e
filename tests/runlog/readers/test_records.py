"""Records of one shape are kept at once; what comes of it is what keeping each value by itself gives."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advise.runlog.readers import rows as rows_module
from advise.runlog.readers.records import Records, number_in
from advise.runlog.readers.table import Table

KEYS = ("loss", "train/loss", "step", "mode", "a", "a/b")
SCALARS = st.none() | st.booleans() | st.integers(-(10**400), 10**400) | st.floats() | st.sampled_from(["train", "val", "1e-4", "words"])
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.sampled_from(["b", "c"]), SCALARS, max_size=2)
RECORDS = st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4), min_size=1, max_size=12)


def table_of(records: Sequence[Mapping[str, object]]) -> Table:
    found = Records()
    for line, record in enumerate(records, start=1):
        found.add(line, record)
    return found.table("log", "jsonl")


def seen(table: Table) -> dict[str, list[tuple[int, str]]]:
    return {name: [(int(record), repr(float(value))) for record, value in zip(c.records, c.values, strict=True)] for name, c in table.columns.items()}


def one_by_one(records: Sequence[Mapping[str, object]]) -> dict[str, list[tuple[int, str]]]:
    """Each record as if it were the first of its shape."""
    found: dict[str, list[tuple[int, str]]] = {}
    for place, record in enumerate(records):
        for name, values in seen(table_of([record])).items():
            found.setdefault(name, []).extend((place, value) for _, value in values)
    return found


@given(RECORDS)
@example([{"loss": 1, "mode": 1}, {"loss": 2, "mode": "train"}, {"loss": 3, "mode": 2}])
@example([{"a/b": 1, "a": 2}, {"a/b": 1, "a": {"b": 3}}, {"a/b": 4, "a": 5}])
@example([{"loss": 1.0, "step": 1}, {"loss": 10**400, "step": 2}, {"loss": None, "step": 3}, {"loss": 4.0, "step": 4}])
@example([{"mode": "train", "loss": 1, "train/loss": 2}] * 3)
def test_shapes_change_nothing(records: list[dict[str, object]]) -> None:
    together = seen(table_of(records))
    assert together == one_by_one(records)
    assert list(together) == list(one_by_one(records))


def test_columns_of_several_shapes_are_in_the_order_of_the_file() -> None:
    records: list[dict[str, float]] = []
    for step in range(1, 100):
        records.append({"step": step, "loss": 1 / step})
        if step % 10 == 0:
            records.append({"eval_loss": 2 / step, "step": step})
    table = table_of(records)
    assert list(table.columns["step"].values) == [record["step"] for record in records]
    assert list(table.columns["eval_loss"].records) == [place for place, record in enumerate(records) if "eval_loss" in record]
    assert table.columns["loss"].records.dtype.name == "int64"


def test_the_limit_of_values_holds_for_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MAX_RECORDS", 7)
    table = table_of([{"step": step, "loss": 1.0} for step in range(10)])
    assert sum(len(column.values) for column in table.columns.values()) == 7
    assert [remark.code for remark in table.remarks] == ["scalars_over_limit"]


def test_more_shapes_than_are_known_are_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "_MAX_SHAPES", 2)
    records = [{"step": step, f"layer{step % 5}": 1.0} for step in range(20)]
    assert seen(table_of(records)) == one_by_one(records)


@pytest.mark.parametrize(("text", "number"), [("1_000.5", 1000.5), ("1_", None), ("1__0", None), ("1_.5", None), (" 1.e3 ", 1000), (".5", 0.5)])
def test_underscores_stand_between_digits(text: str, number: float | None) -> None:
    assert number_in(text) == number


def test_a_long_row_of_digits_that_is_no_number_takes_no_time() -> None:
    assert number_in("1" * 1_000_000 + "x") is None
    assert math.isinf(number_in("1" * 1_000_000) or 0)


def test_json_keeps_the_last_of_two_equal_keys() -> None:
    records = [json.loads('{"loss": 1, "loss": 2}'), json.loads('{"loss": 3}')]
    assert seen(table_of(records)) == {"loss": [(0, "2.0"), (1, "3.0")]}
