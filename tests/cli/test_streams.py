"""Where output goes: streams that are closed, full or left, and targets that are no regular files."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

FACTS = "clip.rate: 1.0\n"
ADVISE = f"{sys.executable} -m advise"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS, encoding="utf-8")
    return path


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], check=False, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("job", ["facts.yaml", "--help", "kb list facts"])
@pytest.mark.parametrize(
    ("stream", "code", "said"),
    [
        ("> /dev/full", 2, "standard output: cannot be written: No space left on device"),
        (">&-", 2, "standard output: cannot be written: it is closed"),
        ("| true", 0, ""),
        ("| head -1", 0, ""),
    ],
)
def test_a_stream_that_takes_nothing_is_told_in_a_sentence(facts: Path, job: str, stream: str, code: int, said: str) -> None:
    result = shell(f"{ADVISE} {job} {stream}", facts.parent)
    assert result.returncode == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert "internal" not in result.stderr


@pytest.mark.parametrize("stream", ["2> /dev/full", "2>&-"])
def test_wrong_input_is_2_though_nobody_hears_why(tmp_path: Path, stream: str) -> None:
    assert shell(f"{ADVISE} nothing.yaml {stream}", tmp_path).returncode == 2


def test_an_output_file_needs_no_stdout(facts: Path) -> None:
    assert shell(f"{ADVISE} facts.yaml -o plan.md >&-", facts.parent).returncode == 0
    assert (facts.parent / "plan.md").stat().st_size > 100


def test_a_link_is_followed_and_stays(facts: Path) -> None:
    link, target = facts.parent / "link.md", facts.parent / "target.md"
    link.symlink_to(target)
    assert shell(f"{ADVISE} facts.yaml -o link.md", facts.parent).returncode == 0
    assert link.is_symlink()
    assert target.stat().st_size > 100


def test_a_pipe_is_written_into_and_stays(facts: Path) -> None:
    pipe = facts.parent / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")), daemon=True)
    reader.start()
    assert shell(f"{ADVISE} facts.yaml -o pipe", facts.parent).returncode == 0
    reader.join(30)
    assert pipe.is_fifo()
    assert len(read[0]) > 100


def test_an_open_stream_can_be_named(facts: Path) -> None:
    # A link of its own: were /dev/stdout replaced, it would be so for every program of the machine.
    (facts.parent / "stdout").symlink_to("/proc/self/fd/1")
    assert len(shell(f"{ADVISE} facts.yaml -o stdout", facts.parent).stdout) > 100
    assert shell(f"{ADVISE} facts.yaml -o stdout > kept.md; test -s kept.md", facts.parent).returncode == 0
    assert (facts.parent / "stdout").is_symlink()


def test_nothing_is_left_where_the_disk_is_full(facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from advise.files import replace_file

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(facts.parent / "plan.md", b"plan")
    assert [path.name for path in facts.parent.iterdir()] == ["facts.yaml"]


def test_what_killed_processes_left_is_swept(tmp_path: Path) -> None:
    from advise.files import sweep

    old, new, other = tmp_path / ".a.pickle.1.tmp", tmp_path / ".a.pickle.2.tmp", tmp_path / "a.pickle"
    for path in (old, new, other):
        path.write_bytes(b"")
    os.utime(old, (0, 0))
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.pickle.2.tmp", "a.pickle"]


def test_a_path_is_read_from_a_working_directory_that_was_deleted(facts: Path) -> None:
    result = shell(f'mkdir gone && cd gone && rmdir ../gone && {ADVISE} "{facts}"', facts.parent)
    assert result.returncode == 0, result.stderr
    assert len(result.stdout) > 100


@pytest.mark.parametrize(
    "job", ["facts.yaml", "study trials.csv", "whatif facts.yaml lr.peak=1", "observe run.log", "ask facts.yaml", "fleet .", "kb lint"]
)
def test_no_job_blames_the_output_for_a_deleted_working_directory(tmp_path: Path, job: str) -> None:
    result = shell(f"mkdir gone && cd gone && rmdir ../gone && {ADVISE} {job} < /dev/null", tmp_path)
    assert result.returncode in (0, 2)
    assert "internal" not in result.stderr
    assert "standard output" not in result.stderr
