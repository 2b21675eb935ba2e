"""`advise explain`: the proof of one verdict, or why it was not reached."""

from __future__ import annotations

from typing import Annotated

import typer

from advise.cli.options import After, PageWriting, Reading, Reasoning


def explain_command(
    arguments: Annotated[
        list[str], typer.Argument(metavar="PATH… ID", help="Facts files, logs or run directories, and the id to explain.", show_default=False)
    ],
    writing: PageWriting,
    reading: Reading,
    reasoning: Reasoning,
    after: After = None,
    author: Annotated[
        bool, typer.Option("--author", help="For whoever writes rules: the names of numbers in the rule, and what they are computed by.")
    ] = False,
) -> None:
    """Prove one verdict down to the facts, or say what is missing or different for it to be reached.

    The id is a diagnosis, a decision, a rule, a checklist item, an erratum or a fact.
    """
    *paths, name = arguments
    if not paths:
        raise typer.BadParameter("facts come first, then the id, as in: advise explain facts.yaml overfitting", param_hint="PATH… ID")
    from advise.explain.explanation import explain
    from advise.explain.page import explanation_page

    advisor = reasoning.advisor()
    explained = explain(advisor.examine(reading.observe(advisor, paths), after=after, once=True), name)
    writing.write(explained.to_json, lambda: explanation_page(explained, writing.voice(advisor), author=author))
