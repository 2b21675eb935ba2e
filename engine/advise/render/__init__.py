"""From a plan to what a person reads: Markdown, a terminal page, JSON or one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping

from advise.plan.model import Plan
from advise.render.outline import page_of
from advise.render.page import unfolded
from advise.render.terminal import Terminal, terminal_of
from advise.render.voice import Voice
from advise.terms import Format, PlanFormat
from advise.text import LanguageChoice, Text

__all__ = ["Format", "LanguageChoice", "Terminal", "render", "terminal_of"]

_PLAIN = Terminal()


def render(
    plan: Plan, strings: Mapping[str, Text], fmt: PlanFormat, language: LanguageChoice = "both", terminal: Terminal = _PLAIN, *, full: bool = False
) -> str:
    """The plan in one format.

    Args:
        plan: What to show.
        strings: The fixed phrases of `kb/strings.yaml`.
        fmt: Markdown, text for a terminal, JSON (always whole, and in both languages), HTML (always in both; `language` is what it opens with) or
            SARIF.
        language: One language, or both, Chinese first.
        terminal: How wide `text` may be, and whether it may have colours.
        full: Everything; else text is what fits on one screen, and Markdown begins with that and folds the rest.
    """
    if fmt == "json":
        return plan.to_json() + "\n"
    if fmt == "sarif":
        from advise.render.sarif import as_sarif

        return as_sarif(plan, language)
    if fmt == "html":
        from advise.render.html import as_html

        return as_html(plan, strings, language)
    voice = Voice(strings, language)
    if fmt == "text":
        return _text(plan, voice, terminal, full=full)
    from advise.render.brief import brief_markdown
    from advise.render.markdown import as_markdown

    return as_markdown(page_of(plan, voice) if full else brief_markdown(plan, voice, lambda page: as_markdown(page).count("\n") + 1))


def _text(plan: Plan, voice: Voice, terminal: Terminal, *, full: bool) -> str:
    from advise.render.brief import brief_text
    from advise.render.text import as_text, lines_of_text

    page = unfolded(page_of(plan, voice)) if full else brief_text(plan, voice, lambda page: lines_of_text(page, terminal.width))
    return as_text(page, terminal.width, terminal.colour)
