"""`advise diff A B`: what differs between two runs, and where their curves part."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from advise.cli.options import PageWriting, Reading, Reasoning


def diff_command(
    before: Annotated[str, typer.Argument(metavar="A", help="A run: its log, its folder, or its facts.", show_default=False)],
    after: Annotated[str, typer.Argument(metavar="B", help="The run to hold against it, such as the one after a change.", show_default=False)],
    writing: PageWriting,
    reading: Reading,
    reasoning: Reasoning,
) -> None:
    """Say in which settings two runs differ, where their curves part, and what is advised otherwise; warn where more than one setting changed."""
    from advise.experiments.diff.diff import diff
    from advise.experiments.diff.page import diff_page

    advisor = reasoning.advisor()
    names = _names(before, after)
    found = diff(advisor, reading.observe(advisor, [before]), reading.observe(advisor, [after]), names)
    writing.write(found.to_json, lambda: diff_page(found, writing.voice(advisor)))


def _names(before: str, after: str) -> tuple[str, str]:
    """Short names that tell the two apart: what they have in common in front is left out."""
    parts = [os.path.normpath(path).split(os.sep) for path in (before, after)]
    common = 0
    while common < min(map(len, parts)) - 1 and parts[0][common] == parts[1][common]:
        common += 1
    first, second = (os.sep.join(each[common:]) for each in parts)
    return first, second
