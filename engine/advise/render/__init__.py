"""From a plan to what a person reads: Markdown, a terminal page, JSON or one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from advise.plan.model import Plan
from advise.render.outline import page_of
from advise.render.terminal import Terminal, terminal_of
from advise.render.voice import LanguageChoice, Voice
from advise.text import Text

Format = Literal["md", "text", "json", "html"]

__all__ = ["Format", "LanguageChoice", "Terminal", "render", "terminal_of"]

_PLAIN = Terminal()


def render(plan: Plan, strings: Mapping[str, Text], fmt: Format, language: LanguageChoice = "both", terminal: Terminal = _PLAIN) -> str:
    """The plan in one format.

    Args:
        plan: What to show.
        strings: The fixed phrases of `kb/strings.yaml`.
        fmt: Markdown, text for a terminal, JSON (always in both languages) or HTML (always in both; `language` is what it opens with).
        language: One language, or both, Chinese first.
        terminal: How wide `text` may be, and whether it may have colours.
    """
    if fmt == "json":
        return plan.to_json() + "\n"
    if fmt == "html":
        from advise.render.html import as_html

        return as_html(plan, strings, language)
    page = page_of(plan, Voice(strings, language))
    if fmt == "text":
        from advise.render.text import as_text

        return as_text(page, terminal.width, terminal.colour)
    from advise.render.markdown import as_markdown

    return as_markdown(page)
