"""Which files may be read: those below some folders, wherever links lead, and none that is no plain file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from advise.documents.problems import Problem
from advise.errors import FactsError
from advise.untrusted import shorten

MAX_PATHS = 20
MAX_PATH = 1000
MAX_ENTRIES = 10_000
MEGABYTE = 1024**2


@dataclass(frozen=True)
class Roots:
    """The folders below which files may be read.

    Attributes:
        folders: Their real paths.
        max_bytes: How large what one call reads may be, all files together.
    """

    folders: tuple[str, ...]
    max_bytes: int = 256 * MEGABYTE

    @classmethod
    def of(cls, folders: Iterable[str | Path], max_bytes: int = 256 * MEGABYTE) -> Roots:
        """Roots at some folders.

        Raises:
            FactsError: One of them is no folder.
        """
        real = [os.path.realpath(folder) for folder in folders]
        for given in real:
            if not os.path.isdir(given):
                raise _refused(os.path.basename(given), "a root is a folder that exists")
        return cls(tuple(dict.fromkeys(real)), max_bytes)

    def opened(self, paths: Sequence[str]) -> list[str]:
        """The real paths of files and folders that may be read.

        Args:
            paths: Relative to one of the roots, or absolute.

        Raises:
            FactsError: One leads out of the roots, does not exist, is no plain file or folder, or they are too large together.
        """
        if len(paths) > MAX_PATHS:
            raise _refused(paths[MAX_PATHS], f"a call reads at most {MAX_PATHS} paths; name the folder of the run instead")
        real = [self._opened(path) for path in paths]
        size = 0
        for path, found in zip(paths, real, strict=True):
            for entry in self._files(found, path):
                size += os.stat(entry).st_size
                if size > self.max_bytes:
                    raise _refused(path, f"what one call reads has at most {self.max_bytes // MEGABYTE} MiB")
        return real

    def hidden(self, text: str) -> str:
        """The text with every path below a root relative to it."""
        for folder in self.folders:
            text = text.replace(os.path.join(folder, ""), "").replace(folder, ".")
        return text

    def _opened(self, path: str) -> str:
        if not path.strip() or len(path) > MAX_PATH or "\0" in path:
            raise _refused(path, f"a path has from 1 to {MAX_PATH} characters", accepted="a path relative to the root, such as runs/exp7")
        candidates = [os.path.realpath(os.path.join(folder, path)) for folder in self.folders]
        within = [found for found in candidates if self._is_within(found)]
        if not within:
            raise _refused(path, "leads out of the folders that may be read", accepted="a path relative to the root, such as runs/exp7")
        existing = next((found for found in within if os.path.exists(found)), None)
        if existing is None:
            raise _refused(path, "there is no such file or folder", accepted=", ".join(self._beside(within[0])) or None)
        _check_kind(existing, path)
        return existing

    def _files(self, found: str, path: str) -> Iterator[str]:
        """Every file that a path stands for; what lies in a folder must not lead out either."""
        if not os.path.isdir(found):
            yield found
            return
        seen = 0
        for folder, folders, files in os.walk(found):
            for name in (*folders, *files):
                seen += 1
                entry = os.path.join(folder, name)
                if seen > MAX_ENTRIES:
                    raise _refused(path, f"a folder of a run has at most {MAX_ENTRIES} entries; name the files")
                if os.path.islink(entry) and not self._is_within(os.path.realpath(entry)):
                    raise _refused(path, f"`{shorten(name)}` in this folder is a link that leads out of the folders that may be read; name the files")
            yield from (entry for entry in (os.path.join(folder, name) for name in files) if os.path.isfile(entry))

    def _is_within(self, found: str) -> bool:
        return any(found == folder or found.startswith(os.path.join(folder, "")) for folder in self.folders)

    def _beside(self, missing: str) -> list[str]:
        """What lies where something was looked for."""
        folder = os.path.dirname(missing)
        if not (self._is_within(folder) and os.path.isdir(folder)):
            return []
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry, _ in zip(entries, range(MAX_ENTRIES), strict=False) if not entry.name.startswith("."))
        return [shorten(name) for name in names[:_LISTED]]


_LISTED = 12


def _check_kind(found: str, path: str) -> None:
    try:
        mode = os.stat(found).st_mode
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from error
    # A pipe would never end, and a device has no size.
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise _refused(path, "is neither a plain file nor a folder")


def _refused(path: str, message: str, accepted: str | None = None) -> FactsError:
    return FactsError([Problem(shorten(path), 0, 0, message, "", accepted=accepted)])
