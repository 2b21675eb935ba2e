"""The authors' guide, walked literally in a copy of the knowledge base: its commands are run, its files are written as they stand."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
GUIDE = REPOSITORY / "docs" / "rule-authors.md"
BLOCK = re.compile(r"^```(sh|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RULE = "generalisation/average-holds-the-start"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with the rules of two topics: the walk needs no others."""
    folder = tmp_path_factory.mktemp("guide")
    shutil.copytree(REPOSITORY / "engine", folder / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "kb", folder / "kb")
    for topic in ("generalisation", "schedule"):
        shutil.copytree(REPOSITORY / "rules" / topic, folder / "rules" / topic)
    return folder


def advise(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "engine"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, "-m", "advise", *arguments], cwd=folder, capture_output=True, text=True, check=False, env=environment)


def blocks() -> Iterator[tuple[str, str]]:
    walk = GUIDE.read_text(encoding="utf-8").partition("## Conditions")[0]
    for match in BLOCK.finditer(walk):
        yield match[1], match[2]


def apply(folder: Path, kind: str, body: str) -> list[tuple[str, subprocess.CompletedProcess[str]]]:
    if kind == "sh":
        return [(line, advise(folder, *shlex.split(line)[1:])) for line in body.splitlines()]
    head, _, rest = body.partition("\n")
    if head.startswith("# in "):
        put_entry(folder / head.removeprefix("# in "), rest)
    else:
        (folder / head.removeprefix("# ")).write_text(rest, encoding="utf-8")
    return []


def put_entry(path: Path, entry: str) -> None:
    """What an author does in an editor: fill in the entry that was scaffolded, or add it at the end."""
    text, key = path.read_text(encoding="utf-8"), entry.partition("\n")[0]
    scaffolded = re.compile(rf"^{re.escape(key)}\n(?: {{3,}}.*\n)*", re.MULTILINE)
    path.write_text(scaffolded.sub(lambda _: entry, text) if scaffolded.search(text) else f"{text}{entry}", encoding="utf-8")


def test_the_walk_ends_with_a_green_rule(copy: Path) -> None:
    ran = [item for kind, body in blocks() for item in apply(copy, kind, body)]
    assert [line.split()[1] for line, _ in ran] == ["kb", "kb", "kb", "explain", "whatif"]
    assert {line: result.stderr for line, result in ran if result.returncode != 0} == {}
    lint = next(result for line, result in ran if line.startswith("advise kb lint"))
    assert "3 rule tests, 0 problems" in lint.stderr
    explained, difference = ran[-2][1].stdout, ran[-1][1].stdout
    assert RULE in explained
    assert "model.average_reach = 2" in explained
    assert "average_reaches_too_far" in difference


def test_before_it_is_filled_in_the_linter_says_what_is_left(copy: Path) -> None:
    assert advise(copy, "kb", "new", "rule", "diagnosis", "schedule/left-unfilled", "--concludes", "schedule_mismatch").returncode == 0
    result = advise(copy, "kb", "lint", "schedule/left-unfilled")
    assert result.returncode == 1
    assert result.stderr.count("this is still to be filled in") == 3
    assert "3 rule tests, 3 problems" in result.stderr
