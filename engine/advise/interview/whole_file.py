"""A file that is read and written whole, and never over what someone else wrote."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from pathlib import Path

from advise.documents.decode import MAX_BYTES
from advise.errors import FileChangedError, FileError
from advise.files import replace_file, sweep


@dataclass(slots=True)
class WholeFile:
    """A file and what was in it when it was last read or written here.

    Attributes:
        path: Where it is; a link is followed.
        known: Its bytes then; None when there was no file.
    """

    path: Path
    known: bytes | None = None

    def read(self) -> bytes | None:
        """Its bytes, one above the limit at most; None when there is no file.

        Raises:
            FileError: It cannot be read.
        """
        self.known = self._now()
        return self.known

    def check(self) -> None:
        """Make sure that nobody wrote to it.

        Raises:
            FileChangedError: Someone did.
            FileError: It cannot be read any more.
        """
        if self._now() != self.known:
            raise FileChangedError(f"{self.path} was changed in the meantime")

    def write(self, data: bytes | None) -> None:
        """Put these bytes in the place of the known ones, whole or not at all; None removes the file.

        Raises:
            FileChangedError: Someone else wrote to it; nothing was written.
            FileError: It cannot be written.
        """
        self.check()
        try:
            if data is None:
                self._target.unlink(missing_ok=True)
            else:
                # It looks once more, as late as can be: writing takes longer than looking.
                replace_file(self._target, data, self.check)
        except OSError as error:
            raise FileError(f"{self.path}: cannot be written: {error.strerror or error}") from error
        self.known = data

    def sweep(self) -> None:
        """Remove what killed processes left beside it."""
        sweep(self._target.parent, glob.escape(self._target.name))

    @property
    def _target(self) -> Path:
        return Path(os.path.realpath(self.path))

    def _now(self) -> bytes | None:
        try:
            with self.path.open("rb") as handle:
                return handle.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise FileError(f"{self.path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
