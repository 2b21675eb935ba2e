from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from rich.cells import cell_len

from advise.plan.model import Plan
from advise.render import LanguageChoice, Terminal, render
from advise.render.outline import page_of
from advise.render.text import as_text
from advise.render.voice import Voice
from advise.text import Text

Strings = Mapping[str, Text]
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def test_the_page_opens_with_the_name_the_verdict_and_what_to_do(plan: Plan, strings: Strings) -> None:
    assert render(plan, strings, "text", "en", Terminal(80), full=True).splitlines()[:7] == [
        "`supernet-epoch-200`",
        "Go on for a short trial, and further only if it passes its gates.",
        "",
        "What to do now",
        "1. [P0] Resume for 30 epochs, then 70 more if the gate passes",
        "   `resume_with_gates`",
        "   `lr` = 5e-05 · `epochs` = 30 · `schedule` = `cosine`",
    ]


@pytest.mark.parametrize("language", ["both", "zh", "en"])
@pytest.mark.parametrize("width", [40, 63, 80, 100])
@pytest.mark.parametrize("colour", [False, True])
def test_no_line_is_wider_than_the_terminal(plan: Plan, strings: Strings, width: int, language: LanguageChoice, colour: bool) -> None:
    written = COLOURS.sub("", render(plan, strings, "text", language, Terminal(width, colour), full=True))
    assert [line for line in written.split("\n") if cell_len(line) > width] == []


def test_wrapping_loses_nothing(plan: Plan, strings: Strings) -> None:
    narrow, wide = (re.sub(r"\s+", "", render(plan, strings, "text", "both", Terminal(width), full=True)) for width in (46, 5000))
    assert narrow == wide


def test_plain_text_has_no_escape_sequence(plan: Plan, strings: Strings) -> None:
    assert "\x1b" not in render(plan, strings, "text", "both", Terminal(colour=False), full=True)


def test_colours_change_nothing_but_the_marks_around_ids(plan: Plan, strings: Strings) -> None:
    coloured = render(plan, strings, "text", "en", Terminal(5000, colour=True), full=True)
    assert "\x1b[1;33mGo on for a short trial" in coloured
    assert "\x1b[1;31m[P0]" in coloured
    assert "\x1b[31m- lr.peak: 0.0001" in coloured
    assert COLOURS.sub("", coloured) == render(plan, strings, "text", "en", Terminal(5000), full=True).replace("`", "")


def test_colours_do_not_depend_on_the_environment(plan: Plan, strings: Strings, monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = render(plan, strings, "text", "en", Terminal(colour=True), full=True)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    assert render(plan, strings, "text", "en", Terminal(colour=True), full=True) == coloured


def test_what_folds_is_one_line_and_nothing_inside_an_item(plan: Plan, strings: Strings) -> None:
    written = as_text(page_of(plan, Voice(strings, "en")), 200, colour=False)
    assert "▸ Checklist: ✗ 1 failed, ? 1 open, ✓ 1 passed, – 1 not applicable\n▸ All facts: 6\n▸ Sources: 2\n" in written
    assert "Evidence and rule" not in written


def test_the_whole_plan_has_what_folds_elsewhere(plan: Plan, strings: Strings) -> None:
    written = render(plan, strings, "text", "en", Terminal(200), full=True)
    assert "▸" not in written
    assert "Evidence and rule" in written
    assert "Checklist: ✗ 1 failed" in written
