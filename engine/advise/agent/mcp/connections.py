"""HTTP connections that cannot be used up: so many at once, each with so long to say what it wants."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 512
# To send a request whole, its body included; an answer may take as long as it takes.
SECONDS = 15.0


def most_connections() -> int:
    """How many connections are kept; most of the files that the process may have open are left for what comes at once, and for logs."""
    try:
        import resource
    except ImportError:
        # Windows has no such limit.
        return MOST
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else max(1, min(MOST, soft // 4))


class BoundedProtocol(H11Protocol):
    """A connection that is closed where there are too many, or where it does not send a whole request in time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._most = most_connections()
        self._sending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        if len(self.connections) > self._most:
            transport.abort()
            return
        self._expect()

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        if self._sending is None and (self.cycle is None or self.cycle.response_complete):
            self._expect()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._rest()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """See `H11Protocol`."""
        self._rest()
        super().on_response_complete()

    def _expect(self) -> None:
        self._rest()
        self._sending = self.loop.call_later(SECONDS, self._give_up)

    def _rest(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _give_up(self) -> None:
        self._sending = None
        is_whole = self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body
        if not is_whole:
            self.transport.abort()
