"""The interview with the knowledge base that comes with the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise.advisor import Advisor
from advise.interview.accepted import accepted
from advise.interview.agenda import items_of
from advise.interview.answer import parse_answer
from advise.interview.commands import command_of
from advise.interview.interview import Interview
from advise.knowledge.vocabulary import FactSpec, FactType


@pytest.fixture(scope="module")
def packaged() -> Advisor:
    return Advisor(engine="plain")


def sample(spec: FactSpec) -> str:
    match spec.type:
        case FactType.BOOLEAN:
            return "是"
        case FactType.ENUM:
            return next(reversed(spec.values.values())).zh
        case FactType.TEXT | FactType.TEXTS:
            return "some words"
    low = spec.min if spec.above is None else spec.above
    high = spec.max if spec.below is None else spec.below
    middle = (low + high) / 2 if low is not None and high is not None else (low or 0) + 2 if high is None else high - 2
    return str(round(middle) if spec.type in (FactType.INTEGER, FactType.INTEGERS) else middle)


def test_every_fact_can_be_answered(packaged: Advisor, tmp_path: Path) -> None:
    interview = Interview(packaged, tmp_path / "facts.yaml")
    for name, spec in packaged.knowledge.vocabulary.specs.items():
        assert accepted(spec, interview.words).zh, name
        assert parse_answer(sample(spec), spec, interview.words) is not None, name


def test_no_value_of_a_fact_is_taken_for_a_command(packaged: Advisor) -> None:
    for name, spec in packaged.knowledge.vocabulary.specs.items():
        for value, title in spec.values.items():
            assert not [word for word in (value, title.en, title.zh) if command_of(word)], name


def test_labels_of_one_fact_differ_in_every_language(packaged: Advisor, tmp_path: Path) -> None:
    words = Interview(packaged, tmp_path / "facts.yaml").words
    for spec in packaged.knowledge.vocabulary.specs.values():
        for value, title in spec.values.items():
            assert {parse_answer(form, spec, words) for form in (value, title.en, title.zh)} == {value}


def test_every_section_of_the_checklist_asks_something(packaged: Advisor, tmp_path: Path) -> None:
    for section in "ABCDEFGHI":
        items = items_of([section], packaged.knowledge)
        questions = list(Interview(packaged, tmp_path / "facts.yaml", items).questions())
        assert questions
        assert all(question.item in items for question in questions)


def test_an_interview_reaches_a_verdict(packaged: Advisor, tmp_path: Path) -> None:
    interview = Interview(packaged, tmp_path / "facts.yaml")
    diagnosed = set()
    for _ in range(40):
        question = next(interview.questions())
        spec = packaged.knowledge.vocabulary[question.fact]
        answered = interview.answer({question.fact: interview.parsed(question.fact, sample(spec))})
        diagnosed |= {found.id for found in answered.effects.diagnoses}
    assert diagnosed
    assert packaged.advise(tmp_path / "facts.yaml").verdict == interview.verdict


@pytest.mark.parametrize(
    ("fact", "answer", "value"),
    [
        ("budget.steps", "3万步", 30_000),
        ("budget.steps", "5000 次迭代", 5000),
        ("budget.steps", "20k iters", 20_000),
        ("budget.epochs", "30轮", 30),
        ("budget.epochs", "30 epoch", 30),
        ("lr.peak", "1e-4", 1e-4),
        ("data.train_size", "32k 样本", 32_000),
        ("data.train_size", "120万张", 1_200_000),
        ("data.train_size", "9000 条", 9000),
        ("pipeline.step_time", "100 毫秒", 0.1),
        ("pipeline.step_time", "0.1 秒/步", 0.1),
        ("pipeline.throughput", "512 样本/秒", 512),
        ("subnets.batches_each", "4批", 4),
        ("eval.count", "12 次评估", 12),
        ("eval.count", "12 次", 12),
        ("search.trials", "20 次试验", 20),
        ("activations.frozen_layers", "2层", 2),
        ("model.params", "7亿", 700_000_000),
        ("model.params", "25M 个参数", 25_000_000),
        ("hosts.count", "8 台", 8),
    ],
)
def test_chinese_units_are_understood(packaged: Advisor, tmp_path: Path, fact: str, answer: str, value: float) -> None:
    assert Interview(packaged, tmp_path / "facts.yaml").parsed(fact, answer) == value


def test_every_unit_of_the_vocabulary_has_a_chinese_name(packaged: Advisor, tmp_path: Path) -> None:
    words = Interview(packaged, tmp_path / "facts.yaml").words
    for spec in packaged.knowledge.vocabulary.specs.values():
        shown = words.shown(spec.unit, "zh")
        assert shown in ("1", "ratio") or not any(letter.isascii() and letter.isalpha() for letter in shown), shown
