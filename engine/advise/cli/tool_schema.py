"""`advise tool-schema`: the definitions of the tools, for whoever calls them in a loop of their own."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from advise.cli.options import Output
from advise.files import write


def tool_schema_command(
    dialect: Annotated[
        Literal["mcp", "openai", "anthropic"],
        typer.Option("--for", help="mcp: as tools/list has them; openai, anthropic: valid for their strict modes."),
    ] = "mcp",
    output: Output = None,
) -> None:
    """Write the tool definitions as JSON; `advise.tools.call(name, arguments)` carries the calls out."""
    import json

    from advise.agent.dialects import definitions

    write(json.dumps(definitions(dialect), ensure_ascii=False, indent=2), output)
