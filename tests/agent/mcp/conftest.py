"""Servers to talk to: in this process, started as a command, and over HTTP on the loopback."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

from mcp.server import MCPServer

from advise.agent.mcp.server import server_of
from advise.agent.toolbox import Toolbox

EXAMPLES = Path(__file__).parents[3] / "examples"
COMMAND = [sys.executable, "-m", "advise", "mcp"]


@pytest.fixture(scope="session")
def toolbox() -> Toolbox:
    return Toolbox.open([EXAMPLES])


@pytest.fixture(scope="session")
def server(toolbox: Toolbox) -> MCPServer[None]:
    return server_of(toolbox)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a server over HTTP, in a process of its own."""
    command = [*COMMAND, "--transport", "http", "--port", "0", "--root", str(EXAMPLES)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        found = re.search(r"http://\S+", first)
        assert found is not None, first
        yield found[0]
        process.terminate()
