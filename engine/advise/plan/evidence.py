"""What a verdict rests on, as shown to people: the facts of its proof, what was asked of each, and where it was read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from advise.conditions import COMPLEMENT, Concluded, ConclusionKind, FactRef, Op, Predicate
from advise.infer.proof import Proof
from advise.knowledge.base import KnowledgeBase
from advise.plan.model import Evidence
from advise.terms import JsonValue, Source
from advise.text import Scalar, Text, Value, show
from advise.uncertain import Measured, ends_of

_SIGN: Mapping[Op, str] = {Op.EQ: "=", Op.NE: "≠", Op.LT: "<", Op.LE: "≤", Op.GT: ">", Op.GE: "≥", Op.IN: "in", Op.BETWEEN: "in"}
_LISTED = frozenset({Op.IN, Op.BETWEEN})
_EQUALITY = frozenset({Op.EQ, Op.NE})


@dataclass(frozen=True, slots=True)
class Context:
    """What the plan is built from besides the proofs.

    Attributes:
        facts: Every known value, derived ones included.
        origins: Where each was read, as shown to people.
        notes: How each measured one was measured.
    """

    base: KnowledgeBase
    facts: Mapping[str, Value]
    origins: Mapping[str, str]
    notes: Mapping[str, Text] = field(default_factory=dict)

    def sources(self, ids: Iterable[str]) -> list[Source]:
        """The sources behind a rule."""
        return [self.base.source(name) for name in ids]


def json_value(value: Value) -> JsonValue:
    """A fact's value as JSON has it: tuples become lists, and a measured number the number alone."""
    if isinstance(value, Measured):
        return float(value)
    return list(value) if isinstance(value, tuple) else value


def interval_of(value: Value | None) -> list[float | None] | None:
    """Between which numbers a measured one lies, an end without bound as null; None for what is exact."""
    ends = ends_of(value)
    return None if ends is None else [end if math.isfinite(end) else None for end in ends]


def evidence(proof: Proof, context: Context) -> list[Evidence]:
    """The facts of a proof, in the order of the rule, each once."""
    tests: dict[str, list[str]] = {}
    for premise in proof.premises:
        if isinstance(premise.leaf, Predicate):
            tests.setdefault(premise.leaf.fact, []).append(asked(premise.leaf, premise.holds))
            if isinstance(premise.leaf.operand, FactRef):
                tests.setdefault(premise.leaf.operand.fact, [])
    return [_evidence(fact, ", ".join(dict.fromkeys(filter(None, found))), context) for fact, found in tests.items()]


def _evidence(fact: str, asked: str, context: Context) -> Evidence:
    value = context.facts.get(fact)
    return Evidence.model_construct(
        fact=fact,
        value=None if value is None else json_value(value),
        interval=interval_of(value),
        origin=context.origins.get(fact, ""),
        asked=asked,
        title=context.base.vocabulary[fact].title,
        how=context.notes.get(fact),
    )


def rests_on(proof: Proof, kind: ConclusionKind) -> list[str]:
    """The conclusions of one kind that a proof uses."""
    used = (premise.leaf for premise in proof.premises if premise.holds)
    return list(dict.fromkeys(leaf.id for leaf in used if isinstance(leaf, Concluded) and leaf.kind is kind))


def asked(leaf: Predicate, holds: bool) -> str:
    """What a predicate, or its negation, says of a fact beyond the value it has: `> 0.5`, but nothing of `= 3`, or of a truth value."""
    if leaf.op is Op.KNOWN or (leaf.op in _EQUALITY and isinstance(leaf.operand, bool)):
        return ""
    return "" if _operator(leaf, holds) is Op.EQ and not isinstance(leaf.operand, FactRef) else required(leaf, holds)


def required(leaf: Predicate, holds: bool) -> str:
    """What a predicate, or its negation, asks of its fact: `> 0.5`, `= cosine`, `not in [1, 5]`."""
    if leaf.op is Op.KNOWN:
        return "known" if leaf.operand is holds else "unknown"
    operator = _operator(leaf, holds)
    sign = f"not {_SIGN[operator]}" if operator in _LISTED and not holds else _SIGN[operator]
    return f"{sign} {_operand(leaf.operand)}"


def _operator(leaf: Predicate, holds: bool) -> Op:
    return leaf.op if holds else COMPLEMENT.get(leaf.op, leaf.op)


def _operand(operand: Scalar | tuple[Scalar, ...] | FactRef) -> str:
    if isinstance(operand, tuple):
        return f"[{', '.join(map(_operand, operand))}]"
    if not isinstance(operand, FactRef):
        return str(operand).lower() if isinstance(operand, bool) else show(operand)
    factor = "" if operand.times == 1 else f"{show(operand.times)} × "
    offset = "" if operand.plus == 0 else f" {'-' if operand.plus < 0 else '+'} {show(abs(operand.plus))}"
    return f"{factor}{operand.fact}{offset}"
