from __future__ import annotations

import pytest

from advise.documents.decode import MAX_BYTES, YAML_BREAKS, decode
from advise.errors import UnreadableError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    source = decode("学习率: 1\nb: 2".encode(encoding), "f", YAML_BREAKS)
    assert source.lines == ("学习率: 1", "b: 2")


@pytest.mark.parametrize(
    ("data", "line", "column", "message", "shown"),
    [
        (b"a: 1\nb: caf\xe9 x\nc: 1", 2, 7, "the byte 0xE9 is not UTF-8: save the file as UTF-8", "b: caf\\xe9 x"),
        ("一: \u4e00\n".encode() + b"\xff", 2, 1, "the byte 0xFF is not UTF-8: save the file as UTF-8", "\\xff"),
        ("裁剪比例: 1".encode("gbk"), 1, 1, "the byte 0xB2 is not UTF-8: save the file as UTF-8 (it looks like GBK)", None),
        ("中".encode("utf-16") + b"x", 1, 2, "the byte 0x78 is not UTF-16: save the file as UTF-8", "中\\x78"),
    ],
)
def test_the_first_byte_that_cannot_be_decoded(data: bytes, line: int, column: int, message: str, shown: str | None) -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(data, "f", YAML_BREAKS)
    problem = caught.value.problem
    assert (problem.line, problem.column, problem.message) == (line, column, message)
    assert shown is None or problem.source_line == shown


def test_size() -> None:
    decode(b" " * MAX_BYTES, "f", YAML_BREAKS)
    with pytest.raises(UnreadableError, match="larger than 4 MiB"):
        decode(b" " * (MAX_BYTES + 1), "f", YAML_BREAKS)


@pytest.mark.parametrize(("index", "place"), [(0, (1, 1)), (3, (2, 1)), (6, (3, 2))])
def test_places_by_index(index: int, place: tuple[int, int]) -> None:
    problem = decode(b"a\r\nb\nxy", "f", YAML_BREAKS).problem_at(index, "m")
    assert (problem.line, problem.column) == place
