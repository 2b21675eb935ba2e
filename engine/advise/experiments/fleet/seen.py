"""What an earlier time found out of each file, as long as the file is the same."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from advise.runlog.readers.open import is_log

Stamp = tuple[int, int, int]
_BLOCK = 1024**2


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a file.

    Attributes:
        stamp: Its size, when it was last written in ns, and its inode.
        log: Whether it is a log; None where that was not asked.
        digest: Of its contents; None where that was not asked.
    """

    stamp: Stamp
    log: bool | None = None
    digest: str | None = None


class Sniffed:
    """Whether files are logs, and digests of their contents; a file that did not change is not opened again.

    Args:
        known: By path, from an earlier time.
    """

    def __init__(self, known: Mapping[str, Known] | None = None) -> None:
        self._known = known or {}
        self.new: dict[str, Known] = {}

    def is_log(self, path: str) -> bool:
        """Whether a file looks like a log.

        Args:
            path: The file.
        """
        stamp, known = self._look(path)
        if known is not None and known.log is not None:
            return known.log
        told = is_log(path)
        if stamp is not None:
            self.new[path] = Known(stamp, told, None if known is None else known.digest)
        return told

    def digest(self, path: str) -> str:
        """Of the contents of a file, or of the names, sizes and times of what a folder holds.

        Args:
            path: The file or folder; what cannot be read has a digest of its name.
        """
        if os.path.isdir(path):
            return _of_folder(path)
        stamp, known = self._look(path)
        if known is not None and known.digest is not None:
            return known.digest
        told = _of_file(path)
        if stamp is not None:
            self.new[path] = Known(stamp, None if known is None else known.log, told)
        return told

    def _look(self, path: str) -> tuple[Stamp | None, Known | None]:
        """The stamp of a file as it is now, and what is known of it if it still bears that."""
        stamp = _stamp(path)
        known = self.new.get(path) or self._known.get(path)
        return stamp, known if known is not None and known.stamp == stamp else None


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _of_file(path: str) -> str:
    digest = blake2b(digest_size=16)
    try:
        with open(path, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except (OSError, ValueError):
        digest.update(path.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _of_folder(path: str) -> str:
    digest = blake2b(digest_size=16)
    for folder, inside, names in os.walk(path):
        inside.sort()
        for name in sorted(names):
            full = os.path.join(folder, name)
            digest.update(f"{os.path.relpath(full, path)}\0{_stamp(full)}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
