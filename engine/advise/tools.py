"""The advisor as tools for any framework of agents: their definitions, and one function that calls them.

>>> from advise import tools
>>> [tool["function"]["name"] for tool in tools.schemas("openai")][:2]
['advise', 'observe']
>>> result = tools.call("advise", {"facts": {"clip.rate": 1.0}})
>>> result.is_error, result.structured["diagnoses"][0]["id"]
(False, 'clipping_saturated')
>>> print(tools.call("advise", {"facts": {"clip.rat": 1.0}}).text.splitlines()[1])
- argument: unknown fact `clip.rat`
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from advise.agent.call import call as _call
from advise.agent.dialects import DIALECTS, Dialect, definitions
from advise.agent.result import Link, ToolResult
from advise.agent.toolbox import Toolbox

__all__ = ["DIALECTS", "Dialect", "Link", "ToolResult", "Toolbox", "call", "schemas"]


def schemas(dialect: Dialect) -> list[dict[str, Any]]:
    """The definition of every tool.

    Args:
        dialect: `mcp`, `openai` or `anthropic`; the last two in their strict modes.
    """
    return definitions(dialect)


def call(name: str, arguments: Mapping[str, Any] | str, *, toolbox: Toolbox | None = None) -> ToolResult:
    """Call a tool. It never raises: what went wrong is in the result, in words that help a model to put it right.

    Args:
        name: The name of the tool.
        arguments: By name, or the same as the JSON string that some interfaces hand over.
        toolbox: What it works with; by default one that reads below the working directory of the process at the first call.
    """
    return _call(toolbox or _default(), name, arguments)


@cache
def _default() -> Toolbox:
    return Toolbox.open()
