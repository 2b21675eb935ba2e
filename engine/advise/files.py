"""Putting a file in the place of another, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def replace_file(target: Path, data: bytes, last_look: Callable[[], None] = lambda: None, sync: Callable[[int], None] = os.fsync) -> None:
    """Write a file beside the target, and put it in its place once all of it is written.

    Args:
        target: What is replaced, or made; what it allowed to whom, the new one allows.
        data: What it will hold.
        last_look: Called just before the file takes its place; what it raises leaves the target as it is.
        sync: Brings the open file to the disk; by default it is waited for.

    Raises:
        OSError: It cannot be written; the target is as it was.
    """
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as handle:
            handle.write(data)
            handle.flush()
            sync(handle.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(target.stat().st_mode & 0o777)
        last_look()
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
