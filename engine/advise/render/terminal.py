"""What the terminal can show, and which language its reader reads."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from advise.text import Language

_DEFAULT_WIDTH = 100
_NARROWEST = 20
_WIDEST_READABLE = 120
# In the order in which POSIX looks for the language of messages.
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True, slots=True)
class Terminal:
    """How wide a page may be, in cells, and whether it may have colours."""

    width: int = _DEFAULT_WIDTH
    colour: bool = False


def terminal_of(stream: IO[str], environ: Mapping[str, str] = os.environ) -> Terminal:
    """What a stream can show: no colours but on a terminal, under no `NO_COLOR` and that is not dumb; as wide as `COLUMNS` or the terminal say."""
    # Python takes a COLUMNS that is no number, or none above 0, for none.
    width = min(max(shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns, _NARROWEST), _WIDEST_READABLE)
    return Terminal(width, colour=stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb")


def language_of_locale(environ: Mapping[str, str]) -> Language:
    """The language of a reader by the locale for messages: Chinese for `zh_CN.UTF-8`, English for any other and for none."""
    # An empty variable counts as one that is not set.
    named = next((value for value in map(environ.get, _LOCALE) if value), "")
    return "zh" if re.match(r"zh(?![a-z])", named, re.IGNORECASE) else "en"
