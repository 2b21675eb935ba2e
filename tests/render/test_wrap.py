from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from advise.render.wrap import wrapped


def lines(text: str, width: int) -> list[str]:
    return [line.plain for line in wrapped(Text(text), width)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("short", 10, ["short"]),
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("学习率预热", 4, ["学习", "率预", "热"]),
        ("学习率 lr 降低", 9, ["学习率 lr", "降低"]),
        ("降到 5e-05，再看。", 10, ["降到", "5e-05，再", "看。"]),
        ("先看（裁剪）", 6, ["先看", "（裁", "剪）"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ],
)
def test_lines_break_between_words_and_between_chinese_characters(text: str, width: int, expected: list[str]) -> None:
    assert lines(text, width) == expected


def test_what_is_kept_whole_moves_to_the_next_line() -> None:
    text = Text("value ").append_text(Text("lr.peak = 0.1", "cyan"))
    assert [line.plain for line in wrapped(text, 14, whole="cyan")] == ["value", "lr.peak = 0.1"]
    assert [line.plain for line in wrapped(text, 14)] == ["value lr.peak", "= 0.1"]
    assert [line.plain for line in wrapped(text, 8, whole="cyan")] == ["value", "lr.peak", "= 0.1"]


@settings(deadline=None)
@given(st.text("ab 中文，。（）(),", max_size=60), st.integers(4, 30))
def test_no_line_is_too_wide_and_none_loses_text(text: str, width: int) -> None:
    broken = lines(text, width)
    assert all(cell_len(line) <= width for line in broken)
    assert "".join(broken).replace(" ", "") == text.replace(" ", "")
