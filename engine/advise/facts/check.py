"""Checking a value against what the vocabulary says of its fact."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from advise.documents.located import MappingNode, Node, ScalarNode, SequenceNode
from advise.documents.problems import nearest
from advise.documents.scalars import resolve
from advise.errors import FactValueError
from advise.knowledge.vocabulary import FactSpec, FactType
from advise.text import Scalar, Value
from advise.uncertain import Measured
from advise.untrusted import is_unsafe, shorten

MAX_TEXT = 500
MAX_ITEMS = 1000
# What fits into the 64 bits that the chaining engine compares.
_INTEGERS = range(-(2**63), 2**63)
_UNKNOWN = "unknown"
_YES_OR_NO = {
    form: value for word, value in (("yes", True), ("on", True), ("no", False), ("off", False)) for form in (word, word.title(), word.upper())
}
_NOT_FINITE = frozenset({"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})
_PERCENT = re.compile(r"([-+]?[0-9.]+) ?%")
# `0.90 ± 0.01`, or with what is on every keyboard.
_MARGIN = re.compile(r"([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?) ?(?:±|\+/?-) ?([0-9.]+(?:[eE][-+]?[0-9]+)?)")
_ENDS = ("value", "low", "high")
_SEPARATED = re.compile(r"[-+]?[0-9]+(?:[_,'][0-9]+)+(?:\.[0-9]+)?")


def is_left_out(node: Node) -> bool:
    """Whether the value says that the fact is unknown."""
    return isinstance(node, ScalarNode) and (node.value is None or node.text == _UNKNOWN)


def check_value(node: Node, spec: FactSpec) -> Value:
    """The value of a fact, as the vocabulary types it.

    Args:
        node: What was written.
        spec: The type and bounds of the fact.

    Raises:
        FactValueError: It is of another type or out of bounds.
    """
    if spec.type is FactType.NUMBER:
        interval = _interval(node, spec)
        if interval is not None:
            return interval
    item = _ITEMS.get(spec.type)
    if item is None:
        return _SCALARS[spec.type](_scalar(node, spec.type), spec)
    if not isinstance(node, SequenceNode):
        raise FactValueError(node, f"must be a list, such as [1, 2], got {node.described}")
    if len(node.items) > MAX_ITEMS:
        raise FactValueError(node, f"must have at most {MAX_ITEMS} items, got {len(node.items)}")
    return tuple(_SCALARS[item](_item(part, item), spec) for part in node.items)


def check_text(node: Node) -> str:
    """One line of text, whatever it looks like: `run: 7` names the run `7`.

    Raises:
        FactValueError: It is a list or a mapping, empty, too long, or holds control characters.
    """
    if not isinstance(node, ScalarNode):
        raise FactValueError(node, f"must be text, got {node.described}")
    return _printable(node)


def _scalar(node: Node, kind: FactType) -> ScalarNode:
    if not isinstance(node, ScalarNode):
        raise FactValueError(node, f"must be {_WANTED[kind]}, got {node.described}")
    return node


def _item(node: Node, kind: FactType) -> ScalarNode:
    if is_left_out(node):
        raise FactValueError(node, "is a list in which nothing can be unknown")
    return _scalar(node, kind)


def _number(node: ScalarNode, spec: FactSpec) -> float:
    # Adding 0.0 makes -0.0 the zero that it equals.
    return _bounded(node, _finite(node, FactType.NUMBER), spec) + 0.0


def _interval(node: Node, spec: FactSpec) -> Measured | None:
    """A number with its uncertainty, as `0.90 ± 0.01` or `{value: 0.90, low: 0.89, high: 0.91}`; None where it is written otherwise."""
    if isinstance(node, MappingNode) and any(key.text in _ENDS[1:] for key, _ in node.pairs):
        return _with_ends(node, spec)
    margin = _MARGIN.fullmatch(node.value.strip()) if isinstance(node, ScalarNode) and isinstance(node.value, str) else None
    if margin is None or not isinstance(node, ScalarNode):
        return None
    value, half = (_number(replace(node, value=resolve(text), text=text, quoted=False), spec) for text in margin.groups())
    return within(Measured(value, value - half, value + half), spec)


def _with_ends(node: MappingNode, spec: FactSpec) -> Measured:
    strange = next((key for key, _ in node.pairs if key.text not in _ENDS), None)
    if strange is not None:
        message = f"is a number with its uncertainty, which has no `{shorten(strange.text)}`"
        raise FactValueError(strange, message, ", ".join(_ENDS), nearest(strange.text, _ENDS))
    value, low, high = (node.pair(name) for name in _ENDS)
    if value is None or low is None or high is None:
        raise FactValueError(node, "is a number with its uncertainty, which lacks a part: write it as 0.90 ± 0.01, or with value, low and high")
    return _between(node, _number(_scalar(value[1], FactType.NUMBER), spec), low[1], high[1], spec)


def check_interval(value: Value, node: Node, spec: FactSpec) -> Measured:
    """A number with the ends that are given for it.

    Args:
        value: The number.
        node: Its ends, as a list of two; what has no bound there is null.
        spec: The type and bounds of the fact.

    Raises:
        FactValueError: It is no number, or does not lie between the ends.
    """
    if not isinstance(node, SequenceNode) or len(node.items) != 2 or spec.type is not FactType.NUMBER:
        raise FactValueError(node, "is a number that lies between two, such as [0.01, 0.03]")
    return _between(node, float(value), *node.items, spec)  # type: ignore[arg-type]


def _between(node: Node, value: float, lower: Node, upper: Node, spec: FactSpec) -> Measured:
    low, high = (
        bound if is_left_out(end) else _number(_scalar(end, FactType.NUMBER), spec) for end, bound in ((lower, -math.inf), (upper, math.inf))
    )
    if not low <= value <= high:
        raise FactValueError(node, f"must lie between its ends, got {value:g} for {low:g} to {high:g}")
    return within(Measured(value, low, high), spec)


def within(value: Measured, spec: FactSpec) -> Measured:
    """A number whose interval ends where the fact's bounds do.

    Args:
        value: A number within the bounds.
        spec: The bounds.
    """
    least = max((bound for bound in (spec.min, spec.above) if bound is not None), default=-math.inf)
    most = min((bound for bound in (spec.max, spec.below) if bound is not None), default=math.inf)
    return Measured(float(value), max(value.low, least), min(value.high, most))


def _integer(node: ScalarNode, spec: FactSpec) -> int:
    value = _finite(node, FactType.INTEGER)
    if value != math.floor(value):
        raise FactValueError(node, f"must be a whole number, got {node.described}")
    whole = node.value if isinstance(node.value, int) else int(value)
    _bounded(node, value, spec)
    if whole not in _INTEGERS:
        raise FactValueError(node, f"must be a whole number below 2^63, got {node.described}")
    return whole


def _finite(node: ScalarNode, kind: FactType) -> float:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise FactValueError(node, f"must be {_WANTED[kind]}, got {node.described}{_hint(node)}")
    try:
        value = float(node.value)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise FactValueError(node, f"must be finite, got {node.described}: that something is not finite has a fact of its own")
    return value


def _bounded(node: ScalarNode, value: float, spec: FactSpec) -> float:
    if not spec.contains(value):
        interval = spec.interval
        assert interval is not None  # noqa: S101 - what has no bounds contains every number
        percent = f" ({value:g} % is written {value / 100:g})" if spec.unit == "ratio" and spec.max == 1 < value <= 100 else ""
        raise FactValueError(node, f"must be {interval.en}, got {shorten(node.text)}{percent}")
    return value


def _boolean(node: ScalarNode, _: FactSpec) -> bool:
    value = node.value if node.quoted else _YES_OR_NO.get(node.text, node.value)
    if not isinstance(value, bool):
        raise FactValueError(node, f"must be true or false, got {node.described}{_hint(node)}")
    return value


def _enum(node: ScalarNode, spec: FactSpec) -> str:
    value = spec.value_called(node.text)
    if value is not None:
        return value
    called = next((value for value, title in spec.values.items() if node.text.casefold() in (title.en.casefold(), title.zh.casefold())), None)
    message = f"must be one of its {len(spec.values)} values, got {node.described}"
    raise FactValueError(node, message, ", ".join(spec.values), called or nearest(node.text, spec.values))


def _text(node: ScalarNode, _: FactSpec) -> str:
    if not isinstance(node.value, str):
        raise FactValueError(node, f"must be text, got {node.described}: put it in quotes")
    return _printable(node)


def _printable(node: ScalarNode) -> str:
    text = node.text.strip()
    if not text:
        raise FactValueError(node, "must not be empty")
    if len(text) > MAX_TEXT:
        raise FactValueError(node, f"must have at most {MAX_TEXT} characters, got {len(text)}")
    unsafe = next(filter(is_unsafe, text), None)
    if unsafe is not None:
        raise FactValueError(node, f"must be one line of printable text, got the character U+{ord(unsafe):04X}")
    return text


def _hint(node: ScalarNode) -> str:
    text = node.text.strip()
    if not isinstance(node.value, str):
        return ""
    if text and not isinstance(resolve(text), str | None):
        return ": leave the quotes out"
    if text.casefold() in _NOT_FINITE:
        return ": that something is not finite has a fact of its own"
    if _SEPARATED.fullmatch(text):
        return ": write the digits without separators"
    percent = _PERCENT.fullmatch(text)
    share = resolve(percent[1]) if percent else None
    return f": write it as the fraction {share / 100:g}" if isinstance(share, int | float) else ""


_SCALARS: Mapping[FactType, Callable[[ScalarNode, FactSpec], Scalar]] = {
    FactType.NUMBER: _number,
    FactType.INTEGER: _integer,
    FactType.BOOLEAN: _boolean,
    FactType.ENUM: _enum,
    FactType.TEXT: _text,
}
_ITEMS = {FactType.NUMBERS: FactType.NUMBER, FactType.INTEGERS: FactType.INTEGER, FactType.TEXTS: FactType.TEXT}
_WANTED = {
    FactType.NUMBER: "a number",
    FactType.INTEGER: "a whole number",
    FactType.BOOLEAN: "true or false",
    FactType.ENUM: "one of its values",
    FactType.TEXT: "text",
}
