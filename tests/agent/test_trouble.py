"""What goes wrong is told so that a model can put it right, and nothing that goes wrong is raised."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advise.agent.call import call
from advise.agent.registry import TOOLS
from advise.agent.toolbox import Toolbox

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


def wrong(toolbox: Toolbox, name: str, arguments: Any) -> str:
    result = call(toolbox, name, arguments)
    assert result.is_error
    assert result.structured["error"]
    if name in TOOLS:
        assert result.structured["example"] == dict(TOOLS[name].example)
        assert "example: {" in result.text
    return result.text


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("advise", {"facts": {"clip.rat": 1.0}}, ["unknown fact `clip.rat`", "did you mean `clip.rate`?"]),
        ("advise", {"facts": {"clip.rate": 7}}, ["`clip.rate`", "1", "got 7"]),
        ("advise", {"facts": {"optimizer.name": "adma"}}, ["accepted: sgd", "did you mean `adam`?"]),
        ("advise", {"facts": {"lr.peak": math.nan}}, ["`lr.peak`"]),
        ("advise", {"fact": {}}, ["there is no such argument", "did you mean `facts`?"]),
        ("advise", {"lang": "fr"}, ["lang", "'zh'", "'en'"]),
        ("advise", {"after": "advise://reports/0"}, ["ask for the plan again"]),
        ("advise", {"paths": ["none.yaml"]}, ["none.yaml", "no such file"]),
        ("advise", {"facts": [{"name": "lr.peak", "value": 1}, {"name": "lr.peak", "value": 2}]}, ["given twice"]),
        ("advise", {"facts": "clip.rate is high"}, ["facts", 'such as {"lr.peak": 0.001']),
        ("advise", "{", ["JSON"]),
        ("advise", "[]", ["JSON object"]),
        ("advice", {}, ["no tool `advice`", "did you mean `advise`?", "search_knowledge"]),
        ("explain", {"id": "overfiting"}, ["did you mean `overfitting`?"]),
        ("explain", {}, ["id", "required"]),
        ("next_questions", {"sections": ["Z"]}, ["no section `Z`", "A, B"]),
        ("next_questions", {"cursor": "3-ffffffff"}, ["no cursor of this list"]),
        ("next_questions", {"limit": 0}, ["limit", "from 1 to 20"]),
        ("what_if", {"changes": {"lr.peek": 1}}, ["did you mean `lr.peak`?"]),
        ("what_if", {"changes": {}}, ["changes"]),
        ("diff_runs", {"facts": {"clip.rate": 1.0}}, ["nothing to compare with", "before_facts"]),
        ("search_knowledge", {"query": "x", "kind": "rules"}, ["kind", "'rule'"]),
    ],
)
def test_what_is_wrong_what_is_accepted_and_what_was_meant(toolbox: Toolbox, name: str, arguments: Any, said: list[str]) -> None:
    text = wrong(toolbox, name, arguments)
    assert [part for part in said if part not in text] == []


def test_every_problem_is_told_at_once_and_many_are_counted(toolbox: Toolbox) -> None:
    text = wrong(toolbox, "advise", {"facts": {f"no.fact{number}": 1 for number in range(20)}})
    assert text.count("unknown fact") == 8
    assert "and 12 more" in text


def test_a_failure_inside_tells_its_type_and_nothing_else(toolbox: Toolbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise KeyError("a secret")

    monkeypatch.setattr(type(toolbox), "examination", failing)
    text = wrong(toolbox, "advise", {"facts": {"clip.rate": 1.0}})
    assert "KeyError" in text
    assert "secret" not in text


@pytest.mark.parametrize("spelling", [{"clip.rate": 0.93}, [{"name": "clip.rate", "value": 0.93}], '{"clip.rate": 0.93}', {"clip": {"rate": 0.93}}])
def test_facts_may_be_spelled_in_several_ways(toolbox: Toolbox, spelling: Any) -> None:
    assert call(toolbox, "advise", {"facts": spelling}).structured == call(toolbox, "advise", {"facts": {"clip.rate": 0.93}}).structured


def test_null_and_empty_are_the_same_as_left_out(toolbox: Toolbox) -> None:
    given = {"facts": {"clip.rate": 0.93}}
    empty = {**given, "paths": None, "after": "", "lang": None, "detail": None}
    assert call(toolbox, "advise", empty).structured == call(toolbox, "advise", given).structured


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(TOOLS)),
    st.dictionaries(st.sampled_from(["facts", "paths", "id", "query", "changes", "answers", "cursor", "lang"]), JSON, max_size=4),
)
def test_no_arguments_make_it_raise(toolbox: Toolbox, name: str, arguments: dict[str, Any]) -> None:
    result = call(toolbox, name, arguments)
    assert "the advisor failed" not in result.text
    json.dumps(dict(result.structured))
