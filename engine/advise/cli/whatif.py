"""`advise whatif`: what the plan would say if some facts were otherwise."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from advise.cli.options import (
    After,
    Columns,
    Drafts,
    EngineName,
    EngineOption,
    Form,
    Language,
    Output,
    Patterns,
    Rules,
    RunOption,
    columns_of,
    language_of,
    opened,
    page_form,
)

_USAGE = "facts and at least one change are needed, as in: advise whatif facts.yaml lr.peak=5e-5"


def whatif_command(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH… FACT=VALUE…", help="Facts files, logs or run directories; and what to change, FACT=unknown to forget.", show_default=False
        ),
    ],
    language: Language = None,
    form: Form = None,
    output: Output = None,
    after: After = None,
    columns: Columns = None,
    run: RunOption = None,
    patterns: Patterns = None,
    rules: Rules = None,
    drafts: Drafts = False,
    engine: EngineName = EngineOption.auto,
) -> None:
    """Say what would appear, vanish and change in the plan if some facts were otherwise."""
    # A folder may be called lr=3e-4; no fact's name is also that of a file.
    paths = [argument for argument in arguments if "=" not in argument or os.path.exists(argument)]
    asked = [argument for argument in arguments if argument not in paths]
    if not paths or not asked:
        raise typer.BadParameter(_USAGE, param_hint="PATH… FACT=VALUE…")
    from advise.cli.page import write_answer
    from advise.explain.changes import read_changes
    from advise.explain.difference import changed, difference
    from advise.explain.difference_page import difference_page
    from advise.render.voice import Voice

    form = page_form(form, output)
    advisor = opened(rules, engine, drafts)
    changes = read_changes(asked, advisor.knowledge.vocabulary)
    observed = advisor.observe(paths, columns=columns_of(columns), run=run, patterns=patterns or ())
    found = difference(*(advisor.examine(each, after=after, once=True) for each in (observed, changed(observed, changes))))
    write_answer(found, difference_page, Voice(advisor.knowledge.strings, language_of(language, form)), form, output)
