"""Writing a page out, beside the plan itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from advise.cli.options import PageFormat
from advise.cli.output import write

if TYPE_CHECKING:
    from advise.render.page import Page


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
