"""Telling a command of the user."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from advise.errors import WatchError
from advise.live.watch import notify
from advise.live.watch.notify import Command

_WRITES = "import json, os, sys; json.dump([sys.argv[2:], dict(os.environ), json.load(sys.stdin)], open(sys.argv[1], 'w'))"


def test_what_was_found_is_never_part_of_the_command(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    script = tmp_path / "script.py"
    script.write_text(_WRITES, encoding="utf-8")
    hostile = "$(touch /tmp/x); `id` \n\x1b[31m\0 'quoted'"
    command = Command(f"{sys.executable} {script} {out} 'two words' $HOME")
    assert command.tell({"title": hostile, "id": "divergence", "since": 3, "evidence": [{"a": 1}]}) == ""
    command.close()
    arguments, environment, given = json.loads(out.read_text(encoding="utf-8"))
    assert arguments == ["two words", "$HOME"]
    assert given["title"] == hostile
    assert environment["ADVISE_ID"] == "divergence"
    assert environment["ADVISE_SINCE"] == "3"
    assert "\0" not in environment["ADVISE_TITLE"]
    assert "\x1b" not in environment["ADVISE_TITLE"]
    assert "ADVISE_EVIDENCE" not in environment


@pytest.mark.parametrize("line", ["", "   ", "echo 'open"])
def test_a_line_that_is_no_command(line: str) -> None:
    with pytest.raises(WatchError, match="--exec"):
        Command(line)


def test_a_command_that_is_not_there_is_said() -> None:
    assert Command("/no/such/command").tell({"id": "x"})


def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "SECONDS", 0.1)
    command = Command("sleep 600")
    assert command.tell({"id": "x"}) == ""
    command.close()


def test_not_more_than_so_many_at_once() -> None:
    command = Command("sleep 600")
    said = [command.tell({"id": "x"}) for _ in range(10)]
    assert said[:8] == [""] * 8
    assert all(said[8:])
    for process, _ in command._running:
        process.kill()
    command.close()
