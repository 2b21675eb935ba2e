"""Opening a binary log."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from advise.runlog.readers.refusal import unreadable


@contextmanager
def opened(path: str, shown: str) -> Iterator[tuple[BinaryIO, int]]:
    """Open a file for reading; with its size in bytes, for it may be growing.

    Args:
        path: The file.
        shown: The same as the caller named it.

    Raises:
        LogError: It is not a file, or it cannot be read.
    """
    try:
        # A pipe would be waited for.
        regular = stat.S_ISREG(os.stat(path).st_mode)
        stream = open(path, "rb") if regular else None  # noqa: SIM115
    except (OSError, ValueError) as error:
        raise unreadable(shown, f"the file cannot be opened: {_reason(error)}") from error
    if stream is None:
        raise unreadable(shown, "this is not a file")
    try:
        with stream:
            yield stream, os.fstat(stream.fileno()).st_size
    except OSError as error:
        raise unreadable(shown, f"the file cannot be read: {_reason(error)}") from error


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
