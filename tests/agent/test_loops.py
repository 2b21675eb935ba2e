"""The two example loops carry recorded tool calls out, mistakes of the model included."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

from jsonschema import Draft202012Validator

from advise import tools
from advise.agent.toolbox import Toolbox

AGENTS = Path(__file__).parents[2] / "examples" / "agents"


def loop(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, AGENTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_openai_style(cases: Toolbox) -> None:
    module = loop("openai_loop")
    messages: list[dict[str, Any]] = module.run(module.recorded(AGENTS / "openai_calls.json"), "Review the run.", cases)
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "assistant", "tool", "tool", "assistant"]
    wrong, plan, changed = (message["content"] for message in messages if message["role"] == "tool")
    assert "no such file" in wrong
    assert "facts.yaml" in wrong
    assert plan.startswith("run supernet-epoch-200: resume_with_gates")
    assert "fact clip.rate: 0.13 → 0.9" in changed


def test_anthropic_style(cases: Toolbox) -> None:
    module = loop("anthropic_loop")
    messages: list[dict[str, Any]] = module.run(module.recorded(AGENTS / "anthropic_calls.json"), "Why?", cases)
    results = [block for message in messages if message["role"] == "user" for block in message["content"] if isinstance(block, dict)]
    assert [result["is_error"] for result in results] == [False, False, True]
    assert "did you mean `not_learning`?" in results[2]["content"]
    assert results[1]["content"].startswith("diagnosis not_learning")


def test_the_recorded_calls_are_what_the_strict_definitions_take() -> None:
    openai = {tool["function"]["name"]: tool["function"]["parameters"] for tool in tools.schemas("openai")}
    for message in json.loads((AGENTS / "openai_calls.json").read_text()):
        for asked in message.get("tool_calls", []):
            Draft202012Validator(openai[asked["function"]["name"]]).validate(json.loads(asked["function"]["arguments"]))
    anthropic = {tool["name"]: tool["input_schema"] for tool in tools.schemas("anthropic")}
    for response in json.loads((AGENTS / "anthropic_calls.json").read_text()):
        for block in response["content"]:
            if block["type"] == "tool_use":
                Draft202012Validator(anthropic[block["name"]]).validate(block["input"])
