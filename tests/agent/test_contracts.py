"""What is written for programs has a schema, and is what its schema says; the pages of the docs run as they stand."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import advise.tools
from advise.advisor import Advisor
from advise.agent.call import call
from advise.agent.dialects import DIALECTS, definitions
from advise.agent.toolbox import Toolbox
from advise.authoring.schema import schemas
from advise.explain.difference import changed, difference
from advise.explain.explanation import explain
from advise.interview.interview import Interview
from advise.interview.listing import listing

REPOSITORY = Path(__file__).parents[2]
FACTS = {"clip.rate": 0.93, "lr.peak": 3e-4}


@pytest.fixture(scope="module")
def made(advisor: Advisor) -> dict[str, Any]:
    return {name.removesuffix(".schema.json"): json.loads(text) for name, text in schemas(advisor.knowledge).items()}


def faults(schema: dict[str, Any], text: str) -> list[str]:
    Draft202012Validator.check_schema(schema)
    return [error.message for error in Draft202012Validator(schema).iter_errors(json.loads(text))]


@pytest.mark.parametrize("name", ["clipping_saturated", "overfitting", "loosen_clip", "lr.peak", "i_2_data_split", "playnote-heavily-clipped"])
def test_an_explanation_is_what_its_schema_says(made: dict[str, Any], advisor: Advisor, name: str) -> None:
    assert faults(made["explanation"], explain(advisor.examine(FACTS), name).to_json()) == []


def test_a_difference_is_what_its_schema_says(made: dict[str, Any], advisor: Advisor) -> None:
    observed = advisor.observe(FACTS)
    found = difference(advisor.examine(observed), advisor.examine(changed(observed, {"clip.rate": 0.1, "lr.peak": None})))
    assert faults(made["difference"], found.to_json()) == []


def test_questions_are_what_their_schema_says(made: dict[str, Any], advisor: Advisor, tmp_path: Path) -> None:
    assert faults(made["questions"], listing(Interview(advisor, tmp_path / "facts.yaml"), 5).to_json()) == []


def test_the_contracts_inside_full_answers_are_the_contracts(made: dict[str, Any], cases: Toolbox) -> None:
    paths = ["supernet/facts.yaml"]
    for tool, arguments, name in (
        ("advise", {"paths": paths}, "plan"),
        ("explain", {"paths": paths, "id": "resume_with_gates"}, "explanation"),
        ("what_if", {"paths": paths, "changes": {"clip.rate": 0.9}}, "difference"),
    ):
        found = call(cases, tool, {**arguments, "detail": "full"}).structured[name]
        assert faults(made[name], json.dumps(found)) == []


def test_the_command_writes_the_definitions() -> None:
    for dialect in DIALECTS:
        command = [sys.executable, "-m", "advise", "tool-schema", "--for", dialect]
        assert json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout) == definitions(dialect)


def test_the_tools_need_no_server() -> None:
    script = "\n".join(
        (
            "import sys",
            "from advise import tools",
            "tools.call('advise', {'facts': {'clip.rate': 1.0}})",
            "print(sorted({'mcp', 'starlette', 'numpy'} & set(sys.modules)))",
        )
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout.strip() == "[]"


def test_the_examples_of_the_public_door_hold() -> None:
    result = doctest.testmod(advise.tools)
    assert result.attempted >= 4
    assert result.failed == 0


@pytest.mark.parametrize("page", ["embedding.md", "agents.md"])
def test_the_pages_run_as_they_stand(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    result = doctest.testfile(str(REPOSITORY / "docs" / page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert result.attempted >= 3
    assert result.failed == 0
