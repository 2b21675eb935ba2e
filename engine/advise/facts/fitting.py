"""A value that a program found, as the vocabulary types it."""

from __future__ import annotations

from advise.documents.located import Node, ScalarNode, SequenceNode
from advise.errors import FactValueError
from advise.facts.check import check_value, within
from advise.knowledge.vocabulary import FactSpec
from advise.text import Scalar, Value
from advise.uncertain import Measured


def fitting(value: Value, spec: FactSpec) -> Value | None:
    """The value of a fact; None where it is of another type or out of bounds: rather nothing than something wrong.

    Args:
        value: What was found.
        spec: The type and bounds of the fact.
    """
    try:
        if isinstance(value, Measured):
            number = check_value(_node(float(value)), spec)
            # What is whole is counted, and a count is exact.
            return within(Measured(number, value.low, value.high), spec) if isinstance(number, float) and not value.is_exact else number
        return check_value(_node(value), spec)
    except FactValueError:
        return None


def _node(value: Value) -> Node:
    if isinstance(value, tuple):
        return SequenceNode(0, 0, 1, tuple(_scalar(item) for item in value))
    return _scalar(value)


def _scalar(value: Scalar) -> ScalarNode:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return ScalarNode(0, 0, 1, value, text, quoted=False)
