"""The answer to a comparison: the figures, and the plan that rests on them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from advise.errors import ComparisonError
from advise.experiments.compare.comparison import Comparison, Terms, compare
from advise.experiments.compare.facts import Options, observed_of, with_stated
from advise.experiments.compare.read import Asked, read_sides
from advise.experiments.compare.sample import Sample
from advise.experiments.compare.sampling import sampling_error
from advise.facts.record import Observed
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.comparison import ComparisonSpec
from advise.plan.model import Decision, Plan
from advise.terms import Finding
from advise.text import Text, Value

if TYPE_CHECKING:
    from advise.advisor import Advisor


@dataclass(frozen=True, slots=True)
class Answer:
    """A comparison with its plan.

    Attributes:
        comparison: The figures.
        metric: What was compared; None where nothing names it.
        variances: The three variances of section H as standard deviations in the unit of the metric; None where one is not known.
        worth: The smallest gain worth having; None where nobody said.
        decision: What to do about the new configuration; None where the plan leaves it open.
        plan: The whole plan.
        how_to_observe: How each of the variances is found out.
    """

    comparison: Comparison
    metric: str | None
    variances: Mapping[str, float | None]
    worth: float | None
    decision: Decision | None
    plan: Plan
    how_to_observe: Mapping[str, Text]

    def to_json(self) -> str:
        """The answer as JSON, `advise/comparison@1`; the plan in it is `advise/plan@1`."""
        found = {
            "schema": "advise/comparison@1",
            "metric": self.metric,
            **asdict(self.comparison),
            "variances": dict(self.variances),
            "worthwhile_gain": self.worth,
            "decision": self.decision.id if self.decision else None,
            "plan": json.loads(self.plan.to_json()),
        }
        return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def answer(
    advisor: Advisor, base: Sequence[str], new: Sequence[str], asked: Asked, options: Options, *, facts: Sequence[str] = (), ledger: str | None = None
) -> Answer:
    """Compare two configurations, and say what to do.

    Args:
        advisor: Reasons, reads logs, and knows how a comparison is held.
        base: The baseline, see `read_sides`.
        new: The candidate.
        asked: What the caller says of the scores.
        options: What the caller states beside them.
        facts: Facts files with whatever else is known.
        ledger: The ledger of rounds whose failed attempts are not advised again.

    Raises:
        ScoresError: The scores cannot be compared; every problem is listed.
        FactsError: Something in a facts file is wrong.
        LedgerError: The ledger cannot be read.
        ComparisonError: The knowledge base does not say how.
    """
    knowledge = advisor.knowledge
    spec = knowledge.comparison
    if spec is None:
        raise ComparisonError("this knowledge base has no kb/comparison.yaml")
    first, second, direction = read_sides(base, new, asked, advisor, spec)
    comparison = compare(first, second, direction, Terms(spec.level, spec.power, spec.paired_from, spec.fewest_seeds))
    metric = asked.metric or second.metric or first.metric
    values = first.values + second.values
    error = None if options.n_dev is None else sampling_error(values, metric, options.n_dev, spec, knowledge.roles)
    measured = observed_of(comparison, (first, second), error, options, knowledge, spec)
    observed = _with_remarks(measured, _said(second, asked, options, error, metric, knowledge, spec))
    if facts:
        observed = with_stated(observed, advisor.observe(list(facts)), knowledge)
    if ledger is None:
        plan = advisor.examine(observed, once=True).plan
    else:
        from advise.experiments.ledger.advice import recalled

        known_rounds = recalled(ledger, observed, knowledge)
        plan = advisor.examine(known_rounds.observed, tried=known_rounds.tried, once=True).plan
    known: dict[str, Value] = {name: fact.value for name, fact in observed.facts.items()}
    return Answer(
        comparison=comparison,
        metric=metric,
        variances={name: _number(known.get(fact)) for name, fact in spec.variances.items()},
        worth=options.worth,
        decision=next((decision for decision in plan.decisions if decision.slot == spec.slot), None),
        plan=plan,
        how_to_observe={name: knowledge.vocabulary[fact].observe for name, fact in spec.variances.items()},
    )


def _said(
    new: Sample, asked: Asked, options: Options, error: float | None, metric: str | None, base: KnowledgeBase, spec: ComparisonSpec
) -> list[Finding]:
    """What a person should know of how the scores came about."""
    found = []
    if new.direction is not None:
        text = base.strings[f"compare_{asked.take}_taken"].filled({"metric": metric or ""})
        found.append(Finding.model_construct(text=text, origin=""))
    if options.n_dev is not None and error is None:
        values = {"n_dev": options.n_dev, "metric": metric or base.strings["compare_score"], "fact": spec.variances["sampling"]}
        found.append(Finding.model_construct(text=base.strings["compare_n_dev_unused"].filled(values), origin="--n-dev"))
    return found


def _with_remarks(observed: Observed, remarks: Sequence[Finding]) -> Observed:
    return replace(observed, findings=(*remarks, *observed.findings))


def _number(value: Value | None) -> float | None:
    return float(value) if isinstance(value, int | float) else None
