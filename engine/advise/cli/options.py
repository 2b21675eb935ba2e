"""Options that several commands share, and what follows from them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

from advise.files import note, write
from advise.infer.driver import Engine
from advise.terms import Direction, Format, PlanFormat
from advise.text import LanguageChoice

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.facts.record import Observed
    from advise.plan.model import Plan
    from advise.render.page import Page
    from advise.render.terminal import Terminal
    from advise.render.voice import Voice

_DIRECTIONS: Mapping[str, Direction] = {"maximize": "up", "minimize": "down", "max": "up", "min": "down"}
# The user's settings, in the folder in which a command is run and nowhere else.
SETTINGS = Path(".advise.yaml")
_FORM = "Default: by the ending of -o, else text."
BY_SUFFIX: Mapping[str, PlanFormat] = {
    ".md": "md", ".markdown": "md", ".txt": "text", ".json": "json", ".html": "html", ".htm": "html", ".sarif": "sarif"
}  # fmt: skip

# What makes the exit code 1: a diagnosis of this severity or above, or this verdict or a stronger one.
FailOn = Literal["high", "medium", "low", "stop", "fix_first", "never"]


Language = Annotated[
    LanguageChoice | None, typer.Option("--lang", help="Default: the locale's for text, both in Markdown and HTML.", show_default=False)
]
PageForm = Annotated[Literal["md", "text", "json"] | None, typer.Option("--format", help=_FORM)]
Form = Annotated[Format | None, typer.Option("--format", help=_FORM)]
PlanForm = Annotated[PlanFormat | None, typer.Option("--format", help=f"{_FORM} sarif: what checks of code report.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file, whole or not at all.")]
After = Annotated[Path | None, typer.Option("--after", metavar="PLAN.json", help="An earlier plan, whose gates these facts answer.")]
Rules = Annotated[
    list[Path] | None,
    typer.Option(
        "--kb", "--rules", metavar="DIR", help="A folder of your own knowledge beside what came along: kb/ and rules/ in it, or rules alone."
    ),
]
Drafts = Annotated[bool, typer.Option("--drafts", help="Let draft rules speak: their alarm rate was never measured.")]
EngineName = Annotated[Engine, typer.Option("--engine", help="The chaining engine.")]


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


def reaches(plan: Plan, fail_on: FailOn, advisor: Advisor) -> bool:
    """Whether a plan is as bad as, or worse than, what the user wants to hear of in the exit code."""
    from advise.terms import SEVERITIES

    verdicts: list[str] = [spec.id for spec in advisor.knowledge.verdicts]
    if fail_on in SEVERITIES:
        return any(SEVERITIES.index(diagnosis.severity) <= SEVERITIES.index(fail_on) for diagnosis in plan.diagnoses)
    return fail_on != "never" and verdicts.index(plan.verdict.id) <= verdicts.index(fail_on)


def opened(rules: list[Path] | None, engine: Engine, drafts: bool) -> Advisor:
    """The advisor that the options ask for."""
    from advise.advisor import Advisor
    from advise.knowledge.files import described, root_with

    root = root_with(rules or [])
    if rules:
        note(f"knowledge: {described(root)}")
    return Advisor(root, engine=engine, drafts=drafts, settings=SETTINGS)


@dataclass(frozen=True, slots=True)
class Reasoning:
    """With what is reasoned, and how."""

    rules: Rules = None
    drafts: Drafts = False
    engine: EngineName = "auto"

    def advisor(self) -> Advisor:
        """The advisor that the options ask for."""
        return opened(self.rules, self.engine, self.drafts)


@dataclass(frozen=True, slots=True)
class Reading:
    """How logs are read."""

    columns: Columns = None
    run: RunOption = None
    patterns: Patterns = None

    def observe(self, advisor: Advisor, paths: list[str]) -> Observed:
        """What is observed of a run.

        Raises:
            typer.BadParameter: A column is not mapped as ROLE=COLUMN.
            InputError: Something in the files is wrong.
        """
        return advisor.observe(paths, columns=columns_of(self.columns), run=self.run, patterns=self.patterns or ())


@dataclass(frozen=True)
class Writing:
    """In which language and form an answer is written, and where."""

    language: Language = None
    form: PlanForm = None
    output: Output = None

    @property
    def chosen(self) -> PlanFormat:
        """The form: what is asked for, else by the ending of the file, else text."""
        return self.form or ("text" if self.output is None else BY_SUFFIX.get(self.output.suffix.lower(), "text"))

    @property
    def spoken(self) -> LanguageChoice:
        """The language: what is asked for; else the locale's for text, which one person reads, and both for what is handed on."""
        if self.language is not None:
            return self.language
        from advise.render.terminal import language_of_locale

        return language_of_locale(os.environ) if self.chosen == "text" else "both"

    def voice(self, advisor: Advisor) -> Voice:
        """What says the phrases of a page."""
        from advise.render.voice import Voice

        return Voice(advisor.knowledge.strings, self.spoken)

    def write(self, json: Callable[[], str], page: Callable[[], Page], html: Callable[[], str] | None = None) -> None:
        """Write an answer in its form, which alone is made.

        Raises:
            OutputError: It cannot be written.
        """
        match self.chosen:
            case "json":
                write(json(), self.output)
            case "html" if html is not None:
                write(html(), self.output)
            case "text":
                from advise.render.text import as_text

                terminal = self.terminal
                write(as_text(page(), terminal.width, terminal.colour), self.output)
            case _:
                from advise.render.markdown import as_markdown

                write(as_markdown(page()), self.output)

    @property
    def terminal(self) -> Terminal:
        """What text has to fit: the terminal, where it goes there."""
        from advise.render.terminal import Terminal, terminal_of

        return terminal_of(sys.stdout, os.environ) if self.output is None else Terminal()


@dataclass(frozen=True)
class PageWriting(Writing):
    """The same for what has no HTML.

    Raises:
        typer.BadParameter: The ending of the output file asks for HTML or SARIF.
    """

    form: PageForm = None

    def __post_init__(self) -> None:
        if self.chosen in ("html", "sarif"):
            raise typer.BadParameter(f"only the plan itself can be written as {self.chosen.upper()}; take .md, .txt or .json", param_hint="-o")


@dataclass(frozen=True)
class DrawnWriting(Writing):
    """The same for what has HTML, and is no report of a check.

    Raises:
        typer.BadParameter: The ending of the output file asks for SARIF.
    """

    form: Form = None

    def __post_init__(self) -> None:
        if self.chosen == "sarif":
            raise typer.BadParameter("only the plan of a run can be written as SARIF; take .md, .txt, .json or .html", param_hint="-o")


def bundled(command: Callable[..., None]) -> Callable[..., None]:
    """The command for typer: a parameter of a type that bundles options stands for each of them.

    Args:
        command: Its parameters are annotated as typer has them, or with a dataclass whose fields are.
    """
    hints = get_type_hints(command, include_extras=True)
    bundles: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}
    parameters: list[Parameter] = []
    for name, parameter in signature(command).parameters.items():
        if name not in bundles:
            parameters.append(parameter.replace(annotation=hints[name]))
            continue
        within = get_type_hints(bundles[name], include_extras=True)
        kind = Parameter.POSITIONAL_OR_KEYWORD
        parameters += [Parameter(each.name, kind, default=each.default, annotation=within[each.name]) for each in fields(bundles[name])]

    @wraps(command)
    def run(**given: Any) -> None:
        made = {name: bundle(**{each.name: given.pop(each.name) for each in fields(bundle)}) for name, bundle in bundles.items()}
        command(**given, **made)

    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
