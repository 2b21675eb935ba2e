"""`advise ask`: the questions whose answers would tell the most."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Annotated, Any, Self

import typer

from advise.cli.options import Drafts, Language, Rules, Writing, opened
from advise.files import note, write
from advise.infer.driver import MANY_PLANS
from advise.untrusted import verbatim

if TYPE_CHECKING:
    from advise.interview.interview import Interview
    from advise.interview.pages import Pages
    from advise.render.page import Page

_PROMPT = "> "
_WRONG_INPUT, _INTERRUPTED = 2, 130

FactsArgument = Annotated[Path, typer.Argument(metavar="FACTS", help="The facts file (YAML or JSON), only read; answers are saved beside it.")]
Section = Annotated[
    list[str] | None, typer.Option("--section", metavar="C", help="Ask for a section of the checklist, such as C, in its order; may be repeated.")
]
Answers = Annotated[str | None, typer.Option("--answers", metavar="FILE", help="Take the answers from this file, all or none; - is standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the next questions as JSON, and ask nothing.")]
Count = Annotated[int, typer.Option("--count", min=0, help="How many questions --json prints.")]


def ask_command(
    facts: FactsArgument = Path("facts.yaml"),
    section: Section = None,
    language: Language = None,
    answers: Answers = None,
    as_json: AsJson = False,
    count: Count = 5,
    rules: Rules = None,
    drafts: Drafts = False,
) -> None:
    """Ask for what is worth knowing, the most valuable first; every answer is saved at once, beside FACTS."""
    from advise.errors import AnswersChangedError
    from advise.interview.agenda import items_of
    from advise.interview.interview import Interview
    from advise.interview.pages import Pages

    # Every answer is reasoned over at once.
    advisor = opened(rules, MANY_PLANS, drafts)
    interview = Interview(advisor, facts, items_of(section or [], advisor.knowledge))
    pages = Pages(interview, Writing(language).voice(advisor))
    try:
        if answers is not None or as_json:
            _scripted(interview, pages, answers, as_json, count)
        else:
            _asked(interview, pages)
    except AnswersChangedError as disagreement:
        from advise.documents.problems import render

        note(_text(pages.disagreement(disagreement.path, list(disagreement.lost.items()))).rstrip("\n"))
        if disagreement.problems:
            note(render(disagreement.problems))
        raise typer.Exit(_WRONG_INPUT) from disagreement


def _scripted(interview: Interview, pages: Pages, answers: str | None, as_json: bool, count: int) -> None:
    from advise.interview.script import read_answers

    given = {} if answers is None else read_answers(answers, interview)
    answered = interview.answer(given) if given else None
    if as_json:
        from advise.interview.listing import listing

        write(listing(interview, count, answered).to_json(), None)
        return
    write(_text((*(pages.answered(answered) if answered else ()), *pages.ending())), None)


def _asked(interview: Interview, pages: Pages) -> None:
    from advise.interview.dialogue import Dialogue

    # The knowledge stays to the end; searching it for garbage, time and again, would hold up an answer.
    gc.freeze()
    with Keyboard() as keyboard:
        try:
            Dialogue(interview, pages, _say, keyboard.hear).run()
        except KeyboardInterrupt:
            _say((*pages.remark("ask_interrupted"), *pages.ending()))
            raise typer.Exit(_INTERRUPTED) from None


def _say(page: Page) -> None:
    sys.stdout.write(f"\n{_text(page)}")
    sys.stdout.flush()


def _text(page: Page) -> str:
    from advise.render.terminal import terminal_of
    from advise.render.text import as_text

    terminal = terminal_of(sys.stdout, os.environ)
    return as_text(page, terminal.width, terminal.colour)


class Keyboard:
    """Hears lines from standard input.

    An interrupt takes effect only while a line is awaited: an answer that was heard is saved before anything ends.
    """

    def __init__(self) -> None:
        self._waiting = False
        self._interrupted = False
        self._restore: Callable[[], Any] = lambda: None

    def __enter__(self) -> Self:
        handler = signal.signal(signal.SIGINT, self._interrupt)
        self._restore = lambda: signal.signal(signal.SIGINT, handler)
        if sys.stdin is not None:
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
            if sys.stdin.isatty():
                with contextlib.suppress(ImportError):
                    import readline  # noqa: F401 - lets `input` edit the line, where there is one
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._restore()

    def hear(self) -> str | None:
        """The next line; None at the end of the input."""
        if sys.stdin is None:
            return None
        self._waiting = True
        try:
            if self._interrupted:
                raise KeyboardInterrupt
            line = input(_PROMPT)
        except EOFError:
            return None
        finally:
            self._waiting = False
        if not sys.stdin.isatty():
            # What comes through a pipe is not seen otherwise.
            sys.stdout.write(f"{verbatim(line)}\n")
        return line

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self._interrupted = True
        if self._waiting:
            raise KeyboardInterrupt
