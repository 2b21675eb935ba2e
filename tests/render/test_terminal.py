from __future__ import annotations

import io
import subprocess
import sys

import pytest

from advise.render import Terminal, terminal_of


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")


def test_a_file_or_pipe_gets_plain_text_of_a_fixed_width() -> None:
    assert terminal_of(io.StringIO(), {}) == Terminal(100, colour=False)


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
