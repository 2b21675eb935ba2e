"""`advise ask` as a process: pipes, a terminal, interrupts, exit codes, and no traceback whatever comes in."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty")


def ask(*arguments: str, stdin: str | bytes = "", cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    result = subprocess.run(
        [sys.executable, "-m", "advise", "ask", *arguments], input=data, capture_output=True, cwd=cwd, check=False, env={**os.environ, **(env or {})}
    )
    return subprocess.CompletedProcess(result.args, result.returncode, result.stdout.decode(), result.stderr.decode())


def test_a_conversation_over_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text("# mine\nclip.rate: 1.0\n", encoding="utf-8")
    result = ask("--lang", "both", stdin="?\n这不是回答\n不知道\nquit\n", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "怎样查清" in result.stdout
    assert "How to find out" in result.stdout
    assert "> 这不是回答" in result.stdout
    assert "`advise facts.yaml`" in result.stdout
    assert "\x1b" not in result.stdout
    assert (tmp_path / "facts.yaml").read_text(encoding="utf-8") == "# mine\nclip.rate: 1.0\n"


def test_what_is_asked_next_can_be_answered_by_a_program(tmp_path: Path) -> None:
    listed = json.loads(ask("--json", "--count", "2", cwd=tmp_path).stdout)
    assert listed["schema"] == "advise/questions@1"
    assert len(listed["questions"]) == 2
    (tmp_path / "answers.json").write_text('{"clip.rate": "100%"}', encoding="utf-8")
    result = ask("--answers", "answers.json", "--json", "--count", "0", cwd=tmp_path)
    assert result.returncode == 0
    made = json.loads(result.stdout)
    assert made["answered"] == {"clip.rate": 1.0}
    assert "clipping_saturated" in [found["id"] for found in made["effects"]["diagnoses"]]
    assert answered(tmp_path) == "clip.rate: 1\n"
    plan = subprocess.run([sys.executable, "-m", "advise", "facts.yaml", "--format", "json"], capture_output=True, cwd=tmp_path, check=True)
    assert json.loads(plan.stdout)["facts"]["clip.rate"]


def test_asking_for_json_writes_nothing(tmp_path: Path) -> None:
    assert ask("runs.yaml", "--json", cwd=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_answers_come_from_standard_input_too(tmp_path: Path) -> None:
    result = ask("--answers", "-", "--lang", "en", stdin="clip.rate: 100%\n", cwd=tmp_path)
    assert result.returncode == 0
    assert "✓ `clip.rate = 1`" in result.stdout
    assert "裁剪" not in result.stdout


def test_wrong_answers_are_told_all_at_once_and_nothing_is_saved(tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text("clip.rate: 5 GB\nclip.rat: 1\nclip.threshold: 1.0\n", encoding="utf-8")
    result = ask("--answers", "answers.yaml", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert "answers.yaml:1:12: `clip.rate`: `GB` does not fit" in result.stderr
    assert "did you mean `clip.rate`" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.yaml"]


def test_a_section_of_the_checklist(tmp_path: Path) -> None:
    listed = json.loads(ask("--section", "I", "--json", "--count", "1", cwd=tmp_path).stdout)
    assert listed["questions"][0]["item"]["id"] == "i_1_goal_metric_constraints"
    wrong = ask("--section", "Z", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "no section `Z`" in wrong.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"clip.rat: 1\n"])
def test_a_facts_file_that_is_wrong_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "facts.yaml").write_bytes(content)
    result = ask(stdin="quit\n", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert "facts.yaml:" in result.stderr
    assert "Traceback" not in result.stderr
    assert (tmp_path / "facts.yaml").read_bytes() == content


@pytest.mark.parametrize("path", ["no/facts.yaml", ".", "x" * 300])
def test_a_path_that_cannot_be_is_said(tmp_path: Path, path: str) -> None:
    result = ask(path, stdin="y\n1\n", cwd=tmp_path)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert "internal" not in result.stderr


@pytest.mark.parametrize("stdin", [b"\xff\xfe\xff\n\x00\n\xe4\xb8", b"1" * 100_000 + b"\n", "\u202e\x1b[2J\n".encode()])
def test_any_bytes_can_be_typed(tmp_path: Path, stdin: bytes) -> None:
    result = ask(stdin=stdin, cwd=tmp_path)
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
    assert "Traceback" not in result.stderr


class Terminal:
    """`advise ask` on a terminal of its own."""

    def __init__(self, cwd: Path, *arguments: str, **env: str) -> None:
        self.screen = b""
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execve(sys.executable, [sys.executable, "-m", "advise", "ask", *arguments], {**os.environ, "TERM": "xterm", **env})  # noqa: S606

    def wait_for(self, text: str) -> str:
        while text.encode() not in self.screen:
            assert select.select([self.handle], [], [], 60)[0], f"{text!r} never came; there is {self.screen!r}"
            self.screen += os.read(self.handle, 65536)
        # What came together with it may be what is waited for next.
        shown, found, self.screen = self.screen.partition(text.encode())
        return (shown + found).decode(errors="replace")

    def type(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def end(self, again: str = "") -> int:
        """The exit code; `again` is typed each second: readline overlooks an interrupt that comes while it sets up, until the next key."""
        for _ in range(60):
            if not select.select([self.handle], [], [], 1)[0]:
                self.type(again)
                continue
            try:
                if not os.read(self.handle, 65536):
                    break
            except OSError:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
        os.close(self.handle)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def answered(folder: Path) -> str:
    """What was answered, below the first line of the answers file."""
    return (folder / "facts.answers.yaml").read_text(encoding="utf-8").partition("\n")[2]


def test_a_terminal_has_colours_unless_they_are_not_wanted(tmp_path: Path) -> None:
    for env, colours in (({}, True), ({"NO_COLOR": "1"}, False)):
        terminal = Terminal(tmp_path, "--section", "I", **env)
        assert ("\x1b[" in terminal.wait_for("> ").replace("\x1b[?2004h", "")) == colours
        terminal.type("quit\n")
        assert terminal.end() == 0


def test_an_interrupt_loses_no_answer(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--section", "I", NO_COLOR="1")
    terminal.wait_for("> ")
    terminal.type("y\n")
    terminal.wait_for("✓")
    terminal.wait_for("> ")
    terminal.type("y\x03")
    assert terminal.end(again="\x03") == 130
    assert answered(tmp_path) == "target.goal_stated: true\n"


def test_the_end_of_the_input_loses_no_answer(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--section", "I", NO_COLOR="1")
    terminal.wait_for("> ")
    terminal.type("y\n")
    terminal.wait_for("✓")
    terminal.wait_for("> ")
    terminal.type("\x04")
    assert terminal.end() == 0
    assert answered(tmp_path) == "target.goal_stated: true\n"


def test_being_killed_loses_no_answer(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--section", "I", NO_COLOR="1")
    terminal.wait_for("> ")
    terminal.type("y\n")
    terminal.wait_for("✓")
    os.kill(terminal.pid, signal.SIGKILL)
    assert terminal.end() == -signal.SIGKILL
    assert answered(tmp_path) == "target.goal_stated: true\n"


def test_a_file_that_is_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--section", "I", "--lang", "en", NO_COLOR="1")
    terminal.wait_for("> ")
    (tmp_path / "facts.yaml").write_text("target.goal_stated: false # theirs\n", encoding="utf-8")
    terminal.type("y\n")
    assert "not agree" in terminal.wait_for("target.goal_stated: true").replace("no longer agrees", "does not agree")
    assert terminal.end() == 2
    assert [path.name for path in tmp_path.iterdir()] == ["facts.yaml"]
    assert (tmp_path / "facts.yaml").read_text(encoding="utf-8") == "target.goal_stated: false # theirs\n"
