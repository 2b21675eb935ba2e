"""The declared search space, from a file: our own form, a W&B sweep's `parameters`, or AlgoPerf's tuning search space."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

from advise.documents.json import read_json
from advise.documents.located import MappingNode, Node, ScalarNode, SequenceNode
from advise.documents.yaml import read_yaml
from advise.experiments.study.record import MOST_PARAMETERS, Declared, Role, Setting
from advise.experiments.study.refusal import refused
from advise.statistics import LARGEST, SMALLEST
from advise.text import is_number

_MOST_BYTES = 1024**2
_LOW = ("low", "min")
_HIGH = ("high", "max")
_CHOICES = ("values", "choices", "feasible_points")
_LOG = ("log", "scaling", "scale", "distribution")
_OTHER = ("role", "step", "q", "mu", "sigma", "value", "type")
_ROLES = ("scientific", "nuisance", "fixed")
_ACCEPTED = "low and high with log: true or false, or values; and role: scientific, nuisance or fixed"


def read_space(path: str) -> Mapping[str, Declared]:
    """The space that a file declares.

    Raises:
        StudyError: It cannot be read, or an entry makes no sense.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST_BYTES)
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror or error}") from error
    read = read_json(data, path) if path.lower().endswith(".json") else read_yaml(data, path)
    if read.document is None:
        raise refused(path, read.problems[0].message, line=read.problems[0].line)
    root = read.document.root
    inner = root.pair("parameters") if isinstance(root, MappingNode) else None
    root = root if inner is None else inner[1]
    if not isinstance(root, MappingNode) or not root.pairs or len(root.pairs) > MOST_PARAMETERS:
        raise refused(path, "a search space is a mapping from the name of each hyperparameter to its range", accepted=_ACCEPTED, line=root.line)
    return {key.text: _declared(path, key.text, node) for key, node in root.pairs}


def _declared(path: str, name: str, node: Node) -> Declared:
    if isinstance(node, SequenceNode):
        return Declared(choices=_choices(path, name, node))
    if not isinstance(node, MappingNode):
        raise refused(path, f"the range of `{name}` must be a mapping", accepted=_ACCEPTED, line=node.line)
    fields = {key.text: value for key, value in node.pairs}
    unknown = next((key for key in fields if key not in (*_LOW, *_HIGH, *_CHOICES, *_LOG, *_OTHER)), None)
    if unknown is not None:
        raise refused(path, f"`{unknown}` says nothing about the range of `{name}`", accepted=_ACCEPTED, line=fields[unknown].line)
    role = _role(path, fields)
    choices = next((fields[key] for key in _CHOICES if key in fields), None)
    if choices is not None:
        return Declared(choices=_choices(path, name, choices), role=role)
    if "value" in fields:
        return Declared(choices=tuple(_scalars(fields["value"])), role=role or "fixed")
    low, high = _bound(fields, _LOW), _bound(fields, _HIGH)
    if low is None or high is None:
        return _roled(path, name, role, node)
    is_log = _is_log(fields)
    beyond = next((bound for bound in (low, high) if bound and not SMALLEST <= abs(bound) <= LARGEST), None)
    if beyond is not None:
        raise refused(path, f"a bound of `{name}` must lie between {SMALLEST:g} and {LARGEST:g} or be 0, got {beyond:g}", line=node.line)
    if not low < high:
        raise refused(path, f"the lower bound of `{name}` must lie below its upper bound, got {low:g} and {high:g}", line=node.line)
    if is_log and low <= 0:
        raise refused(path, f"`{name}` is searched by factors, so its lower bound must be above 0, got {low:g}", line=node.line)
    return Declared(low, high, is_log, role=role)


def _roled(path: str, name: str, role: Role | None, node: Node) -> Declared:
    if role is None:
        raise refused(path, f"`{name}` has neither bounds nor values", accepted=_ACCEPTED, line=node.line)
    return Declared(role=role)


def _role(path: str, fields: Mapping[str, Node]) -> Role | None:
    node = fields.get("role")
    if node is None:
        return None
    text = node.text if isinstance(node, ScalarNode) else ""
    if text not in _ROLES:
        raise refused(path, f"`{text}` is no role of a hyperparameter", accepted=", ".join(_ROLES), line=node.line)
    return cast(Role, text)


def _bound(fields: Mapping[str, Node], names: tuple[str, ...]) -> float | None:
    node = next((fields[name] for name in names if name in fields), None)
    value = node.value if isinstance(node, ScalarNode) else None
    return float(value) if is_number(value) and math.isfinite(value) else None


def _is_log(fields: Mapping[str, Node]) -> bool:
    node = next((fields[name] for name in _LOG if name in fields), None)
    if not isinstance(node, ScalarNode):
        return False
    return node.value is True or (isinstance(node.value, str) and node.value.lower().startswith(("log", "q_log", "inv_log")))


def _choices(path: str, name: str, node: Node) -> tuple[Setting, ...]:
    values = tuple(_scalars(node))
    if not values:
        raise refused(path, f"`{name}` is chosen from an empty list", line=node.line)
    return values


def _scalars(node: Node) -> list[Setting]:
    items = node.items if isinstance(node, SequenceNode) else (node,)
    return [item.value for item in items if isinstance(item, ScalarNode) and item.value is not None]
