"""Ending what takes too long: the work stops at its next step in Python, so that no reader has to look at a clock."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator
from threading import Lock, Thread, Timer, get_ident


class OverdueError(BaseException):
    """Raised inside of work that is given up; no `except Exception` holds it."""


def end(thread: Thread) -> None:
    """Have a thread stop at its next step in Python; what is in a library at the moment stops when that returns."""
    if thread.ident is not None and thread.is_alive():
        _raise_in(thread.ident)


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Give the work in this thread so long.

    Args:
        seconds: Above 0.

    Raises:
        OverdueError: It took longer.
    """
    here, lock, is_over = get_ident(), Lock(), False

    def stop() -> None:
        with lock:
            if not is_over:
                _raise_in(here)

    timer = Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            is_over = True
        timer.cancel()


def _raise_in(ident: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(OverdueError))
