"""The guide for contributors, walked literally in a copy of the knowledge base; what it names is there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
GUIDE = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|yaml|csv)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contributing")
    shutil.copytree(REPOSITORY / "engine", folder / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "kb", folder / "kb")
    shutil.copytree(REPOSITORY / "rules" / "generalisation", folder / "rules" / "generalisation")
    return folder


def advise(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "engine"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, "-m", "advise", *arguments], cwd=folder, capture_output=True, text=True, check=False, env=environment)


def put(folder: Path, body: str) -> None:
    """What an editor does: a new file, an entry at the end of one or under a key of it, or one that was scaffolded filled in."""
    head, _, rest = body.partition("\n")
    place = re.fullmatch(r"# (in )?([\w./-]+)(?:, under (\w+:))?", head)
    assert place is not None, head
    path = folder / place[2]
    if not place[1]:
        path.write_text(rest, encoding="utf-8")
        return
    text, key = path.read_text(encoding="utf-8"), rest.partition("\n")[0]
    scaffolded = re.compile(rf"^{re.escape(key)}\n(?: {{3,}}.*\n)*", re.MULTILINE)
    if place[3]:
        assert f"\n{place[3]}\n" in text
        text = text.replace(f"\n{place[3]}\n", f"\n{place[3]}\n{rest}", 1)
    elif scaffolded.search(text):
        text = scaffolded.sub(lambda _: rest, text)
    else:
        text += rest
    path.write_text(text, encoding="utf-8")


def test_the_walk_ends_with_a_measured_fact_and_a_source(copy: Path) -> None:
    ran: dict[str, subprocess.CompletedProcess[str]] = {}
    for kind, body in BLOCK.findall(GUIDE):
        if kind != "sh":
            put(copy, body)
            continue
        for line in body.splitlines():
            ran[line] = advise(copy, *shlex.split(line)[1:])
    assert {line: result.stderr for line, result in ran.items() if result.returncode} == {}
    assert "model.router_entropy: 1.7" in ran["advise observe log.csv"].stdout
    assert "Balancing the use of experts" in ran["advise kb show shazeer-2017#balancing"].stdout
    # The linter finds nothing in what was added.
    lint = advise(copy, "kb", "lint", _any_rule(copy))
    assert lint.returncode == 0, lint.stderr


def _any_rule(folder: Path) -> str:
    rule = min(path for path in (folder / "rules").rglob("*.yaml") if not path.name.endswith(".test.yaml"))
    return rule.relative_to(folder / "rules").with_suffix("").as_posix()


def test_every_file_and_folder_that_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:kb|rules|engine|tests|docs|bench)/[\w./-]*|[\w-]+\.(?:toml|txt))`", GUIDE))
    assert len(named) > 8
    assert [path for path in named if not (REPOSITORY / path).exists()] == []


def test_every_target_of_make_that_it_names_is_there() -> None:
    targets = set(re.findall(r"^(\w+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make (\w+)", GUIDE, re.MULTILINE))
    assert {"test", "check", "generate", "fresh", "lock"} <= named <= targets
