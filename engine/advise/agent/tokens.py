"""How much of a model's context a text takes, by a bound that needs no tokenizer."""

from __future__ import annotations

import math

# Tokenizers make about four characters of English prose a token, and about three of ids, numbers and JSON, of which an answer has many.
_CHARACTERS_A_TOKEN = 3
DEFAULT_BUDGET = 800
FULL_BUDGET = 12_000


def tokens(text: str) -> int:
    """An upper estimate: three ASCII characters a token, and a token for each other character."""
    others = len(text) - len(text.encode("ascii", "ignore"))
    return math.ceil((len(text) - others) / _CHARACTERS_A_TOKEN) + others


def cut(text: str, budget: int, ending: str) -> str:
    """The text as far as whole lines of it fit, and the ending where it was cut."""
    if tokens(text) <= budget:
        return text
    room = budget - tokens(ending) - 1
    kept: list[str] = []
    for line in text.splitlines():
        room -= tokens(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, ending])
