"""What a call gives back, for any framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """A resource that has more."""

    address: str
    name: str
    mime_type: str = "text/markdown"


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of a call.

    Attributes:
        text: What a model reads.
        structured: The same as JSON values, in the shape of the tool's output schema; of an error, `{"error": …, "problems": […]}`.
        is_error: Whether the call went wrong; `text` then says how to put it right.
        links: Where there is more.
    """

    text: str
    structured: Mapping[str, Any]
    is_error: bool = False
    links: tuple[Link, ...] = field(default=())
