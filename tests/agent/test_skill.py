"""The skill for coding agents: its form, and that what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from advise.advisor import Advisor
from advise.agent.skill import NAME, skill
from advise.agent.tokens import tokens
from advise.cli import main
from advise.cli.app import app
from advise.text import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_the_form_of_a_skill(advisor: Advisor, language: Language) -> None:
    text = skill(advisor.knowledge, language)[f"{NAME}/SKILL.md"]
    _, head, body = text.split("---\n", 2)
    said = yaml.safe_load(head)
    assert said.keys() == {"name", "description"}
    # What the format of skills allows.
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", said["name"])
    assert len(said["name"]) <= 64
    assert 0 < len(said["description"]) <= 1024
    assert len(body.splitlines()) <= 500
    assert tokens(body) <= 5000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_commands_and_options_that_it_names_exist(advisor: Advisor, language: Language) -> None:
    body = skill(advisor.knowledge, language)[f"{NAME}/SKILL.md"]
    commands = get_command(app).commands  # type: ignore[attr-defined]
    calls = re.findall(r"`advise ([^`]+)`", body)
    assert calls
    for call in calls:
        first = call.split()[0]
        command = commands[first if first in commands else "plan"]
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", call)) <= options


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_references_hold_every_diagnosis_and_what_it_points_to(advisor: Advisor, language: Language) -> None:
    files = skill(advisor.knowledge, language)
    for name in re.findall(r"`(references/[a-z]+\.md)`", files[f"{NAME}/SKILL.md"]):
        assert f"{NAME}/{name}" in files
    diagnoses = files[f"{NAME}/references/diagnoses.md"]
    assert all(f"- `{name}` " in diagnoses for name in advisor.knowledge.diagnoses)
    assert "`loosen_clip`" in diagnoses
    assert "- `lr.peak` (number" in files[f"{NAME}/references/settings.md"]


def test_it_is_written_into_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["skill", str(tmp_path / "skills")])
    assert not stopped.value.code
    assert sorted(path.name for path in (tmp_path / "skills" / NAME).rglob("*.md")) == ["SKILL.md", "diagnoses.md", "settings.md"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["skill", str(tmp_path / "file")])
    assert stopped.value.code == 2
    assert "cannot be made" in capsys.readouterr().err
