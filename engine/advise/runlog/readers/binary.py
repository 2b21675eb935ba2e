"""What is no text: opening a binary log, and telling what is none."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

from advise.runlog.readers.refusal import unreadable

# How a file begins that is no text, and what it is.
_MAGIC: Mapping[bytes, str] = {
    b"PK\x03\x04": "a ZIP archive, as PyTorch writes weights",
    b"\x80\x02": "a pickle, as PyTorch writes weights",
    b"\x80\x03": "a pickle",
    b"\x80\x04": "a pickle",
    b"\x80\x05": "a pickle",
    b"\x89HDF": "an HDF5 file, as Keras writes weights",
    b"\x93NUMPY": "an array of NumPy",
    b"GGUF": "the weights of a language model (GGUF)",
    b"PAR1": "a Parquet table in which no column counts steps or epochs",
    b"\x1f\x8b": "compressed with gzip",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"%PDF": "a PDF",
    b"\x7fELF": "a program",
}
_LOOKED_AT = 4096


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


def binary_kind(head: bytes) -> str | None:
    """What a file is that is no text and no log, such as `a pickle`; None for a text.

    Args:
        head: Its beginning.
    """
    known = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)
    if known is not None:
        return known
    if head[8:10] == b'{"' and b"\0" in head[:8]:
        return "weights (safetensors)"
    looked_at = head[:_LOOKED_AT]
    control = sum(byte < 7 or 13 < byte < 27 for byte in looked_at)
    return "of no known kind" if control > len(looked_at) // 50 + 4 and not _is_wide(looked_at) else None


def _is_wide(head: bytes) -> bool:
    """Whether every other byte is NUL, as of text in UTF-16."""
    return head[:2] in (b"\xff\xfe", b"\xfe\xff") or max(head[1::2].count(0), head[::2].count(0)) > len(head) // 3
