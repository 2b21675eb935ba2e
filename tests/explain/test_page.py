"""Explanations and differences as pages, in each language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from advise.advisor import Advisor
from advise.explain import changed, difference, explain
from advise.explain.difference_page import difference_page
from advise.explain.page import explanation_page
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.load import load_knowledge
from advise.plan.examination import Examination
from advise.render.markdown import as_markdown
from advise.render.text import as_text
from advise.render.voice import Voice
from advise.text import LanguageChoice

OVERFITTED: Mapping[str, object] = {"loss.train": 0.1, "loss.dev": 0.9, "run.finished": True, "lr.peak": 0.2}
Examine = Callable[[Mapping[str, object]], Examination]


@pytest.fixture(scope="module")
def voice() -> Callable[[LanguageChoice], Voice]:
    strings = load_knowledge().strings
    return lambda choice: Voice(strings, choice)


def text_of(found: Examination, name: str, voice: Voice) -> str:
    return as_text(explanation_page(explain(found, name), voice), width=120, colour=False)


def test_a_proof_reads_as_a_tree(examine: Examine, voice: Callable[[LanguageChoice], Voice]) -> None:
    assert text_of(examine({"noise.a": 2, "noise.b": 0, "noise.c": 3}), "noisy", voice("en")).splitlines()[:12] == [
        "diagnosis `noisy`",
        "[medium] [likely] It is so",
        "Concluded.",
        "Because.",
        "",
        "Proof, down to the facts",
        "- ✓ Rule `run/noisy`",
        "  - ✓ at least 2 of these 3 (2 met)",
        "    - ✓ The title of noise.a `noise.a = 2 (> 1)` — `argument`",
        "    - ✗ The title of noise.b `noise.b = 0 (> 1)` — `argument`",
        "    - ✓ The title of noise.c `noise.c = 3 (> 1)` — `argument`",
        "",
    ]


def test_of_a_single_alternative_the_parts_stand_below_the_choice(examine: Examine, voice: Callable[[LanguageChoice], Voice]) -> None:
    page = text_of(examine(OVERFITTED), "gap/wide", voice("en"))
    assert "  - ✓ any of these 2 (1 met)\n    - ✓ The title of lr.peak" in page
    assert "`loss.gap = 0.8 (> 0.5)` `= loss.dev - loss.train`" in page


def test_what_is_missing_comes_with_its_prompt_and_how_to_find_it_out(examine: Examine, voice: Callable[[LanguageChoice], Voice]) -> None:
    page = text_of(examine({"run.finished": True, "lr.peak": 0.2, "loss.dev": 2.0}), "overfitting", voice("en"))
    assert "Open: too little is known to tell." in page
    for said in ("? The title of loss.train `loss.train`", "The prompt of loss.train", "The observe of loss.train", "needed for: `loss.gap`"):
        assert said in page


@pytest.mark.parametrize(
    "name", ["overfitting", "stop", "extend", "clip", "goal_met", "gap/wide", "gap/draft", "loss.gap", "noise.a", "lower-it", "noisy"]
)
@pytest.mark.parametrize("facts", [{}, OVERFITTED, {"clip.norm": 3, "clip.threshold": 1, "loss.train": 1000}])
def test_every_kind_of_page_can_be_written_in_every_language(
    name: str, facts: Mapping[str, object], examine: Examine, voice: Callable[[LanguageChoice], Voice]
) -> None:
    page = explain(examine(facts), name)
    english, chinese, both = (as_markdown(explanation_page(page, voice(choice))) for choice in ("en", "zh", "both"))
    assert not any("\u4e00" <= character <= "\u9fff" for character in english)
    assert "来源" in chinese or name in ("loss.gap", "noise.a")
    assert len(both) > max(len(english), len(chinese))


def test_a_difference_reads_as_what_appears_vanishes_and_changes(advisor: Advisor, voice: Callable[[LanguageChoice], Voice]) -> None:
    observed = advisor.observe({**OVERFITTED, "clip.norm": 3, "clip.threshold": 1})
    found = difference(advisor.examine(observed), advisor.examine(changed(observed, {"loss.dev": 0.2, "clip.norm": 4.0})))
    assert as_text(difference_page(found, voice("en")), width=120, colour=False).splitlines() == [
        "What if: before and after",
        "",
        "What to do now",
        "- − vanishes Stop `stop`",
        "",
        "- ~ changes Clip `clip`",
        "  - `params.at` `3` → `4`",
        "",
        "What not to do",
        "- − vanishes Extend `extend`",
        "",
        "Findings",
        "- − vanishes It is so `overfitting`",
        "",
        "Facts that are otherwise",
        "- loss.dev: 0.9",
        "+ loss.dev: 0.2",
        "- clip.norm: 3",
        "+ clip.norm: 4",
        "- loss.gap: 0.8",
        "+ loss.gap: 0.1",
    ]


def test_no_difference_is_said(advisor: Advisor, base: KnowledgeBase, voice: Callable[[LanguageChoice], Voice]) -> None:
    found = advisor.examine({"lr.peak": 0.1})
    assert "计划不会有任何变化。" in as_markdown(difference_page(difference(found, found), voice("zh")))


def test_text_from_outside_stays_text(advisor: Advisor, voice: Callable[[LanguageChoice], Voice]) -> None:
    found = advisor.examine({"run": "<b>*x*</b>", **OVERFITTED})
    page = as_markdown(difference_page(difference(found, found), voice("en")))
    assert "`<b>*x*</b>`" in page


@pytest.mark.parametrize("facts", [{}, {"loss.is_nonfinite": True, "clip.rate": 1.0, "dev.trend": "flat"}])
def test_everything_in_the_real_base_can_be_explained(facts: Mapping[str, object], voice: Callable[[LanguageChoice], Voice]) -> None:
    advisor = Advisor(engine="plain", drafts=True)
    base, found = advisor.knowledge, advisor.examine(facts)
    for name in (*base.diagnoses, *base.decisions, *base.rules, *base.checklist, *base.errata, *base.vocabulary.specs):
        explained = explain(found, name)
        assert explained.id == name
        assert as_markdown(explanation_page(explained, voice("both")))
