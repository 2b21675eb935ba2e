"""SARIF: what it holds, and that viewers of it take it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from advise import Advisor
from advise.render import LanguageChoice, render
from advise.render.sarif import SCHEMA, as_sarif

TEXT = {"type": "object", "required": ["text"], "additionalProperties": False, "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
REGION = {
    "type": "object",
    "required": ["startLine"],
    "additionalProperties": False,
    "properties": {name: {"type": "integer", "minimum": 1} for name in ("startLine", "endLine", "startColumn")},
}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "additionalProperties": False,
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "additionalProperties": False,
                    # A reference of RFC 3986, as the standard asks for.
                    "properties": {"uri": {"type": "string", "pattern": r"^(file://)?([A-Za-z0-9\-._~/]|%[0-9A-F]{2})+$"}},
                },
                "region": REGION,
            },
        }
    },
}
RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "help"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "name": {"type": "string"},
        "shortDescription": TEXT,
        "help": TEXT,
        "helpUri": {"type": "string", "format": "uri"},
        "defaultConfiguration": {"type": "object", "additionalProperties": False, "properties": {"level": LEVEL}},
    },
}
RESULT = {
    "type": "object",
    "required": ["message", "ruleId"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION},
        "relatedLocations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "properties": {"type": "object"},
    },
}
# The parts of the schema of SARIF 2.1.0 that are used here; whole answers were checked against the schema of OASIS as well.
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"const": SCHEMA},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "type": "object",
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "additionalProperties": False,
                                "properties": {"name": {"type": "string"}, "version": {"type": "string"}, "rules": {"type": "array", "items": RULE}},
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {"type": "array", "items": {"type": "object", "required": ["executionSuccessful"]}},
                    "results": {"type": "array", "items": RESULT},
                    "properties": {"type": "object"},
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def sarif(advisor: Advisor, path: Path, language: LanguageChoice = "en") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(advisor.advise(path), advisor.knowledge.strings, "sarif", language))
    assert [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(SARIF).iter_errors(found)] == []
    for result in found["runs"][0]["results"]:
        assert found["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    return found


def log(folder: Path, name: str = "train.log") -> Path:
    path = folder / name
    rows = [f"step {step} train loss {1 + 1 / step:.4f} lr 1e-3" for step in range(1, 100)]
    rows += [f"step {step} train loss nan lr 1e-3" for step in range(100, 200)]
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    return path


def test_a_finding_stands_at_its_line(advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log(tmp_path)
    monkeypatch.chdir(tmp_path)
    found = sarif(advisor, Path("train.log"))
    (result,) = (item for item in found["runs"][0]["results"] if item["properties"]["diagnosis"] == "divergence")
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "train.log"
    assert 100 <= place["region"]["startLine"] <= 101
    assert found["runs"][0]["properties"]["verdict"] == "stop"
    (rule,) = (item for item in found["runs"][0]["tool"]["driver"]["rules"] if item["name"] == "divergence")
    assert "checkpoint" in rule["help"]["text"]


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_facts_stand_at_their_line_and_column(advisor: Advisor, tmp_path: Path, language: LanguageChoice) -> None:
    (tmp_path / "facts.yaml").write_text("facts:\n  clip.rate: 0.9\n", encoding="utf-8")
    found = sarif(advisor, tmp_path / "facts.yaml", language)
    (result,) = (item for item in found["runs"][0]["results"] if item["properties"]["diagnosis"] == "clipping_saturated")
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 2, "startColumn": 3}
    assert place["artifactLocation"]["uri"].startswith("file:///")


@pytest.mark.parametrize("name", ["a b.log", "損失:3-4.log", "a%20b?#x.log", "[x](http%3A)\u202e.log", "c\udcffd.log"])
def test_a_name_of_a_file_is_a_reference_and_no_link(advisor: Advisor, tmp_path: Path, name: str) -> None:
    found = sarif(advisor, log(tmp_path, name))
    text = json.dumps(found, ensure_ascii=False)
    assert "\u202e" not in text
    assert "](http" not in text.replace("\\\\[x", "")


def test_a_plan_without_findings_has_no_results(advisor: Advisor) -> None:
    found = json.loads(as_sarif(advisor.advise({}), "en"))
    assert Draft202012Validator(SARIF).is_valid(found)
    assert found["runs"][0]["results"] == []


@given(st.text(max_size=40))
def test_whatever_a_run_is_called(name: str) -> None:
    plan = Advisor(engine="plain").advise({"clip.rate": 0.9}) if not _PLANS else _PLANS[0]
    _PLANS[:] = [plan]
    found = json.loads(as_sarif(plan.model_copy(update={"run": name}), "both"))
    assert Draft202012Validator(SARIF).is_valid(found)


_PLANS: list[Any] = []
