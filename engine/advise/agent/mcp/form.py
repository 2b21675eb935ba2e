"""Questions as a form that the client shows to the person, and what was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from mcp.server.elicitation import AcceptedElicitation
from mcp.server.mcpserver.resolve import Elicit
from pydantic import BaseModel, Field, ValidationError, create_model

from advise.agent.arguments import AnswerArguments
from advise.agent.asking import question_line, questions_of
from advise.agent.toolbox import Toolbox
from advise.errors import AdviseError
from advise.knowledge.vocabulary import FactSpec, FactType
from advise.render.voice import Voice

QUESTIONS = 4


def form_of(toolbox: Toolbox, arguments: Mapping[str, Any]) -> Elicit[BaseModel] | None:
    """A form with the next questions; None where answers are there already, nothing is left to ask, or the arguments are wrong.

    Args:
        toolbox: Knows what to ask.
        arguments: Those of `answer`.
    """
    try:
        asked = AnswerArguments.model_validate(arguments)
        if asked.answers:
            return None
        found = toolbox.limiter.wait(
            lambda: questions_of(toolbox, toolbox.examination(asked.paths, asked.facts), asked.sections)[:QUESTIONS], reads=bool(asked.paths)
        )
    except (AdviseError, ValidationError):
        # The tool itself then says what is wrong.
        return None
    if not found:
        return None
    voice = toolbox.voice(asked.lang)
    vocabulary = toolbox.advisor.knowledge.vocabulary
    fields = {f"field_{number}": _field(toolbox, question.fact, vocabulary[question.fact], voice) for number, question in enumerate(found)}
    form: type[BaseModel] = create_model("Questions", **fields)  # type: ignore[call-overload]
    return Elicit(voice.joined_phrase("agent_form"), form)


def answers_in(asked: object) -> dict[str, Any]:
    """The answers of a form that was filled in; nothing where it was not, or there was none."""
    if not isinstance(asked, AcceptedElicitation) or not isinstance(asked.data, BaseModel):
        return {}
    return {"answers": asked.data.model_dump(by_alias=True, exclude_none=True)}


def _field(toolbox: Toolbox, fact: str, spec: FactSpec, voice: Voice) -> tuple[Any, Any]:
    line = question_line(toolbox, fact, voice)
    described = Field(default=None, alias=fact, title=voice.joined(spec.title), description=f"{line.prompt} [{line.accepted}]")
    return _type(spec) | None, described


def _type(spec: FactSpec) -> Any:
    """What a field takes; numbers are typed as text, for they have units."""
    match spec.type:
        case FactType.BOOLEAN:
            return bool
        case FactType.ENUM:
            return Literal[tuple(spec.values)]
    return str
