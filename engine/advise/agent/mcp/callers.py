"""Who may call over HTTP: a web page must not reach the server by a name that it made point here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_PORT = r"(?::[0-9]{1,5})?"
_REFUSED = {"host": 421, "origin": 403}


class CallersCheck:
    """Lets requests through whose `Host`, and whose `Origin` where there is one, are known names; both are compared whole, in any case of letters.

    Args:
        app: What serves the others.
        names: The known names; an IPv6 address without its brackets.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        host = "(?:" + "|".join(re.escape(f"[{name}]" if ":" in name else name) for name in names) + ")" + _PORT
        self._known = {"host": re.compile(host, re.IGNORECASE), "origin": re.compile(f"https?://{host}", re.IGNORECASE)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        status = self._refusal(scope) if scope["type"] == "http" else None
        if status is None:
            await self._app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0"), (b"connection", b"close")]})
        await send({"type": "http.response.body", "body": b""})

    def _refusal(self, scope: Scope) -> int | None:
        for header, status in _REFUSED.items():
            values = [value.decode("latin-1") for name, value in scope["headers"] if name == header.encode()]
            is_known = len(values) == 1 and self._known[header].fullmatch(values[0]) is not None
            if not is_known and (values or header == "host"):
                return status
        return None
