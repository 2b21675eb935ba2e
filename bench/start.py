"""How long `advise` takes from a cold start, whole process, and how much memory: against the import of its dependencies alone.

Prints medians of interleaved runs. `advise` is run on a committed case, with the compiled knowledge in its cache, as on every run but the first.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 15
CASE = Path(__file__).resolve().parent.parent / "examples" / "supernet" / "facts.yaml"
DEPENDENCIES = "import typer, yaml, markdown_it, rich.console, platformdirs; from pydantic import BaseModel, ConfigDict, Field, TypeAdapter"
COMMANDS = {
    "python alone": [sys.executable, "-c", "pass"],
    "import of dependencies": [sys.executable, "-c", f"{DEPENDENCIES}\ntry:\n import durable_rules_engine\nexcept ImportError: pass"],
    "advise, md": [sys.executable, "-m", "advise", str(CASE), "--format", "md"],
    "advise, md, plain engine": [sys.executable, "-m", "advise", str(CASE), "--format", "md", "--engine", "plain"],
    "advise, json": [sys.executable, "-m", "advise", str(CASE), "--format", "json"],
    "advise, text": [sys.executable, "-m", "advise", str(CASE), "--format", "text"],
    "advise, html": [sys.executable, "-m", "advise", str(CASE), "--format", "html"],
}


def measured(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak resident megabytes of one run."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    peak: dict[str, float] = {}
    for run in range(RUNS + 1):
        for name, command in COMMANDS.items():
            taken, memory = measured(command)
            peak[name] = max(memory, peak.get(name, 0))
            if run:  # the first round warms the file system and the cache
                seconds[name].append(taken)
    base = statistics.median(seconds["import of dependencies"])
    print("| command | median s | min s | × import of dependencies | peak MB |\n|---|---|---|---|---|")
    for name, taken in seconds.items():
        middle = statistics.median(taken)
        print(f"| {name} | {middle:.3f} | {min(taken):.3f} | {middle / base:.2f} | {peak[name]:.0f} |")


if __name__ == "__main__":
    main()
