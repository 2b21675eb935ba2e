"""How long a call may take, and how many at once: whoever waits gets an answer in time, even where the work goes on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import BoundedSemaphore, Lock, Thread
from typing import TypeVar

from advise.errors import CallLimitError

T = TypeVar("T")
AT_ONCE = 4
# Calls that took too long and still run. Each reads files of bounded size, so each ends; but there must not be any number of them.
MAX_OVERDUE = 8


class CallLimiter:
    """Limits how long calls take and how many run at once.

    Args:
        seconds: How long for each.
        at_once: How many run at the same time; the others wait.
    """

    def __init__(self, seconds: float, at_once: int = AT_ONCE) -> None:
        self.seconds = seconds
        self._slots = BoundedSemaphore(at_once)
        self._overdue: list[Thread] = []
        self._lock = Lock()

    def wait(self, work: Callable[[], T]) -> T:
        """Do something, within the time that a call may take.

        Raises:
            CallLimitError: It is not done in time, or too many others are not.
        """
        self._check()
        if not self._slots.acquire(timeout=self.seconds):
            raise CallLimitError(f"too many calls at once: none of them ended within {self.seconds:g} s; ask again later")
        future: Future[T] = Future()
        # A daemon: the process may end while it runs.
        thread = Thread(target=_carry_out, args=(work, future), daemon=True)
        try:
            thread.start()
            return future.result(self.seconds)
        except TimeoutError as error:
            if future.done():
                raise
            with self._lock:
                self._overdue.append(thread)
            raise CallLimitError(f"this took longer than {self.seconds:g} s; name fewer or smaller files") from error
        finally:
            self._slots.release()

    def _check(self) -> None:
        with self._lock:
            self._overdue = [thread for thread in self._overdue if thread.is_alive()]
            if len(self._overdue) >= MAX_OVERDUE:
                raise CallLimitError(f"{MAX_OVERDUE} earlier calls took too long and still run; ask again later")


def _carry_out(work: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)
