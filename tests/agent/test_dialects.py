"""The definitions are valid in each dialect. The meta-schemas are written from what OpenAI and Anthropic publish of their strict modes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from advise.agent.call import call
from advise.agent.dialects import definitions, output_schema
from advise.agent.registry import TOOLS
from advise.agent.tokens import tokens
from advise.agent.toolbox import Toolbox

SCALARS = {"enum": ["string", "number", "integer", "boolean", "null"]}
# What both strict modes take of JSON Schema here: objects that are closed and require all they have, lists, unions, enumerations and scalars.
STRICT: dict[str, Any] = {
    "$defs": {
        "object": {
            "type": "object",
            "required": ["type", "properties", "required", "additionalProperties"],
            "additionalProperties": False,
            "properties": {
                "type": {"const": "object"},
                "properties": {"type": "object", "additionalProperties": {"$ref": "#/$defs/node"}},
                "required": {"type": "array", "items": {"type": "string"}},
                "additionalProperties": {"const": False},
                "description": {"type": "string"},
            },
        },
        "array": {
            "type": "object",
            "required": ["type", "items"],
            "additionalProperties": False,
            "properties": {
                "type": {"anyOf": [{"const": "array"}, {"const": ["array", "null"]}]},
                "items": {"$ref": "#/$defs/node"},
                "description": {"type": "string"},
            },
        },
        "scalar": {
            "type": "object",
            "required": ["type"],
            "additionalProperties": False,
            "properties": {
                "type": {"anyOf": [SCALARS, {"type": "array", "items": SCALARS}]},
                "enum": {"type": "array", "minItems": 1},
                "description": {"type": "string"},
            },
        },
        "union": {
            "type": "object",
            "required": ["anyOf"],
            "additionalProperties": False,
            "properties": {"anyOf": {"type": "array", "items": {"$ref": "#/$defs/node"}}, "description": {"type": "string"}},
        },
        "node": {"anyOf": [{"$ref": "#/$defs/object"}, {"$ref": "#/$defs/array"}, {"$ref": "#/$defs/scalar"}, {"$ref": "#/$defs/union"}]},
    },
    "$ref": "#/$defs/object",
}
NAME = {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$"}
OPENAI = {
    "type": "object",
    "required": ["type", "function"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "function"},
        "function": {
            "type": "object",
            "required": ["name", "description", "strict", "parameters"],
            "additionalProperties": False,
            "properties": {
                "name": NAME,
                "description": {"type": "string", "maxLength": 1024},
                "strict": {"const": True},
                "parameters": {"type": "object"},
            },
        },
    },
}
ANTHROPIC = {
    "type": "object",
    "required": ["name", "description", "strict", "input_schema"],
    "additionalProperties": False,
    "properties": {"name": NAME, "description": {"type": "string"}, "strict": {"const": True}, "input_schema": {"type": "object"}},
}
MCP = {
    "type": "object",
    "required": ["name", "inputSchema", "outputSchema", "annotations"],
    "properties": {
        "name": {"type": "string", "pattern": "^[A-Za-z0-9_.-]{1,128}$"},
        "inputSchema": {"type": "object", "required": ["type"], "properties": {"type": {"const": "object"}}},
        "outputSchema": {"type": "object", "required": ["type"], "properties": {"type": {"const": "object"}}},
        "annotations": {"type": "object", "required": ["readOnlyHint", "openWorldHint"]},
    },
}


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
    for child in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from nodes(child)


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    return (node for node in nodes(schema) if node.get("type") == "object" and "properties" in node)


def faults(meta: dict[str, Any], schema: Any) -> list[str]:
    Draft202012Validator.check_schema(meta)
    return [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(meta).iter_errors(schema)]


@pytest.mark.parametrize("index", range(len(TOOLS)))
def test_openai_takes_the_definition_in_strict_mode(index: int) -> None:
    tool = definitions("openai")[index]
    assert faults(OPENAI, tool) == []
    parameters = tool["function"]["parameters"]
    assert faults(STRICT, parameters) == []
    assert all(sorted(node["required"]) == sorted(node["properties"]) for node in objects(parameters))
    Draft202012Validator.check_schema(parameters)


@pytest.mark.parametrize("index", range(len(TOOLS)))
def test_anthropic_takes_the_definition_in_strict_mode(index: int) -> None:
    tool = definitions("anthropic")[index]
    assert faults(ANTHROPIC, tool) == []
    assert faults(STRICT, tool["input_schema"]) == []
    Draft202012Validator.check_schema(tool["input_schema"])


def test_anthropic_has_few_unions_and_optional_arguments() -> None:
    # All strict tools of a request together: at most 24 optional parameters and 16 with unions, at most 20 tools.
    made = definitions("anthropic")
    optional = sum(len(node["properties"]) - len(node["required"]) for tool in made for node in objects(tool["input_schema"]))
    unions = sum(
        1
        for tool in made
        for node in objects(tool["input_schema"])
        for part in node["properties"].values()
        if "anyOf" in part or isinstance(part.get("type"), list)
    )
    assert len(made) <= 20
    assert optional == 0
    assert unions <= 16


def test_mcp_takes_the_definitions() -> None:
    for tool in definitions("mcp"):
        assert faults(MCP, tool) == []
        Draft202012Validator.check_schema(tool["inputSchema"])
        Draft202012Validator.check_schema(tool["outputSchema"])


@pytest.mark.parametrize("name", TOOLS)
def test_the_example_is_what_the_definition_takes(name: str) -> None:
    tool = next(tool for tool in definitions("mcp") if tool["name"] == name)
    assert Draft202012Validator(tool["inputSchema"]).is_valid(dict(TOOLS[name].example))
    assert not Draft202012Validator(tool["inputSchema"]).is_valid({**TOOLS[name].example, "unheard_of": 1})


def filled(schema: dict[str, Any], example: dict[str, Any], *, nullable: bool) -> dict[str, Any]:
    """The example as a model has to write it in a strict mode."""
    defaults = {"lang": "en", "detail": "brief", "kind": "any", "limit": 3}
    made: dict[str, Any] = {}
    for name, node in schema["properties"].items():
        value = example.get(name)
        is_list = "array" in node["type"] if isinstance(node["type"], list) else node["type"] == "array"
        if isinstance(value, dict):
            value = [{"name": key, "value": item} for key, item in value.items()]
        if value is None and not nullable:
            value = [] if is_list else defaults.get(name, "")
        made[name] = value
    return made


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
@pytest.mark.parametrize("name", [name for name in TOOLS if name != "observe"])
def test_a_call_as_a_strict_mode_writes_it_is_the_same_call(toolbox: Toolbox, dialect: str, name: str) -> None:
    made = definitions("openai" if dialect == "openai" else "anthropic")
    schemas = (
        {tool["name"]: tool["input_schema"] for tool in made}
        if dialect == "anthropic"
        else {tool["function"]["name"]: tool["function"]["parameters"] for tool in made}
    )
    arguments = filled(schemas[name], dict(TOOLS[name].example), nullable=dialect == "openai")
    assert Draft202012Validator(schemas[name]).is_valid(arguments)
    assert call(toolbox, name, json.dumps(arguments)).structured == call(toolbox, name, TOOLS[name].example).structured


def test_the_list_is_short() -> None:
    listed = json.dumps(definitions("mcp"), ensure_ascii=False, separators=(",", ":"))
    # By the upper estimate of three characters a token; what models count of such JSON is about a third less.
    assert tokens(listed) <= 5000
    assert len(listed.encode()) <= 15_000


@pytest.mark.parametrize("name", TOOLS)
def test_what_an_answer_may_be_the_list_allows(name: str) -> None:
    listed = next(tool for tool in definitions("mcp") if tool["name"] == name)["outputSchema"]
    whole = output_schema(TOOLS[name])
    assert listed["properties"].keys() == whole["properties"].keys() - {"schema", "note"}
    assert set(listed["required"]) == set(whole.get("required", []))
