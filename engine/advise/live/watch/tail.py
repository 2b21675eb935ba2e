"""What is new in a file of lines since it was last read: by its size and its beginning, as a network file system tells them, not by events."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import Literal

# So much is read in one go.
CHUNK = 4 * 1024**2
# So much of the beginning tells one file from another.
_HEAD = 1024
# What is written of a line that does not end yet is kept so far.
_MAX_HALF = 1024**2


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a file.

    Attributes:
        what: `nothing`; `grown`; `replaced`, by another file, whose lines follow those before; `rewritten`, from its beginning, so that what was
            read before is void; `gone`, or no file of lines any more.
        lines: The lines that are whole, without their ends.
    """

    what: Literal["nothing", "grown", "replaced", "rewritten", "gone"]
    lines: tuple[bytes, ...] = ()


@dataclass
class Tail:
    """Follows a file.

    Attributes:
        path: The file; it may be missing, and come later.
        half: The line that is written right now.
        behind: Whether there was more than was read.
    """

    path: str
    half: bytes = b""
    behind: bool = False
    _at: int = field(default=0, init=False)
    _head: bytes = field(default=b"", init=False)
    _size: int = field(default=0, init=False)

    def news(self) -> News:
        """Read what is new, up to so much in one go."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError):
            return News("gone")
        try:
            return self._read(descriptor)
        except OSError:
            return News("gone")
        finally:
            os.close(descriptor)

    def _read(self, descriptor: int) -> News:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return News("gone")
        what: Literal["grown", "replaced", "rewritten"] = "grown"
        if status.st_size < self._at or not self._is_same(descriptor):
            begins_alike = self._head[:_HEAD] and os.pread(descriptor, len(self._head), 0) == self._head
            what = "rewritten" if begins_alike else "replaced"
            self._at, self._head, self.half = 0, b"", b""
        if status.st_size == self._at and what == "grown":
            self.behind = False
            return News("nothing")
        data = os.pread(descriptor, CHUNK, self._at)
        self._at += len(data)
        self.behind = self._at < status.st_size
        if len(self._head) < _HEAD:
            self._head = os.pread(descriptor, min(_HEAD, self._at), 0)
        *whole, half = (self.half + data).split(b"\n")
        self.half = half[-_MAX_HALF:]
        return News(what, tuple(whole))

    def _is_same(self, descriptor: int) -> bool:
        """Whether the file begins as it did; its number may be that of another by now, and that of another may be kept."""
        return not self._head or os.pread(descriptor, len(self._head), 0) == self._head
