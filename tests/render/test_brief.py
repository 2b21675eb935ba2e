"""What fits on one screen: its length, its order, and what is left out of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from advise import Advisor, Plan
from advise.plan.model import SetAside
from advise.render import LanguageChoice, Terminal, render
from advise.text import Text

EXAMPLES = Path(__file__).parents[2] / "examples"
Strings = Mapping[str, Text]
SICK, HEALTHY = 25, 8


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    advisor = Advisor(engine="plain")
    logs = {path.name: path for path in EXAMPLES.glob("logs/*/")}
    facts = {path.parent.name: path for path in EXAMPLES.glob("*/facts.yaml")}
    return {name: advisor.advise(path) for name, path in (logs | facts).items()}


def lines(plan: Plan, strings: Strings, language: LanguageChoice, width: int) -> list[str]:
    return render(plan, strings, "text", language, Terminal(width)).splitlines()


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_plan_fits_on_a_screen(plans: dict[str, Plan], strings: Strings, language: LanguageChoice, width: int) -> None:
    assert {
        name: len(lines(plan, strings, language, width)) for name, plan in plans.items() if len(lines(plan, strings, language, width)) > SICK
    } == {}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_healthy_run_takes_eight_lines(plans: dict[str, Plan], strings: Strings, language: LanguageChoice, width: int) -> None:
    assert len(lines(plans["healthy-char-transformer"], strings, language, width)) <= HEALTHY


def test_two_languages_take_twice_the_lines(plans: dict[str, Plan], strings: Strings) -> None:
    assert all(len(lines(plan, strings, "both", 80)) <= 2 * SICK for plan in plans.values())


@pytest.mark.parametrize("language", ["both", "en", "zh"])
def test_markdown_takes_sixty_lines_before_the_folds(plans: dict[str, Plan], strings: Strings, language: LanguageChoice) -> None:
    above = {name: render(plan, strings, "md", language).split("<details>")[0].count("\n") for name, plan in plans.items()}
    assert {name: count for name, count in above.items() if count > 60} == {}


def test_the_folds_of_the_markdown_hold_everything(plans: dict[str, Plan], strings: Strings) -> None:
    plan = plans["nan-hidden-hf-log-of-zero"]
    written = render(plan, strings, "md", "en")
    assert all(step.en.split("`")[0] in written.replace("\\", "") for item in plan.decisions for step in item.steps)


def test_at_most_three_questions_are_asked(plans: dict[str, Plan], strings: Strings) -> None:
    for plan in plans.values():
        asked = render(plan, strings, "md", "en").split("<details>")[0].partition("## Missing information")[2]
        assert sum(line[:1].isdigit() for line in asked.splitlines()) <= 3


def test_this_run_is_told_apart_from_the_next(plans: dict[str, Plan], strings: Strings) -> None:
    written = lines(plans["nan-hidden-hf-log-of-zero"], strings, "en", 100)
    this, following = written.index("This run"), written.index("Next run")
    assert this < following
    assert written[this + 1].startswith("1. ")
    assert "roll_back" in written[this + 1]
    assert written[following + 1].startswith("1. ")


@pytest.mark.parametrize(
    ("by", "shown"), [("veto:clip#0", True), ("erratum:some-claim", True), ("stop", False), ("round:3", False), ("lr.peak", False)]
)
def test_only_what_would_harm_is_called_not_to_do(plans: dict[str, Plan], strings: Strings, by: str, shown: bool) -> None:
    plan = plans["slow-loader-mmdet"]
    item = SetAside(id="clip", title=Text(en="Clip it", zh="裁剪"), rule="a/b", by=by, reason=Text(en="Because.", zh="原因。"))
    written = render(plan.model_copy(update={"set_aside": [item]}), strings, "text", "en", Terminal(100), full=True)
    assert ("What not to do" in written) is shown
