"""Running the server: over standard input and output, or over HTTP on the loopback."""

from __future__ import annotations

import logging
import socket
from collections.abc import Sequence

import anyio
from mcp.server.transport_security import TransportSecuritySettings

from advise.agent.mcp.callers import CallersCheck
from advise.agent.mcp.connections import BoundedProtocol
from advise.agent.mcp.server import server_of
from advise.agent.toolbox import Toolbox
from advise.errors import ListenError
from advise.files import note

PATH = "/mcp"
_MAX_BODY = 1024**2
# A session takes some forty kilobytes; a client that comes back later starts another.
_IDLE_SECONDS = 600.0
# asyncio takes so many in one go before it looks at any: they must not be more than there are descriptors.
_BACKLOG = 32
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

    _log_plainly()
    listening = _listening(host, port)
    actual = listening.getsockname()[1]
    # Who calls is checked in front: the SDK compares the beginning of an origin only.
    unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server_of(toolbox).streamable_http_app(
        streamable_http_path=PATH, host=host, max_request_body_size=_MAX_BODY, session_idle_timeout=_IDLE_SECONDS, transport_security=unchecked
    )
    checked = CallersCheck(app, names_of(host, allowed))
    server = uvicorn.Server(uvicorn.Config(checked, log_level="warning", lifespan="on", http=BoundedProtocol, backlog=_BACKLOG))
    shown = f"[{host}]" if ":" in host else host
    note(f"advise: listening at http://{shown}:{actual}{PATH}")
    anyio.run(server.serve, [listening])


def _log_plainly() -> None:
    """Log without the SDK's handler: to show its first error it imports modules, for which there may be no descriptor left."""
    logging.basicConfig(level=logging.WARNING, format="advise: %(message)s")


def names_of(host: str, allowed: Sequence[str]) -> tuple[str, ...]:
    """The names by which clients may address the server.

    Args:
        host: Where it listens.
        allowed: Further names.
    """
    return tuple(dict.fromkeys((*(_LOOPBACK if host in _LOOPBACK else ()), host, *allowed)))


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        raise ListenError(f"cannot listen at {host}:{port}: {error.strerror or error}") from error
    return listening
