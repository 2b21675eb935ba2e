"""What an erratum forbids: decisions that would do what it says does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from advise.knowledge.base import KnowledgeBase
from advise.knowledge.catalog import Forbidden
from advise.knowledge.rule import ConfigLine, DecisionRule, FactOperand, GateSpec, ParamOperand, ParamValue


def disobeys(rule: DecisionRule, erratum: str, base: KnowledgeBase) -> bool:
    """Whether a rule does what an erratum forbids, and gives no reason for doing so in spite of it."""
    return erratum not in rule.in_spite_of and does_what_is_forbidden(rule, erratum, base)


def does_what_is_forbidden(rule: DecisionRule, erratum: str, base: KnowledgeBase) -> bool:
    """Whether a rule does anything that an erratum forbids."""
    return any(_matches(rule, pattern, base) for pattern in base.errata[erratum].forbids)


def _matches(rule: DecisionRule, pattern: Forbidden, base: KnowledgeBase) -> bool:
    """Everything that the pattern says is so of the rule; what it says of settings, of one and the same."""
    if pattern.decision is not None and rule.concludes != pattern.decision:
        return False
    if pattern.gate_without is not None and not any(_lacks(gate, pattern.gate_without, base) for gate in rule.gates):
        return False
    asks_for_settings = (pattern.setting, pattern.to, pattern.computed_from) != (None, None, None)
    return not asks_for_settings or any(_is_set(line, rule, pattern, base) for line in rule.config)


def _is_set(line: ConfigLine, rule: DecisionRule, pattern: Forbidden, base: KnowledgeBase) -> bool:
    move = base.decisions[rule.concludes].moves.get(line.key)
    if pattern.setting not in (None, line.key) or (pattern.to is not None and (move is None or move.to != pattern.to)):
        return False
    value = rule.params[line.to.param] if isinstance(line.to, ParamOperand) else line.to
    return pattern.computed_from is None or _rests_on(value, pattern.computed_from, base)


def _lacks(gate: GateSpec, fact: str, base: KnowledgeBase) -> bool:
    return not any(test.required and fact in _behind(test.fact, base) for test in gate.of)


def _rests_on(value: ParamValue, fact: str, base: KnowledgeBase) -> bool:
    return isinstance(value, FactOperand) and fact in _behind(value.fact, base)


def _behind(fact: str, base: KnowledgeBase) -> Iterator[str]:
    """A fact and everything that it is computed from."""
    yield fact
    if fact in base.derived:
        for name in base.derived[fact].expression.facts:
            yield from _behind(name, base)
