"""Prompts: how to go about a review, the next round, and a run that is stuck; their texts are in `kb/strings.yaml`."""

from __future__ import annotations

from typing import Annotated, get_args

from mcp.server import MCPServer
from pydantic import Field

from advise.agent.toolbox import Toolbox
from advise.interview.agenda import items_of
from advise.render.voice import Voice
from advise.text import LANGUAGE_CHOICES, LanguageChoice
from advise.untrusted import quoted

# The section of the checklist that is written for agents, walked in its own order.
_ROUND = "I"
PathsArgument = Annotated[str, Field(description="Logs, run directories and facts files, relative to the root, separated by commas.")]
LanguageArgument = Annotated[str, Field(description=f"Language: {', '.join(get_args(LanguageChoice))}.")]


def add_prompts(server: MCPServer[None], toolbox: Toolbox) -> None:
    """Serve the prompts."""

    @server.prompt(title="Review my run", description="Review a training run: what is wrong, what to change, what to find out.")
    def review_my_run(paths: PathsArgument = "", lang: LanguageArgument = "en") -> str:
        return _said(toolbox, "agent_prompt_review", paths, lang)

    @server.prompt(title="Plan the next round", description="Plan the next round of tuning along section I of the checklist, in its order.")
    def plan_the_next_round(paths: PathsArgument = "", lang: LanguageArgument = "en") -> str:
        voice = _voice(toolbox, lang)
        items = items_of([_ROUND], toolbox.advisor.knowledge)
        steps = [f"{number}. {item.id}: {voice.joined(item.title)}" for number, item in enumerate(items, start=1)]
        return "\n".join([_said(toolbox, "agent_prompt_round", paths, lang), *steps])

    @server.prompt(title="Debug a stuck run", description="Find out why a run does not learn, by the order of checks that costs least.")
    def debug_a_stuck_run(paths: PathsArgument = "", lang: LanguageArgument = "en") -> str:
        return _said(toolbox, "agent_prompt_stuck", paths, lang)


def _voice(toolbox: Toolbox, lang: str) -> Voice:
    """The language that was asked for; English for one that there is not."""
    return toolbox.voice(next((choice for choice in LANGUAGE_CHOICES if choice == lang), "en"))


def _said(toolbox: Toolbox, key: str, paths: str, lang: str) -> str:
    named = ", ".join(quoted(path.strip()) for path in paths.split(",") if path.strip()) or "–"
    return _voice(toolbox, lang).joined_phrase(key, paths=named)
