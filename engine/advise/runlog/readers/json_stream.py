"""Objects of JSON one after the other, without the tree of the whole document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_DECODER = json.JSONDecoder()
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(slots=True)
class Objects:
    """The objects of a list in a text, each with its line.

    Attributes:
        text: The text.
        start: Where the list begins, behind its bracket.
        end: Where reading came to an end.
        complete: Whether the list was closed.
    """

    text: str
    start: int
    end: int = 0
    complete: bool = False

    def __iter__(self) -> Iterator[tuple[int, dict[str, object]]]:
        """Every object, with the line on which it begins."""
        text, place = self.text, self.start
        line, counted = text.count("\n", 0, place) + 1, place
        while True:
            match = _BETWEEN.match(text, place)
            place = match.end() if match else place
            self.end = place
            if place >= len(text):
                return
            if text[place] == "]":
                self.end, self.complete = place + 1, True
                return
            line += text.count("\n", counted, place)
            counted = place
            try:
                value, place = _DECODER.raw_decode(text, place)
            except (ValueError, RecursionError):
                return
            if isinstance(value, dict):
                yield line, value
