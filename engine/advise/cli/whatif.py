"""`advise whatif`: what the plan would say if some facts were otherwise."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from advise.cli.options import After, PageWriting, Reading, Reasoning

_USAGE = "facts and at least one change are needed, as in: advise whatif facts.yaml lr.peak=5e-5"


def whatif_command(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH… FACT=VALUE…", help="Facts files, logs or run directories; and what to change, FACT=unknown to forget.", show_default=False
        ),
    ],
    writing: PageWriting,
    reading: Reading,
    reasoning: Reasoning,
    after: After = None,
) -> None:
    """Say what would appear, vanish and change in the plan if some facts were otherwise."""
    # A folder may be called lr=3e-4; no fact's name is also that of a file.
    paths = [argument for argument in arguments if "=" not in argument or os.path.exists(argument)]
    asked = [argument for argument in arguments if argument not in paths]
    if not paths or not asked:
        raise typer.BadParameter(_USAGE, param_hint="PATH… FACT=VALUE…")
    from advise.explain.changes import read_changes
    from advise.explain.difference import changed, difference
    from advise.explain.difference_page import difference_page

    advisor = reasoning.advisor()
    changes = read_changes(asked, advisor.knowledge.vocabulary)
    observed = reading.observe(advisor, paths)
    found = difference(*(advisor.examine(each, after=after, once=True) for each in (observed, changed(observed, changes))))
    writing.write(found.to_json, lambda: difference_page(found, writing.voice(advisor)))
