"""What an answer means: numbers with units, words for values, and an explanation for everything else."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.errors import AnswerError
from advise.interview.accepted import accepted
from advise.interview.answer import MAX_ANSWER, parse_answer
from advise.interview.wording import Wording
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.load import load_knowledge
from advise.knowledge.vocabulary import FactSpec, FactType
from advise.text import Text
from advise.units import Unit

WORDS = Wording(
    frozenset({"step", "second", "sample", "byte"}),
    {
        **load_knowledge().strings,
        "unit_steps": Text(en="steps, iterations, it", zh="步, 次迭代"),
        "unit_samples": Text(en="samples, images", zh="样本, 张"),
        "unit_seconds": Text(en="seconds", zh="秒"),
    },
)
KINDS = {"constant": Text(en="constant", zh="恒定"), "cosine": Text(en="cosine decay", zh="余弦退火"), "step": Text(en="in steps", zh="阶梯")}


def spec(kind: str, unit: str = "1", **more: Any) -> FactSpec:
    text = Text(en="x", zh="某")
    values = KINDS if kind == "enum" else {}
    return FactSpec.model_validate({"type": kind, "unit": unit, "title": text, "prompt": text, "observe": text, "values": values, **more})


def parsed(text: str, kind: str = "number", unit: str = "1", **more: Any) -> Any:
    return parse_answer(text, spec(kind, unit, **more), WORDS)


def refused(text: str, kind: str = "number", unit: str = "1", **more: Any) -> AnswerError:
    with pytest.raises(AnswerError) as caught:
        parsed(text, kind, unit, **more)
    return caught.value


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1e-4", "1", 1e-4),
        (" 0.13 ", "ratio", 0.13),
        ("5%", "ratio", 0.05),
        ("57 %", "ratio", 0.57),
        ("５％", "ratio", 0.05),
        ("3‰", "ratio", 0.003),
        ("100ms", "seconds", 0.1),
        ("100 ms", "seconds", 0.1),
        ("250 μs", "seconds", 0.00025),
        ("250 µs", "seconds", 0.00025),
        ("1h30m", "seconds", 5400),
        ("1 h 30 min", "seconds", 5400),
        ("2 days 3 hours", "seconds", 183600),
        ("1小时30分", "seconds", 5400),
        ("90 分钟", "seconds", 5400),
        ("1:02:03", "seconds", 3723),
        ("12.5", "seconds", 12.5),
        ("100ms", "seconds/step", 0.1),
        ("0.1 s/step", "seconds/step", 0.1),
        ("0.1 seconds per step", "seconds/step", 0.1),
        ("0.1 秒/步", "seconds/step", 0.1),
        ("2 min/it", "seconds/step", 120),
        ("512 images/s", "samples/second", 512),
        ("30k samples/min", "samples/second", 500),
        ("32k", "steps", 32_000),
        ("32K steps", "steps", 32_000),
        ("2.5M", "samples", 2_500_000),
        ("1.2 million", "1", 1_200_000),
        ("7B", "1", 7_000_000_000),
        ("4Ki", "samples", 4096),
        ("3万步", "steps", 30_000),
        ("3w", "steps", 30_000),
        ("1.2亿", "1", 120_000_000),
        ("5 个样本", "samples", 5),
        ("三", "1", None),
        ("3 GiB", "bytes", 3 * 1024**3),
        ("3 GB", "bytes", 3 * 1000**3),
        ("512mb", "bytes", 512_000_000),
        ("64 B", "bytes", 64),
        ("8G", "bytes", 8_000_000_000),
        ("−2.5", "1", -2.5),
    ],
)
def test_numbers_take_units_and_magnitudes(text: str, unit: str, value: float | None) -> None:
    if value is None:
        assert "no number" in refused(text, unit=unit).reason.en
    else:
        assert parsed(text, unit=unit) == value


def test_conversion_rounds_once() -> None:
    for percent in range(1, 100):
        assert parsed(f"{percent}%", unit="ratio") == percent / 100
    assert parsed("1.1ms", unit="seconds") == 0.0011


@pytest.mark.parametrize(
    ("text", "unit", "why"),
    [
        ("100ms", "steps", "does not fit"),
        ("5%", "steps", "does not fit"),
        ("5m", "steps", "a million is `M`"),
        ("3 GB", "seconds", "does not fit"),
        ("10 it/s", "seconds/step", "it would be 0.1"),
        ("3 bananas", "steps", "no unit that is known"),
        ("3 bananas", "1", "no unit that is known"),
        ("3 s", "1", "asked without a unit"),
        ("50,000", "steps", "read in two ways"),
        ("1_000", "steps", "read in two ways"),
        ("1 000", "steps", "read in two ways"),
        ("3 5k", "steps", "more than one number"),
        ("30m1h", "seconds", "more than one number"),
        ("1h1h", "seconds", "more than one number"),
        ("abc", "steps", "no number"),
        ("-", "steps", "no number"),
        ("1:30", "seconds", "more than one number"),
        ("true", "1", "no number"),
        ("", "steps", "no answer"),
        ("  ", "steps", "no answer"),
        ("nan", "1", "no number"),
        (".nan", "1", "not finite"),
        ("1e999", "1", "not finite"),
        ("9" * 500 + "k", "1", "too large"),
        ("1e9999k", "1", "too large"),
    ],
)
def test_what_is_no_number_in_the_unit_is_explained(text: str, unit: str, why: str) -> None:
    rejected = refused(text, unit=unit)
    assert why in rejected.reason.en
    assert any("\u4e00" <= character <= "\u9fff" for character in rejected.reason.zh)


@pytest.mark.parametrize(
    ("text", "bounds", "why"),
    [("1.5", {"max": 1}, "out of bounds"), ("0", {"above": 0}, "out of bounds"), ("150%", {"unit": "ratio", "max": 1}, "out of bounds")],
)
def test_bounds_hold_after_conversion(text: str, bounds: dict[str, Any], why: str) -> None:
    assert why in refused(text, **bounds).reason.en


def test_a_count_is_whole() -> None:
    assert parsed("2.5k", "integer", "steps") == 2500
    assert isinstance(parsed("1e3", "integer", "steps"), int)
    assert "no whole number" in refused("2.5", "integer", "steps").reason.en
    assert "out of bounds" in refused("1e30", "integer", "steps").reason.en


@pytest.mark.parametrize("text", ["y", "Yes", "TRUE", "是", "对", "on"])
def test_yes(text: str) -> None:
    assert parsed(text, "boolean") is True


@pytest.mark.parametrize("text", ["n", "No", "false", "否", "不是", "off"])
def test_no(text: str) -> None:
    assert parsed(text, "boolean") is False


@pytest.mark.parametrize("text", ["1", "0", "maybe", "yess"])
def test_neither_yes_nor_no(text: str) -> None:
    assert "neither yes nor no" in refused(text, "boolean").reason.en


@pytest.mark.parametrize("text", ["2", "２", "cosine", "COSINE", "cosine decay", "余弦退火"])
def test_a_value_by_number_name_or_label(text: str) -> None:
    assert parsed(text, "enum") == "cosine"


@pytest.mark.parametrize(("text", "close"), [("cosin", "cosine"), ("0", None), ("4", None), ("cosine decai", "cosine"), ("999999999999", None)])
def test_a_value_that_is_not_in_the_list(text: str, close: str | None) -> None:
    rejected = refused(text, "enum")
    assert "not in the list" in rejected.reason.en
    assert rejected.nearest == close


def test_text_is_kept_as_it_was_typed() -> None:
    assert parsed("  改用 ＡｄａｍＷ：更稳  ", "text") == "改用 ＡｄａｍＷ：更稳"
    assert parsed('"back"', "text") == "back"
    assert parsed("7", "text") == "7"
    assert "printable" in refused("a\x1b[31m", "text").reason.en
    assert "printable" in refused("x" * 501, "text").reason.en
    assert "not known" in refused("'unknown'", "text").reason.en


def test_lists() -> None:
    assert parsed("1k, 2k、3k", "integers", "steps") == (1000, 2000, 3000)
    assert parsed("[0.1，0.2]", "numbers") == (0.1, 0.2)
    assert parsed("[]", "numbers") == ()
    assert parsed("stem, 007", "texts") == ("stem", "007")
    assert "read in two ways" in refused("1,000, 2,000", "integers").reason.en
    assert "no number" in refused("1, x", "numbers").reason.en
    assert "1000 items" in refused(",".join(["1"] * 1001), "numbers").reason.en


def test_a_novel_is_no_answer() -> None:
    assert str(MAX_ANSWER) in refused("1" * (MAX_ANSWER + 1)).reason.en


@given(
    st.text(max_size=40),
    st.sampled_from(list(FactType)),
    st.sampled_from(["1", "ratio", "steps", "seconds", "seconds/step", "bytes", "samples/second"]),
)
def test_whatever_is_typed_gives_a_value_or_an_explanation(text: str, kind: FactType, unit: str) -> None:
    asked = spec(kind.value, unit, **({"min": 0, "max": 100} if kind.numeric else {}))
    value = reason = None
    try:
        value = parse_answer(text, asked, WORDS)
    except AnswerError as rejected:
        reason = rejected.reason
    match kind:
        case _ if reason is not None:
            assert reason.en.endswith(".")
            assert reason.zh.endswith("。")
        case FactType.NUMBER | FactType.INTEGER:
            assert isinstance(value, int | float)
            assert 0 <= value <= 100
        case FactType.ENUM:
            assert value in asked.values
        case FactType.BOOLEAN:
            assert isinstance(value, bool)
        case FactType.TEXT:
            assert value
        case _:
            assert isinstance(value, tuple)


@given(st.floats(min_value=-1e300, max_value=1e300), st.sampled_from(["", " s", "s", " sec", " seconds", " 秒"]))
def test_a_number_in_its_own_unit_is_that_number(number: float, suffix: str) -> None:
    assert parsed(f"{number!r}{suffix}", unit="seconds") == number


@given(st.integers(0, 10**6), st.integers(0, 59), st.integers(0, 59))
def test_a_duration_is_the_sum_of_its_parts(hours: int, minutes: int, seconds: int) -> None:
    expected = hours * 3600 + minutes * 60 + seconds
    assert parsed(f"{hours}h{minutes}m{seconds}s", unit="seconds") == expected
    assert parsed(f"{hours}:{minutes:02}:{seconds:02}", unit="seconds") == expected


@given(st.integers(0, 10**9), st.sampled_from([("k", 10**3), ("M", 10**6), ("万", 10**4), ("亿", 10**8), ("Ki", 1024), ("百万", 10**6)]))
def test_a_magnitude_multiplies(number: int, magnitude: tuple[str, int]) -> None:
    word, factor = magnitude
    assert parsed(f"{number}{word}", unit="steps") == number * factor
    assert parsed(f"{number} {word}步", unit="steps") == number * factor


def test_every_question_of_the_vocabulary_says_what_it_accepts(knowledge: KnowledgeBase) -> None:
    for each in knowledge.vocabulary.specs.values():
        text = accepted(each, WORDS)
        assert text.en
        assert any("\u4e00" <= character <= "\u9fff" for character in text.zh)


@pytest.mark.parametrize(
    ("kind", "unit", "more", "en", "zh"),
    [
        (
            "number",
            "ratio",
            {"min": 0, "max": 1},
            "a number, in [0, 1], as a share of 1 (also: 5%)",
            "数值，范围 [0, 1]，是占比（1 表示全部）（也可写 5%）",
        ),
        (
            "number",
            "seconds/step",
            {"above": 0},
            "a number, above 0, in seconds/step (also: 100ms, 1h30m)",
            "数值，大于 0，以 秒/步 为单位（也可写 100ms, 1h30m）",
        ),
        ("integer", "steps", {"min": 1}, "a whole number, at least 1, in steps (also: 32k, 2M)", "整数，不小于 1，以 步 为单位（也可写 32k, 2M）"),
        ("number", "1", {"max": 3}, "a number, at most 3", "数值，不大于 3"),
        ("number", "1", {"below": 3}, "a number, below 3", "数值，小于 3"),
        ("boolean", "1", {}, "y or n", "是 / 否（也可输入 y / n）"),
    ],
)
def test_what_is_accepted_is_said(kind: str, unit: str, more: dict[str, Any], en: str, zh: str) -> None:
    assert accepted(spec(kind, unit, **more), WORDS) == Text(en=en, zh=zh)


def test_a_unit_without_words_goes_by_its_own_name() -> None:
    plain = Wording(frozenset({"step"}), {})
    assert plain.shown("seconds/step", "zh") == "seconds/step"
    assert parse_answer("5 steps", spec("number", "steps"), plain) == 5
    assert parse_answer("1 step", spec("number", "steps"), plain) == 1


def test_no_word_is_two_things() -> None:
    from advise.interview import wording

    magnitudes = [word for words in wording._MAGNITUDES for word in words.split()]
    assert len(magnitudes) == len(set(magnitudes))
    # What is both a unit and a magnitude is a unit first: B is bytes where bytes are asked, and a billion elsewhere.
    assert set(magnitudes) & set(wording._PHYSICAL) == {"B"}
    assert all(unit in (Unit.parse("seconds"), Unit.parse("bytes"), Unit()) for unit, _ in wording._PHYSICAL.values())


def test_floats_print_as_they_are_read() -> None:
    assert math.isclose(parsed("0.30000000000000004"), 0.1 + 0.2, rel_tol=0)
