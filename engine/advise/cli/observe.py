"""`advise observe`: only measure, and write what was measured as a facts file."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from advise.cli.options import Columns, Output, Patterns, Rules, RunOption, columns_of
from advise.files import write


class ObservedFormat(StrEnum):
    """In which form the facts are written."""

    yaml = "yaml"
    json = "json"


def observe_command(
    paths: Annotated[list[str], typer.Argument(metavar="LOG…", help="Training logs, run directories, facts files.", show_default=False)],
    form: Annotated[ObservedFormat | None, typer.Option("--format", help="Default: by the ending of -o, else yaml.")] = None,
    output: Output = None,
    columns: Columns = None,
    run: RunOption = None,
    patterns: Patterns = None,
    rules: Rules = None,
) -> None:
    """Measure only: a facts file with, for each fact, where it was read and how; first which column was taken for what."""
    from advise.advisor import Advisor
    from advise.knowledge.files import root_with
    from advise.render.observations import as_facts_file, as_json

    advisor = Advisor(root_with(rules or []), engine="plain")
    observed = advisor.observe(paths, columns=columns_of(columns), run=run, patterns=patterns or ())
    is_json = form is ObservedFormat.json or (form is None and output is not None and output.suffix.lower() == ".json")
    write(as_json(observed) if is_json else as_facts_file(observed), output)
