"""Each file of tests/bad/rules and tests/bad/kb has one defect, and beside it stands the exact report that its author gets.

The first line of a bad file says where in the knowledge base of tests/bad/base it goes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from advise.authoring.workbench import Workbench
from advise.documents.problems import render
from advise.knowledge.files import Root
from advise.knowledge.prepared import prepare

BAD = Path(__file__).parents[1] / "bad"
NAMES = sorted(f"{folder}/{path.name}" for folder in ("rules", "kb") for path in (BAD / folder).glob("*.bad.yaml"))


@pytest.fixture(scope="module")
def strings() -> str:
    """A file of every phrase that the code says, each with the same words."""
    phrases = "".join(f"  {key}:\n    en: Said.\n    zh: 已说。\n" for key in sorted(prepare().knowledge.strings))
    return f"strings:\n{phrases}"


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strings: str) -> Path:
    """The sound knowledge base, as the working directory."""
    shutil.copytree(BAD / "base", tmp_path, dirs_exist_ok=True)
    (tmp_path / "kb" / "strings.yaml").write_text(strings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report() -> str:
    """What `advise kb lint` finds in the working directory."""
    workbench = Workbench.open(Root(Path("kb"), (Path("rules"),)))
    if workbench.problems:
        return f"{render(workbench.problems)}\n"
    problems, warnings = workbench.lint()
    parts = [("", [*problems, *workbench.run_tests()[1]]), ("warnings:\n", warnings)]
    return "".join(f"{head}{render(found)}\n" for head, found in parts if found)


def test_the_base_itself_is_sound(sound: Path) -> None:
    assert report() == ""


@pytest.mark.parametrize("name", NAMES)
def test_report(name: str, sound: Path) -> None:
    text = (BAD / name).read_text(encoding="utf-8")
    target = sound / text.partition("\n")[0].removeprefix("# ")
    target.write_text(text, encoding="utf-8")
    assert report() == (BAD / f"{name}.report").read_text(encoding="utf-8")


def test_every_report_belongs_to_a_file() -> None:
    assert sorted(f"{path.parent.name}/{path.stem}" for path in BAD.glob("*/*.bad.yaml.report") if path.parent.name in ("rules", "kb")) == NAMES
