"""The order of the rooms: what a module imports stands below it, so that the package has no circle and data flows one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "engine" / "advise"
# From the ground up. What is written side by side does not know each other.
FLOORS = (
    ("uncertain",),
    ("text",),
    ("errors", "units", "conditions"),
    ("terms", "untrusted", "files", "database", "statistics", "deadline"),
    ("documents",),
    ("infer",),
    ("knowledge",),
    ("facts",),
    ("runlog",),
    ("plan",),
    ("render",),
    ("explain",),
    ("advisor",),
    ("experiments", "interview", "live"),
    ("authoring",),
    ("agent", "cli"),
    ("tools", "__init__", "__main__"),
)
FLOOR = {room: index for index, rooms in enumerate(FLOORS) for room in rooms}
# Faces do not know each other; the command line only starts the server, and writes the definitions of its tools and the skill.
STARTS = {"cli/mcp.py", "cli/skill.py", "cli/tool_schema.py"}
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def imports(tree: ast.Module) -> Iterator[str]:
    """The modules of the package that are imported when the code runs, wherever in it; what only types are imported for is left out."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            waiting.extend(node.orelse)
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "advise":
            yield from [f"advise.{alias.name}" for alias in node.names] if node.module == "advise" else [node.module]
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "advise")
        waiting.extend(ast.iter_child_nodes(node))


def room_of(module: str) -> str:
    return module.split("/", maxsplit=1)[0].removesuffix(".py")


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_imported_from_above(module: str) -> None:
    room = room_of(module)
    assert room in FLOOR, f"{room} has no place in the order: say where it stands in FLOORS, and in ARCHITECTURE.md"
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    others = {name.split(".")[1] for name in imports(tree) if "." in name} - {room}
    wrong = {other for other in others if FLOOR[other] >= FLOOR[room]}
    assert not wrong or (module in STARTS and wrong == {"agent"})


def test_a_circle_between_modules_does_not_exist() -> None:
    graph: dict[str, set[str]] = {}
    for module in MODULES:
        name = "advise." + module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        graph[name] = set(imports(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))))
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"a circle: {' → '.join((*path[path.index(name) :], name))}"
        if name in done or name not in graph:
            return
        for other in sorted(graph[name]):
            visit(other, (*path, name))
        done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_an_import_from_above_is_seen() -> None:
    tree = ast.parse(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from advise.cli import app\ndef f():\n    from advise.agent import call\n"
    )
    assert list(imports(tree)) == ["advise.agent"]
