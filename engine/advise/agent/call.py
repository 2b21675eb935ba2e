"""Calling a tool by name: arguments are checked, the time is limited, and whatever goes wrong comes back as an explained result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from advise.agent.registry import TOOLS, Tool
from advise.agent.reports import PREFIX
from advise.agent.result import ToolResult
from advise.agent.toolbox import Toolbox
from advise.agent.trouble import problems_of, trouble
from advise.documents.nearest import nearest

MAX_ARGUMENTS = 1024**2
_AFTER = "after"


def call(toolbox: Toolbox, name: str, arguments: Mapping[str, Any] | str, *, since: float | None = None) -> ToolResult:
    """Call a tool; never raises.

    Args:
        toolbox: What it works with.
        name: Its name.
        arguments: By name, or the same as a JSON string.
        since: When the call came, by `time.monotonic`, if it had to wait since.
    """
    tool = TOOLS.get(name)
    if tool is None:
        problem = {"what": f"there is no tool `{name}`", "accepted": ", ".join(TOOLS), "nearest": nearest(name, TOOLS) or ""}
        return trouble("there is no such tool", [problem], None, toolbox.roots)
    try:
        given = _parsed(arguments)
    except (ValueError, RecursionError) as error:
        return trouble("the arguments are no JSON object", [{"what": str(error), "accepted": "a JSON object"}], tool.example, toolbox.roots)
    try:
        reads = reads_files(given)
        same = f"{name} {json.dumps(given, sort_keys=True, default=repr)}" if reads else None
        return toolbox.limiter.wait(lambda: _run(toolbox, tool, given), reads=reads, same=same, since=since)
    except Exception as error:
        what, problems = problems_of(error, tool.takes)
        return trouble(what, problems, tool.example, toolbox.roots)


def reads_files(given: Mapping[str, Any]) -> bool:
    """Whether a call with these arguments reads any file.

    Args:
        given: The arguments by name, not checked yet.
    """
    return any(value for name, value in given.items() if name.endswith("paths") or (name == _AFTER and not str(value).startswith(PREFIX)))


def _run(toolbox: Toolbox, tool: Tool, given: Mapping[str, Any]) -> ToolResult:
    return tool.run(toolbox, tool.takes.model_validate(given)).result()


def _parsed(arguments: Mapping[str, Any] | str) -> Mapping[str, Any]:
    if not isinstance(arguments, str):
        return arguments
    if len(arguments) > MAX_ARGUMENTS:
        raise ValueError(f"arguments have at most {MAX_ARGUMENTS} characters")
    given = json.loads(arguments or "{}")
    if isinstance(given, dict):
        return given
    raise ValueError("the arguments are an object, by name")
