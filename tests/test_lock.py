"""The lock names a version of everything that is installed for the tests; `make lock` renews it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LOCKED = {
    canonicalize_name(name): Version(version)
    for file in ("constraints.txt", "constraints-live.txt")
    for name, version in re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
}


def requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    listed = [*project["dependencies"], *(item for name, items in extras.items() if name != "bench" for item in items)]
    return [requirement for requirement in map(Requirement, listed) if requirement.name != project["name"]]


def test_every_requirement_is_locked_to_a_version_that_it_allows() -> None:
    wrong = [str(each) for each in requirements() if not each.specifier.contains(LOCKED.get(canonicalize_name(each.name), Version("0")))]
    assert not wrong, f"not in constraints.txt, or in a version that pyproject.toml does not allow: {wrong}; run `make lock`"


def test_the_lock_holds_nothing_but_names_and_versions() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.!+]+", line)] == []
