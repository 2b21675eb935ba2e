"""`advise study`: whether the search space is right, and what the next round should be."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advise.cli.options import (
    DirectionOption,
    Drafts,
    EngineName,
    EngineOption,
    Language,
    Output,
    Rules,
    default_form,
    direction_of,
    language_of,
    opened,
)
from advise.files import write

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.cli.options import LanguageOption
    from advise.experiments.study.report import Report


class StudyFormat(StrEnum):
    """In which form the report is written."""

    md = "md"
    text = "text"
    json = "json"
    html = "html"


def study_command(
    path: Annotated[
        str,
        typer.Argument(metavar="TRIALS", help="An Optuna or MLflow database, a table (CSV, JSON lines), a run directory.", show_default=False),
    ],
    objective: Annotated[str | None, typer.Option("--objective", metavar="COLUMN", help="The column that decides; by default it is found.")] = None,
    direction: DirectionOption = None,
    study: Annotated[str | None, typer.Option("--study", metavar="NAME", help="Which study of a database that holds several.")] = None,
    space: Annotated[str | None, typer.Option("--space", metavar="FILE", help="The declared search space (YAML or JSON).")] = None,
    scientific: Annotated[
        list[str] | None, typer.Option("--scientific", metavar="NAME", help="A hyperparameter that the study asks about; may be given several times.")
    ] = None,
    facts: Annotated[list[str] | None, typer.Option("--facts", metavar="FILE", help="Facts files with what else is known; they win.")] = None,
    language: Language = None,
    form: Annotated[StudyFormat | None, typer.Option("--format", help="Default: by the ending of -o, else text.")] = None,
    output: Output = None,
    snippet: Annotated[bool, typer.Option("--snippet", help="Write the Optuna program of the next round alone.")] = False,
    rules: Rules = None,
    drafts: Drafts = False,
    engine: EngineName = EngineOption.auto,
) -> None:
    """Read a study's trials: is the search space right, are the trials enough, and what should the next round ask?"""
    from advise.experiments.study.read import Asked, read_study
    from advise.experiments.study.report import report_of
    from advise.experiments.study.run import observed
    from advise.facts.record import Observed

    advisor = opened(rules, engine, drafts)
    stated = advisor.observe(facts) if facts else Observed({})
    asked = Asked(objective, direction_of(direction, advisor), study, space, tuple(scientific or ()))
    read = read_study(path, asked, advisor.knowledge)
    plan = advisor.examine(observed(read, stated, advisor.knowledge), once=True).plan
    report = report_of(read, plan, advisor.knowledge)
    written = report.program if snippet else _rendered(report, advisor, form or StudyFormat(default_form(output)), language, output)
    write(written, output)


def _rendered(report: Report, advisor: Advisor, form: StudyFormat, asked: LanguageOption | None, output: Path | None) -> str:
    from advise.experiments.study.report import as_json, as_page
    from advise.render.voice import Voice

    if form is StudyFormat.json:
        return as_json(report)
    language = language_of(asked, form)
    if form is StudyFormat.html:
        from advise.experiments.study.page import as_html

        return as_html(report, advisor.knowledge, language)
    page = as_page(report, Voice(advisor.knowledge.strings, language))
    if form is StudyFormat.md:
        from advise.render.markdown import as_markdown

        return as_markdown(page)
    from advise.render.terminal import Terminal, terminal_of
    from advise.render.text import as_text

    terminal = terminal_of(sys.stdout, os.environ) if output is None else Terminal()
    return as_text(page, terminal.width, terminal.colour)
