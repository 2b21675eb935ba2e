"""The answers file beside a facts file: who reads it, and that it says what was answered."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.advisor import Advisor
from advise.documents.detect import read_document
from advise.documents.located import MappingNode, ScalarNode, SequenceNode
from advise.errors import FactsError
from advise.facts.answers import answers_of, answers_text
from advise.text import Value

ADVISOR = Advisor(engine="plain")


def observed(*paths: Path) -> dict[str, Value]:
    return {name: fact.value for name, fact in ADVISOR.observe(list(paths)).facts.items()}


@pytest.mark.parametrize(
    ("facts", "answers"),
    [
        ("facts.yaml", "facts.answers.yaml"),
        ("runs/run7.v2.json", "runs/run7.v2.answers.yaml"),
        ("facts", "facts.answers.yaml"),
        ("run7.answers.yaml", "run7.answers.yaml"),
        ("RUN7.ANSWERS.YAML", "RUN7.ANSWERS.YAML"),
    ],
)
def test_where_answers_are(facts: str, answers: str) -> None:
    assert answers_of(facts) == answers


def test_a_facts_file_is_read_with_its_answers(tmp_path: Path) -> None:
    facts, answers = tmp_path / "run7.yaml", tmp_path / "run7.answers.yaml"
    facts.write_text("batch.size: unknown\nlr.peak: 0.1\n", encoding="utf-8")
    answers.write_text("batch.size: 8\nclip.rate: 0.5\n", encoding="utf-8")
    together = {"lr.peak": 0.1, "batch.size": 8, "clip.rate": 0.5}
    assert observed(facts) == observed(facts, answers) == observed(answers, facts) == together
    assert str(ADVISOR.observe(facts).facts["batch.size"].origin) == f"{answers}:1:1"
    assert observed(answers) == {"batch.size": 8, "clip.rate": 0.5}


def test_answers_count_before_there_are_facts(tmp_path: Path) -> None:
    (tmp_path / "run7.answers.yaml").write_text("batch.size: 8\n", encoding="utf-8")
    assert observed(tmp_path / "run7.yaml") == {"batch.size": 8}
    with pytest.raises(FactsError, match="No such file"):
        observed(tmp_path / "run8.yaml")


def test_a_log_and_a_folder_are_read_with_answers_too(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("step,loss\n" + "".join(f"{step},{3 / step}\n" for step in range(1, 9)), encoding="utf-8")
    text, _ = answers_text({}, {"batch.size": 8})
    (tmp_path / "run7.answers.yaml").write_text(text, encoding="utf-8")
    assert observed(tmp_path / "log.csv", tmp_path / "run7.yaml")["batch.size"] == 8
    assert observed(tmp_path)["batch.size"] == 8


def test_a_setup_that_was_asked_about_is_a_facts_file(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("step,loss\n" + "".join(f"{step},{3 / step}\n" for step in range(1, 9)), encoding="utf-8")
    (tmp_path / "config.yaml").write_text("lr.peak: 0.1\n", encoding="utf-8")
    (tmp_path / "config.answers.yaml").write_text("batch.size: 8\n", encoding="utf-8")
    seen = observed(tmp_path / "config.yaml", tmp_path / "log.csv")
    assert (seen["lr.peak"], seen["batch.size"]) == (0.1, 8)


def test_a_contradiction_is_told_with_both_places(tmp_path: Path) -> None:
    facts, answers = tmp_path / "run7.yaml", tmp_path / "run7.answers.yaml"
    facts.write_text("# mine\nbatch.size: 16\n", encoding="utf-8")
    answers.write_text("batch.size: 8\n", encoding="utf-8")
    with pytest.raises(FactsError) as caught:
        observed(facts)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(answers), 1)
    assert f"`batch.size` is 8 here and 16 at {facts}:2:1" in problem.message


def test_nobody_is_led_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text("batch.size: 8\n", encoding="utf-8")
    (tmp_path / "run").mkdir()
    facts = tmp_path / "run" / "facts.yaml"
    facts.write_text("lr.peak: 0.1\n", encoding="utf-8")
    facts.with_name("facts.answers.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(FactsError, match="leads out of its folder"):
        observed(facts)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("lr.peak: 0.1\n", encoding="utf-8")
    os.mkfifo(facts.with_name("facts.answers.yaml"))
    assert observed(facts) == {"lr.peak": 0.1}


WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12) | st.sampled_from(
    ["no", "true", "1", "null", "~", "- a", "a: b", "a #b", "a, b", '"quoted"', "'", "{x}", "*x", "#", "a  b", "日\u3000本", "😀", "x:", "unknown"]
)
SCALARS: st.SearchStrategy[Any] = WORDS | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False)


@given(answers=st.lists(SCALARS | st.lists(SCALARS, max_size=4).map(tuple), max_size=6))
def test_what_is_written_is_read_back_where_it_is_said_to_stand(answers: list[Value]) -> None:
    named = {f"group.fact_{number}": value for number, value in enumerate(answers)}
    text, lines = answers_text({"run": "a: b"}, named)
    document = read_document(text.encode(), "facts.answers.yaml").document
    assert document is not None
    assert isinstance(document.root, MappingNode)
    (_, *pairs) = document.root.pairs
    for (key, node), (name, value) in zip(pairs, named.items(), strict=True):
        assert (key.text, key.line) == (name, lines[name])
        items = node.items if isinstance(node, SequenceNode) else (node,)
        assert [item.value for item in items if isinstance(item, ScalarNode)] == list(value if isinstance(value, tuple) else (value,))
