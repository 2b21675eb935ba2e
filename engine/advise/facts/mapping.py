"""Facts that a program hands over, as the same tree that a file is read into."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real

from advise.documents.decode import YAML_BREAKS, SourceText
from advise.documents.located import Read, Scalar
from advise.documents.tree import Spot, TreeBuilder
from advise.errors import TooManyProblemsError, UnreadableError
from advise.uncertain import Measured

ARGUMENT = "argument"
_NOWHERE = Spot(0, 0, 1)
_FLOAT_BITS = 1024


def read_mapping(mapping: Mapping[str, object]) -> Read:
    """Read a mapping of facts.

    Args:
        mapping: Names to values, nested or dotted, as in a facts file.
    """
    builder = TreeBuilder(SourceText(ARGUMENT, "", YAML_BREAKS))
    try:
        _feed(builder, mapping)
    except UnreadableError as refusal:
        return Read(None, (*builder.problems.sorted(), refusal.problem))
    except TooManyProblemsError:
        return Read(None, builder.problems.sorted())
    return Read(builder.document(), builder.problems.sorted())


def _feed(builder: TreeBuilder, value: object) -> None:
    match value:
        case Measured():
            low, high = (end if math.isfinite(end) else None for end in (value.low, value.high))
            _feed(builder, {"value": float(value), "low": low, "high": high})
        case Mapping():
            builder.begin(_NOWHERE, is_mapping=True)
            for key, item in value.items():
                mistake = None if isinstance(key, str) else f"the name of a fact is a string, not {key!r}"
                builder.scalar(_NOWHERE, None, str(key), quoted=True, mistake=mistake)
                _feed(builder, item)
            builder.end()
        case list() | tuple():
            builder.begin(_NOWHERE, is_mapping=False)
            for item in value:
                _feed(builder, item)
            builder.end()
        case _:
            _feed_scalar(builder, value)


def _feed_scalar(builder: TreeBuilder, value: object) -> None:
    scalar: Scalar = None
    text, mistake = "", None
    match value:
        case None:
            text = "null"
        case bool():
            scalar, text = value, str(value).lower()
        case str():
            scalar, text = str(value), str(value)
        case Integral():
            scalar = int(value)
            text = str(scalar) if scalar.bit_length() <= _FLOAT_BITS else "a number beyond all floats"
        case Real():
            scalar, text = float(value), repr(float(value))
        case _ if type(value).__name__ in ("bool", "bool_"):  # numpy's booleans are no bool
            scalar, text = bool(value), str(bool(value)).lower()
        case _:
            mistake = f"a fact is a number, a boolean, text or a list, not a {type(value).__name__}"
    builder.scalar(_NOWHERE, scalar, text, quoted=False, mistake=mistake)
