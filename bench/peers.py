"""What other tools make of the same logs, beside `advise`, whole processes in one run: time, memory, and what each can read at all.

python bench/peers.py [--quick] [--python PYTHON] [--logs DIR]

The peers are linters of training logs from PyPI. They live in an environment of their own: `make bench/.peers` builds it, or `--python` names the
Python of one that has them. `--logs` is a folder of which every entry is a log or a folder that holds one (by default `../shared/cases`, where it is
at hand): read is a log of which a tool names at least one curve of a loss.

Each tool is started as its users start it, on one path, and writes JSON. Memory is the peak of the whole process. A tool that is not done within
`LIMIT` seconds is ended.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from logs import logs

HOME = Path(__file__).resolve().parent
LIMIT = 120
# What stands beside a log in the folder of a case, and is none.
BESIDE = {"case.yaml", "facts.yaml"}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool on the command line.

    Attributes:
        name: What it is called.
        command: How it is started, before the path.
        reads: Whether its JSON names a curve of a loss.
    """

    name: str
    command: tuple[str, ...]
    reads: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Ran:
    """One process: its seconds, its peak memory in bytes, and what it wrote."""

    seconds: float
    peak: int
    output: str

    def json(self) -> Any:
        """What it wrote, as JSON; None where it is none."""
        start = min((self.output.find(mark) for mark in "[{" if mark in self.output), default=-1)
        try:
            return json.loads(self.output[start:]) if start >= 0 else None
        except ValueError:
            return None


def has_loss(names: Any) -> bool:
    return any("loss" in str(name).lower() for name in names)


def tools(python: Path) -> list[Tool]:
    """The tools that are installed, ours first."""
    peers = python.parent
    found = [
        Tool("advise", (sys.executable, "-m", "advise", "observe", "--format", "json"), lambda data: has_loss(data.get("columns", {}))),
        Tool("runmedic", (str(peers / "runmedic"), "diagnose", "--json"), lambda data: any(has_loss(run["series"]) for run in data)),
        Tool("trainspotter", (str(peers / "trainspotter"), "analyze", "--output", "json"), lambda data: has_loss(data["run"]["metrics"])),
        Tool("losslint", (str(peers / "losslint"), "check", "--format", "json"), lambda data: any(has_loss(run["series"]) for run in data["runs"])),
        Tool("trainproof", (str(peers / "trainproof"), "doctor", "--json"), lambda data: data["not_judged"]["judged"] > 0),
    ]
    return [tool for tool in found if Path(tool.command[0]).exists()]


# Peak memory survives `exec`: a process that is started from this one, which holds numpy and polars, would begin with ours. A small one starts it.
_START = """
import os, resource, subprocess, sys, time
start = time.perf_counter()
with open(sys.argv[1], "wb") as output:
    try:
        subprocess.run(sys.argv[3:], stdout=output, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=float(sys.argv[2]))
    except subprocess.TimeoutExpired:
        pass
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def ran(command: tuple[str, ...], path: Path) -> Ran:
    """Run a tool on a path; it is ended at the limit."""
    with tempfile.NamedTemporaryFile() as output:
        starter = [sys.executable, "-I", "-S", "-c", _START, output.name, str(LIMIT), *command, str(path)]
        told = subprocess.run(starter, check=True, capture_output=True, text=True).stdout.split()
        return Ran(float(told[0]), int(told[1]), output.read().decode("utf-8", "replace"))


def reads(tool: Tool, found: Ran) -> bool:
    """Whether a tool read a curve of a loss."""
    data = found.json()
    try:
        return data is not None and tool.reads(data)
    except (AttributeError, KeyError, TypeError):
        return False


def large(tool: Tool, share: int, folder: Path) -> Iterator[str]:
    """The cells of one tool for each large log: seconds, and memory in megabytes."""
    for log in logs(folder, share):
        found = ran(tool.command, log.path)
        late = found.seconds > LIMIT
        yield "not done" if late else f"{found.seconds:.1f} s, {found.peak / 1e6:,.0f} MB" if reads(tool, found) else "not read"


def small(folder: Path) -> list[Path]:
    """The logs below a folder: the entries themselves, or what lies in them beside case files."""
    found = []
    for entry in sorted(folder.iterdir()):
        inside = [path for path in sorted(entry.iterdir()) if path.name not in BESIDE] if entry.is_dir() else [entry]
        found += [path for path in inside if path.is_dir() or path.suffix not in (".py", ".md")]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="files a tenth as large")
    parser.add_argument("--python", type=Path, default=HOME / ".peers" / "bin" / "python")
    parser.add_argument("--logs", type=Path, default=HOME.parents[1] / "shared" / "cases")
    options = parser.parse_args()
    found = tools(options.python)
    if len(found) == 1:
        print("no peer is installed: run `make bench/.peers`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        share = 10 if options.quick else 1
        names = [f"{log.what}, {log.path.stat().st_size / 1e6:.0f} MB" for log in logs(Path(folder), share)]
        columns = [list(large(tool, share, Path(folder))) for tool in found]
    print("| log | " + " | ".join(tool.name for tool in found) + " |\n|---|" + "---|" * len(found))
    for index, name in enumerate(names):
        print(f"| {name} | " + " | ".join(column[index] for column in columns) + " |")
    if options.logs.is_dir():
        paths = small(options.logs)
        counts = [sum(reads(tool, ran(tool.command, path)) for path in paths) for tool in found]
        print(f"| {len(paths)} small logs of many trainers: a loss is read in | " + " | ".join(map(str, counts)) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
