"""What the terminal can show."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

_DEFAULT_WIDTH = 100
_WIDEST_READABLE = 120


@dataclass(frozen=True, slots=True)
class Terminal:
    """How wide a page may be, in cells, and whether it may have colours."""

    width: int = _DEFAULT_WIDTH
    colour: bool = False


def terminal_of(stream: IO[str], environ: Mapping[str, str] = os.environ) -> Terminal:
    """What a stream can show: plain text unless it is a terminal; no colours under `NO_COLOR` or in a dumb terminal."""
    if not stream.isatty():
        return Terminal()
    width = min(shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns, _WIDEST_READABLE)
    return Terminal(width, colour=not environ.get("NO_COLOR") and environ.get("TERM") != "dumb")
