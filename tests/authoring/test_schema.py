"""The generated JSON Schemas take every file of the knowledge base, and refuse what the loader refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from advise.advisor import Advisor
from advise.authoring.schema import schemas
from advise.documents.yaml import read_yaml
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.load import load_knowledge

REPOSITORY = Path(__file__).parents[2]
CATALOGUES = ("checklist", "decisions", "derived", "diagnoses", "errata", "playbook", "strings", "verdicts")
EXAMPLES = sorted((REPOSITORY / "examples").glob("*/*.yaml"))
Validators = Mapping[str, Draft202012Validator]


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return load_knowledge()


@pytest.fixture(scope="module")
def made(base: KnowledgeBase) -> dict[str, dict[str, Any]]:
    return {name.removesuffix(".schema.json"): json.loads(text) for name, text in schemas(base).items()}


@pytest.fixture(scope="module")
def validators(made: dict[str, dict[str, Any]]) -> Validators:
    # The files refer to each other by their names, beside each other as they lie in kb/schema.
    registry: Registry[Any] = Registry().with_resources(
        [(f"advise/{name}.schema.json", Resource.from_contents(schema)) for name, schema in made.items()]
    )
    return {name: Draft202012Validator(schema, registry=registry) for name, schema in made.items()}


def plain(path: Path) -> Any:
    document = read_yaml(path.read_bytes(), str(path)).document
    assert document is not None
    return document.plain()


def faults(validator: Draft202012Validator, paths: Iterator[Path]) -> list[str]:
    return [f"{path}: {error.json_path}: {error.message[:200]}" for path in paths for error in validator.iter_errors(plain(path))]


def test_each_is_a_schema(made: dict[str, dict[str, Any]]) -> None:
    for schema in made.values():
        Draft202012Validator.check_schema(schema)


def test_every_rule_is_taken(validators: Validators) -> None:
    assert faults(validators["rule"], (path for path in (REPOSITORY / "rules").rglob("*.yaml") if not path.name.endswith(".test.yaml"))) == []


def test_every_test_of_a_rule_is_taken(validators: Validators) -> None:
    assert faults(validators["rule-test"], (REPOSITORY / "rules").rglob("*.test.yaml")) == []


def test_every_facts_file_of_the_vocabulary_is_taken(validators: Validators) -> None:
    assert faults(validators["facts-file"], (REPOSITORY / "kb" / "facts").glob("*.yaml")) == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_catalogue_is_taken(name: str, validators: Validators) -> None:
    assert faults(validators[f"{name}-file"], iter([REPOSITORY / "kb" / f"{name}.yaml"])) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_every_example_is_a_file_of_observations(path: Path, validators: Validators) -> None:
    assert faults(validators["observations"], iter([path])) == []


def test_a_plan_is_what_its_schema_says(validators: Validators, base: KnowledgeBase) -> None:
    plan = Advisor(base, engine="plain").advise({"clip.rate": 1.0, "loss.is_nonfinite": True})
    assert [error.message for error in validators["plan"].iter_errors(json.loads(plan.to_json()))] == []


RULE = REPOSITORY / "rules" / "stability" / "clipping-saturated.yaml"
DEFECTS: Mapping[str, Mapping[str, object]] = {
    "an unknown key": {"severty": "low"},
    "an unknown kind": {"kind": "diagnose"},
    "an unknown severity": {"severity": "mild"},
    "a diagnosis that is not in the catalogue": {"concludes": "clip_saturated"},
    "a source that is not in the index": {"sources": ["playnote#none"]},
    "no source": {"sources": []},
    "a text in one language": {"why": {"en": "Clipped."}},
    "an unknown fact": {"when": {"clip.rte": {"gt": 0.5}}},
    "an unknown operator": {"when": {"clip.rate": {"above": 0.5}}},
    "two keys in one condition": {"when": {"clip.rate": {"gt": 0.5}, "lr.peak": 1}},
    "a word for a number": {"when": {"clip.rate": {"gt": "half"}}},
    "a value that an enum has not": {"when": {"schedule.kind": "cosin"}},
    "an unknown conclusion": {"when": {"diagnosed": "divergense"}},
    "a list without conditions": {"when": {"all": []}},
    "a defect deep inside": {"when": {"all": [{"none": [{"clip.rate": {"gt": "half"}}]}]}},
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_rule_with_a_defect_is_refused(defect: str, validators: Validators) -> None:
    assert validators["rule"].is_valid(plain(RULE))
    assert not validators["rule"].is_valid({**plain(RULE), **DEFECTS[defect]})


FACT = {"type": "number", "title": {"en": "x", "zh": "某"}, "prompt": {"en": "x", "zh": "某"}, "observe": {"en": "x", "zh": "某"}}


@pytest.mark.parametrize("defect", [{"type": "float"}, {"title": {"en": "x"}}, {"cost": "cheap"}, {"unit": 2}, {"maximum": 1}])
def test_a_fact_with_a_defect_is_refused(defect: dict[str, object], validators: Validators) -> None:
    assert validators["facts-file"].is_valid({"facts": {"a.b": FACT}})
    assert not validators["facts-file"].is_valid({"facts": {"a.b": {**FACT, **defect}}})
    assert not validators["facts-file"].is_valid({"facts": {"ungrouped": FACT}})


@pytest.mark.parametrize("facts", [{"clip.rate": 3}, {"schedule.kind": "cosin"}, {"batch.size": 1.5}, {"loss.is_nonfinite": "perhaps"}])
def test_observations_with_a_defect_are_refused(facts: dict[str, object], validators: Validators) -> None:
    assert not validators["observations"].is_valid({"facts": facts})
    assert validators["observations"].is_valid({"facts": dict.fromkeys(facts, "unknown")})
