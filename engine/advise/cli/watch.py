"""`advise watch`: a run that is still under way, what is found as it comes, and an exit code when it ends."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from advise.cli.options import FailOn, Language, Reading, Rules, Writing, columns_of, opened, reaches
from advise.errors import WatchError
from advise.files import note, write_out
from advise.infer.driver import MANY_PLANS
from advise.terms import Severity

if TYPE_CHECKING:
    from advise.live.watch.notify import Command
    from advise.live.watch.page import Told
    from advise.live.watch.watch import Event, Watch
    from advise.render.terminal import Terminal
    from advise.render.voice import Voice

_KEPT = 50
_REDRAWN = 1.0
_TERMINATED = 143


def watch_command(
    path: Annotated[str, typer.Argument(metavar="LOG|DIR", help="The log, or the folder of the run; a log may come later.", show_default=False)],
    reading: Reading,
    beside: Annotated[list[str] | None, typer.Argument(metavar="[FACTS…]", help="Facts files of the run.", show_default=False)] = None,
    language: Language = None,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="text: a page on a terminal, else a line an event; json: an object an event.")
    ] = "text",
    on: Annotated[Severity, typer.Option("--on", help="From which severity on findings are told.")] = "medium",
    command: Annotated[
        str | None,
        typer.Option("--exec", metavar="CMD", help="Run this for each, without a shell: ADVISE_… in its environment, JSON on its standard input."),
    ] = None,
    every: Annotated[float, typer.Option("--every", min=0.1, metavar="SECONDS", help="How often to see whether the log has grown.")] = 1.0,
    process: Annotated[int | None, typer.Option("--pid", min=1, help="The process of the training: the run has ended when it is gone.")] = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="Exit with 1 when the run ends so, or with such a finding.")] = "stop",
    rules: Rules = None,
) -> None:
    """Follow a run while it is under way; each finding is told once, and withdrawn when the log speaks against it. Ends when the run ends."""
    from advise.live.watch.notify import Command
    from advise.live.watch.source import Reading as HowRead
    from advise.live.watch.source import source_of
    from advise.live.watch.watch import Watch

    _check_place(path)
    tell = None if command is None else Command(command)
    advisor = opened(rules, MANY_PLANS, drafts=False)
    how = HowRead(tuple(beside or ()), tuple(columns_of(reading.columns).items()), reading.run, tuple(reading.patterns or ()))
    source = source_of(path)
    # The command line does without collecting garbage; what runs for days does not. What is there by now stays.
    gc.freeze()
    gc.enable()
    watch = Watch(advisor, source, how, process=process)
    writing = Writing(language, "text")
    try:
        with _ends_cleanly():
            _follow(watch, _Telling(watch, writing, form, on, tell), every)
    finally:
        source.close()
        if tell is not None:
            tell.close()
    raise typer.Exit(int(watch.plan is not None and reaches(watch.plan, fail_on, advisor)))


def _check_place(path: str) -> None:
    """See that there is a log, or a place where it can come.

    Raises:
        WatchError: There is not.
    """
    where = Path(path)
    try:
        if where.exists() and not (where.is_file() or where.is_dir()):
            raise WatchError(f"{path}: neither a file nor a folder; a pipe cannot be read again")
        if not where.exists() and not where.absolute().parent.is_dir():
            raise WatchError(f"{path}: there is no such file, and no folder in which it could come")
    except (OSError, ValueError) as error:
        raise WatchError(f"{path}: cannot be looked at: {error}") from error


@contextmanager
def _ends_cleanly() -> Iterator[None]:
    """Let a request to end run what has to be put in order."""

    def end(*_: object) -> None:
        raise SystemExit(_TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Telling:
    """Who is told, and how."""

    def __init__(self, watch: Watch, writing: Writing, form: str, least: Severity, command: Command | None) -> None:
        self.watch, self.writing, self.form = watch, writing, form
        self.voice: Voice = writing.voice(watch.advisor)
        self.told: deque[Told] = deque(maxlen=_KEPT)
        self._least, self._command = least, command

    @property
    def is_page(self) -> bool:
        """Whether a person looks at a page."""
        return self.form == "text" and sys.stdout.isatty()

    def tell(self, events: list[Event]) -> None:
        """Tell what is worth it."""
        from advise.live.findings import is_at_least
        from advise.live.watch.page import Told

        for event in events:
            if event.finding is not None and not is_at_least(event.finding.severity, self._least):
                continue
            self.told.append(Told(time.strftime("%H:%M:%S"), event))
            if not self.is_page:
                self._say(event)
            if self._command is not None:
                self._run(event)
        if self._command is not None:
            self._command.look_after()

    def _say(self, event: Event) -> None:
        import json

        from advise.live.watch.told import as_data, event_line
        from advise.render.page import Paragraph, Plain
        from advise.render.text import as_text

        if self.form == "json":
            write_out(json.dumps(as_data(event, self.watch), ensure_ascii=False) + "\n")
            return
        line = (Plain(f"{self.told[-1].clock} "), *event_line(event, self.voice))
        write_out(as_text((Paragraph((line,)),), _UNBROKEN, colour=False))

    def _run(self, event: Event) -> None:
        from advise.live.watch.told import as_data

        failed = "" if self._command is None else self._command.tell(as_data(event, self.watch))
        if failed:
            note(f"advise: --exec: {failed}")

    def page(self, terminal: Terminal) -> str:
        """The page of this moment."""
        from advise.live.watch.page import watch_page
        from advise.render.text import as_text

        return as_text(watch_page(self.watch, list(self.told), self.voice, terminal.width), terminal.width, terminal.colour)


_UNBROKEN = 10_000


def _follow(watch: Watch, telling: _Telling, every: float) -> None:
    with _shown(telling) as draw:
        while not watch.ended:
            telling.tell(watch.poll())
            draw()
            if not watch.ended:
                time.sleep(every)
    _conclude(watch, telling)


@contextmanager
def _shown(telling: _Telling) -> Iterator[Callable[[], None]]:
    """What draws the page, where there is one; at most once a second, for that is what a person sees."""
    if not telling.is_page:
        yield lambda: None
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    from advise.render.terminal import terminal_of

    drawn = float("-inf")
    with Live(console=Console(), screen=True, auto_refresh=False, vertical_overflow="crop") as live:

        def draw() -> None:
            nonlocal drawn
            if time.monotonic() - drawn >= _REDRAWN:
                drawn = time.monotonic()
                live.update(Text.from_ansi(telling.page(terminal_of(sys.stdout, os.environ))), refresh=True)

        yield draw


def _conclude(watch: Watch, telling: _Telling) -> None:
    """Write the plan of the run that has ended."""
    if watch.plan is None or telling.form == "json":
        return
    from advise.render import render

    writing = telling.writing
    write_out(render(watch.plan, watch.advisor.knowledge.strings, "text", writing.spoken, writing.terminal))
