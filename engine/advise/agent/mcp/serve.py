"""Running the server: over standard input and output, or over HTTP on the loopback."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import anyio
from mcp.server.transport_security import TransportSecuritySettings

from advise.agent.mcp.server import server_of
from advise.agent.toolbox import Toolbox
from advise.errors import ListenError
from advise.files import note

PATH = "/mcp"
_MAX_BODY = 1024**2
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve_stdio(toolbox: Toolbox) -> None:
    """Serve one client over standard input and output, until it goes."""
    server_of(toolbox).run("stdio")


def serve_http(toolbox: Toolbox, host: str, port: int, allowed: Sequence[str] = ()) -> None:
    """Serve any number of clients over streamable HTTP, until interrupted.

    Args:
        toolbox: What the tools work with.
        host: Where to listen.
        port: The port; 0 for a free one.
        allowed: Further names by which clients may address the server.

    Raises:
        ListenError: The address is taken, or is none of this machine.
    """
    import uvicorn

    listening = _listening(host, port)
    actual = listening.getsockname()[1]
    app = server_of(toolbox).streamable_http_app(
        streamable_http_path=PATH, host=host, max_request_body_size=_MAX_BODY, transport_security=host_check(host, allowed)
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    shown = f"[{host}]" if ":" in host else host
    note(f"advise: listening at http://{shown}:{actual}{PATH}")
    anyio.run(server.serve, [listening])


def host_check(host: str, allowed: Sequence[str]) -> TransportSecuritySettings:
    """Which `Host` and `Origin` are let through: a web page must not reach the server by a name that it made point here."""
    names = [*dict.fromkeys((*_LOOPBACK, host, *allowed))] if host in _LOOPBACK else [*dict.fromkeys((host, *allowed))]
    written = [f"[{name}]" if ":" in name else name for name in names]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[entry for name in written for entry in (name, f"{name}:*")],
        allowed_origins=[f"{scheme}://{name}{port}" for name in written for scheme in ("http", "https") for port in ("", ":*")],
    )


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        raise ListenError(f"cannot listen at {host}:{port}: {error.strerror or error}") from error
    return listening
