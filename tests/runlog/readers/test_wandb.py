"""Offline files of W&B: a small writer of both generations of them, damage, and a real one."""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advise.errors import LogError, MissingExtraError
from advise.runlog.readers import leveldb, rows, wandb, wandb_items
from advise.runlog.readers.table import Table

pytest.importorskip("google.protobuf", reason="the extra `logs` is not installed")

REAL = Path(__file__).parents[4] / "shared/data/runs/wandb_offline_olmo1b.wandb"
HEADER = b":W&B\xe1\xbe\0"
BLOCK = 32 * 1024


def varint(number: int) -> bytes:
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def field(number: int, content: bytes | str | int) -> bytes:
    """A field of a message: an integer, or bytes of any kind."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def item(key: str | list[str], value: bytes | str) -> bytes:
    """An item whose value is JSON, or the field of one."""
    keys = field(1, key) if isinstance(key, str) else b"".join(field(2, part) for part in key)
    return field(1, keys + (field(16, value) if isinstance(value, str) else value))


def number(value: float) -> bytes:
    return varint(6 << 3 | 1) + struct.pack("<d", value)


def history(step: int, *items: bytes) -> bytes:
    return field(2, b"".join(items) + field(2, field(1, step)))


def stats(seconds: int, key: str, value: str) -> bytes:
    return field(7, field(2, field(1, seconds) + field(2, 500_000_000)) + field(3, field(1, key) + field(16, value)))


EXIT = field(18, b"")


def log(records: Iterable[bytes]) -> bytes:
    """Records in blocks, as LevelDB lays them out."""
    file = bytearray(HEADER)
    for record in records:
        rest, first = record, True
        while first or rest:
            room = BLOCK - len(file) % BLOCK
            if room < 7:
                file += bytes(room)
                continue
            part, rest = rest[: room - 7], rest[room - 7 :]
            kind = bytes([{(True, True): 1, (True, False): 2, (False, False): 3, (False, True): 4}[first, not rest]])
            file += struct.pack("<IH", zlib.crc32(kind + part), len(part)) + kind + part
            first = False
    return bytes(file)


def read(folder: Path, content: bytes) -> Table:
    path = folder / "run.wandb"
    path.write_bytes(content)
    (table,) = wandb.read(str(path), "run.wandb")
    return table


def codes(table: Table) -> dict[str, dict[str, int | float | str]]:
    return {remark.code: dict(remark.values) for remark in table.remarks}


def test_reads_rows_of_the_history(tmp_path: Path) -> None:
    content = log([history(5, item("loss", "0.5"), item(["val", "acc"], "0.25")), history(6, item("loss", "NaN"), item("ok", "true")), EXIT])
    assert wandb.sniff(content[:7])
    table = read(tmp_path, content)
    assert (table.format, table.lines.tolist(), table.remarks) == ("wandb", [1, 2], ())
    assert {name: (each.records.tolist(), each.values.tolist()) for name, each in table.columns.items() if name != "loss"} == {
        "_step": ([0, 1], [5, 6]),
        "val/acc": ([0], [0.25]),
        "ok": ([1], [1]),
    }
    assert table.columns["loss"].values.tolist() == pytest.approx([0.5, float("nan")], nan_ok=True)


def test_reads_values_of_newer_releases(tmp_path: Path) -> None:
    integer = varint(5 << 3 | 1) + struct.pack("<q", -3)
    row = history(0, item("a", number(0.5)), item("b", integer), item("c", field(4, 1)), item("d", field(7, "text")), item("e", field(8, "[1, 2]")))
    table = read(tmp_path, log([row, EXIT]))
    assert {name: each.values.tolist() for name, each in table.columns.items()} == {
        "_step": [0], "a": [0.5], "b": [-3], "c": [1], "e[0]": [1], "e[1]": [2],
    }  # fmt: skip


def test_flattens_nested_values(tmp_path: Path) -> None:
    row = history(0, item("a", '{"b": {"c": 1}, "d": [2, {"e": 3}], "f": null, "g": "word", "h": "Infinity"}'), item("long", str(list(range(65)))))
    table = read(tmp_path, log([row, EXIT]))
    assert {name: each.values.tolist() for name, each in table.columns.items()} == {
        "_step": [0], "a/b/c": [1], "a/d[0]": [2], "a/d[1]/e": [3], "a/h": [float("inf")],
    }  # fmt: skip


def test_skips_media_of_both_generations(tmp_path: Path) -> None:
    old = history(0, item("loss", "1"), item("h", '{"_type": "histogram", "values": [1, 2]}'))
    new = history(1, item("loss", "1"), item(["i", "width"], number(3)), item(["i", "_type"], field(7, "image-file")))
    table = read(tmp_path, log([old, new, EXIT]))
    assert list(table.columns) == ["_step", "loss"]
    assert codes(table) == {"media_skipped": {"count": 2, "kinds": "histogram (1), image-file (1)"}}


def test_reads_the_configuration_and_the_name(tmp_path: Path) -> None:
    run = field(
        17,
        field(1, "id7")
        + field(4, item("lr", "0.1") + item("opt", '{"name": "adam", "betas": [0.9, 0.95]}') + item("_wandb", '{"t": 1}'))
        + field(8, "my run"),
    )
    change = field(5, item("lr", "0.2"))
    table = read(tmp_path, log([run, change, history(0, item("loss", "1")), EXIT]))
    assert table.run == "my run"
    assert table.settings == {"lr": 0.2, "opt/name": "adam", "opt/betas[0]": 0.9, "opt/betas[1]": 0.95}


def test_reads_what_only_the_summary_has(tmp_path: Path) -> None:
    summary = field(
        3, item("loss", "1") + item("best", "0.25") + item("note", '"text"') + item("h", '{"_type": "histogram"}') + item("_runtime", "3")
    )
    table = read(tmp_path, log([history(0, item("loss", "1")), summary, EXIT]))
    assert table.settings == {"summary/best": 0.25}


def test_readings_of_the_machine_are_records_of_their_own(tmp_path: Path) -> None:
    table = read(tmp_path, log([history(0, item("loss", "1")), stats(100, "gpu.0.temp", "55"), history(1, item("loss", "2")), EXIT]))
    assert table.columns["system/gpu.0.temp"].records.tolist() == [1]
    assert table.columns["_timestamp"].values.tolist() == [100.5]
    assert table.columns["loss"].records.tolist() == [0, 2]


@pytest.mark.parametrize(("end", "expected"), [([EXIT], {}), ([field(18, field(1, 3))], {"exit_code": {"code": 3}}), ([], {"no_end": {}})])
def test_says_how_the_run_ended(end: list[bytes], expected: dict[str, object], tmp_path: Path) -> None:
    assert codes(read(tmp_path, log([history(0, item("loss", "1")), *end]))) == expected


def test_records_reach_across_blocks(tmp_path: Path) -> None:
    rows = [history(step, item("loss", str(step)), item("pad", f'"{"x" * (step * 7919 % 90_000)}"')) for step in range(40)]
    table = read(tmp_path, log([*rows, EXIT]))
    assert table.columns["loss"].values.tolist() == list(range(40))
    assert table.remarks == ()


def test_a_damaged_record_is_skipped(tmp_path: Path) -> None:
    content = bytearray(log([history(step, item("loss", str(step))) for step in range(3)] + [EXIT]))
    content[content.index(b"\x01\x31") + 1] ^= 7
    table = read(tmp_path, bytes(content))
    assert table.columns["loss"].values.tolist() == [0, 2]
    assert codes(table) == {"records_corrupt": {"count": 1}}


def test_a_damaged_length_costs_its_block(tmp_path: Path) -> None:
    rows = [history(step, item("loss", str(step)), item("pad", f'"{"x" * 1000}"')) for step in range(100)]
    content = bytearray(log([*rows, EXIT]))
    content[7 + 4 : 7 + 6] = b"\xff\xff"
    table = read(tmp_path, bytes(content))
    assert 60 < len(table.columns["loss"].values) < 70
    assert codes(table) == {"records_corrupt": {"count": 1}}


@pytest.mark.parametrize("value", ["nonsense", "[" * 100_000, "9" * 5_000, ""])
def test_a_broken_value_is_skipped(value: str, tmp_path: Path) -> None:
    table = read(tmp_path, log([history(0, item("loss", "1"), item("broken", value)), EXIT]))
    assert list(table.columns) == ["_step", "loss"]
    assert codes(table) == ({"values_broken": {"count": 1}} if value else {})


def test_huge_integers_and_long_names(tmp_path: Path) -> None:
    deep = '{"' + "k" * 300 + '": {"a": 1, "b": 2}}'
    table = read(tmp_path, log([history(0, item("big", "1" + "0" * 400), item("n" * 201, "1"), item("deep", deep)), EXIT]))
    assert table.columns["big"].values.tolist() == [float("inf")]
    assert codes(table)["names_refused"]["count"] == 1


def test_a_record_of_millions_of_items_is_not_looked_at(tmp_path: Path) -> None:
    crowded = field(2, b"\x0a\x00" * 1_000_000)
    table = read(tmp_path, log([history(0, item("loss", "1")), crowded, history(1, item("loss", "2")), EXIT]))
    assert table.columns["loss"].values.tolist() == [1, 2]
    assert codes(table) == {"records_oversized": {"count": 1}}


@pytest.mark.parametrize(("module", "code"), [(wandb, "scalars_over_limit"), (rows, "scalars_over_limit"), (leveldb, "records_over_limit")])
def test_reading_ends_at_the_limit(module: ModuleType, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_RECORDS", 10)
    pad = item("pad", f'"{"x" * 5_000}"')
    table = read(tmp_path, log([history(step, item("loss", "1"), pad) for step in range(100)]))
    assert 5 <= len(table.columns["loss"].values) <= 20
    assert code in codes(table)


@pytest.mark.parametrize("content", [b"", HEADER, HEADER[:5], b"no log", log([EXIT]), log([b"\xff\xff\xff"]), HEADER + bytes(100)])
def test_nothing_to_read_is_an_error(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(LogError, match=r"^shown: .*no history"):
        wandb.read(str(path), "shown")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"^shown: .*No such file"):
        wandb.read(str(tmp_path / "none"), "shown")


def test_a_missing_package_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(HEADER)
    wandb_items.record_class.cache_clear()
    monkeypatch.setitem(sys.modules, "google.protobuf", None)
    with pytest.raises(MissingExtraError, match=r"google\.protobuf") as raised:
        wandb.read(str(tmp_path / "x"), "x")
    assert raised.value.problems[0].accepted == 'pip install "playbook-advisor[logs]"'


def test_a_file_cut_at_every_byte_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    content = log([history(step, item("loss", str(step))) for step in range(20)] + [EXIT])
    before = 0
    for size in range(len(content) + 1):
        try:
            table = read(tmp_path, content[:size])
        except LogError:
            assert before == 0
            continue
        assert len(table.lines) >= before
        before = len(table.lines)
    assert before == 20


SAMPLE = log(
    [
        field(17, field(1, "id") + field(4, item("lr", "0.1"))),
        *(history(step, item("loss", "0.5"), item("v", number(1.0)), item("pad", f'"{"x" * 9_000}"')) for step in range(8)),
        stats(1, "cpu", "3"),
        EXIT,
    ]
)


@settings(max_examples=200)
@given(data=st.data())
def test_any_bytes_give_tables_or_an_error(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    damaged = bytearray(SAMPLE[: data.draw(st.integers(0, len(SAMPLE)))])
    for place, byte in data.draw(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), max_size=4)):
        if place < len(damaged):
            damaged[place] = byte
    path = tmp_path_factory.getbasetemp() / "any.wandb"
    path.write_bytes(bytes(damaged) + data.draw(st.binary(max_size=60)))
    check(path)


@settings(max_examples=200)
@given(records=st.lists(st.binary(max_size=60) | st.builds(field, st.sampled_from([2, 3, 5, 7, 17, 18]), st.binary(max_size=60)), max_size=5))
def test_any_records_give_tables_or_an_error(records: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.wandb"
    path.write_bytes(log([history(0, item("loss", "1")), *records]))
    check(path)


def check(path: Path) -> None:
    try:
        tables = wandb.read(str(path), "x")
    except LogError:
        return
    for table in tables:
        for each in table.columns.values():
            assert len(each.records) == len(each.values) > 0
            assert np.all(np.diff(each.records) > 0)
            assert 0 <= each.records[0] <= each.records[-1] < len(table.lines)


@pytest.mark.skipif(not REAL.exists(), reason="the real runs in ../shared/data are not at hand")
def test_reads_a_real_run() -> None:
    (table,) = wandb.read(str(REAL), "run.wandb")
    system = [name for name in table.columns if name.startswith("system/")]
    assert table.run == "OLMo-1B-grad-provenance"
    assert len(table.columns) - len(system) == 1060
    assert len(table.columns["train/CrossEntropyLoss"].values) == 110
    assert table.columns["train/CrossEntropyLoss"].values[0] == pytest.approx(11.5, abs=1)
    assert table.settings["scheduler/name"] == "cosine_with_warmup"
    assert table.remarks == ()
