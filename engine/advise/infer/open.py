"""What is still open: what could be the case if the unknown facts were known, and the measured ones better, and which facts a condition waits for."""

from __future__ import annotations

from collections.abc import Container
from itertools import chain

from advise.conditions import All, AnyOf, AtLeast, Concluded, Condition, Facts, Not, Op, Predicate, Truth, count_truth, holds
from advise.infer.chain import Chained
from advise.infer.program import Program, reads
from advise.uncertain import Measured


def possible(program: Program, chained: Chained, facts: Facts) -> set[int]:
    """Every symbol that is the case or, its facts being unknown, could be; conclusions that were not reached are absent.

    Args:
        program: What was chained.
        chained: Its fixpoint.
        facts: Every known fact, derived ones included.
    """
    found = set(chained.reached)
    for stratum in program.strata:
        for question in stratum.questions:
            if unknown_facts(question.predicate, facts):
                found.update(symbol for symbol in (question.yes, question.no) if symbol is not None)
    # A symbol's number is above those of the symbols that it is made of.
    for symbol in sorted((*program.groups, *program.hidden)):
        if symbol in program.groups:
            group = program.groups[symbol]
            could = sum(member in found for member in group.members) >= group.need
        else:
            could = found.issuperset(program.clauses[program.hidden[symbol]].body)
        if could:
            found.add(symbol)
    return found


def unknown_facts(predicate: Predicate, facts: Facts) -> tuple[str, ...]:
    """The facts for want of which a predicate is unknown: those that are not known at all, else those whose interval is too wide to tell."""
    if predicate.op is Op.KNOWN:
        return ()
    missing = tuple([fact for fact in reads(predicate) if fact not in facts])
    return missing or unsure_facts(predicate, facts)


def unsure_facts(predicate: Predicate, facts: Facts) -> tuple[str, ...]:
    """The facts that a predicate reads, all of them known, whose intervals leave it unknown."""
    measured = tuple([fact for fact in reads(predicate) if isinstance(facts.get(fact), Measured)])
    return measured if measured and holds(predicate, facts) is None else ()


def awaited(condition: Condition, facts: Facts, concluded: Container[Concluded]) -> tuple[Truth, tuple[str, ...]]:
    """The truth of a condition and, while it is unknown, the facts that can still change that, in the order of the condition."""
    match condition:
        case Predicate():
            unknown = unknown_facts(condition, facts)
            return (None, unknown) if unknown else (holds(condition, facts), ())
        case Concluded():
            return condition in concluded, ()
        case Not(of=inner):
            truth, unknown = awaited(inner, facts, concluded)
            return None if truth is None else not truth, unknown
        case All(of=parts):
            need = len(parts)
        case AnyOf(of=parts):
            need = 1
        case AtLeast(count=need, of=parts):
            pass
    found = [awaited(part, facts, concluded) for part in parts]
    truth = count_truth([truth for truth, _ in found], need)
    return truth, () if truth is not None else tuple(dict.fromkeys(chain.from_iterable(unknown for _, unknown in found)))
