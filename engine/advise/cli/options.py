"""Options that several commands share, and what follows from them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advise.files import note

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.knowledge.roles import Direction
    from advise.render.voice import LanguageChoice

_DIRECTIONS: Mapping[str, Direction] = {"maximize": "up", "minimize": "down", "max": "up", "min": "down"}
# The user's settings, in the folder in which a command is run and nowhere else.
SETTINGS = Path(".advise.yaml")
_BY_SUFFIX = {".md": "md", ".markdown": "md", ".txt": "text", ".json": "json", ".html": "html", ".htm": "html"}


class LanguageOption(StrEnum):
    """In which language a page is written."""

    both = "both"
    zh = "zh"
    en = "en"


class PageFormat(StrEnum):
    """In which form an explanation or a difference is written."""

    md = "md"
    text = "text"
    json = "json"


class EngineOption(StrEnum):
    """Which chaining engine reasons."""

    auto = "auto"
    durable = "durable"
    plain = "plain"


Language = Annotated[
    LanguageOption | None, typer.Option("--lang", help="Default: the locale's for text, both in Markdown and HTML.", show_default=False)
]
Form = Annotated[PageFormat | None, typer.Option("--format", help="Default: by the ending of -o, else text.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file, whole or not at all.")]
After = Annotated[Path | None, typer.Option("--after", metavar="PLAN.json", help="An earlier plan, whose gates these facts answer.")]
Rules = Annotated[
    list[Path] | None,
    typer.Option(
        "--kb", "--rules", metavar="DIR", help="A folder of your own knowledge beside what came along: kb/ and rules/ in it, or rules alone."
    ),
]
Drafts = Annotated[bool, typer.Option("--drafts", help="Let draft rules speak: their alarm rate was never measured.")]
EngineName = Annotated[EngineOption, typer.Option("--engine", help="The chaining engine.")]


Columns = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="ROLE=COLUMN", help="Which column of the logs is what, such as dev.metric=val_dice; may be given several times."),
]


RunOption = Annotated[
    str | None, typer.Option("--run", metavar="NAME", help="Which run is read, where there are several in one place; by default the newest.")
]


Patterns = Annotated[
    list[str] | None,
    typer.Option(
        "--pattern",
        metavar="LINE",
        help="How a line of the log looks, such as 'step {step} trl {train.loss} val {dev.loss}'; may be given several times.",
    ),
]


LedgerOption = Annotated[
    str | None, typer.Option("--ledger", metavar="PATH|URL", help="A ledger of rounds: what was tried without success is not advised again.")
]


DirectionOption = Annotated[
    str | None, typer.Option("--direction", metavar="max|min", help="Whether more or less of it is better; by default what its name says.")
]


def direction_of(word: str | None, advisor: Advisor) -> Direction | None:
    """Whether more is better, in whatever word for it.

    Raises:
        typer.BadParameter: It is no word for either.
    """
    if word is None:
        return None
    spec = advisor.knowledge.vocabulary.specs.get("metric.direction")
    value = word if spec is None else spec.value_called(word)
    if value is None or value not in _DIRECTIONS:
        raise typer.BadParameter(f"`{word}` says neither that more nor that less is better; write max or min", param_hint="--direction")
    return _DIRECTIONS[value]


def columns_of(mapped: list[str] | None) -> dict[str, str]:
    """Column by role.

    Raises:
        typer.BadParameter: One of them is not written as ROLE=COLUMN.
    """
    columns: dict[str, str] = {}
    for item in mapped or []:
        role, equals, column = item.partition("=")
        if not equals or not role or not column:
            raise typer.BadParameter(f"`{item}` is not written as ROLE=COLUMN, such as dev.metric=val_dice", param_hint="--map")
        columns[role] = column
    return columns


def default_form(output: Path | None) -> str:
    """The format where none is asked for: by the ending of the file, else text."""
    return "text" if output is None else _BY_SUFFIX.get(output.suffix.lower(), "text")


def language_of(asked: LanguageOption | None, form: str) -> LanguageChoice:
    """The language that was asked for; else that of the locale for text, which one person reads, and both for what is handed on."""
    if asked is not None:
        return asked.value
    from advise.render.terminal import language_of_locale

    return language_of_locale(os.environ) if form == PageFormat.text else "both"


def page_form(form: PageFormat | None, output: Path | None) -> PageFormat:
    """The format of a page that has no HTML.

    Raises:
        typer.BadParameter: The ending of the output file asks for HTML.
    """
    if form is not None:
        return form
    default = default_form(output)
    if default not in tuple(PageFormat):
        raise typer.BadParameter("only the plan itself can be written as HTML; take .md, .txt or .json", param_hint="-o")
    return PageFormat(default)


def opened(rules: list[Path] | None, engine: EngineOption, drafts: bool) -> Advisor:
    """The advisor that the options ask for."""
    from advise.advisor import Advisor
    from advise.knowledge.files import described, root_with

    root = root_with(rules or [])
    if rules:
        note(f"knowledge: {described(root)}")
    return Advisor(root, engine=engine.value, drafts=drafts, settings=SETTINGS)
