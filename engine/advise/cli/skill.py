"""`advise skill`: a folder that teaches coding agents to use the advisor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from advise.cli.options import Rules
from advise.files import note, write
from advise.text import Language


def skill_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where skills lie, such as .claude/skills or .agents/skills.")] = Path("skills"),
    language: Annotated[Language, typer.Option("--lang", help="In which language.")] = "en",
    rules: Rules = None,
) -> None:
    """Write a skill for coding agents into DIR/advise: from a log to the diagnosis, the line of code, and the verified next run."""
    from advise.agent.skill import NAME, skill
    from advise.cli.options import opened
    from advise.errors import OutputError
    from advise.infer.driver import MANY_PLANS

    for name, text in skill(opened(rules, MANY_PLANS, drafts=False).knowledge, language).items():
        target = folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{target.parent}: cannot be made: {error.strerror}") from error
        write(text, target)
    note(f"advise: wrote {folder / NAME}")
