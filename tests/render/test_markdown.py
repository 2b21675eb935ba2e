from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from advise.plan.model import Plan
from advise.render import LanguageChoice, render
from advise.text import Text

Strings = Mapping[str, Text]
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def headings(markdown: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(markdown)
    return [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]


def only(plan: Plan, **kept: object) -> Plan:
    """The plan with nothing in it but its name, its verdict and what is kept."""
    sections = ("diagnoses", "decisions", "set_aside", "gates", "gate_results", "unknown", "checklist", "errata", "findings")
    return plan.model_copy(update={**{name: [] for name in sections}, "facts": {}, **kept})


def test_sections_come_in_the_order_of_reading(plan: Plan, strings: Strings) -> None:
    assert headings(render(plan, strings, "md", "en", full=True)) == [
        "`supernet-epoch-200`",
        "What to do now",
        "Gates for the follow-up run",
        "How the earlier gates turned out",
        "Findings",
        "Missing information",
        "About the input",
        "Details",
    ]


def test_what_waits_for_a_decision_is_said_where_that_one_stands(plan: Plan, strings: Strings) -> None:
    written = render(plan, strings, "md", "en", full=True)
    assert "**Not before that**: +100 epochs at 1e-4 with cosine" in written
    assert "What not to do" not in written


def test_empty_sections_are_left_out(plan: Plan, strings: Strings) -> None:
    assert render(only(plan), strings, "md", "en", full=True) == (
        "# `supernet-epoch-200`\n\n> **Go on for a short trial, and further only if it passes its gates.**\n"
    )


def test_a_decision_says_its_numbers_steps_change_and_proof(plan: Plan, strings: Strings) -> None:
    assert render(only(plan, decisions=plan.decisions[:1]), strings, "md", "en", full=True).split("## What to do now\n\n")[1].split("\n## ")[0] == (
        "1. `P0` **Resume for 30 epochs, then 70 more if the gate passes** `resume_with_gates`\n\n"
        "   `lr` = **5e-05** · `epochs` = **30** · `schedule` = `cosine`\n\n"
        "   1. Resume from the checkpoint of epoch 200, optimizer state included.\n"
        "   2. Set the peak learning rate to 5e-05 and the total to 230 epochs.\n"
        "   3. Change nothing else: batch size, clip at 200, and the 4 evaluation batches a subnet stay as they are.\n\n"
        "   ```diff\n   - lr.peak: 0.0001\n   + lr.peak: 5e-05\n   - budget.epochs: 200\n"
        "   + budget.epochs: 230\n   + log.learning_rate: true\n   ```\n\n"
        "   **How to see that it worked**: At epoch 230 the best evaluation is at or below 9.741316, that is 0.0010 better than epoch 200.\n\n"
        "   <details>\n   <summary>Evidence and rule</summary>\n\n"
        "   The evaluation still improved by 0.005 after clipping was loosened, but only by amounts below 0.001 since epoch 192; 30 epochs settle"
        " whether more is to be had.\n\n"
        "   - Best evaluation so far `eval.best = 9.741824` — `train.log:3817`\n"
        "   - Learning rate now `lr.current = 6.2e-09 (< 0.01 × lr.peak)` — `computed from lr.peak, schedule.kind`\n"
        "   - Rests on: `plateau`, `schedule_exhausted`\n"
        "   - Rule: `schedule/resume-with-gates`\n"
        "   - Sources: `supernet#5`\n\n"
        "   </details>\n"
    )


def test_both_languages_go_item_by_item_chinese_first(plan: Plan, strings: Strings) -> None:
    written = render(only(plan, gates=plan.gates), strings, "md", "both", full=True)
    assert written.split("## 后续运行的门槛 · Gates for the follow-up run\n\n")[1] == (
        "`continue_70` 下列 3 条至少满足 2 条：\\\nAt least 2 of these 3 must hold:\n\n"
        "- `followup.best ≤ 9.741316` 30 个 epoch 内最好的评估值 · best evaluation of the 30 epochs\n"
        "- `followup.std_median ≤ 0.008` 子网间标准差的中位数 · median spread over the subnets\n"
        "- `followup.tail_stable = true` 排名尾部没有持续漂移 · the last ranks do not drift\n\n"
        "**达标**：再跑 70 个 epoch，到 300。\\\n**If it passes**: Run the other 70 epochs, to 300.\n\n"
        "**未达标**：停止训练，保留 epoch 192 和 200 的 checkpoint 作为候选。\\\n"
        "**If it does not**: Stop; keep the checkpoints of epochs 192 and 200 as candidates.\n\n"
        "后续运行要带上的事实 · Facts to carry into the follow-up run: `previous.checkpoint_best: 192`, `previous.eval_last: 9.742316`\n"
    )


def test_text_that_is_the_same_in_both_languages_is_said_once(plan: Plan, strings: Strings) -> None:
    same = plan.verdict.model_copy(update={"title": Text(en="OK", zh="OK"), "because": []})
    assert render(only(plan, verdict=same), strings, "md", "both", full=True) == "# `supernet-epoch-200`\n\n> **OK**\n"


def test_english_alone_has_no_chinese(plan: Plan, strings: Strings) -> None:
    assert not CHINESE.search(render(plan, strings, "md", "en", full=True))


def test_chinese_alone_has_no_english_phrase(plan: Plan, strings: Strings) -> None:
    written = render(plan, strings, "md", "zh", full=True)
    assert "下列 3 条至少满足 2 条：" in written
    assert not [text.en for text in texts(plan) if text.en in written]
    assert not [phrase.en for key, phrase in strings.items() if key.startswith(("section_", "gate_")) and phrase.en in written]


def texts(record: object) -> Iterator[Text]:
    if isinstance(record, Text):
        yield record
    elif isinstance(record, list | tuple):
        for item in record:
            yield from texts(item)
    elif hasattr(record, "model_fields_set"):
        for name in type(record).model_fields:
            yield from texts(getattr(record, name))


def test_five_unknowns_are_shown_and_the_others_fold(plan: Plan, strings: Strings) -> None:
    shown, folded = render(only(plan, unknown=plan.unknown), strings, "md", "en", full=True).split("<summary>2 more</summary>")
    assert shown.count("\n   **Would settle**") == 3
    assert "5. **90th percentile of the gradient norm** `grad.p90`" in shown
    assert folded.strip().splitlines()[:2] == ["- `throughput.samples` Samples a second", "- `model.params` Number of parameters"]


def test_the_checklist_folds_behind_its_counts_failed_first(plan: Plan, strings: Strings) -> None:
    fold = render(only(plan, checklist=plan.checklist), strings, "md", "en", full=True).split("## Details\n\n")[1]
    assert fold == (
        "<details>\n<summary>Checklist: ✗ 1 failed, ? 1 open, ✓ 1 passed, – 1 not applicable</summary>\n\n"
        "- ✗ The log has the learning rate `e2` (`log.learning_rate`)\n"
        "- ? The evaluation resolves the gains `c4` (`eval.noise`, `data.dev_size`)\n"
        "- ✓ The goal is one metric `a1` (`metric.name`)\n"
        "- – Trials are compared fairly `h1`\n\n"
        "</details>\n"
    )


def test_each_source_is_listed_once_with_its_address(plan: Plan, strings: Strings) -> None:
    written = render(plan, strings, "md", "en", full=True)
    assert written.count("<https://github.com/google-research/tuning_playbook#") == 1
    assert "<summary>Sources: 2</summary>" in written


def test_gate_results_show_what_was_observed(plan: Plan, strings: Strings) -> None:
    written = render(only(plan, gate_results=plan.gate_results), strings, "md", "en", full=True)
    assert written.split("turned out\n\n")[1] == (
        "- ✓ `loosen_clip_works` Passed: 1 of 2 hold, 1 needed.\n"
        "  - ✓ `clip.rate ≤ 0.5` share of updates clipped — observed `0.12`\n"
        "  - ? `grad.p90 ≤ 300` 90th percentile of the gradient norm — unknown\n"
    )


@pytest.mark.parametrize(("passed", "said"), [(True, "Passed"), (False, "Not passed"), (None, "Open")])
def test_a_gate_passes_fails_or_stays_open(plan: Plan, strings: Strings, passed: bool | None, said: str) -> None:
    result = plan.gate_results[0].model_copy(update={"passed": passed})
    assert f"`loosen_clip_works` {said}: 1 of 2 hold" in render(only(plan, gate_results=[result]), strings, "md", "en", full=True)


@pytest.mark.parametrize("severity", ["high", "medium", "low", "info"])
@pytest.mark.parametrize("certainty", ["certain", "likely", "possible"])
@pytest.mark.parametrize("language", ["both", "zh", "en"])
def test_every_severity_and_certainty_has_its_word(plan: Plan, strings: Strings, severity: str, certainty: str, language: LanguageChoice) -> None:
    diagnosis = plan.diagnoses[0].model_copy(update={"severity": severity, "certainty": certainty})
    written = render(only(plan, diagnoses=[diagnosis]), strings, "md", language, full=True)
    for word in (strings[f"severity_{severity}"], strings[f"certainty_{certainty}"]):
        assert word.zh in written or language == "en"
        assert word.en in written or language == "zh"


def test_a_long_list_is_shortened_but_kept_whole_among_the_facts(plan: Plan, strings: Strings) -> None:
    evidence = plan.diagnoses[0].evidence[0].model_copy(update={"value": list(range(20)), "asked": ""})
    diagnosis = plan.diagnoses[0].model_copy(update={"evidence": [evidence]})
    written = render(only(plan, diagnoses=[diagnosis], facts={"a.b": list(range(20))}), strings, "md", "en", full=True)
    assert "`early_stopping.min_delta = 0, 1, 2, 3, 4, 5, …, 19`" in written
    assert "a.b: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]" in written


def test_what_can_wait_folds_behind_its_count(plan: Plan, strings: Strings) -> None:
    pressing, *others = plan.decisions
    later = [item.model_copy(update={"priority": "P2", "title": Text(en="Some day", zh="以后")}) for item in others]
    written = render(only(plan, decisions=[pressing, *later]), strings, "md", "en", full=True)
    now, folded = written.split(f"<summary>Worth doing later: {len(later)}</summary>")
    assert "Some day" not in now
    assert folded.count("**Some day**") == len(later)
    alone = render(only(plan, decisions=later), strings, "md", "en", full=True)
    assert "Worth doing later" not in alone
    assert "**Some day**" in alone


def test_the_same_decision_with_other_numbers_is_not_shown_as_set_aside(plan: Plan, strings: Strings) -> None:
    double = plan.set_aside[0].model_copy(update={"by": plan.set_aside[0].id})
    assert "What not to do" not in render(only(plan, set_aside=[double]), strings, "md", "en", full=True)


def test_errata_fold_behind_their_count(plan: Plan, strings: Strings) -> None:
    written = render(only(plan, errata=plan.errata), strings, "md", "en", full=True)
    assert f"<summary>Where a source is wrong: {len(plan.errata)}</summary>" in written
