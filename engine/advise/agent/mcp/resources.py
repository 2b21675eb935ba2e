"""Resources: the lists of the knowledge base, each of its entries, and the kept reports."""

from __future__ import annotations

from collections.abc import Callable

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError

from advise.agent.resources import ENTRY, REPORT, REPORT_JSON, RULE, SHELVES, entry_text, report_json, report_text, shelf_text
from advise.agent.toolbox import Toolbox
from advise.errors import AdviseError

_PLAIN, _MARKDOWN, _JSON = "text/plain", "text/markdown", "application/json"


def add_resources(server: MCPServer[None], toolbox: Toolbox) -> None:
    """Serve what can be read."""
    for address, shelf in SHELVES.items():
        server.resource(address, name=shelf.name, title=shelf.title, description=shelf.description, mime_type=_PLAIN)(_shelf(toolbox, address))

    @server.resource(RULE, name="rule", title="A rule", description="What a rule concludes, when, why, and on which sources.", mime_type=_MARKDOWN)
    def rule(topic: str, name: str) -> str:
        return _found(entry_text, toolbox, f"{topic}/{name}")

    @server.resource(
        ENTRY, name="entry", title="An entry", description="A fact, decision, diagnosis, checklist item or erratum by its name.", mime_type=_PLAIN
    )
    def entry(name: str) -> str:
        return _found(entry_text, toolbox, name)

    @server.resource(REPORT, name="report", title="A report", description="The whole plan that a tool made, in both languages.", mime_type=_MARKDOWN)
    def report(name: str) -> str:
        return _found(report_text, toolbox, name)

    @server.resource(REPORT_JSON, name="plan", title="A plan", description="The whole plan that a tool made, as advise/plan@1.", mime_type=_JSON)
    def plan(name: str) -> str:
        return _found(report_json, toolbox, name)


def _shelf(toolbox: Toolbox, address: str) -> Callable[[], str]:
    def read() -> str:
        return shelf_text(toolbox, address)

    return read


def _found(reader: Callable[[Toolbox, str], str], toolbox: Toolbox, name: str) -> str:
    try:
        return reader(toolbox, name)
    except AdviseError as error:
        raise ResourceNotFoundError(str(error)) from error
