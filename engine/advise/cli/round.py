"""`advise round`: the ledger of rounds: what each asked, what it tried, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advise.cli.options import PageWriting, bundled
from advise.experiments.ledger.record import Result

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.experiments.ledger.record import Round

DEFAULT = ".advise/ledger.db"

rounds = typer.Typer(no_args_is_help=True, help="The ledger of rounds: question, attempts and outcome of each, what failed included.")

Place = Annotated[str, typer.Option("--ledger", metavar="PATH|URL", help="A SQLite file, or PostgreSQL by its URL.")]
PlanFile = Annotated[
    Path | None, typer.Option("--plan", metavar="PLAN.json", help="A plan or comparison in JSON, for the decisions and their numbers.")
]
Decisions = Annotated[
    list[str] | None,
    typer.Option("--decision", metavar="ID", help="A decision that the round tries, its numbers from --plan or as clip:threshold=1.3; repeatable."),
]
Number = Annotated[int | None, typer.Argument(metavar="ROUND", help="Its number; by default the one round that is open.", show_default=False)]


@rounds.command("start")
@bundled
def start_command(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The one question of the round.", show_default=False)],
    writing: PageWriting,
    changed: Annotated[str | None, typer.Option("--changed", help="What it changes against the baseline.")] = None,
    hypothesis: Annotated[str | None, typer.Option("--hypothesis", help="What is expected, and why.")] = None,
    study: Annotated[str | None, typer.Option("--study", metavar="PATH", help="The study or runs that shall answer it.")] = None,
    decision: Decisions = None,
    plan: PlanFile = None,
    ledger: Place = DEFAULT,
) -> None:
    """Start a round; the ledger is made with the first."""
    from advise.experiments.ledger.plans import read_plan_or_comparison, tried_steps
    from advise.experiments.ledger.record import Opening
    from advise.experiments.ledger.store import Ledger

    advisor = _advisor()
    advised = None if plan is None else read_plan_or_comparison(plan)
    tried = tried_steps(decision or [], advised, advisor.knowledge)
    started = Ledger(ledger, create=True).start(Opening(question, changed, hypothesis, study, tried))
    _write_round(started, advisor, writing)


@rounds.command("end")
@bundled
def end_command(
    writing: PageWriting,
    number: Number = None,
    result: Annotated[Result | None, typer.Option("--result", help="How it ended; by default what --plan decided.")] = None,
    what: Annotated[str | None, typer.Option("--what", help="What came out, with its numbers.")] = None,
    why: Annotated[str | None, typer.Option("--why", help="What did not work, and why.")] = None,
    decision: Decisions = None,
    plan: PlanFile = None,
    ledger: Place = DEFAULT,
) -> None:
    """End a round, once: adopted or not, what came out, what did not work and why."""
    from advise.errors import LedgerError
    from advise.experiments.ledger.plans import concluded_steps, read_plan_or_comparison, result_of, tried_steps
    from advise.experiments.ledger.record import Ending
    from advise.experiments.ledger.store import Ledger

    advisor = _advisor()
    book = Ledger(ledger)
    concluding = None if plan is None else read_plan_or_comparison(plan)
    concluded = () if concluding is None else concluded_steps(concluding, advisor.knowledge)
    ended_as = result or result_of(concluded, advisor.knowledge)
    if ended_as is None:
        raise LedgerError("how the round ended is not said: give --result, or --plan with the JSON of `advise compare`")
    ending = Ending(ended_as, what, why, None if concluding is None else concluding.verdict.id, concluded)
    tried = tried_steps(decision or [], None, advisor.knowledge)
    ended = book.end(_open_round(book.rounds()) if number is None else number, ending, tried)
    _write_round(ended, advisor, writing)


@rounds.command("list")
@bundled
def list_command(writing: PageWriting, ledger: Place = DEFAULT) -> None:
    """List the rounds, one line each."""
    from advise.experiments.ledger.page import list_page
    from advise.experiments.ledger.store import Ledger

    found = Ledger(ledger).rounds()
    voice = writing.voice(_advisor())
    writing.write(lambda: _json(found), lambda: list_page(found, voice))


@rounds.command("show")
@bundled
def show_command(writing: PageWriting, number: Number = None, ledger: Place = DEFAULT) -> None:
    """Show everything on record of a round."""
    from advise.experiments.ledger.store import Ledger

    book = Ledger(ledger)
    _write_round(book.round(_open_round(book.rounds()) if number is None else number), _advisor(), writing)


@rounds.command("export")
@bundled
def export_command(writing: PageWriting, ledger: Place = DEFAULT) -> None:
    """Write the whole ledger, by default as Markdown in both languages."""
    from advise.experiments.ledger.page import ledger_page
    from advise.experiments.ledger.store import Ledger

    found = Ledger(ledger).rounds()
    advisor = _advisor()
    writing = replace(writing, form="md") if writing.form is None and writing.output is None else writing
    voice = writing.voice(advisor)
    titles = {name: spec.title for name, spec in advisor.knowledge.decisions.items()}
    writing.write(lambda: _json(found), lambda: ledger_page(found, titles, voice))


def _open_round(found: tuple[Round, ...]) -> int:
    from advise.errors import LedgerError

    open_rounds = [item.number for item in found if item.ending is None]
    if len(open_rounds) != 1:
        listed = ", ".join(map(str, open_rounds[:12])) or "none"
        raise LedgerError(f"say which round: open are {listed}")
    return open_rounds[0]


def _write_round(item: Round, advisor: Advisor, writing: PageWriting) -> None:
    from advise.experiments.ledger.page import round_page

    titles = {name: spec.title for name, spec in advisor.knowledge.decisions.items()}
    voice = writing.voice(advisor)
    writing.write(lambda: _json([item]), lambda: round_page(item, titles, voice))


def _json(found: Sequence[Round]) -> str:
    import json

    return json.dumps({"schema": "advise/rounds@1", "rounds": [asdict(item) for item in found]}, ensure_ascii=False, indent=2)


def _advisor() -> Advisor:
    from advise.advisor import Advisor

    return Advisor()
