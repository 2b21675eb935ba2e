"""`advise mcp`: the advisor as a tool of agents, over standard input and output or over HTTP."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated, Literal

import typer

from advise.cli.options import Drafts, Rules, opened
from advise.errors import MissingServerError
from advise.infer.driver import MANY_PLANS, Engine

_MISSING = 'the server needs the packages of the extra `mcp`: pip install "playbook-advisor[mcp]"'


def mcp_command(
    transport: Annotated[
        Literal["stdio", "http"], typer.Option("--transport", help="stdio: one client, which starts the server; http: any number, at an address.")
    ] = "stdio",
    roots: Annotated[
        list[Path] | None, typer.Option("--root", help="A folder below which files may be read; default: the working directory.")
    ] = None,
    host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for a free one.")] = 8000,
    allowed: Annotated[list[str] | None, typer.Option("--allow-host", help="A further name by which clients may address the server.")] = None,
    seconds: Annotated[float, typer.Option("--timeout", min=1, help="How many seconds a call may take.")] = 30,
    megabytes: Annotated[int, typer.Option("--max-megabytes", min=1, help="How much one call may read.")] = 256,
    rules: Rules = None,
    drafts: Drafts = False,
    engine: Annotated[Engine, typer.Option("--engine", help="The chaining engine; plain is the faster one for many calls.")] = MANY_PLANS,
) -> None:
    """Serve agents by the Model Context Protocol. Nothing is written, and files are read below --root only."""
    from advise.agent.toolbox import Toolbox

    try:
        from advise.agent.mcp.serve import serve_http, serve_stdio
    except ImportError as error:
        raise MissingServerError(_MISSING) from error
    toolbox = Toolbox.open(roots or [Path()], advisor=opened(rules, engine, drafts), seconds=seconds, max_megabytes=megabytes)
    # The command line does without collecting garbage; a server that runs for days does not. What is there by now stays.
    gc.freeze()
    gc.enable()
    if transport == "stdio":
        serve_stdio(toolbox)
    else:
        serve_http(toolbox, host, port, allowed or [])
