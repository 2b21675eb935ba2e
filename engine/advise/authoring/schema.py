"""JSON Schemas for editors and embeddings, generated from the models and the vocabulary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from advise.authoring.rule_test import RULE_TESTS
from advise.conditions import Op
from advise.explain.difference import Difference
from advise.explain.records import Explanation
from advise.interview.listing import Listing
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.condition_syntax import CONCLUDED
from advise.knowledge.rule import CONDITION_MARK, RULE_FILE
from advise.knowledge.shapes import CATALOGUES
from advise.knowledge.vocabulary import FactsFile, FactSpec, FactType
from advise.plan.model import Plan
from advise.terms import SEVERITIES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# What is written for programs to read.
_CONTRACTS: Mapping[str, type[BaseModel]] = {"difference": Difference, "explanation": Explanation, "plan": Plan, "questions": Listing}
_JSON_TYPE: Mapping[FactType, dict[str, Any]] = {
    FactType.NUMBER: {"type": "number"},
    FactType.INTEGER: {"type": "integer"},
    FactType.BOOLEAN: {"type": "boolean"},
    FactType.TEXT: {"type": "string"},
    FactType.INTEGERS: {"type": "array", "items": {"type": "integer"}},
    FactType.NUMBERS: {"type": "array", "items": {"type": "number"}},
    FactType.TEXTS: {"type": "array", "items": {"type": "string"}},
}
# A number with its uncertainty.
_UNCERTAIN: tuple[dict[str, Any], ...] = (
    {"type": "string", "pattern": r"^[-+]?[0-9.]+([eE][-+]?[0-9]+)? ?(±|\+/?-) ?[0-9.]+([eE][-+]?[0-9]+)?$"},
    {
        "type": "object",
        "required": ["value", "low", "high"],
        "additionalProperties": False,
        "properties": {"value": {"type": "number"}, "low": {"type": ["number", "null"]}, "high": {"type": ["number", "null"]}},
    },
)


def schemas(base: KnowledgeBase) -> dict[str, str]:
    """Every schema as JSON text, by file name."""
    made: dict[str, dict[str, Any]] = {
        **{name: model.model_json_schema(by_alias=True, mode="serialization") for name, model in _CONTRACTS.items()},
        "rule": RULE_FILE.json_schema(),
        "rule-test": RULE_TESTS.json_schema(),
        "observations": _observations(base),
        "facts-file": FactsFile.model_json_schema(),
        **{f"{name}-file": model.model_json_schema() for name, model in CATALOGUES.items()},
    }
    for name, schema in made.items():
        _close(schema)
        _link_conditions(schema, "" if name == "rule" else "rule.schema.json")
    made["rule"]["$defs"].update(_condition_definitions(base))
    _name_the_known(made["rule"], base)
    return {f"{name}.schema.json": _text(name, schema) for name, schema in sorted(made.items())}


def _close(node: Any) -> None:
    """Refuse names that are not of the form that a mapping asks for; the models leave that open."""
    if isinstance(node, dict) and "patternProperties" in node:
        node.setdefault("additionalProperties", False)
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _close(child)


def _link_conditions(node: Any, file: str) -> None:
    """Put a reference to the grammar of conditions, which stands in the schema of rules, wherever the models say that a condition stands."""
    if isinstance(node, dict) and node.pop(CONDITION_MARK, False):
        node["$ref"] = f"{file}#/$defs/Condition"
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _link_conditions(child, file)


def _text(name: str, schema: dict[str, Any]) -> str:
    body = {"$schema": _DIALECT, "$id": f"advise/{name}@1", **schema}
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _condition_definitions(base: KnowledgeBase) -> dict[str, Any]:
    parts = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Condition"}}
    at_least = _object(["count", "of"], {"count": {"type": "integer"}, "of": parts})
    ids = {"diagnosed": base.diagnoses, "decided": base.decisions, "passed": base.checklist, "failed": base.checklist, "alarm": SEVERITIES}
    properties: dict[str, Any] = {"all": parts, "any": parts, "none": parts, "at_least": at_least}
    properties |= {key: {"enum": list(ids[key])} for key in CONCLUDED}
    properties |= {name: _leaf(spec) for name, spec in base.vocabulary.specs.items()}
    reference = _object(["fact"], {"fact": {"enum": list(base.vocabulary.specs)}, "times": {"type": "number"}, "plus": {"type": "number"}})
    condition = {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": False, "properties": properties}
    tests = {f"{kind}Test": {"anyOf": [value, _test(value)]} for kind, value in _JSON_TYPE.items()}
    return {"Condition": condition, "FactReference": reference, **tests}


def _object(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


def _leaf(spec: FactSpec) -> dict[str, Any]:
    described = {"description": f"{spec.title.en} · {spec.title.zh} ({spec.type}, {spec.unit})"}
    if spec.type is not FactType.ENUM:
        return {**described, "$ref": f"#/$defs/{spec.type}Test"}
    return {**described, "anyOf": [{"enum": list(spec.values)}, _test({"enum": list(spec.values)})]}


def _test(value: dict[str, Any]) -> dict[str, Any]:
    """What may be asked of a fact with such values."""
    operand = {"anyOf": [value, {"$ref": "#/$defs/FactReference"}]}
    tests: dict[str, Any] = {op.value: operand for op in Op if op not in (Op.IN, Op.BETWEEN, Op.KNOWN)}
    several = {"type": "array", "items": value}
    tests |= {"in": several, "between": {**several, "minItems": 2, "maxItems": 2}, "known": {"type": "boolean"}}
    return {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": tests}


def _values(spec: FactSpec) -> list[dict[str, Any]]:
    if spec.type is FactType.ENUM:
        return [{"enum": list(spec.values)}]
    bounds = {"minimum": spec.min, "maximum": spec.max, "exclusiveMinimum": spec.above, "exclusiveMaximum": spec.below}
    value = {**_JSON_TYPE[spec.type], **{key: bound for key, bound in bounds.items() if bound is not None}}
    return [value, {"$ref": "#/$defs/Uncertain"}] if spec.type is FactType.NUMBER else [value]


def _name_the_known(schema: dict[str, Any], base: KnowledgeBase) -> None:
    definitions = schema["$defs"]
    definitions["DiagnosisRule"]["properties"]["concludes"] = {"enum": list(base.diagnoses)}
    definitions["DecisionRule"]["properties"]["concludes"] = {"enum": list(base.decisions)}
    definitions["CheckRule"]["properties"]["concludes"] = {"enum": list(base.checklist)}
    for kind in ("DeriveRule", "DiagnosisRule", "DecisionRule", "CheckRule"):
        definitions[kind]["properties"]["sources"]["items"] = {"enum": list(base.sources)}


def _observations(base: KnowledgeBase) -> dict[str, Any]:
    """The schema of a facts file, in its flat spelling."""
    known = {
        name: {"description": f"{spec.prompt.en} · {spec.prompt.zh}", "anyOf": [*_values(spec), {"enum": ["unknown", None]}]}
        for name, spec in base.vocabulary.specs.items()
    }
    facts = {"type": "object", "properties": known, "patternProperties": {"^[a-z][a-z0-9_]*$": {"type": "object"}}}
    ends = {"type": "array", "items": {"type": ["number", "null"]}, "minItems": 2, "maxItems": 2}
    intervals = {"type": "object", "additionalProperties": {"anyOf": [ends, {"type": "object"}]}}
    properties = {"run": {"type": "string"}, "follows": {"type": "string"}, "facts": facts, "intervals": intervals}
    return {"title": "Facts", "type": "object", "properties": properties, "$defs": {"Uncertain": {"anyOf": list(_UNCERTAIN)}}}
