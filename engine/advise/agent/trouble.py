"""What went wrong, so that a model can put it right: what, where, what is accepted, the nearest name, and a call that works."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from advise.agent.result import ToolResult
from advise.agent.roots import Roots
from advise.documents.nearest import nearest
from advise.documents.problems import Problem
from advise.errors import AdviseError, InputError
from advise.untrusted import said

_SHOWN = 8
# What pydantic says of an argument that is not one.
_UNEXPECTED = "extra_forbidden"
Said = dict[str, str]


def trouble(what: str, problems: Sequence[Said], example: Mapping[str, Any] | None, roots: Roots) -> ToolResult:
    """A call that went wrong.

    Args:
        what: In one line.
        problems: Each in detail: `what`, and where there is something to say `where`, `accepted` and `nearest`.
        example: Arguments that work.
        roots: What places are relative to.
    """
    shown = [{key: said(roots.hidden(text)) for key, text in problem.items() if text} for problem in problems[:_SHOWN]]
    structured: dict[str, Any] = {"error": said(roots.hidden(what)), "problems": shown}
    if len(problems) > _SHOWN:
        structured["more"] = len(problems) - _SHOWN
    if example is not None:
        structured["example"] = dict(example)
    return ToolResult("\n".join(_lines(structured)), structured, is_error=True)


def problems_of(error: Exception, takes: type[BaseModel]) -> tuple[str, list[Said]]:
    """What an exception says, in one line and in detail.

    Args:
        error: What was raised.
        takes: The model of the arguments.
    """
    match error:
        case ValidationError():
            return "the arguments cannot be accepted", [_invalid(found, takes) for found in error.errors(include_url=False, include_context=False)]
        case InputError():
            return "the input cannot be accepted", [_problem(problem) for problem in error.problems]
        case AdviseError():
            return str(error), []
    # What an unexpected exception says may hold anything; its type says enough to find it.
    return f"the advisor failed on this call ({type(error).__name__}); other calls still work", []


def _problem(problem: Problem) -> Said:
    where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    return {"what": problem.message, "where": where, "accepted": problem.accepted or "", "nearest": problem.nearest or ""}


def _invalid(found: Mapping[str, Any], takes: type[BaseModel]) -> Said:
    names = list(takes.model_fields)
    where = ".".join(map(str, found["loc"]))
    if found["type"] == _UNEXPECTED:
        return {"what": "there is no such argument", "where": where, "accepted": ", ".join(names), "nearest": nearest(where, names) or ""}
    field = takes.model_fields.get(str(found["loc"][0])) if found["loc"] else None
    described = field.description if field is not None and field.description else ""
    return {"what": found["msg"], "where": where or "arguments", "accepted": described}


def _lines(structured: Mapping[str, Any]) -> Iterator[str]:
    yield structured["error"]
    for problem in structured["problems"]:
        yield f"- {problem['where']}: {problem['what']}" if "where" in problem else f"- {problem['what']}"
        if "accepted" in problem:
            yield f"  accepted: {problem['accepted']}"
        if "nearest" in problem:
            yield f"  did you mean `{problem['nearest']}`?"
    if "more" in structured:
        yield f"and {structured['more']} more"
    if "example" in structured:
        yield f"example: {json.dumps(structured['example'], ensure_ascii=False)}"
