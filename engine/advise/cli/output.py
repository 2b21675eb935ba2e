"""Where output goes: data to stdout or, atomically, to a file; notes to stderr."""

from __future__ import annotations

import sys
from pathlib import Path

from advise.errors import OutputError
from advise.files import replace_file


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
