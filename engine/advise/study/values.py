"""Settings out of text and trees: what a hyperparameter was set to."""

from __future__ import annotations

import math
from collections.abc import Iterator

from advise.source.located import MappingNode, Node, ScalarNode
from advise.source.scalars import resolve
from advise.study.record import Setting

_TRUTHS = {"true": True, "false": False}
_LONGEST = 200
# W&B writes each setting as a mapping with its value, and its own bookkeeping beside them.
_WRAPPED = "value"
_OWN = ("_wandb", "wandb_version")


def setting_of(text: str) -> Setting:
    """A setting that was stored as text."""
    if text.lower() in _TRUTHS:
        return _TRUTHS[text.lower()]
    value = resolve(text)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else text[:_LONGEST]


def settings_of(node: Node, prefix: str = "") -> Iterator[tuple[str, Setting]]:
    """The settings in a tree, the names of nested ones joined by dots; lists and what is null are left out."""
    if isinstance(node, MappingNode):
        for key, value in node.pairs:
            if key.text in _OWN:
                continue
            inner = value.pair(_WRAPPED) if isinstance(value, MappingNode) else None
            name = f"{prefix}.{key.text}" if prefix else key.text
            yield from settings_of(value if inner is None else inner[1], name)
    elif isinstance(node, ScalarNode) and node.value is not None and prefix:
        yield prefix[:_LONGEST], node.value[:_LONGEST] if isinstance(node.value, str) else node.value


def is_finite(value: object) -> bool:
    """Whether it is a number that can be reckoned with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
