"""Adding an entry to a file that people write: their comments and their layout stay as they are."""

from __future__ import annotations

import re
from pathlib import Path

from advise.cli.output import write

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
    text = path.read_text(encoding="utf-8") if path.exists() else f"{section}:\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    write(_inserted(text, section, entry), path)


def _inserted(text: str, section: str, entry: str) -> str:
    heads = [match for match in _TOP_LEVEL.finditer(text) if not match[0].startswith(("---", "..."))]
    own = next(index for index, match in enumerate(heads) if match[0].startswith(f"{section}:"))
    end = heads[own + 1].start() if own + 1 < len(heads) else len(text)
    before = text[:end].rstrip()
    if before.endswith("{}"):
        before = before.removesuffix("{}").rstrip()
    after = text[end:]
    return f"{before}\n{entry}{after}"
