"""Nested values of JSON as single ones with names."""

from __future__ import annotations

from collections.abc import Iterator

from advise.runlog.readers.limits import MAX_DEPTH, MAX_LIST_MEMBERS, MAX_NAME_CHARACTERS
from advise.runlog.readers.table import Setting


def flattened(name: str, value: object, depth: int = 0) -> Iterator[tuple[str, Setting]]:
    """The single values in a value of JSON: keys are joined by `/`, members of a short list are `name[0]`.

    Nulls, lists that are long, and what is nested too deep or below too long a name are left out.

    Args:
        name: What the value is called.
        value: Any value of JSON.
        depth: How deep it is nested.
    """
    if isinstance(value, bool | int | float | str):
        yield name, value
    elif depth >= MAX_DEPTH or len(name) > MAX_NAME_CHARACTERS:
        return
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from flattened(f"{name}/{key}", member, depth + 1)
    elif isinstance(value, list) and len(value) <= MAX_LIST_MEMBERS:
        for index, member in enumerate(value):
            yield from flattened(f"{name}[{index}]", member, depth + 1)


def number_of(value: Setting) -> float | None:
    """A value as a number: truth as 0 or 1, and the words that JSON has to use for NaN and infinities; None if it is other text."""
    if isinstance(value, str):
        return _WORDS.get(value)
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


_WORDS = {word: float(word) for word in ("NaN", "nan", "Infinity", "-Infinity", "inf", "-inf")}
