"""How long a call may take, and how many at once: whoever waits gets an answer in time, and work that takes too long is ended.

Calls that read files and calls that do not have places of their own, so that no log, however slow it is to read, keeps a question without one
waiting. Equal calls that read files share one reading while it goes on.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import BoundedSemaphore, Lock, Thread
from typing import Any, TypeVar

from advise.deadline import OverdueError
from advise.deadline import end as end_thread
from advise.errors import CallLimitError

T = TypeVar("T")
AT_ONCE = 4
# Calls that took too long and still run: those that are in a library at the moment, and end when it returns. There must not be any number of them.
MAX_OVERDUE = 8
# How many wait for a place; more are refused at once rather than after the limit.
MAX_WAITING = 200


class CallLimiter:
    """Limits how long calls take, the waiting included, and how many run at once.

    Args:
        seconds: How long for each.
        at_once: How many of a kind run at the same time; the others wait.
    """

    def __init__(self, seconds: float, at_once: int = AT_ONCE) -> None:
        self.seconds = seconds
        self._reading, self._thinking = BoundedSemaphore(at_once), BoundedSemaphore(at_once)
        self._overdue: list[Thread] = []
        self._shared: dict[str, Future[Any]] = {}
        self._waiting = 0
        self._lock = Lock()

    def wait(self, work: Callable[[], T], *, reads: bool = True, same: str | None = None, since: float | None = None) -> T:
        """Do something, within the time that a call may take.

        Args:
            work: What is done; it is ended where it takes too long.
            reads: Whether it reads files.
            same: Names work that another call may be doing at the moment, whose result then serves both.
            since: When the call came, by `time.monotonic`; by default now.

        Raises:
            CallLimitError: It is not done in time, or too many others are not.
        """
        end = (time.monotonic() if since is None else since) + self.seconds
        with self._lock:
            if self._waiting >= MAX_WAITING:
                raise CallLimitError(f"{MAX_WAITING} calls are waiting already; ask again later")
            self._waiting += 1
            future: Future[T] | None = None if same is None else self._shared.get(same)
            is_first = future is None
            if future is None:
                future = Future()
                if same is not None:
                    self._shared[same] = future
        try:
            if is_first:
                self._start(work, future, end, reads=reads)
            return self._result(future, end)
        finally:
            with self._lock:
                self._waiting -= 1
                if is_first and same is not None:
                    self._shared.pop(same)

    def _start(self, work: Callable[[], T], future: Future[T], end: float, *, reads: bool) -> None:
        places = self._reading if reads else self._thinking
        if not places.acquire(timeout=max(0.0, end - time.monotonic())):
            # Whoever shares the work learns the same.
            future.set_exception(CallLimitError(f"too many calls at once: none of them ended within {self.seconds:g} s; ask again later"))
            return
        try:
            self._carry_out(work, future, end, reads=reads)
        except CallLimitError as error:
            future.set_exception(error)
        finally:
            places.release()

    def _carry_out(self, work: Callable[[], T], future: Future[T], end: float, *, reads: bool) -> None:
        """Do the work in a thread, and end it where it takes too long."""
        if reads:
            self._check()
        outcome: Future[T] = Future()
        # A daemon: the process may end while it runs.
        thread = Thread(target=_done, args=(work, outcome), daemon=True)
        thread.start()
        try:
            outcome.exception(max(0.0, end - time.monotonic()))
        except TimeoutError as error:
            end_thread(thread)
            with self._lock:
                self._overdue.append(thread)
            raise CallLimitError(self._too_long()) from error
        failed = outcome.exception()
        if failed is None:
            future.set_result(outcome.result())
        else:
            future.set_exception(failed)

    def _result(self, future: Future[T], end: float) -> T:
        try:
            return future.result(max(0.0, end - time.monotonic()))
        except TimeoutError as error:
            if future.done():
                raise
            raise CallLimitError(self._too_long()) from error

    def _too_long(self) -> str:
        return f"this took longer than {self.seconds:g} s; name fewer or smaller files"

    def _check(self) -> None:
        with self._lock:
            self._overdue = [thread for thread in self._overdue if thread.is_alive()]
            for thread in self._overdue:
                # What met the first end in a place that holds everything, such as a finalizer, meets another.
                end_thread(thread)
            if len(self._overdue) >= MAX_OVERDUE:
                raise CallLimitError(f"{MAX_OVERDUE} earlier calls took too long and still run; ask again later")


def _done(work: Callable[[], T], outcome: Future[T]) -> None:
    # The end may also come when the work is done.
    with contextlib.suppress(OverdueError):
        try:
            outcome.set_result(work())
        except BaseException as error:
            outcome.set_exception(error)
