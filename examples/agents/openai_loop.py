"""A plain loop over tool calls in the style of OpenAI's chat completions.

`complete` is whatever asks the model: with the official client it is

    lambda messages, tools: client.chat.completions.create(model=…, messages=messages, tools=tools).choices[0].message.model_dump(exclude_none=True)

Here it replays `openai_calls.json`, so that the loop runs without a model: python examples/agents/openai_loop.py
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from advise import tools

Message = dict[str, Any]
Complete = Callable[[list[Message], list[dict[str, Any]]], Message]
MAX_ROUNDS = 10


def run(complete: Complete, task: str, toolbox: tools.Toolbox | None = None) -> list[Message]:
    """Let the model work on a task; the conversation, the model's last word at its end."""
    messages: list[Message] = [{"role": "user", "content": task}]
    for _ in range(MAX_ROUNDS):
        message = complete(messages, tools.schemas("openai"))
        messages.append({"role": "assistant", **message})
        if not message.get("tool_calls"):
            break
        for asked in message["tool_calls"]:
            # The arguments are JSON text, and may be anything: what is wrong with them comes back as text that the model can act on.
            result = tools.call(asked["function"]["name"], asked["function"]["arguments"], toolbox=toolbox)
            messages.append({"role": "tool", "tool_call_id": asked["id"], "content": result.text})
    return messages


def recorded(path: Path) -> Complete:
    """A model that says what was recorded."""
    said = iter(json.loads(path.read_text(encoding="utf-8")))
    return lambda _messages, _tools: next(said)


def main() -> None:
    """Replay the recording over the case in the folder next door."""
    here = Path(__file__).resolve().parent
    toolbox = tools.Toolbox.open([here.parent])
    for message in run(recorded(here / "openai_calls.json"), "Review supernet/facts.yaml and say what to change.", toolbox):
        print(f"--- {message['role']}\n{message.get('content') or json.dumps(message['tool_calls'], indent=1)}")  # noqa: T201


if __name__ == "__main__":
    main()
