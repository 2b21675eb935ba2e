"""Logs that are compressed: what was written comes out, whatever its format, and what cannot be unpacked is told."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from advise import observe
from advise.errors import InputError, LogError, MissingExtraError
from advise.runlog.readers import packed
from advise.runlog.readers.open import is_log, read_log

STEPS = range(1, 41)
PRINTS = "".join(f"2024-05-01 10:00:{step:02} INFO step {step}: loss={2 / step:.4f} lr=1e-4\n" for step in STEPS)
TABLE = "step,loss,lr\n" + "".join(f"{step},{2 / step:.4f},1e-4\n" for step in STEPS)
LINES = "".join(json.dumps({"step": step, "loss": round(2 / step, 4), "lr": 1e-4}) + "\n" for step in STEPS)
STATE = json.dumps({"log_history": [{"step": step, "loss": round(2 / step, 4), "learning_rate": 1e-4} for step in STEPS]})


def zstd(data: bytes) -> bytes:
    return pytest.importorskip("zstandard").ZstdCompressor().compress(data)


PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "zst": zstd}


@pytest.mark.parametrize("ending", PACKERS)
@pytest.mark.parametrize(("name", "text"), [("train.log", PRINTS), ("log.csv", TABLE), ("log.jsonl", LINES), ("trainer_state.json", STATE)])
def test_a_compressed_log_is_the_log(tmp_path: Path, name: str, text: str, ending: str) -> None:
    plain, path = tmp_path / name, tmp_path / f"{name}.{ending}"
    plain.write_text(text)
    path.write_bytes(PACKERS[ending](text.encode()))
    assert is_log(str(path))
    (table,), (expected,) = read_log(str(path), shown="log"), read_log(str(plain), shown="log")
    assert (table.format, table.remarks, list(table.lines)) == (expected.format, expected.remarks, list(expected.lines))
    assert {key: list(column.values) for key, column in table.columns.items()} == {
        key: list(column.values) for key, column in expected.columns.items()
    }


@pytest.mark.parametrize("ending", PACKERS)
def test_a_log_in_several_members_is_whole(tmp_path: Path, ending: str) -> None:
    lines = PRINTS.splitlines(keepends=True)
    path = tmp_path / "train.log.packed"
    path.write_bytes(b"".join(PACKERS[ending]("".join(part).encode()) for part in (lines[:7], lines[7:20], lines[20:])))
    assert len(read_log(str(path))[0].lines) == len(STEPS)


def test_a_folder_with_a_compressed_log_is_read(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "train.log.gz").write_bytes(gzip.compress(PRINTS.encode()))
    seen = observe(tmp_path / "run")
    assert seen.facts["run.steps_done"].value == len(STEPS)


def test_how_a_compressed_log_ends_is_read(tmp_path: Path) -> None:
    path = tmp_path / "train.log.gz"
    path.write_bytes(gzip.compress(f"{PRINTS}torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB\n".encode()))
    assert observe(path).facts["run.state"].value == "crashed"


def test_a_file_that_is_cut_off_is_read_so_far_and_told(tmp_path: Path) -> None:
    data = gzip.compress((PRINTS * 40).encode(), 1)
    path = tmp_path / "train.log.gz"
    path.write_bytes(data[: len(data) // 2])
    (table,) = read_log(str(path))
    assert len(table.lines) > 100
    (remark,) = [remark for remark in table.remarks if remark.code == "packed_cut"]
    assert 0 < int(str(remark.values["bytes"])) < len(PRINTS) * 40


@pytest.mark.parametrize(
    "content", [b"\x1f\x8b", b"\x1f\x8b" + b"\xff" * 400, gzip.compress(b"", mtime=0), b"\x28\xb5\x2f\xfd", b"\x28\xb5\x2f\xfd" + b"\1" * 99]
)
def test_what_cannot_be_unpacked_is_refused_with_its_place(tmp_path: Path, content: bytes) -> None:
    pytest.importorskip("zstandard")
    path = tmp_path / "train.log.gz"
    path.write_bytes(content)
    with pytest.raises(LogError) as caught:
        read_log(str(path))
    assert caught.value.problems[0].file == str(path)
    with pytest.raises(InputError):
        observe(path)


def test_how_much_is_unpacked_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_UNPACKED_BYTES", 100_000)
    path = tmp_path / "train.log.gz"
    path.write_bytes(gzip.compress(PRINTS.encode() + b" " * 10**8))
    with pytest.raises(LogError, match="when it is unpacked, which is the limit"):
        read_log(str(path))
    assert is_log(str(path))


def test_an_archive_is_no_log(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo("train.log")
        info.size = len(PRINTS)
        archive.addfile(info, io.BytesIO(PRINTS.encode()))
    path = tmp_path / "run.tar.gz"
    path.write_bytes(buffer.getvalue())
    assert not is_log(str(path))
    with pytest.raises(LogError):
        read_log(str(path))


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "train.log.zst"
    path.write_bytes(zstd(PRINTS.encode()))
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingExtraError, match="zstandard") as caught:
        observe(path)
    assert "playbook-advisor[logs]" in str(caught.value.problems[0].accepted)
