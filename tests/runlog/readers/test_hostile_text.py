"""Text that is made to take long: the time is that of its length, and what is not read is said."""

from __future__ import annotations

import time

import pytest

from advise.runlog.readers import textlog

ROWS = "".join(f"step {step} loss {2 - step / 100}\n" for step in range(1, 40))
# Far above what a slow machine under load takes, far below what a pattern that backtracks would.
SECONDS = 30.0
LONG = 60_000

HOSTILE = {
    "blanks behind a counter": "epoch" + " " * LONG + "x",
    "dashes and slashes": "a-a/" * (LONG // 4),
    "commas of thousands": "1,111" * (LONG // 5),
    "points": "1.1" * (LONG // 3),
    "brackets": "[(" * (LONG // 2),
    "quotes": "\"'" * (LONG // 2),
    "bars": "1%|" * (LONG // 3),
    "escapes": "\x1b[" * (LONG // 2),
    "words": "loss " * (LONG // 5),
    "pairs": "loss=1 " * (LONG // 7),
    "settings": "a.a" * (LONG // 3) + "=",
    "one line of a megabyte": "loss=1 " * 150_000,
    "ten thousand shapes": "\n".join(f"word{number} loss {number} in run-{number * 7}" for number in range(10_000)),
    "ten thousand names": "\n".join(f"{chr(97 + number % 26) * (1 + number // 26 % 90)}x{number} = {number}" for number in range(10_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_bounded_time(name: str) -> None:
    began = time.process_time()
    (table,) = textlog.read(f"{ROWS}{HOSTILE[name]}\n{ROWS}", "log")
    assert time.process_time() - began < SECONDS
    assert len(table.columns["loss"].values) >= 78


def test_a_line_that_is_too_long_is_said() -> None:
    (table,) = textlog.read(f"{ROWS}{HOSTILE['one line of a megabyte']}\n", "log")
    assert "long_lines" in [remark.code for remark in table.remarks]
