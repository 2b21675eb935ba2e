"""A progress bar for whatever takes longer than a second."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TypeVar

from advise.source.display import neutral

Item = TypeVar("Item")

_DELAY_SECONDS = 1.0


def watched(items: Sequence[Item], label: str) -> Iterator[Item]:
    """Go through items, and after a second show on stderr how far that is; nothing is shown where stderr is no terminal.

    Args:
        items: What is gone through.
        label: What is done with them, before the item in the bar.

    Yields:
        Each item.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield from items
        return
    begun = monotonic()
    for index, item in enumerate(items):
        if monotonic() - begun >= _DELAY_SECONDS:
            yield from _shown(items, index, label)
            return
        yield item


def _shown(items: Sequence[Item], first: int, label: str) -> Iterator[Item]:
    """The items from `first` on, with the bar."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    # Names of files are shown as they are: brackets in them are no markup.
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task(label, total=len(items), completed=first)
        for item in items[first:]:
            progress.update(task, description=neutral(f"{label} {item}"))
            yield item
            progress.advance(task)
