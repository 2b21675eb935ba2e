"""From the registry's tools to those of the SDK. The SDK carries arguments and answers; what is wrong with them is said by the toolbox.

The SDK evaluates annotations where it finds them as text, and cannot find a resolver that is made in a function: so they are no text here.
"""

import time
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Annotated, Any

import anyio.to_thread
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.resolve import Elicit, ElicitationResult, Resolve
from mcp.server.mcpserver.tools import Tool as ServedTool
from mcp.server.mcpserver.utilities.func_metadata import ArgModelBase, FuncMetadata
from mcp_types import CallToolResult, ContentBlock, ResourceLink, TextContent, ToolAnnotations
from pydantic import BaseModel, ConfigDict

from advise.agent.call import call
from advise.agent.call_limits import MAX_WAITING
from advise.agent.dialects import listed_schemas
from advise.agent.mcp.form import answers_in, form_of
from advise.agent.registry import TOOLS, Tool
from advise.agent.result import ToolResult
from advise.agent.toolbox import Toolbox

_ASKING = "answer"


class _Anything(ArgModelBase):
    """Any arguments, handed on together."""

    model_config = ConfigDict(extra="allow")

    def model_dump_one_level(self) -> dict[str, Any]:
        return {"arguments": dict(self.model_extra or {})}


def bridged(toolbox: Toolbox) -> list[ServedTool]:
    """Every tool, served."""
    return [_served(tool, _asking(toolbox) if tool.name == _ASKING else _running(toolbox, tool.name)) for tool in TOOLS.values()]


def _served(tool: Tool, function: Callable[..., Any]) -> ServedTool:
    annotations = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    made = ServedTool.from_function(
        function, name=tool.name, title=tool.title, description=tool.description, annotations=annotations, structured_output=False
    )
    takes, gives = listed_schemas(tool)
    carried = FuncMetadata(arg_model=_Anything, output_schema=gives)
    return made.model_copy(update={"parameters": takes, "fn_metadata": carried})


def _running(toolbox: Toolbox, name: str) -> Callable[..., Any]:
    async def run(arguments: dict[str, Any]) -> CallToolResult:
        return await _called(toolbox, name, arguments)

    return run


def _asking(toolbox: Toolbox) -> Callable[..., Any]:
    """`answer` asks the person where no answers are handed in and the client has forms."""

    async def ask(arguments: dict[str, Any], context: Context) -> Elicit[BaseModel] | None:
        if not _has_forms(context):
            return None
        # A resolver may run again in each round of the protocol: the same arguments make the same form.
        return await anyio.to_thread.run_sync(partial(form_of, toolbox, arguments), abandon_on_cancel=True, limiter=_threads())

    async def run(arguments: dict[str, Any], asked: Annotated[ElicitationResult[BaseModel], Resolve(ask)]) -> CallToolResult:
        return await _called(toolbox, _ASKING, {**arguments, **answers_in(asked)})

    return run


def _has_forms(context: Context) -> bool:
    capabilities = context.client_capabilities
    elicitation = None if capabilities is None else capabilities.elicitation
    # Before there were modes, a bare capability meant forms.
    return elicitation is not None and (elicitation.form is not None or elicitation.url is None)


async def _called(toolbox: Toolbox, name: str, arguments: Mapping[str, Any]) -> CallToolResult:
    # The toolbox limits the time; here only the loop must not wait.
    work = partial(call, toolbox, name, arguments, since=time.monotonic())
    return _result(await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=_threads()))


@cache
def _threads() -> anyio.CapacityLimiter:
    """Threads for calls that wait: with the few that anyio has by itself, a call would wait for one before it is looked at."""
    return anyio.CapacityLimiter(2 * MAX_WAITING)


def _result(result: ToolResult) -> CallToolResult:
    content: list[ContentBlock] = [TextContent(type="text", text=result.text)]
    content += [ResourceLink(type="resource_link", uri=link.address, name=link.name, mime_type=link.mime_type) for link in result.links]
    # An error is no answer, and does not have the shape of one.
    structured = None if result.is_error else dict(result.structured)
    return CallToolResult(content=content, structured_content=structured, is_error=result.is_error)
