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


def reversals(proofs: Sequence[Proof], facts: Mapping[str, Value]) -> list[Reversal]:
    """The observations of which each alone would withdraw a conclusion.

    Args:
        proofs: Its proof by each rule that reached it: only what all of them need can withdraw it.
        facts: What is known.
    """
    shared = set(proofs[0].necessary).intersection(*(proof.necessary for proof in proofs[1:]))
    found = (_reversal(premise, facts) for premise in proofs[0].necessary if premise in shared)
    return list({(item.fact, item.op, str(item.value)): item for item in found if item is not None}.values())


def _reversal(premise: Premise, facts: Mapping[str, Value]) -> Reversal | None:
    leaf = premise.leaf
    if not isinstance(leaf, Predicate):
        return None
    value = _operand_value(leaf, facts)
    if value is None:
        return None
    if not premise.holds:
        return Reversal(fact=leaf.fact, op=_SIGN[leaf.op], value=value)
    if leaf.op is Op.KNOWN:
        return Reversal(fact=leaf.fact, op=_SIGN[leaf.op], value=not value)
    sign = _OUTSIDE[leaf.op] if leaf.op in _OUTSIDE else _SIGN[COMPLEMENT[leaf.op]]
    return Reversal(fact=leaf.fact, op=sign, value=value)


def _operand_value(leaf: Predicate, facts: Mapping[str, Value]) -> JsonValue | None:
    if not isinstance(leaf.operand, FactRef):
        return json_value(leaf.operand)
    other = facts.get(leaf.operand.fact)
    if other is None:
        return None
    if isinstance(other, bool | str | tuple):
        return json_value(other)
    return other * leaf.operand.times + leaf.operand.plus


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
