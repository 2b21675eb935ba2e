"""Texts filled with numbers read as a person would write them."""

import pytest

from advise.text import Text, Value


@pytest.mark.parametrize(
    ("en", "values", "filled"),
    [
        ("from {n} evaluations", {"n": 1}, "from 1 evaluation"),
        ("from {n} evaluations", {"n": 11}, "from 11 evaluations"),
        ("{n} more epochs", {"n": 1.0}, "1 more epoch"),
        ("evaluated {n} times", {"n": 1}, "evaluated 1 time"),
        ("a rate of {n} samples", {"n": 0.1}, "a rate of 0.1 samples"),
        ("1 of {n} steps", {"n": 3}, "1 of 3 steps"),
        ("step {n} is left", {"n": 1}, "step 1 is left"),
    ],
)
def test_of_one_the_singular_is_said(en: str, values: dict[str, Value], filled: str) -> None:
    text = Text(en=en, zh="{n} 次").filled(values)
    assert text.en == filled
    assert text.zh == f"{values['n']:g} 次"


@pytest.mark.parametrize(
    ("share", "en", "zh"),
    [
        (0.4, "It lacks 40% of the whole.", "少了全部的 40%。"),
        (1.0, "It lacks 100% of the whole.", "少了全部的 100%。"),
        (1.004, "It lacks 100% of the whole.", "少了全部的 100%。"),
        (28.92, "It lacks more than 100% of the whole.", "少了全部的 超过 100%。"),
    ],
)
def test_no_share_exceeds_its_whole(share: float, en: str, zh: str) -> None:
    filled = Text(en="It lacks {a.share:.0%} of the whole.", zh="少了全部的 {a.share:.0%}。").filled({"a.share": share})
    assert (filled.en, filled.zh) == (en, zh)


def test_what_is_no_share_of_a_whole_may_exceed_it() -> None:
    assert Text(en="It rose by {a.rise:.0%}.", zh="上升了 {a.rise:.0%}。").filled({"a.rise": 2.5}).en == "It rose by 250%."


def test_latin_words_stand_apart_from_the_chinese_around_them() -> None:
    text = Text(en="from {place} on", zh="{place}起，共{count}次")
    values = {"place": Text(en="epoch 6", zh="第 6 个 epoch"), "count": Text(en="two", zh="两")}
    assert text.filled(values).zh == "第 6 个 epoch 起，共两次"
