"""`advise observe`: only measure, and write what was measured as a facts file."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from advise.cli.options import Output, Reading, Rules
from advise.files import write


def observe_command(
    paths: Annotated[list[str], typer.Argument(metavar="LOG…", help="Training logs, run directories, facts files.", show_default=False)],
    reading: Reading,
    form: Annotated[Literal["yaml", "json"] | None, typer.Option("--format", help="Default: by the ending of -o, else yaml.")] = None,
    output: Output = None,
    rules: Rules = None,
) -> None:
    """Measure only: a facts file with, for each fact, where it was read and how; first which column was taken for what."""
    from advise.advisor import Advisor
    from advise.knowledge.files import root_with
    from advise.render.observations import as_facts_file, as_json

    advisor = Advisor(root_with(rules or []), engine="plain")
    observed = reading.observe(advisor, paths)
    is_json = form == "json" or (form is None and output is not None and output.suffix.lower() == ".json")
    write(as_json(observed) if is_json else as_facts_file(observed), output)
