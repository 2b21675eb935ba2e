"""What can be typed in place of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from advise.interview.answer import normal


class Command(Enum):
    """Something else than an answer."""

    UNKNOWN = auto()
    BACK = auto()
    HELP = auto()
    QUIT = auto()


_WORDS: Mapping[Command, tuple[str, ...]] = {
    Command.UNKNOWN: ("unknown", "?unknown", "不知道", "未知"),
    Command.BACK: ("back", "返回"),
    Command.HELP: ("help", "?", "帮助"),
    Command.QUIT: ("quit", "exit", "退出"),
}
_BY_WORD = {word: command for command, words in _WORDS.items() for word in words}
# No command, and no white space around one, is longer.
_LONGEST = 64


def command_of(text: str) -> Command | None:
    """The command that was typed; None for an answer. In quotes a word is an answer."""
    return _BY_WORD.get(normal(text[:_LONGEST]).casefold()) if len(text) < _LONGEST else None
