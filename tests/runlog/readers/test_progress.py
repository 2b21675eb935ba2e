"""The progress bar: on a terminal, after a second, and never elsewhere."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from advise.runlog.readers import progress


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


def shown_within(stderr: Terminal, text: str, seconds: float = 10.0) -> bool:
    """Whether a text comes up, which another thread writes."""
    ends = time.monotonic() + seconds
    while text not in stderr.getvalue() and time.monotonic() < ends:
        time.sleep(0.01)
    return text in stderr.getvalue()


def test_nothing_is_shown_where_stderr_is_no_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "_DELAY_SECONDS", 0.0)
    for _ in progress.watched([1, 2, 3], "reading"):
        time.sleep(0.01)
    assert capsys.readouterr() == ("", "")


def test_nothing_is_shown_of_what_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = terminal(monkeypatch)
    assert list(progress.watched(["a", "b", "c"], "reading")) == ["a", "b", "c"]
    assert stderr.getvalue() == ""


def test_a_single_item_that_is_slow_is_shown_while_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = terminal(monkeypatch)
    monkeypatch.setattr(progress, "_DELAY_SECONDS", 0.01)
    for _ in progress.watched(["[bold]d\x1b[2J"], "reading"):
        assert shown_within(stderr, "reading [bold]d")
    assert "\x1b[2J" not in stderr.getvalue()


def test_the_bar_counts_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = terminal(monkeypatch)
    monkeypatch.setattr(progress, "_DELAY_SECONDS", 0.01)
    for item in progress.watched(["a", "b", "c"], "reading", str.upper):
        if item == "c":
            assert shown_within(stderr, "reading C")
            assert shown_within(stderr, "2/3")


def test_the_bar_is_taken_away_when_the_loop_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = terminal(monkeypatch)
    monkeypatch.setattr(progress, "_DELAY_SECONDS", 0.01)
    items = progress.watched(["a", "b"], "reading")
    assert next(items) == "a"
    assert shown_within(stderr, "reading a")
    assert isinstance(items, Iterator)
    items.close()  # type: ignore[attr-defined]
    # The cursor is shown again, and the line is cleared.
    assert stderr.getvalue().endswith("\x1b[?25h\r\x1b[1A\x1b[2K")


def test_rich_is_not_imported_without_need() -> None:
    program = "import sys; from advise.runlog.readers.progress import watched; list(watched([1], 'x')); sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, stderr=subprocess.PIPE).returncode == 0
