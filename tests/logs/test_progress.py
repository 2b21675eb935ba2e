"""The progress bar: on a terminal, after a second, and never elsewhere."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from advise.logs import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal for stderr; not as a fixture, for pytest sets stderr anew after these."""
    stderr = Terminal()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return stderr


def clock(monkeypatch: pytest.MonkeyPatch, seconds_an_item: float) -> None:
    now = [0.0]

    def monotonic() -> float:
        now[0] += seconds_an_item
        return now[0]

    monkeypatch.setattr(progress, "monotonic", monotonic)


def test_nothing_is_shown_where_stderr_is_no_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock(monkeypatch, 10)
    assert list(progress.watched([1, 2, 3], "reading")) == [1, 2, 3]
    assert capsys.readouterr() == ("", "")


def test_nothing_is_shown_of_what_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = terminal(monkeypatch)
    clock(monkeypatch, 0.01)
    assert list(progress.watched(["a", "b", "c"], "reading")) == ["a", "b", "c"]
    assert stderr.getvalue() == ""


def test_what_is_slow_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = terminal(monkeypatch)
    monkeypatch.setattr(progress, "_DELAY_SECONDS", 0.4)
    clock(monkeypatch, 0.15)
    assert list(progress.watched(["a", "b", "c", "[bold]d\x1b[2J"], "reading")) == ["a", "b", "c", "[bold]d\x1b[2J"]
    shown = stderr.getvalue()
    assert "reading [bold]d" in shown
    # Three times 0.15 s were over after the first two.
    assert "2/4" in shown
    assert "1/4" not in shown
    assert "\x1b[2J" not in shown


def test_the_bar_is_taken_away_when_the_loop_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = terminal(monkeypatch)
    monkeypatch.setattr(progress, "_DELAY_SECONDS", 0.0)
    items = progress.watched(["a", "b"], "reading")
    assert next(items) == "a"
    items.close()
    # The cursor is shown again, and the line is cleared.
    assert "reading a" in stderr.getvalue()
    assert stderr.getvalue().endswith("\x1b[?25h\r\x1b[1A\x1b[2K")


def test_rich_is_not_imported_without_need() -> None:
    program = "import sys; from advise.logs.progress import watched; list(watched([1], 'x')); sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, stderr=subprocess.PIPE).returncode == 0
