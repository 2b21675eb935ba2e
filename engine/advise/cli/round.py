"""`advise round`: the ledger of rounds: what each asked, what it tried, and how it ended."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from advise.cli.options import Form, Language, LanguageOption, Output, PageFormat, language_of, page_form
from advise.files import write

if TYPE_CHECKING:
    from advise.advisor import Advisor
    from advise.experiments.ledger.record import Round
    from advise.render.page import Page
    from advise.render.voice import Voice

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


class ResultOption(StrEnum):
    """How a round ended."""

    adopted = "adopted"
    not_adopted = "not_adopted"
    inconclusive = "inconclusive"
    failed = "failed"


@rounds.command("start")
def start_command(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The one question of the round.", show_default=False)],
    changed: Annotated[str | None, typer.Option("--changed", help="What it changes against the baseline.")] = None,
    hypothesis: Annotated[str | None, typer.Option("--hypothesis", help="What is expected, and why.")] = None,
    study: Annotated[str | None, typer.Option("--study", metavar="PATH", help="The study or runs that shall answer it.")] = None,
    decision: Decisions = None,
    plan: PlanFile = None,
    ledger: Place = DEFAULT,
    language: Language = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Start a round; the ledger is made with the first."""
    from advise.experiments.ledger.plans import read_plan_or_comparison, tried_steps
    from advise.experiments.ledger.record import Opening
    from advise.experiments.ledger.store import Ledger

    advisor = _advisor()
    advised = None if plan is None else read_plan_or_comparison(plan)
    tried = tried_steps(decision or [], advised, advisor.knowledge)
    started = Ledger(ledger, create=True).start(Opening(question, changed, hypothesis, study, tried))
    _write_round(started, advisor, language, form, output)


@rounds.command("end")
def end_command(
    number: Number = None,
    result: Annotated[ResultOption | None, typer.Option("--result", help="How it ended; by default what --plan decided.")] = None,
    what: Annotated[str | None, typer.Option("--what", help="What came out, with its numbers.")] = None,
    why: Annotated[str | None, typer.Option("--why", help="What did not work, and why.")] = None,
    decision: Decisions = None,
    plan: PlanFile = None,
    ledger: Place = DEFAULT,
    language: Language = None,
    form: Form = None,
    output: Output = None,
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
    ended_as = result.value if result is not None else result_of(concluded, advisor.knowledge)
    if ended_as is None:
        raise LedgerError("how the round ended is not said: give --result, or --plan with the JSON of `advise compare`")
    ending = Ending(ended_as, what, why, None if concluding is None else concluding.verdict.id, concluded)
    tried = tried_steps(decision or [], None, advisor.knowledge)
    ended = book.end(_open_round(book.rounds()) if number is None else number, ending, tried)
    _write_round(ended, advisor, language, form, output)


@rounds.command("list")
def list_command(ledger: Place = DEFAULT, language: Language = None, form: Form = None, output: Output = None) -> None:
    """List the rounds, one line each."""
    from advise.experiments.ledger.page import list_page
    from advise.experiments.ledger.store import Ledger

    found = Ledger(ledger).rounds()
    chosen = page_form(form, output)
    voice = _voice(_advisor(), language, chosen)
    _write(lambda: list_page(found, voice), lambda: [_record(item) for item in found], chosen, output)


@rounds.command("show")
def show_command(number: Number = None, ledger: Place = DEFAULT, language: Language = None, form: Form = None, output: Output = None) -> None:
    """Show everything on record of a round."""
    from advise.experiments.ledger.store import Ledger

    book = Ledger(ledger)
    _write_round(book.round(_open_round(book.rounds()) if number is None else number), _advisor(), language, form, output)


@rounds.command("export")
def export_command(ledger: Place = DEFAULT, language: Language = None, form: Form = None, output: Output = None) -> None:
    """Write the whole ledger, by default as Markdown in both languages."""
    from advise.experiments.ledger.page import ledger_page
    from advise.experiments.ledger.store import Ledger

    found = Ledger(ledger).rounds()
    advisor = _advisor()
    chosen = PageFormat.md if form is None and output is None else page_form(form, output)
    voice = _voice(advisor, language, chosen)
    titles = {name: spec.title for name, spec in advisor.knowledge.decisions.items()}
    _write(lambda: ledger_page(found, titles, voice), lambda: [_record(item) for item in found], chosen, output)


def _open_round(found: tuple[Round, ...]) -> int:
    from advise.errors import LedgerError

    open_rounds = [item.number for item in found if item.ending is None]
    if len(open_rounds) != 1:
        listed = ", ".join(map(str, open_rounds[:12])) or "none"
        raise LedgerError(f"say which round: open are {listed}")
    return open_rounds[0]


def _write_round(item: Round, advisor: Advisor, language: LanguageOption | None, form: PageFormat | None, output: Path | None) -> None:
    from advise.experiments.ledger.page import round_page

    titles = {name: spec.title for name, spec in advisor.knowledge.decisions.items()}
    chosen = page_form(form, output)
    voice = _voice(advisor, language, chosen)
    _write(lambda: round_page(item, titles, voice), lambda: [_record(item)], chosen, output)


def _write(page: Any, records: Any, form: PageFormat, output: Path | None) -> None:
    import json

    from advise.cli.page import write_page

    if form is PageFormat.json:
        write(json.dumps({"schema": "advise/rounds@1", "rounds": records()}, ensure_ascii=False, indent=2), output)
        return
    made: Page = page()
    write_page(made, form, output)


def _record(item: Round) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(item)


def _advisor() -> Advisor:
    from advise.advisor import Advisor

    return Advisor(engine="plain")


def _voice(advisor: Advisor, language: LanguageOption | None, form: PageFormat) -> Voice:
    from advise.render.voice import Voice

    return Voice(advisor.knowledge.strings, language_of(language, form))
