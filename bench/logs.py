"""How long it takes from a large log to facts, and how much memory: against polars' own reading of the same CSV, and against bars.

python bench/logs.py [--quick] [--check]

What is timed is `Advisor.observe` on the path of the file, everything imported: reading, roles, every measure. It is compared with
`polars.read_csv` of the same path, which infers the types of columns by itself; the two take turns, and the ratio is the median over the turns.
Memory is the peak of a process of its own while it observes, above what it holds just before, when everything is imported and a log of a megabyte
was observed.

`--quick` takes files a tenth as large, to which the bars in seconds apply in proportion; `--check` ends with status 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars
from tensorboard import write_events

from advise import Advisor

ROWS = 1_000_000
STATE_BYTES = 100_000_000
LINES_BYTES = 100_000_000
TEXT_BYTES = 20_000_000
SCALARS = 200_000
RUNS = 5
# The bars: times polars' own reading, seconds, and times the size of the file in memory.
TIMES_POLARS = 3.0
STATE_SECONDS = 4.0
SCALARS_SECONDS = 1.0
TIMES_FILE = 6.0
WARMING_ROWS = 100_000


@dataclass(slots=True)
class Log:
    """A log, and what was measured on it.

    Attributes:
        what: What it is.
        path: Where it is.
        seconds: The bar of its time to facts.
        taken: The seconds to facts of each run.
        compared: The seconds that polars alone took in each run, for a CSV.
        memory: Peak memory, in sizes of the file.
    """

    what: str
    path: Path
    seconds: float | None = None
    taken: list[float] = field(default_factory=list)
    compared: list[float] = field(default_factory=list)
    memory: float = 0.0

    def ratio(self) -> float:
        return statistics.median(own / alone for own, alone in zip(self.taken, self.compared, strict=True))

    def is_missed(self) -> bool:
        late = self.seconds is not None and statistics.median(self.taken) > self.seconds
        return late or bool(self.compared and self.ratio() > TIMES_POLARS) or self.memory > TIMES_FILE

    def __str__(self) -> str:
        bar = "" if self.seconds is None else f"≤ {self.seconds:g} s"
        name = f"{self.what}, {self.path.stat().st_size / 1e6:.0f} MB"
        taken = f"{statistics.median(self.taken):.2f} ({min(self.taken):.2f})"
        if self.compared:
            taken += f", {self.ratio():.1f} × the {statistics.median(self.compared):.2f} of polars"
            bar = f"≤ {TIMES_POLARS:g} × polars"
        return f"| {name} | {taken} | {bar}{' **missed**' if self.is_missed() else ''} | {self.memory:.1f} |"


def write_csv(path: Path, rows: int) -> None:
    """A run of six columns, two of them only every thousandth step."""
    random = np.random.default_rng(0)
    steps = np.arange(rows)
    loss = 0.5 + 2 * np.exp(-steps / (rows / 5)) + random.normal(0, 0.05, rows)
    rate = 1e-3 * 0.5 * (1 + np.cos(np.pi * steps / rows))
    norm = np.exp(random.normal(0, 0.3, rows))
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


def write_state(path: Path, size: int) -> None:
    """A trainer state as Transformers writes it: indented, every tenth record an evaluation, now and then a NaN."""
    random = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        written = file.write('{\n  "best_metric": 0.5,\n  "epoch": 3.0,\n  "global_step": 1000,\n  "log_history": [\n')
        step = 0
        while written < size:
            step += 10
            norm = float("nan") if step % 50_000 == 10 else float(random.random())
            train = {"epoch": step / 1e5, "grad_norm": norm, "learning_rate": 1e-5, "loss": float(random.random()), "step": step}
            evaluation = {"epoch": step / 1e5, "eval_loss": float(random.random()), "eval_runtime": 12.5, "step": step}
            record = json.dumps(evaluation if step % 100 == 0 else train, indent=2)
            written += file.write(("" if step == 10 else ",\n") + "    " + record.replace("\n", "\n    "))
        file.write('\n  ],\n  "logging_steps": 10,\n  "max_steps": 100000\n}\n')


def write_json_lines(path: Path, size: int) -> None:
    """Lines of JSON as MMDetection writes them: a field says which split each is about."""
    random = np.random.default_rng(0)
    written, iteration = 0, 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            iteration += 1
            place = {"epoch": 1 + iteration // 1000, "iter": iteration}
            box, kind = random.random(2).round(5).tolist()
            train = {"mode": "train", **place, "lr": 1e-4, "memory": 2048, "data_time": 0.011, "loss_cls": kind, "loss_bbox": box, "loss": kind + box}
            evaluation = {"mode": "val", **place, "bbox_mAP": box}
            written += file.write(json.dumps(evaluation if iteration % 1000 == 0 else train) + "\n")


def write_text(path: Path, size: int) -> None:
    """A log of text as scripts print it."""
    random = np.random.default_rng(0)
    written, step = 0, 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            step += 1
            loss, norm = random.random(2)
            stamp = f"2024-05-01 {step // 3600 % 24:02d}:{step // 60 % 60:02d}:{step % 60:02d},123"
            written += file.write(f"{stamp} INFO train: step={step} loss={loss:.4f} lr=1.0e-04 grad_norm={norm:.3f} step_time=12ms\n")


def logs(folder: Path, share: int) -> list[Log]:
    """The logs, of which sizes and bars in seconds are a share of the whole."""
    found = [
        Log(f"CSV, {ROWS // share:,} rows of 6 columns", folder / "metrics.csv"),
        Log("trainer_state.json", folder / "trainer_state.json", STATE_SECONDS / share),
        Log("JSON lines", folder / "log.jsonl"),
        Log("log of text", folder / "train.log"),
        Log(f"TensorBoard, {SCALARS // share:,} scalars", folder / "events.out.tfevents.1", SCALARS_SECONDS / share),
    ]
    table, state, lines, text, events = (log.path for log in found)
    write_csv(table, ROWS // share)
    write_state(state, STATE_BYTES // share)
    write_json_lines(lines, LINES_BYTES // share)
    write_text(text, TEXT_BYTES // share)
    write_events(str(events), SCALARS // share)
    return found


def seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def measure(log: Log, advisor: Advisor) -> None:
    """Time and memory of a log."""
    for _ in range(RUNS):
        if log.path.suffix == ".csv":
            log.compared.append(seconds(lambda: polars.read_csv(log.path)))
        log.taken.append(seconds(lambda: advisor.observe([str(log.path)])))
    # The peak that the kernel tells a parent of its child includes the parent's own from before the child began: a process asks for its own.
    run = subprocess.run([sys.executable, __file__, "--memory", str(log.path)], check=True, capture_output=True, text=True)
    log.memory = int(run.stdout) / log.path.stat().st_size


def warm() -> Advisor:
    """An advisor that has observed a log, and polars read one."""
    advisor = Advisor(engine="plain")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.csv"
        write_csv(path, WARMING_ROWS)
        advisor.observe([str(path)])
    return advisor


def memory(path: str) -> int:
    """The bytes that this process comes to hold while it observes a log, above those of just before."""
    advisor = warm()
    before = _held("VmRSS")
    advisor.observe([path])
    return _held("VmHWM") - before


def _held(what: str) -> int:
    found = re.search(rf"^{what}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found is not None, what
    return int(found[1]) * 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--memory", metavar="PATH")
    options = parser.parse_args()
    if options.memory:
        print(memory(options.memory))
        return 0
    advisor = warm()
    print(f"| log | seconds to facts: median (best) of {RUNS} | bar | peak memory, × the file (bar {TIMES_FILE:g}) |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        found = logs(Path(folder), 10 if options.quick else 1)
        for log in found:
            measure(log, advisor)
            print(log, flush=True)
    return int(options.check and any(log.is_missed() for log in found))


if __name__ == "__main__":
    sys.exit(main())
