"""`advise explain`: the proof of one verdict, or why it was not reached."""

from __future__ import annotations

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


def explain_command(
    arguments: Annotated[
        list[str], typer.Argument(metavar="PATH… ID", help="Facts files, logs or run directories, and the id to explain.", show_default=False)
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
    """Prove one verdict down to the facts, or say what is missing or different for it to be reached.

    The id is a diagnosis, a decision, a rule, a checklist item, an erratum or a fact.
    """
    *paths, name = arguments
    if not paths:
        raise typer.BadParameter("facts come first, then the id, as in: advise explain facts.yaml overfitting", param_hint="PATH… ID")
    from advise.cli.page import write_answer
    from advise.explain.explanation import explain
    from advise.explain.page import explanation_page
    from advise.render.voice import Voice

    form = page_form(form, output)
    advisor = opened(rules, engine, drafts)
    observed = advisor.observe(paths, columns=columns_of(columns), run=run, patterns=patterns or ())
    explained = explain(advisor.examine(observed, after=after, once=True), name)
    write_answer(explained, explanation_page, Voice(advisor.knowledge.strings, language_of(language, form)), form, output)
