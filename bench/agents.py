"""The server for agents: how fast it starts, what a call costs beyond the advice itself, and whether its memory stays flat.

python bench/agents.py            10,000 calls for the memory, about four minutes
python bench/agents.py --quick    1,000 calls
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from mcp import Client, StdioServerParameters

from advise import Advisor

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
COMMAND = [sys.executable, "-m", "advise", "mcp", "--root", str(EXAMPLES)]
QUICK = "--quick" in sys.argv
STARTS, CALLS = (3, 100) if QUICK else (7, 300)
MANY = 1_000 if QUICK else 10_000
FACTS = {"clip.rate": 0.93, "lr.peak": 3e-4, "optimizer.name": "adamw"}


@contextlib.contextmanager
def served() -> Iterator[tuple[str, int]]:
    """The address and the process of a server over HTTP."""
    with subprocess.Popen([*COMMAND, "--transport", "http", "--port", "0"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r"http://\S+", process.stderr.readline())
        assert found is not None
        yield found[0], process.pid
        process.terminate()


async def started() -> float:
    """Seconds from the command to the first list of tools, over standard input and output."""
    start = time.perf_counter()
    async with Client(StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=dict(os.environ))) as client:
        await client.list_tools()
        return time.perf_counter() - start


async def costs(address: str) -> tuple[list[float], list[float]]:
    """Seconds of warm calls over HTTP, and of the same advice in this process, interleaved."""
    advisor = Advisor(engine="plain")
    over, within = [], []
    async with Client(address) as client:
        for call in range(CALLS + 10):
            start = time.perf_counter()
            result = await client.call_tool("advise", {"facts": FACTS})
            middle = time.perf_counter()
            plan = advisor.advise(FACTS)
            end = time.perf_counter()
            assert not result.is_error
            assert result.structured_content["verdict"]["id"] == plan.verdict.id
            if call >= 10:
                over.append(middle - start)
                within.append(end - middle)
    return over, within


async def memory(address: str, process: int) -> list[tuple[int, float]]:
    """Resident megabytes of the server after so many mixed calls; each call has facts of its own."""
    seen = []
    async with Client(address) as client:
        for call in range(MANY + 1):
            facts = {"clip.rate": (call % 9_973) / 9_973, "lr.peak": 1e-5 * (1 + call % 101)}
            if call % (MANY // 10) == 0:
                seen.append((call, resident(process)))
            match call % 4:
                case 0:
                    await client.call_tool("advise", {"facts": facts})
                case 1:
                    await client.call_tool("explain", {"facts": facts, "id": "overfitting"})
                case 2:
                    await client.call_tool("search_knowledge", {"query": f"learning rate {call % 50}"})
                case _:
                    await client.call_tool("advise", {"facts": {"clip.rat": call}})
    return seen


def resident(process: int) -> float:
    """Megabytes."""
    text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def main() -> None:
    starts = [asyncio.run(started()) for _ in range(STARTS + 1)][1:]
    print(f"start to first list of tools, stdio: median {statistics.median(starts):.2f} s, best {min(starts):.2f} s   (bar: 1.5 s)")
    with served() as (address, process):
        over, within = asyncio.run(costs(address))
        beyond = [first - second for first, second in zip(over, within, strict=True)]
        print(f"warm advise over HTTP: median {statistics.median(over) * 1000:.1f} ms; in this process {statistics.median(within) * 1000:.1f} ms")
        print(f"beyond the advice: median {statistics.median(beyond) * 1000:.1f} ms   (bar: 15 ms)")
        seen = asyncio.run(memory(address, process))
    for calls, megabytes in seen:
        print(f"{calls:>7,} calls  {megabytes:6.1f} MB")
    growth = seen[-1][1] - seen[len(seen) // 2][1]
    print(f"growth over the last half: {growth:+.1f} MB")


if __name__ == "__main__":
    main()
