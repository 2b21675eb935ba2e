"""Where each number of a decision comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise import Advisor
from advise.explain import explain
from advise.explain.page import explanation_page
from advise.explain.records import SourceOfNumber
from advise.render.text import as_text
from advise.render.voice import Voice
from advise.text import LanguageChoice

FACTS = {"clip.rate": 0.93, "clip.threshold": 1.0, "gradient.norm_p90": 1.35, "optimizer.name": "sgd", "lr.peak": 0.1}


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def page(advisor: Advisor, name: str, language: LanguageChoice, *, author: bool = False) -> str:
    explained = explain(advisor.examine(FACTS), name)
    return as_text(explanation_page(explained, Voice(advisor.knowledge.strings, language), author=author), 200, colour=False)


def sources(source: SourceOfNumber) -> list[SourceOfNumber]:
    return [source, *(each for below in source.below for each in sources(below))]


def test_a_number_is_followed_down_to_what_was_read(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("facts:\n" + "".join(f"  {name}: {value}\n" for name, value in FACTS.items()), encoding="utf-8")
    (number,) = explain(advisor.examine(path), "loosen_clip").numbers
    assert (number.settings, number.before, number.value) == (["clip.threshold"], 1.0, 1.35)
    assert number.source is not None
    read = {each.fact: each.origin for each in sources(number.source)}
    assert read["gradient.norm_p90"] == f"{path}:4:3"


def test_a_user_reads_words_and_an_author_names(advisor: Advisor) -> None:
    user = page(advisor, "loosen_clip", "en").partition("Proof")[0]
    assert "Where its numbers come from" in user
    assert "1 → 1.35" in user
    assert "90th percentile of the gradient norm" in user
    assert "params." not in user
    assert "gradient.norm_p90" not in user
    author = page(advisor, "loosen_clip", "en", author=True).partition("Proof")[0]
    assert "`params.threshold`" in author
    assert "`gradient.norm_p90`" in author
    assert "各个数值的来源" in page(advisor, "loosen_clip", "zh")


def test_every_number_of_a_decision_has_its_place(advisor: Advisor) -> None:
    examples = Path(__file__).parents[2] / "examples"
    for case in ("supernet", "microsegformer", "stuck-cross-entropy", "btc-finetune"):
        found = advisor.examine(examples / case / "facts.yaml")
        for decision in found.plan.decisions:
            explained = explain(found, decision.id)
            own = {param for param in advisor.knowledge.rules[decision.rule].spec.params if param in decision.params}  # type: ignore[union-attr]
            numbers = {name for name in own if isinstance(decision.params[name], int | float) and not isinstance(decision.params[name], bool)}
            assert {number.param for number in explained.numbers if isinstance(number.value, int | float)} == numbers
            for number in explained.numbers:
                for each in () if number.source is None else sources(number.source):
                    assert each.origin or each.expression or each.value is None


def test_what_is_not_taken_has_none(advisor: Advisor) -> None:
    assert explain(advisor.examine({"clip.rate": 0.1}), "loosen_clip").numbers == []
