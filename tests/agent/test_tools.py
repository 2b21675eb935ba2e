"""Each tool answers what the engine concludes, in the shape it promises and within its budget."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from advise.advisor import Advisor
from advise.agent.call import call
from advise.agent.dialects import listed_schemas, output_schema
from advise.agent.registry import TOOLS
from advise.agent.reports import Reports
from advise.agent.result import ToolResult
from advise.agent.tokens import DEFAULT_BUDGET, tokens
from advise.agent.toolbox import Toolbox
from advise.explain.difference import Difference
from advise.explain.records import Explanation
from advise.plan.model import Plan

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = ("supernet", "microsegformer", "stuck-cross-entropy", "btc-finetune")
LANGUAGES = ("en", "zh", "both")


def size(result: ToolResult) -> int:
    return max(tokens(result.text), tokens(json.dumps(dict(result.structured), ensure_ascii=False, separators=(",", ":"))))


def called(toolbox: Toolbox, name: str, **arguments: Any) -> Mapping[str, Any]:
    result = call(toolbox, name, arguments)
    assert not result.is_error, result.text
    for schema in (output_schema(TOOLS[name]), listed_schemas(TOOLS[name])[1]):
        assert [error.message for error in Draft202012Validator(schema).iter_errors(dict(result.structured))] == []
    return result.structured


def test_there_are_few_tools() -> None:
    assert len(TOOLS) <= 9


@pytest.mark.parametrize("name", [name for name in TOOLS if name not in ("observe", "list_runs")])
def test_the_example_of_a_tool_works(toolbox: Toolbox, name: str) -> None:
    called(toolbox, name, **TOOLS[name].example)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_short_answers_keep_to_the_budget(cases: Toolbox, case: str, lang: str) -> None:
    paths = [f"{case}/facts.yaml"]
    wanted = [("advise", {}), ("observe", {}), ("next_questions", {"limit": 20}), ("what_if", {"changes": {"lr.peak": 1e-5, "clip.rate": 1.0}})]
    wanted += [("explain", {"id": name}) for name in ("overfitting", "resume_with_gates", "i_2_data_split", "lr.peak")]
    wanted += [
        ("search_knowledge", {"query": "learning rate 学习率", "paths": None}),
        ("answer", {"answers": {"optimizer.epsilon": "1e-8", "seeds.count": "many"}}),
    ]
    for name, more in wanted:
        arguments = {"paths": paths, "lang": lang, **more}
        given = {key: value for key, value in arguments.items() if key in TOOLS[name].takes.model_fields}
        result = call(cases, name, given)
        assert not result.is_error, result.text
        assert size(result) <= DEFAULT_BUDGET, name


@pytest.mark.parametrize("case", CASES)
def test_the_full_answer_is_the_plan_itself(cases: Toolbox, advisor: Advisor, case: str) -> None:
    facts = {name: fact.value for name, fact in advisor.observe(EXAMPLES / case / "facts.yaml").facts.items()}
    found = Plan.model_validate(called(cases, "advise", facts=facts, detail="full")["plan"])
    assert found.to_json() == advisor.advise(facts).to_json()


@pytest.mark.parametrize("case", CASES)
def test_the_short_answer_says_the_same_in_text_and_structure(cases: Toolbox, case: str) -> None:
    result = call(cases, "advise", {"paths": [f"{case}/facts.yaml"]})
    structured = result.structured
    named = [structured["verdict"]["id"], structured["report"]]
    named += [item["id"] for part in ("decisions", "diagnoses", "set_aside", "gates") for item in structured.get(part, [])]
    named += [item["fact"] for item in structured.get("questions", [])]
    assert all(name in result.text for name in named)


def test_what_had_no_room_is_counted(cases: Toolbox) -> None:
    structured = called(cases, "advise", paths=["supernet/facts.yaml"])
    whole = called(cases, "advise", paths=["supernet/facts.yaml"], detail="full")["plan"]
    for part, count in structured["left_out"].items():
        everything = whole["unknown" if part == "questions" else part]
        assert len(structured.get(part, [])) + count == len(everything)


def test_the_report_is_kept(cases: Toolbox) -> None:
    result = call(cases, "advise", {"paths": ["supernet/facts.yaml"]})
    assert [link.address for link in result.links] == [result.structured["report"], f"{result.structured['report']}/json"]
    assert cases.reports.get(result.structured["report"]).verdict.id == "resume_with_gates"


def test_old_reports_make_room(toolbox: Toolbox) -> None:
    few = replace(toolbox, reports=Reports(kept=2))
    first = call(few, "advise", {"facts": {"clip.rate": 0.1}}).structured["report"]
    for rate in (0.2, 0.3):
        call(few, "advise", {"facts": {"clip.rate": rate}})
    result = call(few, "advise", {"facts": {"clip.rate": 0.5}, "after": first})
    assert result.is_error
    assert "ask for the plan again" in result.text


def test_the_gates_of_an_earlier_plan_are_checked(cases: Toolbox) -> None:
    before = called(cases, "advise", paths=["supernet/facts.yaml"])
    facts = {"followup.metric_best": 9.739, "followup.spread_median": 0.007, "followup.tail_stable": True}
    after = called(cases, "advise", facts=facts, after=before["report"])
    gate = after["gate_results"][0]
    assert (gate["passed"], gate["met"], gate["need"]) == (True, 3, 3)
    compared = called(cases, "diff_runs", facts=facts, after=before["report"])
    assert compared["gates"][0]["passed"] is True
    assert compared["before"]["id"] == "resume_with_gates"


def test_what_if_is_the_difference_of_two_plans(toolbox: Toolbox, advisor: Advisor) -> None:
    found = called(toolbox, "what_if", facts={"clip.rate": 0.93}, changes={"clip.rate": 0.1}, detail="full")
    whole = Difference.model_validate(found["difference"])
    assert (found["before"]["id"], found["after"]["id"]) == (
        advisor.advise({"clip.rate": 0.93}).verdict.id,
        advisor.advise({"clip.rate": 0.1}).verdict.id,
    )
    assert [entry.id for entry in whole.diagnoses.vanished] == ["clipping_saturated"]
    assert {"part": "diagnoses", "what": "vanishes", "id": "clipping_saturated", "title": "Clipping cuts most updates"} in found["changes"]


def test_what_if_can_forget_a_fact(toolbox: Toolbox) -> None:
    found = called(toolbox, "what_if", facts={"clip.rate": 0.93, "lr.peak": 0.1}, changes={"clip.rate": "unknown"})
    assert "clip.rate: 0.93 → –" in found["facts"]


def test_compare_takes_facts_of_both_runs(toolbox: Toolbox) -> None:
    found = called(toolbox, "diff_runs", before_facts={"clip.rate": 0.93}, facts={"clip.rate": 0.93, "lr.peak": 0.1})
    assert "lr.peak: – → 0.1" in found["facts"]
    assert not any(line.startswith("clip.rate:") for line in found["facts"])


def test_a_reached_verdict_is_proved_down_to_the_facts(toolbox: Toolbox) -> None:
    found = called(toolbox, "explain", facts={"clip.rate": 0.93}, id="clipping_saturated", detail="full")
    assert found["outcome"] == "concluded"
    assert "  ✓ clip.rate = 0.93 (> 0.5) [argument]" in found["proof"]
    assert Explanation.model_validate(found["explanation"]).outcome == "concluded"


def test_a_verdict_that_was_not_reached_is_told_what_it_lacks(toolbox: Toolbox) -> None:
    found = called(toolbox, "explain", facts={"clip.rate": 0.93}, id="overfitting")
    assert found["outcome"] == "open"
    assert all(item["missing"] for item in found["nearest"])


def test_an_unknown_fact_comes_back_as_its_question(toolbox: Toolbox) -> None:
    found = called(toolbox, "explain", facts={"clip.rate": 0.93}, id="lr.peak")
    assert found["outcome"] == "unknown"
    assert found["nearest"][0]["missing"][0]["fact"] == "lr.peak"


def test_cursors_walk_every_question_once(toolbox: Toolbox) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        found = called(toolbox, "next_questions", sections=["A", "I"], limit=7, cursor=cursor)
        seen += [question["fact"] for question in found["questions"]]
        cursor = found.get("next", "")
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == called(toolbox, "next_questions", sections=["A", "I"])["open"]


def test_section_i_is_asked_in_the_order_for_agents(toolbox: Toolbox, advisor: Advisor) -> None:
    found = called(toolbox, "next_questions", sections=["I"], limit=20, detail="full")
    order = [
        item.id
        for item in sorted((item for item in advisor.knowledge.checklist.values() if item.section == "I"), key=lambda item: item.agent_order or 0)
    ]
    asked = [question["item"]["id"] for question in found["full"]]
    assert asked == sorted(asked, key=order.index)
    assert asked[0] == order[0]


def test_answers_are_understood_as_people_type_them(toolbox: Toolbox) -> None:
    found = called(
        toolbox, "answer", answers={"clip.rate": "93%", "batch.size": "4k", "loss.is_nonfinite": "no", "optimizer.name": "AdamW", "lr.peek": "1"}
    )
    assert found["answered"] == {"clip.rate": 0.93, "batch.size": 4000, "loss.is_nonfinite": False, "optimizer.name": "adamw"}
    assert "did you mean `lr.peak`?" in found["rejected"]["lr.peek"]
    assert any("clipping_saturated" in line for line in found["became"])


def test_an_answer_that_is_none_is_told_what_would_be(toolbox: Toolbox) -> None:
    found = called(toolbox, "answer", answers={"clip.rate": "a lot", "optimizer.name": "adma"})
    assert "[0, 1]" in found["rejected"]["clip.rate"]
    assert "adam" in found["rejected"]["optimizer.name"]


def test_without_answers_the_questions_come_back(toolbox: Toolbox) -> None:
    found = called(toolbox, "answer", facts={"clip.rate": 0.93})
    assert found["answered"] == {}
    assert len(found["questions"]) == 3


@pytest.mark.parametrize(
    ("query", "expected"), [("clipping_saturated", "clipping_saturated"), ("lr.peak", "lr.peak"), ("梯度裁剪", "playbook#gradient-clipping")]
)
def test_the_knowledge_is_found_by_id_and_in_both_languages(toolbox: Toolbox, query: str, expected: str) -> None:
    hits = called(toolbox, "search_knowledge", query=query)["hits"]
    assert expected in [hit["id"] for hit in hits]


def test_an_exact_id_comes_first_and_a_kind_narrows(toolbox: Toolbox) -> None:
    assert called(toolbox, "search_knowledge", query="warmup")["hits"][0]["id"] == "warmup"
    rules = called(toolbox, "search_knowledge", query="warmup", kind="rule")
    assert {hit["kind"] for hit in rules["hits"]} == {"rule"}


def test_a_beginning_of_a_word_finds_it(toolbox: Toolbox) -> None:
    assert called(toolbox, "search_knowledge", query="overfit", kind="diagnosis")["hits"][0]["id"] == "overfitting"


def test_what_is_nowhere_is_not_found(toolbox: Toolbox) -> None:
    assert called(toolbox, "search_knowledge", query="xylophone")["hits"] == []


def test_observed_facts_come_in_portions(cases: Toolbox) -> None:
    first = called(cases, "observe", paths=["supernet/facts.yaml"])
    seen, cursor = [line["fact"] for line in first["facts"]], first["next"]
    while cursor:
        found = called(cases, "observe", paths=["supernet/facts.yaml"], cursor=cursor)
        seen += [line["fact"] for line in found["facts"]]
        cursor = found.get("next", "")
    assert len(seen) == len(set(seen)) == first["total"]
    assert first["facts"][0]["origin"].startswith("supernet/facts.yaml:")


RUN = "".join(f"step {step} | train loss {1 + 1 / step:.4f} | val loss {1.1 + 1 / step:.4f}\n" for step in range(1, 60))


def test_runs_are_listed_with_what_they_differ_in(toolbox: Toolbox, tmp_path: Path) -> None:
    for name, rate in (("a", 0.001), ("b", 0.1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "train.log").write_text(RUN, encoding="utf-8")
        (tmp_path / name / "facts.yaml").write_text(f"facts:\n  lr.peak: {rate}\n  optimizer.name: adamw\n", encoding="utf-8")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "train.log").write_text(RUN.replace("train loss 1.0", "train loss nan # 1.0"), encoding="utf-8")
    found = called(toolbox, "list_runs")
    assert found["total"] == 3
    assert len(found["runs"]) == 3
    assert "lr.peak" in found["settings"]
    assert {run["settings"]["lr.peak"] for run in found["runs"] if "settings" in run} == {0.001, 0.1}
    assert str(tmp_path) not in json.dumps(found)


def test_many_runs_come_in_pages(toolbox: Toolbox, tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"run{number:02}").mkdir()
        (tmp_path / f"run{number:02}" / "train.log").write_text(RUN, encoding="utf-8")
    seen: list[str] = []
    cursor = ""
    while True:
        result = call(toolbox, "list_runs", {"cursor": cursor})
        assert not result.is_error, result.text
        assert size(result) <= DEFAULT_BUDGET
        seen += [run["run"] for run in result.structured["runs"]]
        cursor = result.structured.get("next", "")
        if not cursor:
            break
    assert len(set(seen)) == len(seen) == 60


def test_what_leads_out_of_the_root_is_not_listed(toolbox: Toolbox) -> None:
    assert call(toolbox, "list_runs", {"paths": ["/etc"]}).is_error
    assert call(toolbox, "list_runs", {"paths": ["mlflow:/etc"]}).is_error


def test_the_short_answer_has_the_numbers_of_the_curves(toolbox: Toolbox, tmp_path: Path) -> None:
    (tmp_path / "train.log").write_text(RUN, encoding="utf-8")
    result = call(toolbox, "advise", {"paths": ["train.log"]})
    assert result.structured["curves"][0] == "train.loss 2 → 1.017, best 1.017 at 59"
    assert "train.loss 2 → 1.017" in result.text
