"""Where each number of a decision comes from: the fact that it is, what that is computed from, and where these were read."""

from __future__ import annotations

from collections.abc import Iterator

from advise.explain.records import NumberOfDecision, SourceOfNumber
from advise.knowledge.rule import DecisionRule, FactOperand, ParamOperand
from advise.plan.evidence import interval_of, json_value
from advise.plan.examination import Examination
from advise.plan.model import Decision

# Derived facts are computed from derived facts, a few steps at most.
_DEEPEST = 8


def numbers_of(taken: Decision, found: Examination) -> Iterator[NumberOfDecision]:
    """The numbers of a decision that is taken, in the order of its rule; words and yes or no are none.

    Args:
        taken: As it stands in the plan.
        found: The run.
    """
    base = found.context.base
    spec = base.rules[taken.rule].spec
    if not isinstance(spec, DecisionRule):
        return
    # What further rules say supports it; its numbers are those of the first.
    for param, given in spec.params.items():
        value = taken.params.get(param)
        if isinstance(value, bool | str) or value is None:
            continue
        keys = [line.key for line in spec.config if isinstance(line.to, ParamOperand) and line.to.param == param]
        now = found.context.facts.get(keys[0]) if keys else None
        yield NumberOfDecision(
            param=param,
            rule=taken.rule,
            value=value,
            settings=keys,
            titles=[base.vocabulary[key].title for key in keys],
            before=None if now is None else json_value(now),
            source=_source(given.fact, found, _DEEPEST) if isinstance(given, FactOperand) else None,
        )


def _source(name: str, found: Examination, deep: int) -> SourceOfNumber:
    context = found.context
    value = context.facts.get(name)
    derived = context.base.derived.get(name) if name not in found.stated else None
    below = sorted(derived.expression.facts) if derived is not None and deep else ()
    return SourceOfNumber(
        fact=name,
        title=context.base.vocabulary[name].title,
        value=None if value is None else json_value(value),
        interval=interval_of(value),
        origin="" if derived is not None else context.origins.get(name, ""),
        how=context.notes.get(name),
        expression=None if derived is None else derived.expression.text,
        below=[_source(each, found, deep - 1) for each in below],
    )
