"""Text that is made to take long: the time is that of its length, and what is not read is said."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest

from advise import observe
from advise.errors import InputError
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


@pytest.mark.parametrize(
    "lines",
    [
        # A cell of two tokens, the second of which is a time or an address, has no total.
        "epoch   loss   acc\n1   0.5   3/0x1F\n2   0.4   4/0x1F\n",
        "epoch   loss   acc\n1   0.5   3/0:12\n2   0.4   4/0:12\n",
        "step 1 loss 9e307K\nstep 2 loss 8e307K\nstep 3 loss 0.5K\n",
        "step 1 loss 1 acc 1e308/1e-308\nstep 2 loss 0.5 acc 3/4\nstep 3 loss 0.4 acc 4/4\n",
        "step: inf loss: 1\nstep: inf loss: 2\nstep: nan loss: 3\n",
        "step: 1e308 loss: 1\nstep: 1e308 loss: 2\nstep: -1e308 loss: 3\nstep: 1e308 loss: 1\nstep: 1e308 loss: 2\n",
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_is_beyond_numbers_is_read_without_a_word_of_numpy(lines: str, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text(lines)
    with suppress(InputError):
        assert observe(path)


@pytest.mark.parametrize("name", ["learning_rate", "loss", "val_loss", "grad_norm", "val_acc"])
def test_thousands_of_columns_of_a_kind_take_bounded_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    header = ["step", *(f"{name}/group_{number}" for number in range(4_000))]
    path.write_text("\n".join([",".join(header), *(",".join([str(step), *(f"{1 / step:.3f}" for _ in header[1:])]) for step in range(1, 9))]))
    began = time.process_time()
    assert observe(path).facts
    assert time.process_time() - began < SECONDS
