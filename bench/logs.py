"""How long it takes to read a log and to measure it, and how much memory: against polars' own reading of the same CSV, and against bars.

Prints a table, medians of several runs; ends with status 1 when a bar is missed. `--quick` takes files a tenth as large, to which the bars apply in
proportion only.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars

from advise import Advisor
from advise.logs.open import read_log

QUICK = "--quick" in sys.argv[1:]
SHARE = 10 if QUICK else 1
ROWS = 1_000_000 // SHARE
STATE_BYTES = 100_000_000 // SHARE
TEXT_BYTES = 50_000_000 // SHARE
RUNS = 5
# The bars: times polars' own reading, seconds for the whole trainer_state.json, times the size of the file in memory.
TIMES_POLARS = 3.0
STATE_SECONDS = 4.0 / SHARE
TIMES_FILE = 6.0

READ = "import sys; from advise.logs.open import read_log; read_log(sys.argv[1])"
# What a reader has imported and a file of two records takes is not what the file takes.
NOTHING = "import sys, numpy, polars; from advise.logs import fast_csv, delimited, hf, textlog"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure and, where there is one, its bar."""

    what: str
    found: float
    unit: str
    bar: float | None = None

    def missed(self) -> bool:
        return self.bar is not None and self.found > self.bar

    def __str__(self) -> str:
        bar = "" if self.bar is None else f"≤ {self.bar:g}{' **missed**' if self.missed() else ''}"
        return f"| {self.what} | {self.found:.2f} {self.unit} | {bar} |"


def write_csv(path: Path) -> None:
    """A run of six columns, two of them only every thousandth step."""
    random = np.random.default_rng(0)
    steps = np.arange(ROWS)
    loss = 0.5 + 2 * np.exp(-steps / (ROWS / 5)) + random.normal(0, 0.05, ROWS)
    rate = 1e-3 * 0.5 * (1 + np.cos(np.pi * steps / ROWS))
    norm = np.exp(random.normal(0, 0.3, ROWS))
    evaluated = steps % 1000 == 999
    polars.DataFrame(
        {
            "step": steps,
            "loss": loss.round(6),
            "lr": rate,
            "grad_norm": norm.round(6),
            "val_loss": [value if is_evaluated else None for value, is_evaluated in zip((loss + 0.1).round(6).tolist(), evaluated, strict=True)],
            "val_acc": [value if is_evaluated else None for value, is_evaluated in zip((1 - loss / 4).round(6).tolist(), evaluated, strict=True)],
        }
    ).write_csv(path)


def write_state(path: Path) -> None:
    """A trainer state as Transformers writes it: indented, every tenth record an evaluation."""
    random = np.random.default_rng(0)
    written, step = 0, 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{\n  "best_metric": 0.5,\n  "epoch": 3.0,\n  "global_step": 1000,\n  "log_history": [\n')
        while written < STATE_BYTES:
            step += 10
            train = {"epoch": step / 1e5, "grad_norm": float(random.random()), "learning_rate": 1e-5, "loss": float(random.random()), "step": step}
            evaluation = {"epoch": step / 1e5, "eval_loss": float(random.random()), "eval_runtime": 12.5, "step": step}
            record = json.dumps(evaluation if step % 100 == 0 else train, indent=2)
            written += file.write(("" if step == 10 else ",\n") + "    " + record.replace("\n", "\n    "))
        file.write('\n  ],\n  "logging_steps": 10,\n  "max_steps": 100000\n}\n')


def write_text(path: Path) -> None:
    """A log of text as scripts print it."""
    random = np.random.default_rng(0)
    written, step = 0, 0
    with path.open("w", encoding="utf-8") as file:
        while written < TEXT_BYTES:
            step += 1
            loss, norm = random.random(2)
            stamp = f"2024-05-01 {step // 3600 % 24:02d}:{step // 60 % 60:02d}:{step % 60:02d},123"
            written += file.write(f"{stamp} INFO train: step={step} loss={loss:.4f} lr=1.0e-04 grad_norm={norm:.3f} step_time=12ms\n")


def seconds(do: Callable[[], object]) -> float:
    """The median of several runs."""
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        do()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def peak(code: str, *arguments: str) -> int:
    """The most memory in bytes that a process of its own held."""
    with subprocess.Popen([sys.executable, "-c", code, *arguments]) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, code
    return usage.ru_maxrss * 1024


def of_memory(path: Path) -> float:
    """Peak memory of reading a file, above that of the imports, in sizes of the file."""
    return (peak(READ, str(path)) - peak(NOTHING)) / path.stat().st_size


def lines(folder: Path) -> list[Line]:
    """All figures."""
    table, state, text = folder / "metrics.csv", folder / "trainer_state.json", folder / "train.log"
    write_csv(table)
    write_state(state)
    write_text(text)
    advisor = Advisor(engine="plain")
    advisor.observe([str(table)])
    alone = seconds(lambda: polars.read_csv(table))
    read, observed = seconds(lambda: read_log(str(table))), seconds(lambda: advisor.observe([str(table)]))
    of_state, of_text = seconds(lambda: read_log(str(state))), seconds(lambda: read_log(str(text)))
    megabytes = {path: path.stat().st_size / 1e6 for path in (table, state, text)}
    return [
        Line(f"CSV of {ROWS:,} rows, {megabytes[table]:.0f} MB: polars alone", 1000 * alone, "ms"),
        Line("the same to a table", read / alone, "× polars"),
        Line("the same to facts", observed / alone, "× polars", TIMES_POLARS),
        Line("the same, memory of reading", of_memory(table), "× file", TIMES_FILE),
        Line(f"trainer_state.json of {megabytes[state]:.0f} MB to a table", of_state, "s", STATE_SECONDS),
        Line("the same, memory of reading", of_memory(state), "× file", TIMES_FILE),
        Line(f"log of text of {megabytes[text]:.0f} MB to a table", of_text, "s"),
        Line("the same, memory of reading", of_memory(text), "× file"),
    ]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        found = lines(Path(folder))
    print("| what | found | bar |\n|---|---|---|")
    for line in found:
        print(line)
    return int(any(line.missed() for line in found))


if __name__ == "__main__":
    sys.exit(main())
