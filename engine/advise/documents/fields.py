"""Which keys a model accepts at a place in its data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

_ALTERNATIVES = ("anyOf", "oneOf", "allOf")


def accepted_keys(adapter: TypeAdapter[Any], path: tuple[str | int, ...]) -> list[str]:
    """The keys of the mapping that a path leads to.

    Args:
        adapter: The type that the data is validated against.
        path: Keys, indexes, and the names of union members in between, as pydantic reports them.
    """
    schema: dict[str, Any] = adapter.json_schema()
    found = list(_alternatives("", schema, schema))
    for part in path:
        inner = [alternative for _, candidate in found for step in _steps(candidate, part) for alternative in _alternatives("", step, schema)]
        found = inner or [item for item in found if _is_named(*item, str(part))] or found
    return list(dict.fromkeys(key for _, candidate in found for key in candidate.get("properties", ())))


def _alternatives(name: str, schema: dict[str, Any], root: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        yield from _alternatives(name, root["$defs"].get(name, {}), root)
        return
    yield name, schema
    for keyword in _ALTERNATIVES:
        for alternative in schema.get(keyword, ()):
            yield from _alternatives("", alternative, root)


def _steps(schema: dict[str, Any], part: str | int) -> Iterator[dict[str, Any]]:
    if part in schema.get("properties", {}):
        yield schema["properties"][part]
        return
    others = (schema.get("items"),) if isinstance(part, int) else (schema.get("additionalProperties"), *schema.get("patternProperties", {}).values())
    yield from (other for other in others if isinstance(other, dict))


def _is_named(name: str, schema: dict[str, Any], tag: str) -> bool:
    # The member of a union goes by its own name, or by the constant that tells it from the others.
    return name == tag or any(isinstance(field, dict) and field.get("const") == tag for field in schema.get("properties", {}).values())
