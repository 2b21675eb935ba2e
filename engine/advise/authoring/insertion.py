"""Adding an entry to a file that people write: their comments and their layout stay as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from advise.files import write

_BETWEEN = re.compile(r"(?:#.*)?\s*")
_TOP_LEVEL = re.compile(r"^[^\s#].*$", re.MULTILINE)


def insert_entry(path: Path, section: str, entry: str) -> None:
    """Add an entry at the end of a section.

    Args:
        path: The file; one that is not there yet is made.
        section: The key at the top level that the entry belongs under.
        entry: Its lines, indented.

    Raises:
        OutputError: The file cannot be written.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    write(_inserted(text, section, entry), path)


def insert_below(path: Path, keys: Sequence[str], entry: str) -> None:
    """Add an entry at the end of a mapping that stands inside others, in a file that indents by two.

    Args:
        path: The file.
        keys: The keys that lead to the mapping, from the top level on; each is there.
        entry: Its lines, indented.

    Raises:
        OutputError: The file cannot be written.
    """
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    start, end = 0, len(lines)
    for depth, key in enumerate(keys):
        margin = "  " * depth
        start = next(index for index in range(start, end) if lines[index].startswith(f"{margin}{key}:")) + 1
        end = next((index for index in range(start, end) if lines[index].strip() and not lines[index].startswith(f"{margin}  ")), end)
    while not lines[end - 1].strip():
        end -= 1
    write("".join([*lines[:end], entry, *lines[end:]]), path)


def _inserted(text: str, section: str, entry: str) -> str:
    heads = [match for match in _TOP_LEVEL.finditer(text) if not match[0].startswith(("---", "..."))]
    own = next((index for index, match in enumerate(heads) if match[0].startswith(f"{section}:")), None)
    if own is None:
        return f"{text.rstrip()}\n{section}:\n{entry}".lstrip()
    end = heads[own + 1].start() if own + 1 < len(heads) else len(text)
    lines = text[:end].splitlines(keepends=True)
    # What is said about the next section stands above it.
    kept = next(count for count in range(len(lines), 0, -1) if not _BETWEEN.fullmatch(lines[count - 1]))
    before = "".join(lines[:kept]).rstrip().removesuffix("{}").rstrip()
    return f"{before}\n{entry}{''.join(lines[kept:])}{text[end:]}"
