"""The schemas of a tool as its list has them: what a model needs to call it and to read its answer, in as few words as that takes.

A list of tools stands in the context of a model from the first message on. Left out is what is checked on our side anyway (lengths, bounds, values of
a mapping), what means nothing (titles, empty defaults), what an earlier tool of the list says of the same argument, and the records within an answer,
of which the names of their fields are enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

_DROPPED = frozenset(
    ("title", "maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties", "minimum", "maximum", "additionalProperties")
)
# An answer leaves out what is null.
_NAMED = frozenset(("string", "integer", "number", "boolean", "object", "array"))
# Parts that every answer has, and that say what they are.
_SAME_EVERYWHERE = frozenset(("schema", "note"))
_REF = "#/$defs/"


def listed_inputs(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """What each tool takes, by its name.

    Args:
        schemas: All of it, in the order of the list.
    """
    said: dict[tuple[str, str], str] = {}
    listed = {}
    for tool, schema in schemas.items():
        kept: Schema = {key: value for key, value in schema.items() if key not in ("properties", *_DROPPED)}
        properties = {name: _once(tool, name, _plain(node), said) for name, node in schema["properties"].items()}
        listed[tool] = {**kept, "additionalProperties": False, "properties": properties}
    return listed


def _once(tool: str, name: str, node: Schema, said: dict[tuple[str, str], str]) -> Schema:
    """An argument, whose description is that of an earlier tool where it is the same."""
    first = said.setdefault((name, node["description"]), tool)
    return node if first == tool else {**node, "description": f"As for {first}."}


def listed_output(schema: Schema) -> Schema:
    """What a tool gives: each part with its kind, and of the records in it the names of their fields.

    Args:
        schema: All of it; whatever it allows, this allows.
    """
    definitions = schema.get("$defs", {})
    properties = {name: _part(node, definitions) for name, node in schema["properties"].items() if name not in _SAME_EVERYWHERE}
    return {"type": "object", "properties": properties, "required": schema.get("required", [])}


def _plain(node: Schema) -> Schema:
    kept = {key: value for key, value in node.items() if key not in _DROPPED and not (key == "default" and value in ("", [], {}, None))}
    if isinstance(kept.get("items"), dict):
        kept["items"] = _plain(kept["items"])
    return kept


def _part(node: Schema, definitions: Mapping[str, Schema]) -> Schema:
    kinds = sorted(set(_kinds(node, definitions)) & _NAMED)
    fields = _fields(node, definitions)
    said = [text for text in (node.get("description"), f"Of: {', '.join(fields)}." if fields else None) if text]
    kind: Schema = {} if not kinds else {"type": kinds[0] if len(kinds) == 1 else kinds}
    return {**kind, **({"description": " ".join(said)} if said else {})}


def _kinds(node: Schema, definitions: Mapping[str, Schema]) -> list[str]:
    if "$ref" in node:
        return _kinds(definitions[node["$ref"].removeprefix(_REF)], definitions)
    parts = node.get("anyOf", [])
    if parts:
        found = [_kinds(part, definitions) for part in parts]
        # A part without a kind may be anything.
        return [kind for kinds in found for kind in kinds] if all(found) else []
    kind = node.get("type", "string" if "const" in node or "enum" in node else None)
    return [] if kind is None else [kind]


def _fields(node: Schema, definitions: Mapping[str, Schema]) -> list[str]:
    """The fields of a record, or of the members of a list; of what has a contract of its own, and may be large, its name alone."""
    if "$ref" in node:
        name = node["$ref"].removeprefix(_REF)
        found = definitions[name].get("properties", {})
        contract = found.get("schema", {}).get("const")
        return [str(contract)] if contract else list(found)
    if "items" in node:
        return _fields(node["items"], definitions)
    return [field for part in node.get("anyOf", []) for field in _fields(part, definitions)]
