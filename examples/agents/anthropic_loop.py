"""A plain loop over tool use in the style of Anthropic's messages.

`complete` is whatever asks the model: with the official client it is

    lambda messages, tools: client.messages.create(model=…, max_tokens=2000, messages=messages, tools=tools).model_dump(exclude_none=True)

Here it replays `anthropic_calls.json`, so that the loop runs without a model: python examples/agents/anthropic_loop.py
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
        response = complete(messages, tools.schemas("anthropic"))
        messages.append({"role": "assistant", "content": response["content"]})
        if response["stop_reason"] != "tool_use":
            break
        messages.append({"role": "user", "content": [answered(block, toolbox) for block in response["content"] if block["type"] == "tool_use"]})
    return messages


def answered(block: Message, toolbox: tools.Toolbox | None) -> Message:
    """The result of one call."""
    result = tools.call(block["name"], block["input"], toolbox=toolbox)
    return {"type": "tool_result", "tool_use_id": block["id"], "content": result.text, "is_error": result.is_error}


def recorded(path: Path) -> Complete:
    """A model that says what was recorded."""
    said = iter(json.loads(path.read_text(encoding="utf-8")))
    return lambda _messages, _tools: next(said)


def main() -> None:
    """Replay the recording over the case in the folder next door."""
    here = Path(__file__).resolve().parent
    toolbox = tools.Toolbox.open([here.parent])
    for message in run(recorded(here / "anthropic_calls.json"), "Why does the run of stuck-cross-entropy/facts.yaml not learn?", toolbox):
        print(f"--- {message['role']}\n{json.dumps(message['content'], ensure_ascii=False, indent=1)}")  # noqa: T201


if __name__ == "__main__":
    main()
