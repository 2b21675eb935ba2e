"""`advise compare`: whether a new configuration is better than the baseline, over seeds."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from advise.cli.options import DirectionOption, DrawnWriting, LedgerOption, Reasoning, direction_of
from advise.experiments.compare.sample import Take

_WITH = "--with"
_NEGATIVE = re.compile(r"-[0-9.][0-9.eE+,:\s-]*")


class CompareCommand(TyperCommand):
    """`--with` takes everything up to the next option, and scores may be negative."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Write `--with A B` as `--with=A --with=B`, and keep `-0.5,-0.6` from being an option."""
        return super().parse_args(ctx, spelled_out(args))


def spelled_out(args: list[str]) -> list[str]:
    """The arguments so that a plain parser reads them."""
    options: list[str] = []
    negatives: list[str] = []
    is_new = False
    previous = ""
    for arg in args:
        is_score = bool(_NEGATIVE.fullmatch(arg)) and (is_new or not previous.startswith("--") or previous == _WITH)
        if arg == _WITH:
            is_new = True
        elif is_new and (is_score or not arg.startswith("-") or arg == "-"):
            options.append(f"{_WITH}={arg}")
        elif is_score:
            negatives.append(arg)
        else:
            is_new = False
            options.append(arg)
        previous = arg
    return [*options, "--", *negatives] if negatives else options


def compare_command(
    base: Annotated[
        list[str],
        typer.Argument(
            metavar="BASE…",
            help="The baseline, a score a seed: numbers (0.912,0.915 or seed:score), tables of runs, training logs, directories of runs.",
            show_default=False,
        ),
    ],
    writing: DrawnWriting,
    reasoning: Reasoning,
    new: Annotated[list[str] | None, typer.Option(_WITH, metavar="NEW…", help="The new configuration, likewise; up to the next option.")] = None,
    metric: Annotated[
        str | None, typer.Option("--metric", metavar="COLUMN", help="The dev metric that decides; by default the one there is.")
    ] = None,
    direction: DirectionOption = None,
    take: Annotated[Take, typer.Option("--take", help="Of a training log, the value that counts.")] = "best",
    n_dev: Annotated[int | None, typer.Option("--n-dev", min=1, help="Samples of the dev set, for its sampling error.")] = None,
    complexity: Annotated[
        Literal["low", "medium", "high"] | None, typer.Option("--complexity", help="What the new configuration adds to keep up.")
    ] = None,
    worth: Annotated[
        float | None, typer.Option("--worth", min=0, metavar="GAIN", help="The smallest gain worth having, in the unit of the metric.")
    ] = None,
    facts: Annotated[list[str] | None, typer.Option("--facts", metavar="PATH", help="Facts files with whatever else is known.")] = None,
    ledger: LedgerOption = None,
) -> None:
    """Say whether a new configuration is better than the baseline: adopt it, keep the baseline, or train more seeds, and how many."""
    if not new:
        raise typer.BadParameter(
            "the new configuration is missing, as in: advise compare 0.912,0.915,0.913 --with 0.921,0.918,0.922", param_hint=_WITH
        )
    if worth is not None and not math.isfinite(worth):
        raise typer.BadParameter("a gain is a finite number", param_hint="--worth")
    from advise.experiments.compare.answer import answer
    from advise.experiments.compare.facts import Options
    from advise.experiments.compare.page import comparison_page
    from advise.experiments.compare.read import Asked

    advisor = reasoning.advisor()
    spec = advisor.knowledge.comparison
    cost = spec.complexity[complexity] if spec is not None and complexity is not None else None
    asked = Asked(metric, direction_of(direction, advisor), take)
    found = answer(advisor, base, new, asked, Options(n_dev, cost, worth), facts=facts or (), ledger=ledger)
    results: dict[str, str] = {} if advisor.knowledge.ledger is None else {**advisor.knowledge.ledger.results}
    voice = writing.voice(advisor)

    def html() -> str:
        from advise.experiments.compare.html import comparison_html

        return comparison_html(found, voice, results)

    writing.write(found.to_json, lambda: comparison_page(found, voice, results), html)
