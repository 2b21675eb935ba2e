"""TFRecord framing: each record with its length before it and a checksum of both (tensorflow/core/lib/io/record_writer.h)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from advise.runlog.readers.damage import MAX_RECORD_BYTES, Damage
from advise.runlog.readers.limits import MAX_RECORDS

_HEADER, _FOOTER = 12, 4
_KNOWN_HEADERS = 4096


def records(stream: BinaryIO, size: int, damage: Damage) -> Iterator[tuple[int, bytes]]:
    """The records of a file that are whole, each with its number from 1.

    Args:
        stream: The file, at its beginning.
        size: How many bytes of it are read.
        damage: Is told what was wrong.

    Raises:
        ImportError: google-crc32c is not installed.
        OSError: The file cannot be read.
    """
    from google_crc32c import value as crc32c

    # Records of one kind have few lengths, so that the header of most has been checked before.
    lengths: dict[bytes, int] = {}
    place, number = 0, 0
    while place < size:
        if number >= MAX_RECORDS:
            damage.over_limit = True
            return
        header = stream.read(_HEADER)
        if len(header) < _HEADER:
            damage.cut_at = place
            return
        length = lengths.get(header, -1)
        if length < 0:
            length, expected = struct.unpack("<QI", header)
            if _masked(crc32c(header[:8])) != expected:
                damage.lost_at = place
                return
            if len(lengths) < _KNOWN_HEADERS:
                lengths[header] = length
        end = place + _HEADER + length + _FOOTER
        if end > size:
            damage.cut_at = place
            return
        number += 1
        place = end
        if length > MAX_RECORD_BYTES:
            damage.oversized += 1
            stream.seek(end)
            continue
        data = stream.read(length)
        if stream.read(_FOOTER) != _masked(crc32c(data)).to_bytes(_FOOTER, "little"):
            damage.corrupt += 1
            continue
        yield number, data


def _masked(crc: int) -> int:
    """A checksum as it is stored: rotated and shifted, for a checksum of a checksum is no good one."""
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
