"""The framing of W&B's offline files: LevelDB's log in blocks of 32 kB, with the checksum of zlib (wandb/sdk/internal/datastore.py)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from advise.runlog.readers.damage import MAX_RECORD_BYTES, Damage
from advise.runlog.readers.limits import MAX_RECORDS

MAGIC = b":W&B\xe1\xbe"
_FILE_HEADER, _BLOCK = 7, 32 * 1024
_HEADER = struct.Struct("<IHB")
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4


def records(stream: BinaryIO, size: int, damage: Damage) -> Iterator[tuple[int, bytes]]:
    """The records of a file that are whole, each with its number from 1.

    Args:
        stream: The file, at its beginning.
        size: How many bytes of it are read.
        damage: Is told what was wrong.

    Raises:
        OSError: The file cannot be read.
    """
    parts: list[bytes] | None = None
    held, begun, number = 0, 0, 0
    for place, kind, data in _fragments(stream, size, damage):
        if kind in (_FULL, _FIRST):
            if parts is not None:
                damage.corrupt += 1
            parts, held, begun = [], 0, place
            number += 1
        if parts is None:
            # What a damaged record leaves behind; the damage itself has been counted.
            continue
        if not kind:
            parts = None
            continue
        held += len(data)
        if held <= MAX_RECORD_BYTES:
            parts.append(data)
        if kind in (_FULL, _LAST):
            if held <= MAX_RECORD_BYTES:
                yield number, b"".join(parts)
            else:
                damage.oversized += 1
            parts = None
    if parts is not None and damage.cut_at is None:
        damage.cut_at = begun


def _fragments(stream: BinaryIO, size: int, damage: Damage) -> Iterator[tuple[int, int, bytes]]:
    """Pieces of records: where each begins, what it is (0 where some are lost) and its bytes."""
    count = 0
    for start in range(0, size, _BLOCK):
        if count >= MAX_RECORDS:
            damage.over_limit = True
            return
        block = stream.read(min(_BLOCK, size - start))
        last = start + _BLOCK >= size
        place = 0 if start else _FILE_HEADER
        while len(block) - place >= _HEADER.size:
            checksum, length, kind = _HEADER.unpack_from(block, place)
            count += 1
            begin, end = place + _HEADER.size, place + _HEADER.size + length
            if not (checksum or length or kind):
                # What is left of a block is filled with zeros.
                break
            if end > len(block) and last:
                damage.cut_at = start + place
                return
            if end > len(block) or not _FULL <= kind <= _LAST:
                # Where a length cannot be trusted, the next block is the next place known to begin with a header.
                damage.corrupt += 1
                yield start + place, 0, b""
                break
            data = block[begin:end]
            if zlib.crc32(data, zlib.crc32(bytes([kind]))) == checksum:
                yield start + place, kind, data
            else:
                damage.corrupt += 1
                yield start + place, 0, b""
            place = end
        else:
            if last and place < len(block) < _BLOCK:
                damage.cut_at = start + place
