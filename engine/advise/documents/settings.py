"""Settings in a tree: what each hyperparameter of a file is set to."""

from __future__ import annotations

from collections.abc import Iterator

from advise.documents.located import MappingNode, Node, ScalarNode

MOST_CHARACTERS = 200
# W&B writes each setting as a mapping with its value, and its own bookkeeping beside them.
_WRAPPED = "value"
_OWN = ("_wandb", "wandb_version")


def settings_of(node: Node, prefix: str = "") -> Iterator[tuple[str, bool | int | float | str]]:
    """The settings in a tree, the names of nested ones joined by dots; lists and what is null are left out."""
    if isinstance(node, MappingNode):
        for key, value in node.pairs:
            if key.text in _OWN:
                continue
            inner = value.pair(_WRAPPED) if isinstance(value, MappingNode) else None
            name = f"{prefix}.{key.text}" if prefix else key.text
            yield from settings_of(value if inner is None else inner[1], name)
    elif isinstance(node, ScalarNode) and node.value is not None and prefix:
        yield prefix[:MOST_CHARACTERS], node.value[:MOST_CHARACTERS] if isinstance(node.value, str) else node.value
