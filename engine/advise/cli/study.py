"""`advise study`: whether the search space is right, and what the next round should be."""

from __future__ import annotations

from typing import Annotated

import typer

from advise.cli.options import DirectionOption, DrawnWriting, Reasoning, direction_of
from advise.files import write


def study_command(
    path: Annotated[
        str,
        typer.Argument(metavar="TRIALS", help="An Optuna or MLflow database, a table (CSV, JSON lines), a run directory.", show_default=False),
    ],
    writing: DrawnWriting,
    reasoning: Reasoning,
    objective: Annotated[str | None, typer.Option("--objective", metavar="COLUMN", help="The column that decides; by default it is found.")] = None,
    direction: DirectionOption = None,
    study: Annotated[str | None, typer.Option("--study", metavar="NAME", help="Which study of a database that holds several.")] = None,
    space: Annotated[str | None, typer.Option("--space", metavar="FILE", help="The declared search space (YAML or JSON).")] = None,
    scientific: Annotated[
        list[str] | None, typer.Option("--scientific", metavar="NAME", help="A hyperparameter that the study asks about; may be given several times.")
    ] = None,
    facts: Annotated[list[str] | None, typer.Option("--facts", metavar="FILE", help="Facts files with what else is known; they win.")] = None,
    snippet: Annotated[bool, typer.Option("--snippet", help="Write the Optuna program of the next round alone.")] = False,
) -> None:
    """Read a study's trials: is the search space right, are the trials enough, and what should the next round ask?"""
    from advise.experiments.study.read import Asked, read_study
    from advise.experiments.study.report import as_json, as_page, report_of
    from advise.experiments.study.run import observed
    from advise.facts.record import Observed

    advisor = reasoning.advisor()
    stated = advisor.observe(facts) if facts else Observed({})
    asked = Asked(objective, direction_of(direction, advisor), study, space, tuple(scientific or ()))
    read = read_study(path, asked, advisor.knowledge)
    plan = advisor.examine(observed(read, stated, advisor.knowledge), once=True).plan
    report = report_of(read, plan, advisor.knowledge)
    if snippet:
        write(report.program, writing.output)
        return
    voice = writing.voice(advisor)

    def html() -> str:
        from advise.experiments.study.page import as_html

        return as_html(report, advisor.knowledge, writing.spoken)

    writing.write(lambda: as_json(report), lambda: as_page(report, voice), html)
