"""The tool definitions in the dialects of those who call them, all generated from the models of the arguments.

Strict modes compile a schema into a grammar, and take only what a grammar can say. They have no free mappings, so a mapping becomes a list of pairs;
and no argument is left out: with OpenAI it may be null instead, with Anthropic, where unions and optional arguments are few, it is given its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from advise.agent.arguments import NAME, VALUE
from advise.agent.listed import listed_inputs, listed_output
from advise.agent.registry import TOOLS, Tool

Dialect = Literal["mcp", "openai", "anthropic"]
DIALECTS: tuple[Dialect, ...] = ("mcp", "openai", "anthropic")
Schema = dict[str, Any]

# Whether a tool destroys something, or may be called twice, means nothing of one that only reads.
ANNOTATIONS: Mapping[str, bool] = {"readOnlyHint": True, "openWorldHint": False}
# What a grammar cannot say, or need not.
_DROPPED = frozenset(("title", "default", "maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties", "minimum", "maximum"))


def definitions(dialect: Dialect) -> list[Schema]:
    """The definition of every tool.

    Args:
        dialect: `mcp`: as `tools/list` has them; `openai`: functions of the chat API, strict; `anthropic`: tools of the messages API, strict.
    """
    return [_MAKERS[dialect](tool) for tool in TOOLS.values()]


def input_schema(tool: Tool) -> Schema:
    """What a tool takes, as JSON Schema."""
    made = tool.takes.model_json_schema(by_alias=True)
    described = {name: _described(tool, name, node) for name, node in made["properties"].items()}
    kept = {key: value for key, value in made.items() if key not in ("title", "description", "properties")}
    return {**kept, "properties": described}


def output_schema(tool: Tool) -> Schema:
    """What a tool gives, as JSON Schema; what is left out has its default."""
    return tool.gives.model_json_schema(by_alias=True)


def listed_schemas(tool: Tool) -> tuple[Schema, Schema]:
    """What a tool takes and gives, as the list of the Model Context Protocol has them."""
    return _listed_inputs()[tool.name], listed_output(output_schema(tool))


@cache
def _listed_inputs() -> dict[str, Schema]:
    return listed_inputs({tool.name: input_schema(tool) for tool in TOOLS.values()})


def _mcp(tool: Tool) -> Schema:
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "inputSchema": listed_schemas(tool)[0],
        "outputSchema": listed_schemas(tool)[1],
        "annotations": dict(ANNOTATIONS),
    }


def _openai(tool: Tool) -> Schema:
    parameters = _strict_object(input_schema(tool), nullable=True)
    return {"type": "function", "function": {"name": tool.name, "description": tool.description, "strict": True, "parameters": parameters}}


def _anthropic(tool: Tool) -> Schema:
    parameters = _strict_object(input_schema(tool), nullable=False)
    return {"name": tool.name, "description": tool.description, "strict": True, "input_schema": parameters}


_MAKERS = {"mcp": _mcp, "openai": _openai, "anthropic": _anthropic}


def _strict_object(schema: Schema, *, nullable: bool) -> Schema:
    required = schema.get("required", [])
    properties = {}
    for name, given in schema["properties"].items():
        strict = _strict(given)
        if name not in required:
            strict = _or_null(strict) if nullable else _with_default(strict, given)
        properties[name] = strict
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _strict(node: Schema) -> Schema:
    """A part of a schema as a grammar can say it."""
    if node.get("type") == "object":
        # A mapping: our arguments have no other objects inside.
        members = {NAME: {"type": "string"}, VALUE: _strict(node["additionalProperties"])}
        pair: Schema = {"type": "object", "properties": members, "required": [NAME, VALUE], "additionalProperties": False}
        described = {"description": f"{node['description']} As a list of pairs."} if "description" in node else {}
        return {"type": "array", "items": pair, **described}
    kept = {key: value for key, value in node.items() if key not in _DROPPED}
    if "items" in kept:
        kept["items"] = _strict(kept["items"])
    if "anyOf" in kept:
        kept["anyOf"] = [_strict(part) for part in kept["anyOf"]]
    return kept


def _or_null(node: Schema) -> Schema:
    nullable = {**node, "type": [node["type"], "null"]}
    if "enum" in node:
        nullable["enum"] = [*node["enum"], None]
    return nullable


def _with_default(node: Schema, given: Schema) -> Schema:
    default = [] if node["type"] == "array" else given["default"]
    shown = '""' if default == "" else default
    return {**node, "description": f"{node['description']} Default: {shown}."}


def _described(tool: Tool, name: str, node: Schema) -> Schema:
    """An argument with its description, which the schema of a mapping has not."""
    return {"description": tool.takes.model_fields[name].description, **{key: value for key, value in node.items() if key != "title"}}
