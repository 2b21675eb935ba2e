"""Waiting for the disk, but not for long: what a person has answered is safe from a killed process before the disk has it."""

from __future__ import annotations

import os
import threading


class Syncing:
    """Has the system bring files to the disk, and goes on when that takes longer than a person should wait.

    A file that is written and renamed outlives its process, however that ends: the system has it. Bringing it to the disk protects from a loss of
    power only. A disk usually needs a millisecond or two, and is waited for; one that is busy with what others write needs up to half a second, and
    finishes in the background. In that half second, and only then, a loss of power can cost the answer.

    Args:
        patience: For how many seconds a file is waited for.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._workers: list[threading.Thread] = []
        self._errors: list[OSError] = []

    def start(self, descriptor: int) -> None:
        """Bring an open file to the disk; it may be closed at once.

        Raises:
            OSError: It cannot be done, or could not for an earlier file.
        """
        # The thread closes its own descriptor: the caller's may be closed, and its number taken, before the disk is done.
        worker = threading.Thread(target=self._bring, args=(os.dup(descriptor),))
        self._workers = [earlier for earlier in self._workers if earlier.is_alive()]
        self._workers.append(worker)
        worker.start()
        worker.join(self._patience)
        self._raise()

    def settle(self) -> None:
        """Wait until the disk has everything.

        Raises:
            OSError: It has not, and will not.
        """
        for worker in self._workers:
            worker.join()
        self._raise()

    def _bring(self, descriptor: int) -> None:
        try:
            os.fsync(descriptor)
        except OSError as error:
            self._errors.append(error)
        finally:
            os.close(descriptor)

    def _raise(self) -> None:
        if self._errors:
            raise self._errors.pop(0)
