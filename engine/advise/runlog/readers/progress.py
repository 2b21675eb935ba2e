"""A progress bar for whatever takes longer than a second."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING, TypeVar

from advise.untrusted import verbatim

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

Item = TypeVar("Item")

_DELAY_SECONDS = 1.0


def watched(items: Sequence[Item], label: str, name: Callable[[Item], object] = str) -> Iterator[Item]:
    """Go through items, and after a second show on stderr how far that is; nothing is shown where stderr is no terminal.

    Args:
        items: What is gone through.
        label: What is done with them, before the item in the bar.
        name: What an item is called.

    Yields:
        Each item.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield from items
        return
    with _Bar(len(items)) as bar:
        for done, item in enumerate(items):
            bar.tell(f"{label} {name(item)}", done)
            yield item


@contextmanager
def telling(label: str) -> Iterator[Callable[[int, int], None]]:
    """The same for work that tells itself how far it is: of how many items how many are done; to be called with both.

    Args:
        label: What is done.
    """
    with ExitStack() as stack:
        bar: _Bar | None = None

        def tell(done: int, total: int) -> None:
            nonlocal bar
            if bar is None and total and sys.stderr is not None and sys.stderr.isatty():
                bar = stack.enter_context(_Bar(total))
            if bar is not None:
                bar.tell(label, done)

        yield tell


class _Bar:
    """Comes up by itself when the time has come, in the middle of an item too: one large file may be all there is."""

    def __init__(self, total: int) -> None:
        # How far a single item is cannot be known; its bar only moves.
        self._total = total if total > 1 else None
        self._said: tuple[str, int] = ("", 0)
        self._shown: tuple[Progress, TaskID] | None = None
        self._lock = Lock()
        self._timer = Timer(_DELAY_SECONDS, self._show)
        self._timer.daemon = True

    def __enter__(self) -> _Bar:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()
        # A bar that is about to come up waits for the lock, and then finds that it was called off.
        with self._lock:
            if self._shown is not None:
                self._shown[0].stop()

    def tell(self, text: str, done: int) -> None:
        """Say what is worked on now.

        Args:
            text: In words.
            done: How many items are finished.
        """
        with self._lock:
            self._said = (verbatim(text), done)
            if self._shown is not None:
                progress, task = self._shown
                progress.update(task, description=self._said[0], completed=done)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        # Names of files are shown as they are: brackets in them are no markup.
        counted = () if self._total is None else (MofNCompleteColumn(),)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), *counted, TimeElapsedColumn())
        with self._lock:
            if self._timer.finished.is_set():
                return
            text, done = self._said
            progress = Progress(*columns, console=Console(file=sys.stderr), transient=True)
            self._shown = (progress, progress.add_task(text, total=self._total, completed=done))
            progress.start()
