"""Nothing outside the roots is read, however it is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.agent.call import call
from advise.agent.roots import Roots
from advise.agent.toolbox import Toolbox
from advise.errors import FactsError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside.yaml").write_text("clip.rate: 0.5")
    root = tmp_path / "root"
    (root / "runs").mkdir(parents=True)
    (root / "runs" / "facts.yaml").write_text("clip.rate: 1.0")
    return root


def refusal(root: Path, path: str) -> str:
    with pytest.raises(FactsError) as caught:
        Roots.of([root]).opened([path])
    return caught.value.problems[0].message


def test_a_file_below_a_root_is_found_by_its_relative_and_its_absolute_path(root: Path) -> None:
    real = os.path.realpath(root / "runs" / "facts.yaml")
    assert Roots.of([root]).opened(["runs/facts.yaml", str(root / "runs" / "facts.yaml"), "runs/../runs/facts.yaml"]) == [real] * 3


@pytest.mark.parametrize("path", ["../outside.yaml", "/etc/passwd", "runs/../../outside.yaml", "runs/../../root2"])
def test_what_leads_out_is_refused(root: Path, path: str) -> None:
    assert "leads out" in refusal(root, path)


def test_a_sibling_whose_name_begins_like_the_root_is_outside(root: Path) -> None:
    (root.parent / "root2").mkdir()
    (root.parent / "root2" / "facts.yaml").write_text("clip.rate: 0.5")
    assert "leads out" in refusal(root, str(root.parent / "root2" / "facts.yaml"))


def test_a_link_that_leads_out_is_refused(root: Path) -> None:
    (root / "link.yaml").symlink_to(root.parent / "outside.yaml")
    (root / "folder").symlink_to(root.parent)
    assert "leads out" in refusal(root, "link.yaml")
    assert "leads out" in refusal(root, "folder/outside.yaml")


def test_a_link_that_stays_inside_is_followed(root: Path) -> None:
    (root / "link.yaml").symlink_to(root / "runs" / "facts.yaml")
    assert Roots.of([root]).opened(["link.yaml"]) == [os.path.realpath(root / "runs" / "facts.yaml")]


def test_a_folder_with_a_link_that_leads_out_is_refused(root: Path) -> None:
    (root / "runs" / "log.csv").symlink_to(root.parent / "outside.yaml")
    assert "leads out" in refusal(root, "runs")


def test_a_pipe_is_refused_at_once(root: Path) -> None:
    os.mkfifo(root / "pipe")
    assert "neither a plain file nor a folder" in refusal(root, "pipe")


def test_a_missing_file_is_told_with_what_lies_beside_it(root: Path) -> None:
    with pytest.raises(FactsError) as caught:
        Roots.of([root]).opened(["runs/fact.yaml"])
    assert caught.value.problems[0].accepted == "facts.yaml"


def test_the_standard_input_is_a_name_like_any_other(root: Path) -> None:
    assert "no such file" in refusal(root, "-")


@pytest.mark.parametrize("path", ["", "  ", "a\0b", "x" * 2000])
def test_what_is_no_path_is_refused(root: Path, path: str) -> None:
    assert "characters" in refusal(root, path)


def test_too_much_together_is_refused(root: Path) -> None:
    (root / "runs" / "big.csv").write_bytes(b"x" * 3000)
    with pytest.raises(FactsError, match="MiB"):
        Roots.of([root], max_bytes=2000).opened(["runs"])
    assert Roots.of([root], max_bytes=4000).opened(["runs"])


def test_too_many_paths_are_refused(root: Path) -> None:
    with pytest.raises(FactsError, match="at most 20"):
        Roots.of([root]).opened(["runs/facts.yaml"] * 21)


def test_a_root_is_a_folder(root: Path) -> None:
    with pytest.raises(FactsError, match="folder that exists"):
        Roots.of([root / "runs" / "facts.yaml"])


def test_places_are_told_relative_to_the_root(root: Path) -> None:
    roots = Roots.of([root])
    assert roots.hidden(f"{os.path.realpath(root)}/runs/facts.yaml:1:1 and {os.path.realpath(root)}") == "runs/facts.yaml:1:1 and ."


@given(st.text(max_size=60))
def test_any_path_is_refused_or_stays_below_the_root(path: str) -> None:
    roots = Roots.of([Path(__file__).parent])
    try:
        opened = roots.opened([path])
    except FactsError:
        return
    assert all(found == roots.folders[0] or found.startswith(roots.folders[0] + os.sep) for found in opened)


def test_an_earlier_plan_is_read_below_the_roots_only(toolbox: Toolbox, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "plan.json"
    outside.write_text("{}")
    result = call(toolbox, "advise", {"after": str(outside)})
    assert result.is_error
    assert "leads out" in result.text


def test_facts_cannot_name_an_earlier_plan_of_their_own(toolbox: Toolbox) -> None:
    result = call(toolbox, "advise", {"facts": {"follows": "/etc/passwd"}})
    assert result.is_error
    assert "`after`" in result.text
