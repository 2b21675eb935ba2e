"""Lines of JSON, an object each, or one list of objects: W&B's history, MMDetection, detectron2, DETR, scripts of one's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from advise.runlog.readers.json_stream import Objects
from advise.runlog.readers.limits import MAX_LINE_CHARACTERS
from advise.runlog.readers.lines import lines_of
from advise.runlog.readers.records import Records
from advise.runlog.readers.refusal import unreadable
from advise.runlog.readers.table import Remark, Table

FORMAT = "jsonl"
_HEAD = 64 * 1024
# Objects that are laid out over lines, one behind the other.
_LAID_OUT = re.compile(rb"\A\{[ \t\r]*+\n[^\0]*?\n\}\s{0,20},?\s{0,20}\{\s")
_LIST = re.compile(rb"\[\s*\{")


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes holds objects of JSON, more than one."""
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped.startswith(b"["):
        return _LIST.match(stripped) is not None
    if not stripped.startswith(b"{"):
        return False
    if _LAID_OUT.search(stripped):
        return True
    lines = [line.strip() for line in stripped.split(b"\n") if line.strip()]
    # The last line may be cut by the end of the head; one that is long enough fills it alone.
    if len(lines) == 1:
        return False
    return lines[0].endswith(b"}") and any(line.startswith(b"{") for line in lines[1:]) and _is_object(lines[0])


def read(text: str, shown: str) -> tuple[Table, ...]:
    """Read objects; lines that are none are left out.

    Args:
        text: The file.
        shown: The file as the caller named it.

    Raises:
        LogError: There is no object in it.
    """
    records, broken, first_broken = Records(), 0, 0
    pending: tuple[int, dict[str, object]] | None = None
    for line, record in _objects(text):
        if record is None:
            broken += 1
            first_broken = first_broken or line
            continue
        if pending is not None:
            _take(pending, record, records)
            pending = None
        if not len(records.rows.lines) and not records.settings:
            pending = (line, record)
        else:
            records.add(line, record)
    if pending is not None:
        records.add(*pending)
    if broken:
        records.remarks.append(Remark("lines_broken", f"{shown}:{first_broken}", {"count": broken}))
    if not len(records.rows.lines):
        raise unreadable(shown, "there is no complete object of JSON in it")
    return (records.table(shown, FORMAT),)


def _take(first: tuple[int, dict[str, object]], second: dict[str, object], records: Records) -> None:
    """The first object is a record, unless it has nothing in common with the second: then it says how the run was configured."""
    line, record = first
    if record.keys() & second.keys():
        records.add(line, record)
        return
    for name, value in record.items():
        records.set(name, value)


def _objects(text: str) -> Iterator[tuple[int, dict[str, object] | None]]:
    """Each object with its line; None for a line that holds none."""
    start = len(text) - len(text.lstrip())
    if text.startswith("[", start):
        yield from Objects(text, start + 1)
        return
    if _LAID_OUT.search(text[start : start + _HEAD].encode("utf-8", "replace")):
        yield from Objects(text, start)
        return
    for number, line in lines_of(text):
        stripped = line.strip()
        if stripped:
            yield number, object_in(stripped)


def object_in(line: str) -> dict[str, object] | None:
    """The object of JSON that a line holds; None where it holds none, or is too long.

    Args:
        line: Without white space at its ends.
    """
    if len(line) > MAX_LINE_CHARACTERS:
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
