"""The typer application: the main job and its bare form."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from advise.cli.ask import ask_command
from advise.cli.compare import CompareCommand, compare_command
from advise.cli.diff import diff_command
from advise.cli.explain import explain_command
from advise.cli.fleet import fleet_command
from advise.cli.kb import kb
from advise.cli.mcp import mcp_command
from advise.cli.observe import observe_command
from advise.cli.options import After, FailOn, LedgerOption, Reading, Reasoning, Writing, bundled, reaches
from advise.cli.round import rounds
from advise.cli.skill import skill_command
from advise.cli.study import study_command
from advise.cli.tool_schema import tool_schema_command
from advise.cli.watch import watch_command
from advise.cli.whatif import whatif_command
from advise.files import note, write

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.facts.record import Observed
    from advise.plan.examination import Examination

MAIN_JOB = "plan"
# What a command may look like; a path has mostly a dot or a slash.
_COMMAND = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}")


class BareForm(TyperGroup):
    """`advise PATH…` is `advise plan PATH…`; a path that is named like a command is written `./kb`, and a mistyped command is no path."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the main job in front of what is no command and no option of the group."""
        own = {name for param in self.get_params(ctx) for name in param.opts}
        if args and args[0] not in self.commands and args[0] not in own:
            _check_no_command(args[0], self.commands)
            args = [MAIN_JOB, *args]
        return super().parse_args(ctx, args)


def _check_no_command(word: str, commands: Collection[str]) -> None:
    """See that a word which begins the command line is no mistyped command: no file has it as a name, and no path looks like it.

    Raises:
        InputError: It can be neither.
    """
    if not _COMMAND.fullmatch(word) or os.path.lexists(word):
        return
    from advise.documents.problems import Problem, nearest
    from advise.errors import InputError

    meant = nearest(word, commands)
    raise InputError([Problem(word, 0, 0, "no file and no command is called so", "", accepted=", ".join(sorted(commands)), nearest=meant)])


app = typer.Typer(
    cls=BareForm,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Reads what is observed of a training run and says what to change, to which number, in which order, with proof.\n\n"
    "The main job needs no command:  advise facts.yaml",
)


app.add_typer(kb, name="kb")
app.add_typer(rounds, name="round")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"advise {version('playbook-advisor')}")
        raise typer.Exit


@app.callback()
def _group(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    pass


@app.command(MAIN_JOB)
@bundled
def plan_command(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="Facts files (YAML or JSON; - is standard input), training logs, run directories.", show_default=False),
    ],
    writing: Writing,
    reading: Reading,
    reasoning: Reasoning,
    full: Annotated[bool, typer.Option("--full", help="Everything: steps, evidence, what is open, sources.")] = False,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Exit with 1 at this severity or above, or at this verdict or a stronger one.")
    ] = "never",
    after: After = None,
    ledger: LedgerOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say on stderr what was used.")] = False,
) -> None:
    """Make the plan for a run (the main job; `plan` may be left out). On a terminal and in a pipe it is text in the language of the locale."""
    from advise.render import render

    advisor = reasoning.advisor()
    observed = reading.observe(advisor, paths)
    examination = advisor.examine(observed, after=after, once=True) if ledger is None else _recalling(advisor, observed, after, ledger)
    plan = examination.plan
    if verbose:
        note(f"advise: {_used(examination)}")
    write(render(plan, advisor.knowledge.strings, writing.chosen, writing.spoken, writing.terminal, full=full), writing.output)
    raise typer.Exit(int(reaches(plan, fail_on, advisor)))


def _recalling(advisor: Advisor, observed: Observed, after: Path | None, ledger: str) -> Examination:
    from advise.experiments.ledger.advice import recalled

    known = recalled(ledger, observed, advisor.knowledge)
    return advisor.examine(known.observed, after=after, tried=known.tried, once=True)


app.command("observe")(bundled(observe_command))
app.command("explain")(bundled(explain_command))
app.command("whatif")(bundled(whatif_command))
app.command("watch")(bundled(watch_command))
app.command("diff")(bundled(diff_command))
app.command("ask")(ask_command)
app.command("study")(bundled(study_command))
app.command("fleet")(fleet_command)
app.command("mcp")(mcp_command)
app.command("tool-schema")(tool_schema_command)
app.command("skill")(skill_command)
app.command("compare", cls=CompareCommand)(bundled(compare_command))


def _used(examination: Examination) -> str:
    """Over how many rules which engine reasoned, and why that engine if it was not asked for."""
    inference = examination.inference
    reason = f" ({inference.note})" if inference.note else ""
    return f"{len(examination.context.base.rules)} rules, engine {inference.engine}{reason}"
