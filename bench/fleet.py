"""Measures `advise fleet`: AlgoPerf's runs cold and again, what the driver does for each run, its memory, and the page.

    .venv/bin/python bench/fleet.py [--runs 4400] [--generated 100000] [--only algoperf|driver]

The runs of AlgoPerf are copied into a temporary folder as often as it takes, each with a number of its own among its hyperparameters, so that none is
a copy that is judged once. For `driver` runs are generated, and every worker answers with the row of the first of them, so that only what the driver
does is left: finding, reading for the digests, handing over, keeping. Seconds are of whole processes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from advise.experiments.fleet import Row, driving, fleet
from advise.experiments.fleet.driving import Judged, Work
from advise.experiments.fleet.find import Job

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "algoperf"
_A_FOLDER = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=4_400, help="of AlgoPerf")
    parser.add_argument("--generated", type=int, default=100_000, help="runs for the driver")
    parser.add_argument("--page", type=int, default=5_000, help="rows of the page; 0 for none")
    parser.add_argument("--only", choices=("algoperf", "driver"))
    parser.add_argument("--drive", nargs=2, metavar=("RUNS", "STORE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.drive:
        driven(*map(Path, asked.drive))
        return
    if asked.only in (None, "algoperf") and DATA.is_dir():
        algoperf(asked.runs)
    if asked.only in (None, "driver"):
        driver(asked.generated, asked.page)


def algoperf(count: int) -> None:
    print(f"| {count} runs of AlgoPerf, whole process | s | MB, the driver | load average before |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "runs"
        copied(runs, count)
        for workers in (1, 2):
            store = Path(folder) / f"{workers}.db"
            for what in ("cold", "again"):
                load = os.getloadavg()[0]
                command = ["-m", "advise", "fleet", str(runs), "--jobs", str(workers), "--store", str(store), "-o", str(Path(folder) / "fleet.jsonl")]
                seconds, megabytes = taken(command)
                print(f"| {workers} worker{'s' if workers > 1 else ''}, {what} | {seconds:.1f} | {megabytes:.0f} | {load:.1f} |", flush=True)


def copied(folder: Path, count: int) -> None:
    sources = sorted(path.parent for path in DATA.rglob("measurements.csv"))
    for number, source in enumerate(islice(cycle(sources), count)):
        run = folder / f"round_{number // len(sources)}" / source.relative_to(DATA)
        run.mkdir(parents=True)
        shutil.copyfile(source / "measurements.csv", run / "measurements.csv")
        settings = source / "hparams.json"
        said = json.loads(settings.read_text(encoding="utf-8")) if settings.is_file() else {}
        (run / "hparams.json").write_text(json.dumps({**said, "copy": number}), encoding="utf-8")


def driver(most: int, page: int) -> None:
    print("\n| generated runs, the judging left out | s | CPU of the driver, µs a run | MB, the driver | load average before |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        before: tuple[int, float] | None = None
        for count in (most // 100, most // 10, most):
            runs, store = Path(folder) / "runs", Path(folder) / f"{count}.db"
            generated(runs, count)
            load = os.getloadavg()[0]
            seconds, cpu, megabytes = json.loads(output_of([__file__, "--drive", str(runs), str(store)]))
            # Between two sizes, so that what a start costs is not in it.
            each = f"{1e6 * (cpu - before[1]) / (count - before[0]):.0f}" if before else ""
            before = count, cpu
            print(f"| {count} | {seconds:.1f} | {each} | {megabytes:.0f} | {load:.1f} |", flush=True)
        if not page:
            return
        shutil.rmtree(Path(folder) / "runs")
        generated(Path(folder) / "runs", page)
        made = Path(folder) / "fleet.html"
        seconds, megabytes = taken(["-m", "advise", "fleet", str(Path(folder) / "runs"), "-o", str(made)])
        print(f"\nThe page of {page} generated runs, judged: {made.stat().st_size / 1e6:.2f} MB, {seconds:.0f} s, {megabytes:.0f} MB of the driver.")


def generated(folder: Path, count: int) -> None:
    """So many runs, those that are there already among them."""
    for number in range(count):
        run = folder / f"{number // _A_FOLDER:03}" / f"run_{number:06}"
        if run.is_dir():
            continue
        run.mkdir(parents=True)
        rows = (f"{100 * step},{0.3 + 2 * math.exp(-step / 8) + 1e-6 * number:.6f}" for step in range(1, 21))
        (run / "log.csv").write_text("step,train_loss\n" + "\n".join(rows) + "\n", encoding="utf-8")


def driven(runs: Path, store: Path) -> None:
    """Drive a fleet whose workers judge nothing; prints seconds, seconds of this process on a core, and its most megabytes."""
    (told,) = fleet(next(runs.rglob("log.csv")), work=Work(workers=1))

    def answered(chunk: Sequence[tuple[str, Job]], work: Work) -> Judged:
        return [(key, [told]) for key, _ in chunk]

    driving.judge = answered
    start, cpu = time.perf_counter(), time.process_time()
    found = fleet(runs, work=Work(workers=2), store=store)
    print(json.dumps([time.perf_counter() - start, time.process_time() - cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
    assert all(isinstance(row, Row) for row, _ in zip(found, range(1), strict=False))


def output_of(command: list[str]) -> str:
    return subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True).stdout


def taken(command: list[str]) -> tuple[float, float]:
    """Seconds, and the most megabytes of the process itself, which its workers do not count in."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - start, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
