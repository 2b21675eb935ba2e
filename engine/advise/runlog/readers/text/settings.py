"""Settings that a log prints before it trains: `name: word`, `Config(seed=1, name='x')`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from advise.runlog.readers.table import Setting

_LOOKED_AT = 20_000
# Numbers are no business of this module: a number that comes once, before anything comes again, is a setting too.
_SETTING = re.compile(
    r"(?<![\w./-])([A-Za-z_][\w.-]{0,100}+)[ \t]{0,8}[=:][ \t]{0,8}('[^']{0,300}+'|\"[^\"]{0,300}+\"|[A-Za-z_][\w.+/-]{0,100}+)(?![\w:(])"
)
_WORDS = {"true": True, "false": False}


def settings_in(line: str) -> Iterator[tuple[str, Setting]]:
    """The settings that a line states in words.

    Args:
        line: Any line.
    """
    if ":" not in line and "=" not in line:
        return
    for match in _SETTING.finditer(line, 0, _LOOKED_AT):
        text = match[2]
        yield match[1], text[1:-1] if text[0] in "'\"" else _WORDS.get(text.lower(), text)
