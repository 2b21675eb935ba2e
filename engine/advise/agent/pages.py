"""Lists in portions: a cursor says where to go on, and of which list."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from advise.documents.problems import Problem
from advise.errors import CursorError


def start_of(cursor: str, names: Sequence[str]) -> int:
    """Where a portion starts.

    Args:
        cursor: Empty for the first portion.
        names: Every entry of the list.

    Raises:
        CursorError: It is not of this list.
    """
    if not cursor:
        return 0
    start, _, mark = cursor.partition("-")
    if not (start.isascii() and start.isdigit() and len(start) < 8 and int(start) < len(names) and mark == _mark(names)):
        message = "this is no cursor of this list: the facts or the question have changed since; start again without it"
        raise CursorError([Problem("cursor", 0, 0, message, "", accepted="`next` of the answer before, with the same other arguments")])
    return int(start)


def cursor_at(end: int, names: Sequence[str]) -> str:
    """The cursor of what comes after a portion; empty at the end."""
    return f"{end}-{_mark(names)}" if end < len(names) else ""


def _mark(names: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(names).encode()).hexdigest()[:8]
