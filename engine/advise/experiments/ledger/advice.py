"""What the ledger contributes to a plan: facts of the rounds, and what was tried without success."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from advise.experiments.ledger.record import Round
from advise.experiments.ledger.store import Ledger
from advise.facts.record import Fact, Observed, Origin
from advise.knowledge.base import KnowledgeBase
from advise.plan.attempts import Tried
from advise.terms import Finding, JsonValue
from advise.text import Value


@dataclass(frozen=True, slots=True)
class Recalled:
    """A run as the ledger knows it.

    Attributes:
        observed: What was observed, with the facts of the rounds; what was stated already stays.
        tried: What finished rounds tried without success, in their order.
    """

    observed: Observed
    tried: tuple[Tried, ...]


def recalled(place: str, observed: Observed, base: KnowledgeBase) -> Recalled:
    """Put together what is observed and what the ledger remembers.

    Args:
        place: The path or URL of the ledger.
        observed: What is observed of the run.
        base: The fact behind each output of the ledger, and the phrases.

    Raises:
        LedgerError: It cannot be read.
    """
    ledger = Ledger(place)
    rounds = ledger.rounds()
    facts = {fact.name: fact for fact in _facts(rounds, ledger.name, base)}
    findings = (*observed.findings, *_findings(rounds, ledger.name, base))
    return Recalled(replace(observed, facts={**facts, **observed.facts}, findings=findings), tuple(_tried(rounds)))


def _tried(rounds: Sequence[Round]) -> Iterator[Tried]:
    for item in rounds:
        # What an inconclusive round tried may well be worth another.
        if item.ending is not None and item.ending.result in ("not_adopted", "failed"):
            for step in item.opening.tried:
                params = {name: _value(value) for name, value in step.params.items()}
                yield Tried(step.decision, params, item.number, item.ending.why or item.ending.what)


def _facts(rounds: Sequence[Round], name: str, base: KnowledgeBase) -> Iterator[Fact]:
    spec = base.ledger
    found = {output: value for output, value in _outputs(rounds) if value is not None}
    for output, given in () if spec is None else spec.gives.items():
        if output in found:
            yield Fact(given.fact, found[output], Origin(name, how="measured"), given.how)


def _outputs(rounds: Sequence[Round]) -> Iterator[tuple[str, bool | None]]:
    ended = [item for item in rounds if item.ending is not None]
    unsuccessful = [item.ending for item in ended if item.ending is not None and item.ending.result in ("not_adopted", "failed")]
    yield "question_stated", True if any(item.ending is None for item in rounds) else None
    # A round that is open while another starts has no decision on record.
    yield "decision_recorded", True if ended and ended[-1] is _last_but_open(rounds) else None
    yield "failures_recorded", all(ending.why for ending in unsuccessful) if unsuccessful else None


def _last_but_open(rounds: Sequence[Round]) -> Round | None:
    """The last round, not counting the one that is going on."""
    going_on = rounds[-1:] if rounds and rounds[-1].ending is None else ()
    before = rounds[: len(rounds) - len(going_on)]
    return before[-1] if before else None


def _findings(rounds: Sequence[Round], name: str, base: KnowledgeBase) -> Iterator[Finding]:
    ended = sum(item.ending is not None for item in rounds)
    if ended:
        yield Finding.model_construct(text=base.strings["round_known"].filled({"count": ended}), origin=name)
    for item in rounds:
        if item.ending is None:
            text = base.strings["round_open_is"].filled({"round": item.number, "question": item.opening.question})
            yield Finding.model_construct(text=text, origin=name)


def _value(value: JsonValue) -> Value:
    return tuple(value) if isinstance(value, list) else value
