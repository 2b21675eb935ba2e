"""A value as a facts file has it."""

from __future__ import annotations

import json
import math
import re

from advise.documents.scalars import resolve
from advise.text import Scalar, Value
from advise.uncertain import Measured

_PLAIN = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff./+-]*(?: [\w\u4e00-\u9fff./+-]+)*", re.ASCII)
# A float this large is a whole number whatever its last digits are.
_EXACT = 1e16


def written(value: Value) -> str:
    """A value as a line of YAML has it."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and resolve(value) == value:
        return value
    return as_json(value)


def as_json(value: Value) -> str:
    """A value as both JSON and YAML read it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(as_json, value))}]"
    return _json_scalar(value)


def written_ends(value: Measured) -> str:
    """The ends of an interval as a list of two in YAML and JSON; an end without bound is null."""
    return f"[{', '.join(_json_scalar(end) if math.isfinite(end) else 'null' for end in (value.low, value.high))}]"


def _json_scalar(value: Scalar) -> str:
    if isinstance(value, Measured):
        return _json_scalar(float(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
