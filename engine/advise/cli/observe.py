"""`advise observe`: only measure; a table for a person who looks, a facts file for what comes after."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from advise.cli.options import Language, Output, Reading, Rules, Writing
from advise.files import write

if TYPE_CHECKING:
    from advise.render.page import Page

ObservedForm = Annotated[
    Literal["text", "yaml", "json"] | None,
    typer.Option("--format", help="Default: text on a terminal; in a pipe and in a file a facts file, by the ending of -o."),
]
_BY_SUFFIX = {".json": "json", ".txt": "text"}


@dataclass(frozen=True, slots=True)
class ObservedWriting:
    """In which language and form what was observed is written, and where."""

    language: Language = None
    form: ObservedForm = None
    output: Output = None

    @property
    def chosen(self) -> str:
        """The form: what is asked for, else a facts file for whatever reads on, and a table for a person at a terminal."""
        if self.form is not None:
            return self.form
        if self.output is None:
            return "text" if sys.stdout.isatty() else "yaml"
        return _BY_SUFFIX.get(self.output.suffix.lower(), "yaml")

    @property
    def as_page(self) -> Writing:
        """How the table is written."""
        return Writing(self.language, "text", self.output)


def observe_command(
    paths: Annotated[list[str], typer.Argument(metavar="LOG…", help="Training logs, run directories, facts files.", show_default=False)],
    reading: Reading,
    writing: ObservedWriting,
    rules: Rules = None,
) -> None:
    """Measure only: which column was taken for what and why, what was not read, and every fact with where it was read and how."""
    from advise.advisor import Advisor
    from advise.knowledge.files import root_with
    from advise.render.observations import as_facts_file, as_json

    advisor = Advisor(root_with(rules or []))
    observed = reading.observe(advisor, paths)
    if writing.chosen != "text":
        write(as_json(observed) if writing.chosen == "json" else as_facts_file(observed), writing.output)
        return

    def page() -> Page:
        from advise.render.observed import page_of_observed

        return page_of_observed(observed, writing.as_page.voice(advisor))

    writing.as_page.write(lambda: as_json(observed), page)
