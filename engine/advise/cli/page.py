"""Writing out what is no plan: explanations and differences."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from advise.cli.options import PageFormat
from advise.files import write

if TYPE_CHECKING:
    from advise.render.page import Page
    from advise.render.voice import Voice


class Answer(Protocol):
    """Something that is written as a page, or as JSON."""

    def to_json(self) -> str:
        """The answer as JSON."""
        ...


T = TypeVar("T", bound=Answer)


def write_answer(answer: T, page_of: Callable[[T, Voice], Page], voice: Voice, form: PageFormat, output: Path | None) -> None:
    """Write an answer in the form that was asked for, to a file or to stdout."""
    if form is PageFormat.json:
        write(answer.to_json(), output)
    else:
        write_page(page_of(answer, voice), form, output)


def write_page(page: Page, form: PageFormat, output: Path | None) -> None:
    """Write a page as Markdown, or as text that fits the terminal, to a file or to stdout."""
    if form is PageFormat.text:
        from advise.render.terminal import Terminal, terminal_of
        from advise.render.text import as_text

        terminal = terminal_of(sys.stdout, os.environ) if output is None else Terminal()
        write(as_text(page, terminal.width, terminal.colour), output)
        return
    from advise.render.markdown import as_markdown

    write(as_markdown(page), output)
