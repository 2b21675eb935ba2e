"""The server as a command: over standard input and output, and over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import pytest
from mcp import Client, StdioServerParameters

from advise.agent.call import call
from advise.agent.mcp.callers import CallersCheck
from advise.agent.mcp.serve import names_of
from advise.agent.toolbox import Toolbox

from .conftest import COMMAND, EXAMPLES

CALLS = (
    ("advise", {"paths": ["supernet/facts.yaml"]}),
    ("explain", {"id": "overfitting", "facts": {"clip.rate": 0.93}}),
    ("advise", {"facts": {"clip.rat": 1}}),
)
ACCEPTED = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


async def results(server: Any, era: str) -> list[tuple[bool, str, Any]]:
    async with Client(server, mode=era) as client:
        found = [await client.call_tool(name, dict(arguments)) for name, arguments in CALLS]
    return [(result.is_error, result.content[0].text, result.structured_content) for result in found]


def directly(toolbox: Toolbox) -> list[tuple[bool, str, Any]]:
    found = [call(toolbox, name, arguments) for name, arguments in CALLS]
    return [(result.is_error, result.text, None if result.is_error else result.structured) for result in found]


@pytest.mark.parametrize("era", ["legacy", "auto"])
def test_over_stdio_the_answers_are_the_direct_ones(toolbox: Toolbox, era: str) -> None:
    # The client hands no environment on but what is safe; coverage and the like stay out.
    started = StdioServerParameters(command=sys.executable, args=[*COMMAND[1:], "--root", str(EXAMPLES)], env={"HOME": os.environ.get("HOME", "")})
    assert asyncio.run(results(started, era)) == directly(toolbox)


@pytest.mark.parametrize("era", ["legacy", "auto"])
def test_over_http_the_answers_are_the_direct_ones(toolbox: Toolbox, address: str, era: str) -> None:
    assert asyncio.run(results(address, era)) == directly(toolbox)


@pytest.mark.parametrize(
    "header",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:80.evil.com"},
        {"Origin": "http://localhost:80@evil.com"},
    ],
)
def test_a_foreign_host_or_origin_is_refused(address: str, header: dict[str, str]) -> None:
    request = urllib.request.Request(address, json.dumps(PING).encode(), headers={**ACCEPTED, **header})  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)  # noqa: S310 - the address of the fixture
    caught.value.close()
    assert caught.value.code in (403, 421)


@pytest.mark.parametrize("header", [{"Host": "LOCALHOST"}, {"Host": "localhost:80"}, {"Host": "[::1]:80"}, {"Origin": "http://localhost:3000"}])
def test_a_name_of_this_machine_is_let_through(header: dict[str, str]) -> None:
    request = {"type": "http", "headers": [(b"host", b"127.0.0.1"), *((name.lower().encode(), value.encode()) for name, value in header.items())]}
    if "Host" in header:
        request["headers"] = request["headers"][1:]
    served: list[Any] = []

    async def app(*_: Any) -> None:
        served.append(request)

    asyncio.run(CallersCheck(app, names_of("127.0.0.1", ()))(request, None, None))  # type: ignore[arg-type]
    assert served == [request]


def test_idle_and_slow_connections_are_bounded_and_closed() -> None:
    """More connections than there are descriptors, and bodies that never come: the server goes on, and lets none of them be."""
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256));"
        "from advise.agent.mcp import connections; connections.SECONDS = 1.0;"
        "from advise.cli.main import main; main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", script, "mcp", "--transport", "http", "--port", "0", "--root", str(EXAMPLES)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, contextlib.ExitStack() as stack:
        assert process.stderr is not None
        stack.callback(process.terminate)
        address = process.stderr.readline().split()[-1]
        place = urlsplit(address)
        assert place.hostname is not None
        opened = [stack.enter_context(socket.create_connection((place.hostname, place.port or 80), timeout=20)) for _ in range(400)]
        opened[0].sendall(b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        # Each is closed from the other side, at once or after its second.
        for connection in opened:
            with contextlib.suppress(ConnectionResetError):
                assert connection.recv(1000) in (b"",)
        request = urllib.request.Request(address, json.dumps(PING).encode(), headers=ACCEPTED)  # noqa: S310
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=20)  # noqa: S310 - the address of the server above
        caught.value.close()
        assert caught.value.code in (400, 404)
        assert process.poll() is None


def test_too_large_a_request_is_refused_before_it_is_sent(address: str) -> None:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc, timeout=10)
    connection.putrequest("POST", place.path)
    for name, value in {**ACCEPTED, "Content-Length": "1100000"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    assert status == 413


def test_an_address_that_is_taken_is_told(address: str) -> None:
    port = address.rsplit(":", 1)[1].split("/", maxsplit=1)[0]
    ended = subprocess.run([*COMMAND, "--transport", "http", "--port", port], capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert f"cannot listen at 127.0.0.1:{port}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_root_that_is_no_folder_is_told() -> None:
    ended = subprocess.run([*COMMAND, "--root", "/nowhere"], capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert "a root is a folder that exists" in ended.stderr
