"""The answers file, which `advise ask` keeps beside a facts file: a person's own file is never written into."""

from __future__ import annotations

import os
from collections.abc import Mapping

from advise.facts.written import written
from advise.text import Value

_ENDING = ".answers.yaml"
# How the file begins; a file with this line states facts, whatever it is called.
MARK = "# advise ask: "
_HEAD = f"{MARK}answers, rewritten as a whole; state facts by hand in the facts file · 问答的回答，会被整体重写；手写的事实请放进事实文件"


def answers_of(facts: str) -> str:
    """The path of the answers file of a facts file, which need not be there; an answers file is its own.

    Args:
        facts: The path of the facts file.
    """
    return facts if facts.lower().endswith(_ENDING) else os.path.splitext(facts)[0] + _ENDING


def answers_text(head: Mapping[str, str], answers: Mapping[str, Value]) -> tuple[str, Mapping[str, int]]:
    """An answers file, and the line, from 1, of each answer in it.

    Args:
        head: What it says of itself: `run` and `follows`, where someone wrote them there.
        answers: By fact.
    """
    lines = [_HEAD, *(f"{name}: {written(value)}" for name, value in {**head, **answers}.items())]
    return "".join(f"{line}\n" for line in lines), {name: number for number, name in enumerate(answers, len(head) + 2)}
