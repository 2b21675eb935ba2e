"""Files that are compressed, with gzip or zstd, as the bytes that were compressed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from advise.errors import MissingExtraError
from advise.runlog.readers.limits import MAX_UNPACKED_BYTES
from advise.runlog.readers.refusal import not_installed, unreadable
from advise.runlog.readers.table import Remark

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_CHUNK = 64 * 1024
_PIECE = 1024**2
# The most memory that a zstd file may ask for to be unpacked: what its own program allows by default.
_MAX_WINDOW = 128 * 1024**2
_WITH_HEADER = 16 + zlib.MAX_WBITS


class _Cut(Exception):  # noqa: N818 - no error of ours: it never leaves this module
    """The compressed bytes end too early, or are not what was written."""


def is_packed(head: bytes) -> bool:
    """Whether a file that begins with these bytes is compressed in a way that is known here."""
    return head.startswith((_GZIP, _ZSTD))


def beginning(stream: BinaryIO, size: int) -> bytes | None:
    """The first bytes of what was compressed, as far as they can be unpacked; None where a package is missing.

    Args:
        stream: The file, at its start.
        size: How many.
    """
    found = bytearray()
    try:
        with suppress(_Cut):
            for piece in _pieces(stream, ""):
                found += piece
                if len(found) >= size:
                    break
    except MissingExtraError:
        return None
    return bytes(found[:size])


def unpacked(stream: BinaryIO, shown: str) -> tuple[bytes, list[Remark]]:
    """Everything that was compressed.

    Args:
        stream: The file, at its start.
        shown: The file as the caller named it.

    Returns:
        The bytes, and what a person should know of them: of a file that is cut off or damaged, all before that place is read.

    Raises:
        LogError: Nothing can be unpacked, or it is too much.
        MissingExtraError: The package that unpacks it is not installed.
    """
    found = bytearray()
    remarks = []
    try:
        for piece in _pieces(stream, shown):
            found += piece
            if len(found) > MAX_UNPACKED_BYTES:
                raise unreadable(shown, f"there are more than {MAX_UNPACKED_BYTES // 1024**2} MiB in it when it is unpacked, which is the limit")
    except _Cut as error:
        if not found:
            raise unreadable(shown, "it is compressed, and nothing of it can be unpacked") from error
        remarks.append(Remark("packed_cut", shown, {"bytes": len(found)}))
    if not found:
        raise unreadable(shown, "the file is empty: nothing is compressed in it")
    return bytes(found), remarks


def _pieces(stream: BinaryIO, shown: str) -> Iterator[bytes]:
    """What was compressed, in pieces of a bounded size."""
    start = stream.read(len(_ZSTD))
    stream.seek(0)
    return _from_zstd(stream, shown) if start == _ZSTD else _from_gzip(stream)


def _from_gzip(stream: BinaryIO) -> Iterator[bytes]:
    engine = None
    while chunk := stream.read(_CHUNK):
        while chunk:
            if engine is None:
                # Behind a member, another one or zeros.
                chunk = chunk.lstrip(b"\0")
                engine = zlib.decompressobj(_WITH_HEADER)
                continue
            try:
                piece = engine.decompress(chunk, _PIECE)
            except zlib.error as error:
                raise _Cut from error
            if piece:
                yield piece
            chunk = engine.unused_data if engine.eof else engine.unconsumed_tail
            engine = None if engine.eof else engine
    if engine is not None:
        raise _Cut


def _from_zstd(stream: BinaryIO, shown: str) -> Iterator[bytes]:
    try:
        import zstandard
    except ImportError as error:
        raise not_installed(shown, "a log that is compressed with zstd", error) from error
    engine = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)
    try:
        with engine.stream_reader(stream, read_across_frames=True, closefd=False) as reader:
            while piece := reader.read(_PIECE):
                yield piece
    except zstandard.ZstdError as error:
        raise _Cut from error
