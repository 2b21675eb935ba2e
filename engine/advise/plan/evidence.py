"""What a verdict rests on, as shown to people: the facts of its proof, where each was read, and what would reverse it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advise.bilingual import Scalar, Value, show
from advise.conditions import COMPLEMENT, Concluded, ConclusionKind, FactRef, Op, Predicate
from advise.infer.proof import Premise, Proof
from advise.knowledge.base import KnowledgeBase
from advise.plan.model import Evidence, JsonValue, Reversal, Source

_SIGN: Mapping[Op, str] = {Op.EQ: "=", Op.NE: "≠", Op.LT: "<", Op.LE: "≤", Op.GT: ">", Op.GE: "≥", Op.IN: "in", Op.BETWEEN: "in", Op.KNOWN: "known:"}
_OUTSIDE: Mapping[Op, str] = {Op.IN: "not in", Op.BETWEEN: "not in", Op.KNOWN: "known:"}


@dataclass(frozen=True, slots=True)
class Context:
    """What the plan is built from besides the proofs.

    Attributes:
        facts: Every known value, derived ones included.
        origins: Where each was read, as shown to people.
    """

    base: KnowledgeBase
    facts: Mapping[str, Value]
    origins: Mapping[str, str]

    def sources(self, ids: Iterable[str]) -> list[Source]:
        """The sources behind a rule."""
        return [self.base.source(name) for name in ids]


def json_value(value: Value) -> JsonValue:
    """A fact's value as JSON has it: tuples become lists."""
    return list(value) if isinstance(value, tuple) else value


def evidence(proof: Proof, context: Context) -> list[Evidence]:
    """The facts of a proof, in the order of the rule, each once."""
    asked: dict[str, list[str]] = {}
    for premise in proof.premises:
        if isinstance(premise.leaf, Predicate):
            asked.setdefault(premise.leaf.fact, []).append(_asked(premise.leaf, premise.holds))
            if isinstance(premise.leaf.operand, FactRef):
                asked.setdefault(premise.leaf.operand.fact, [])
    return [_evidence(fact, ", ".join(dict.fromkeys(tests)), context) for fact, tests in asked.items()]


def _evidence(fact: str, asked: str, context: Context) -> Evidence:
    value = context.facts.get(fact)
    return Evidence(
        fact=fact,
        value=None if value is None else json_value(value),
        origin=context.origins.get(fact, ""),
        asked=asked,
        title=context.base.vocabulary[fact].title,
    )


def rests_on(proof: Proof, kind: ConclusionKind) -> list[str]:
    """The conclusions of one kind that a proof uses."""
    used = (premise.leaf for premise in proof.premises if premise.holds)
    return list(dict.fromkeys(leaf.id for leaf in used if isinstance(leaf, Concluded) and leaf.kind is kind))


def asked(leaf: Predicate, holds: bool) -> str:
    """What a predicate that holds, or does not, says of its fact beyond the value itself: `> 0.5`, and nothing of `= 3`."""
    if leaf.op is Op.KNOWN or (leaf.op is Op.EQ) is holds and leaf.op in _EQUALITY:
        return ""
def _asked(leaf: Predicate, holds: bool) -> str:
    operator = leaf.op if holds else COMPLEMENT.get(leaf.op, leaf.op)
    sign = _OUTSIDE[leaf.op] if leaf.op in _OUTSIDE and not holds else _SIGN[operator]
    return f"{sign} {_operand_text(leaf.operand)}"


def _operand_text(operand: Scalar | tuple[Scalar, ...] | FactRef) -> str:
    if isinstance(operand, FactRef):
        factor = "" if operand.times == 1 else f"{show(operand.times)} × "
        offset = "" if operand.plus == 0 else f" + {show(operand.plus)}"
        return f"{factor}{operand.fact}{offset}"
    return f"[{show(operand)}]" if isinstance(operand, tuple) else show(operand)
