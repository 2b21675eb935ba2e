"""TensorBoard event files, as tensorboardX writes them and as damage leaves them."""

from __future__ import annotations

import math
import struct
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advise.errors import LogError, MissingExtraError
from advise.runlog.readers import tensorboard, tfrecord
from advise.runlog.readers.damage import MAX_RECORD_BYTES
from advise.runlog.readers.limits import MAX_COLUMNS
from advise.runlog.readers.table import Table

google_crc32c = pytest.importorskip("google_crc32c", reason="the extra `logs` is not installed")
pytest.importorskip("google.protobuf", reason="the extra `logs` is not installed")

VERSION = struct.pack("<Bd", 9, 1.7e9) + b"\x1a\x0dbrain.Event:2"


def masked(data: bytes) -> bytes:
    crc = google_crc32c.value(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def framed(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)


def varint(number: int) -> bytes:
    number &= 2**64 - 1
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def field(number: int, content: bytes | int) -> bytes:
    """A field of a message: an integer, or bytes of any kind."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def event(step: int, *values: bytes, time: float = 1.7e9) -> bytes:
    return framed(struct.pack("<Bd", 9, time) + field(2, step) + field(5, b"".join(field(1, value) for value in values)))


def simple(tag: str, value: float) -> bytes:
    return field(1, tag.encode()) + varint(2 << 3 | 5) + struct.pack("<f", value)


def tensor(tag: str, dtype: int, rest: bytes, plugin: bytes = b"scalars") -> bytes:
    metadata = field(9, field(1, field(1, plugin))) if plugin else b""
    return field(1, tag.encode()) + field(8, field(1, dtype) + rest) + metadata


def read(folder: Path, *records: bytes) -> Table:
    path = folder / "events.out.tfevents.1"
    path.write_bytes(framed(VERSION) + b"".join(records))
    (table,) = tensorboard.read(str(path), "events")
    return table


def column(table: Table, name: str) -> dict[float, float]:
    """Values by step."""
    steps = dict(zip(table.columns["step"].records.tolist(), table.columns["step"].values.tolist(), strict=True))
    return {steps[record]: value for record, value in zip(table.columns[name].records.tolist(), table.columns[name].values.tolist(), strict=True)}


def codes(table: Table) -> dict[str, dict[str, int | float | str]]:
    return {remark.code: dict(remark.values) for remark in table.remarks}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What tensorboardX writes of a run."""
    tensorboardx = pytest.importorskip("tensorboardX")
    folder = tmp_path_factory.mktemp("run")
    with tensorboardx.SummaryWriter(str(folder)) as writer:
        for step in range(50):
            writer.add_scalar("train/loss", math.exp(-step / 10), step, walltime=1.7e9 + step)
            if step % 10 == 0:
                writer.add_scalar("val/loss", math.nan if step == 20 else 1.0 + step, step, walltime=1.7e9 + step + 0.5)
        writer.add_histogram("weights", np.arange(100.0), 49)
        writer.add_text("note", "hello", 49)
    (file,) = folder.iterdir()
    return file.read_bytes()


def test_reads_what_an_independent_writer_wrote(written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(written)
    assert tensorboard.sniff(written[:64])
    (table,) = tensorboard.read(str(path), "shown")
    assert (table.file, table.format, len(table.lines)) == ("shown", "tensorboard", 50)
    assert column(table, "train/loss") == pytest.approx({step: math.exp(-step / 10) for step in range(50)}, rel=1e-6)
    assert column(table, "val/loss") == pytest.approx({0: 1, 10: 11, 20: math.nan, 30: 31, 40: 41}, nan_ok=True)
    assert column(table, "wall_time")[7] == 1.7e9 + 7
    assert codes(table)["media_skipped"] == {"count": 2, "kinds": "histograms (1), text (1)"}
    assert list(codes(table)) == ["media_skipped"]


def test_reads_hyperparameters(tmp_path: Path) -> None:
    tensorboardx = pytest.importorskip("tensorboardX")
    with tensorboardx.SummaryWriter(str(tmp_path)) as writer:
        writer.add_hparams({"lr": 0.1, "batch_size": 32, "optimizer": "sgd", "nesterov": True}, {"hparam/accuracy": 0.5}, name="trial", global_step=3)
    (file,) = (tmp_path / "trial").iterdir()
    (table,) = tensorboard.read(str(file), "x")
    assert table.settings == {"lr": 0.1, "batch_size": 32, "optimizer": "sgd", "nesterov": True}
    assert column(table, "hparam/accuracy") == {3: 0.5}


@pytest.mark.parametrize(
    ("dtype", "rest", "value"),
    [
        (1, field(5, struct.pack("<f", 0.5)), 0.5),
        (1, field(4, struct.pack("<f", 0.5)), 0.5),
        (1, varint(5 << 3 | 5) + struct.pack("<f", 0.5), 0.5),
        (1, field(2, field(2, field(1, 1))) + field(4, struct.pack("<f", 0.25)), 0.25),
        (1, b"", 0.0),
        (2, field(4, struct.pack("<d", 1e140)), 1e140),
        (2, field(6, struct.pack("<d", -1e140)), -1e140),
        (3, field(7, varint(-5)), -5.0),
        (6, field(4, b"\xff"), -1.0),
        (9, field(10, varint(2**40)), 2.0**40),
        (10, field(11, b"\x01"), 1.0),
        (14, field(4, b"\xc0\x3f"), 1.5),
        (14, field(13, varint(0x3FC0)), 1.5),
        (19, field(4, struct.pack("<e", 1.5)), 1.5),
        (19, field(13, varint(0x3E00)), 1.5),
        (23, field(17, varint(2**63)), 2.0**63),
    ],
)
def test_reads_scalar_tensors(dtype: int, rest: bytes, value: float, tmp_path: Path) -> None:
    assert column(read(tmp_path, event(4, tensor("a", dtype, rest))), "a") == {4: value}


@pytest.mark.parametrize(
    "value",
    [
        tensor("b", 1, field(4, bytes(8))),
        tensor("b", 1, field(2, field(2, field(1, 3))) + field(5, struct.pack("<f", 1))),
        tensor("b", 7, field(8, b"word")),
        tensor("b", 99, field(4, bytes(4))),
        tensor("b", 2, field(4, bytes(4))),
        tensor("b", 1, field(5, bytes(8))),
        field(1, b"b") + field(4, b"image"),
    ],
)
def test_counts_what_is_no_scalar(value: bytes, tmp_path: Path) -> None:
    table = read(tmp_path, event(1, simple("a", 1), value))
    assert "b" not in table.columns
    assert codes(table)["media_skipped"]["count"] == 1


def test_remembers_the_plugin_of_a_tag(tmp_path: Path) -> None:
    histogram = field(4, struct.pack("<f", 1))
    table = read(tmp_path, event(1, simple("a", 1), tensor("h", 1, histogram, b"histograms")), event(2, tensor("h", 1, histogram, b"")))
    assert codes(table)["media_skipped"] == {"count": 2, "kinds": "histograms (2)"}


def test_values_of_one_step_share_a_record(tmp_path: Path) -> None:
    table = read(tmp_path, event(1, simple("a", 1)), event(2, simple("a", 2)), event(1, simple("b", 3)), event(2, simple("b", 4)))
    assert table.columns["step"].values.tolist() == [1, 2]
    assert (table.columns["a"].records.tolist(), table.columns["b"].records.tolist()) == ([0, 1], [0, 1])
    assert table.lines.tolist() == [2, 3]


def test_a_step_that_goes_back_begins_again(tmp_path: Path) -> None:
    steps = [1, 2, 3, 2, 3, 4]
    table = read(tmp_path, *(event(step, simple("a", index), simple("b", -index)) for index, step in enumerate(steps)))
    assert table.columns["step"].values.tolist() == steps
    assert table.columns["a"].values.tolist() == [0, 1, 2, 3, 4, 5]
    assert table.columns["b"].values.tolist() == [0, -1, -2, -3, -4, -5]


def test_tags_on_axes_of_their_own_do_not_go_back(tmp_path: Path) -> None:
    records = []
    for epoch in range(3):
        records += [event(epoch * 100 + step, simple("train/loss", 1)) for step in range(100)]
        records.append(event(epoch, simple("val/loss", epoch)))
    table = read(tmp_path, *records)
    assert table.columns["step"].values.tolist() == list(range(300))
    assert column(table, "val/loss") == {0: 0, 1: 1, 2: 2}


def test_repeated_steps_are_records_of_their_own(tmp_path: Path) -> None:
    table = read(tmp_path, event(1, simple("a", 1)), event(1, simple("a", 2)), event(2, simple("a", 3)))
    assert table.columns["step"].values.tolist() == [1, 1, 2]
    assert table.columns["a"].values.tolist() == [1, 2, 3]


def test_steps_that_were_not_given_are_no_steps(tmp_path: Path) -> None:
    table = read(tmp_path, *(event(0, simple("a", index)) for index in range(5)))
    assert "step" not in table.columns
    assert table.columns["a"].values.tolist() == [0, 1, 2, 3, 4]
    assert codes(table) == {"steps_not_logged": {"step": 0}}


def test_a_tag_named_step_does_not_replace_the_steps(tmp_path: Path) -> None:
    table = read(tmp_path, event(10, simple("step", 1)), event(20, simple("step", 2)))
    assert table.columns["step"].values.tolist() == [10, 20]
    assert table.columns["logged/step"].values.tolist() == [1, 2]


def test_a_damaged_value_is_skipped(tmp_path: Path) -> None:
    damaged = bytearray(event(2, simple("a", 2)))
    damaged[-6] ^= 1
    table = read(tmp_path, event(1, simple("a", 1)), bytes(damaged), framed(b"\xff\xff"), event(3, simple("a", 3)))
    assert column(table, "a") == {1: 1, 3: 3}
    assert codes(table) == {"records_corrupt": {"count": 2}}
    assert table.lines.tolist() == [2, 5]


def test_a_damaged_length_ends_the_reading(tmp_path: Path) -> None:
    good = event(1, simple("a", 1))
    table = read(tmp_path, good, bytes(500))
    assert codes(table) == {"rest_unreadable": {"byte": len(framed(VERSION)) + len(good)}}


def test_an_absurd_length_is_a_cut_tail(tmp_path: Path) -> None:
    good, length = event(1, simple("a", 1)), struct.pack("<Q", 2**60)
    table = read(tmp_path, good, length + masked(length) + bytes(100))
    assert codes(table) == {"tail_cut": {"byte": len(framed(VERSION)) + len(good)}}


def test_a_huge_record_is_not_read(tmp_path: Path) -> None:
    length = struct.pack("<Q", MAX_RECORD_BYTES + 1)
    table = read(tmp_path, event(1, simple("a", 1)), length + masked(length) + bytes(MAX_RECORD_BYTES + 5), event(2, simple("a", 2)))
    assert column(table, "a") == {1: 1, 2: 2}
    assert codes(table) == {"records_oversized": {"count": 1}}


def test_a_record_of_millions_of_entries_is_not_looked_at(tmp_path: Path) -> None:
    crowded = framed(field(5, b"\x0a\x00" * (MAX_RECORD_BYTES // 2 - 100)))
    table = read(tmp_path, event(1, simple("a", 1)), crowded, crowded, event(2, simple("a", 2)))
    assert column(table, "a") == {1: 1, 2: 2}
    assert codes(table) == {"records_oversized": {"count": 2}}


@pytest.mark.parametrize(("module", "code"), [(tensorboard, "scalars_over_limit"), (tfrecord, "records_over_limit")])
def test_reading_ends_at_the_limit(module: ModuleType, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_RECORDS", 10)
    table = read(tmp_path, *(event(step, simple("a", 1), field(1, b"b") + field(4, b"image")) for step in range(30)))
    assert 5 <= len(table.lines) <= 10
    assert code in codes(table)


def test_too_many_and_too_long_names_are_refused(tmp_path: Path) -> None:
    values = [simple(f"tag{index}", 1) for index in range(MAX_COLUMNS + 7)]
    table = read(tmp_path, event(1, simple("x" * 201, 1), *values))
    assert len(table.columns) == MAX_COLUMNS + 2
    assert codes(table)["names_refused"]["count"] == 8


def test_deep_nesting_is_a_damaged_record(tmp_path: Path) -> None:
    deep = framed(b"\x0b" * 100_000 + b"\x0c" * 100_000)
    assert codes(read(tmp_path, event(1, simple("a", 1)), deep)) == {"records_corrupt": {"count": 1}}


def test_text_that_is_no_text_is_replaced(tmp_path: Path) -> None:
    table = read(tmp_path, event(1, field(1, b"\xff\xfea") + varint(2 << 3 | 5) + struct.pack("<f", 1)))
    assert "\ufffd\ufffda" in table.columns


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"no event file", framed(VERSION), framed(VERSION)[:-1]])
def test_nothing_to_read_is_an_error(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(LogError, match=r"^shown: .*event file"):
        tensorboard.read(str(path), "shown")


def test_a_missing_file_and_a_folder_are_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path, tmp_path / "a\0b"):
        with pytest.raises(LogError, match=r"^shown: "):
            tensorboard.read(str(path), "shown")


@pytest.mark.parametrize("package", ["google.protobuf", "google_crc32c"])
def test_a_missing_package_is_named_with_its_remedy(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(framed(VERSION))
    tensorboard._classes.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=package) as raised:
        tensorboard.read(str(tmp_path / "x"), "x")
    assert raised.value.problems[0].accepted == 'pip install "playbook-advisor[logs]"'


def test_a_file_cut_anywhere_is_read_as_far_as_it_goes(written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    read_before = 0
    for size in [*range(0, len(written), 23), len(written)]:
        path.write_bytes(written[:size])
        try:
            (table,) = tensorboard.read(str(path), "x")
        except LogError:
            assert read_before == 0
            continue
        assert len(table.lines) >= read_before
        read_before = len(table.lines)
    assert read_before == 50


@settings(max_examples=200)
@given(data=st.data())
def test_any_bytes_give_tables_or_an_error(data: st.DataObject, written: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    damaged = bytearray(written[: data.draw(st.integers(0, len(written)))])
    for place, byte in data.draw(st.lists(st.tuples(st.integers(0, len(written) - 1), st.integers(0, 255)), max_size=4)):
        if place < len(damaged):
            damaged[place] = byte
    # What a checksum vouches for is decoded, whatever it is.
    damaged[data.draw(st.sampled_from([0, len(damaged)])) :] += framed(data.draw(st.binary(max_size=60)))
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(bytes(damaged) + data.draw(st.binary(max_size=40)))
    check(path)


@settings(max_examples=200)
@given(scalars=st.lists(st.tuples(st.sampled_from("abc"), st.integers(-(2**63), 2**63 - 1) | st.integers(0, 5)), min_size=1, max_size=30))
def test_every_scalar_is_kept_at_its_step(scalars: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory) -> None:
    table = read(tmp_path_factory.getbasetemp(), *(event(step, simple(tag, index)) for index, (tag, step) in enumerate(scalars)))
    check_table(table)
    for tag in {tag for tag, _ in scalars}:
        expected = [(index, float(step)) for index, (name, step) in enumerate(scalars) if name == tag]
        values = table.columns[tag].values.tolist()
        assert values == [float(index) for index, _ in expected]
        if "step" in table.columns:
            assert table.columns["step"].values[table.columns[tag].records].tolist() == [step for _, step in expected]


def check(path: Path) -> None:
    try:
        tables = tensorboard.read(str(path), "x")
    except LogError:
        return
    for table in tables:
        check_table(table)


def check_table(table: Table) -> None:
    assert table.columns
    for name, each in table.columns.items():
        assert (each.name, each.records.dtype, each.values.dtype) == (name, np.int64, np.float64)
        assert len(each.records) == len(each.values) > 0
        assert np.all(np.diff(each.records) > 0)
        assert 0 <= each.records[0] <= each.records[-1] < len(table.lines)
