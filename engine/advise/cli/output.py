"""Where output goes: data to stdout or, atomically, to a file; notes to stderr."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from advise.errors import AdviseError


class OutputError(AdviseError):
    """The output file cannot be written."""


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
        _replace(path, text)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error


def _replace(path: Path, text: str) -> None:
    import tempfile

    handle = tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115
    try:
        with handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        os.chmod(handle.name, _mode(path))
        os.replace(handle.name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(handle.name)
        raise


def _mode(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def note(text: str) -> None:
    """Say something to the person, beside the data."""
    sys.stderr.write(f"{text}\n")


def use_utf8() -> None:
    """Make both streams take any text, whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
