from __future__ import annotations

import io
import subprocess
import sys

import pytest

from advise.render import Terminal, terminal_of
from advise.render.terminal import language_of_locale


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")


def test_a_file_or_pipe_gets_plain_text_as_wide_as_columns_says() -> None:
    assert terminal_of(io.StringIO(), {}) == Terminal(72, colour=False)


@pytest.mark.parametrize("columns", ["0", "-3", "wide", "", "1e3"])
def test_columns_that_say_nothing_are_not_followed(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal_of(io.StringIO(), {}).width == 100


def test_a_terminal_of_a_few_cells_gets_lines_that_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "3")
    assert terminal_of(io.StringIO(), {}).width == 20


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "ZH_TW"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "zhx"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LC_ALL": "en_GB", "LC_MESSAGES": "zh_CN"}, "en"),
    ],
)
def test_the_language_is_that_of_the_locale_for_messages(environ: dict[str, str], language: str) -> None:
    assert language_of_locale(environ) == language


@pytest.mark.parametrize(
    ("environ", "colour"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"TERM": "xterm-256color"}, True)],
)
def test_a_terminal_gets_colours_unless_told_otherwise(environ: dict[str, str], colour: bool) -> None:
    assert terminal_of(Tty(), environ) == Terminal(72, colour)


def test_a_very_wide_terminal_is_not_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert terminal_of(Tty(), {}).width == 120


def test_importing_the_renderers_imports_neither_rich_nor_markdown_it() -> None:
    code = "import sys, advise.render; print(sorted({'rich', 'markdown_it'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
