"""The page on the architecture names what is there, and all of it."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "engine" / "advise"
PAGE = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([\w./]+(?:/|\.py|\.yaml))`", PAGE))


def test_what_it_names_is_there() -> None:
    places = (REPOSITORY, PACKAGE, PACKAGE / "render")
    assert [name for name in NAMED if not any((place / name).exists() for place in places)] == []


def test_every_room_is_in_it() -> None:
    rooms = {f"{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")} | {
        f"{path.name}/" for path in PACKAGE.iterdir() if any(path.glob("*.py"))
    }
    missing = sorted(room for room in rooms if not any(name.startswith(room) for name in NAMED))
    assert not missing, f"say in ARCHITECTURE.md what {', '.join(missing)} is for"


def test_it_is_one_page() -> None:
    assert len(PAGE.splitlines()) <= 70
