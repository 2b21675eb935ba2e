"""Where output goes: data to stdout or, whole or not at all, to a file; notes to stderr."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from advise.errors import OutputError


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


def write(text: str, path: Path | None) -> None:
    """Write to a file, whole or not at all, or to stdout.

    Raises:
        OutputError: The file cannot be written.
    """
    text = text if text.endswith("\n") else f"{text}\n"
    if path is None:
        sys.stdout.write(text)
        return
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error


def note(text: str) -> None:
    """Say something to the person, beside the data."""
    sys.stderr.write(f"{text}\n")


def use_utf8() -> None:
    """Make both streams take any text, whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
