"""Reading a log: its format is told by its contents, not by its name."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from advise.facts.meant import FACTS_LINE
from advise.runlog.readers.binary import binary_kind
from advise.runlog.readers.limits import MAX_FILE_BYTES
from advise.runlog.readers.packed import beginning, is_packed, unpacked

if TYPE_CHECKING:
    from advise.documents.line_pattern import LinePattern
    from advise.runlog.lexicon import Lexicon
    from advise.runlog.readers.table import Remark, Table

Sniff: TypeAlias = Callable[[bytes], bool]
# Of a text, or of the path of a binary file; and what to call it.
Read: TypeAlias = "Callable[[str, str], tuple[Table, ...]]"
_HEAD = 64 * 1024
_TAUGHT_HEAD = 1024**2
# So much of a compressed file is unpacked to see what is in it.
_UNPACKED_HEAD = 4 * 1024**2
_COUNTER = re.compile(rb"(?<![\w./])(?:epoch|step|iter|iteration|it|batch|update)s?\b[\s:=#\[]{0,4}\d|\d\s{0,4}/\s{0,4}\d", re.IGNORECASE)
_KEY = re.compile(rb"[^\s:#][^:\r\n]{0,200}:(?=\s|$)|---|\.\.\.")
# What a line of YAML begins with that is a comment, an item or goes on.
_WITHIN = (b" ", b"\t", b"#", b"-", b"%", b"}", b"]")
# A second name with a value on one line, which a plain scalar of YAML cannot hold; what is quoted or in brackets can.
_SECOND = re.compile(rb"\s*[^\s'\"{\[#&*|>][^#]*?:\s")
_COMMENT = re.compile(rb"#(?!\d)")
_DIGITS = re.compile(rb"\d+")
_LOOKED_AT = 400
# How our own answers begin, which people keep beside their logs.
_OURS = re.compile(rb'\s*\{\s*"schema"\s*:\s*"advise/(?!record@)')


def is_log(path: str) -> bool:
    """Whether a file looks like a training log rather than a facts file; looks at its beginning, and at two more places of a long text.

    Args:
        path: The file; one that cannot be read is no log.
    """
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            parts = _parts(file, _HEAD)
    except (OSError, ValueError):
        return False
    if parts is None:
        # What is in it can only be seen with a package that is missing: reading says which.
        return True
    head, *further = parts
    if not _might_be_log(head):
        return False
    from advise.runlog.readers import parquet

    reader = _binary_reader(head)
    if reader is parquet.read:
        return parquet.is_log(path)
    return reader is not None or (binary_kind(head) is None and _text_reader(head, further) is not None)


def looked_into(path: str, size: int) -> bytes | None:
    """The first bytes of a file, unpacked if it is compressed; None where they cannot be unpacked here.

    Args:
        path: The file.
        size: How many bytes.

    Raises:
        OSError: It cannot be read.
        ValueError: There can be no file of this name.
    """
    with open(path, "rb") as file:
        head = file.read(size)
        if not is_packed(head):
            return head
        file.seek(0)
        return beginning(file, size)


def _parts(file: BinaryIO, size: int) -> list[bytes] | None:
    """The beginning of a file, and two more places of a long one; unpacked if it is compressed, and None where that cannot be done here."""
    head = file.read(size)
    if not is_packed(head):
        return [head, *_windows(file, os.fstat(file.fileno()).st_size)]
    file.seek(0)
    start = beginning(file, _UNPACKED_HEAD)
    return None if start is None else [start[:size], *_windows(BytesIO(start), len(start))]


def _windows(file: BinaryIO, size: int) -> list[bytes]:
    """The middle and the end of a file that is longer than its head: what a trainer prints before it trains may be long."""
    if size <= _HEAD:
        return []
    found = []
    for start in (max(_HEAD, size // 2), max(_HEAD, size - _HEAD)):
        file.seek(start)
        # The first line is one that was begun before.
        found.append(file.read(_HEAD).partition(b"\n")[2])
    return found


def is_ours(path: str) -> bool:
    """Whether a file is a plan, or another answer of this program in JSON.

    Args:
        path: The file; one that cannot be read is none.
    """
    return _OURS.match(_beginning(path)) is not None


def states_facts(path: str) -> bool:
    """Whether a file has the line that facts files have.

    Args:
        path: The file; one that cannot be read states none.
    """
    return FACTS_LINE.search(_beginning(path)) is not None


def _beginning(path: str) -> bytes:
    """The first bytes of a file as they lie there; none of one that cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read(_HEAD)
    except (OSError, ValueError):
        return b""


def is_taught(path: str, patterns: Sequence[LinePattern]) -> bool:
    """Whether a line of a text file fits what was taught; looks at its first megabyte, and at two more places.

    Args:
        path: The file; one that cannot be read fits nothing.
        patterns: What was taught.
    """
    if not patterns or not os.path.isfile(path):
        return False
    from advise.runlog.readers import taught
    from advise.runlog.readers.encoding import text_of

    try:
        with open(path, "rb") as file:
            parts = _parts(file, _TAUGHT_HEAD)
    except (OSError, ValueError):
        return False
    return any(taught.fits(text_of(part, "")[0], patterns) for part in parts or ())


def read_log(path: str, *, shown: str | None = None, lexicon: Lexicon | None = None, patterns: Sequence[LinePattern] = ()) -> tuple[Table, ...]:
    """Read a training log.

    Args:
        path: The file.
        shown: What to call it; by default its path.
        lexicon: The words that name counters and splits; by default those of the packaged knowledge.
        patterns: What was taught of the form of lines; a text in which a line fits is read by it.

    Returns:
        One table, or one for each run of a database.

    Raises:
        LogError: Nothing in it can be read.
        MissingExtraError: Its reader needs packages that are not installed.
    """
    shown = path if shown is None else shown
    from advise.runlog.readers.binary import opened
    from advise.runlog.readers.mlflow_files import is_run_folder, read_run_folder
    from advise.runlog.readers.refusal import unreadable

    if is_run_folder(path):
        return read_run_folder(path, shown)
    with opened(path, shown) as (stream, size):
        head = stream.read(_HEAD)
        if not size:
            raise unreadable(shown, "the file is empty")
        if is_packed(head):
            stream.seek(0)
            return _read_packed(*unpacked(stream, shown), shown, lexicon, patterns)
        reader = _binary_reader(head)
        if reader is None:
            stream.seek(0)
            # As much as there is and no more: a buffer of the limit is more than many hosts give.
            data = stream.read(min(size, MAX_FILE_BYTES) + 1)
            if len(data) > MAX_FILE_BYTES:
                raise unreadable(shown, f"the file is larger than {MAX_FILE_BYTES // 1024**3} GiB, which is the limit")
            return _read_text(data, head, shown, lexicon, patterns)
    return reader(path, shown)


def _read_packed(data: bytes, remarks: Sequence[Remark], shown: str, lexicon: Lexicon | None, patterns: Sequence[LinePattern]) -> tuple[Table, ...]:
    from dataclasses import replace

    from advise.runlog.readers.refusal import unreadable

    head = data[:_HEAD]
    if _binary_reader(head) is not None:
        raise unreadable(shown, "in it is a binary log, which has to be unpacked before it can be read")
    return tuple(replace(table, remarks=(*remarks, *table.remarks)) for table in _read_text(data, head, shown, lexicon, patterns))


def _read_text(data: bytes, head: bytes, shown: str, lexicon: Lexicon | None, patterns: Sequence[LinePattern]) -> tuple[Table, ...]:
    from dataclasses import replace

    from advise.runlog.readers import delimited, fast_csv, taught, textlog
    from advise.runlog.readers.encoding import text_of
    from advise.runlog.readers.refusal import unreadable

    if patterns:
        text, remarks = text_of(data, shown)
        if taught.fits(text, patterns):
            return tuple(replace(table, remarks=(*remarks, *table.remarks)) for table in taught.read(text, shown, patterns))
    kind = binary_kind(head)
    if kind is not None:
        raise unreadable(shown, f"this is no log but a binary file, {kind}")
    reader = _text_reader(head, _windows(BytesIO(data), len(data)))
    if reader is delimited.read and len(data) >= fast_csv.LARGE:
        table = fast_csv.read(data, shown)
        if table is not None:
            return (table,)
    if reader is None:
        accepted = "CSV, trainer_state.json, JSON lines, lists by name, text with `step` or `epoch` and `name=value`, TensorBoard, W&B, MLflow"
        raise unreadable(shown, "this is no training log of a known format", accepted)
    text, remarks = text_of(data, shown)
    if reader is textlog.read:
        reader = partial(textlog.read, lexicon=lexicon)
    return tuple(replace(table, remarks=(*remarks, *table.remarks)) for table in reader(text, shown))


def _text_reader(head: bytes, further: Iterable[bytes]) -> Read | None:
    from advise.runlog.readers import delimited, hf, jsonl, listed, record, textlog
    from advise.runlog.readers.encoding import text_of

    # UTF-16 looks like anything but what it says.
    plain = text_of(head[: len(head) // 2 * 2], "")[0].encode() if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:64] else head
    readers: tuple[tuple[Sniff, Read], ...] = (
        (record.sniff, record.read),
        (hf.sniff, hf.read),
        (jsonl.sniff, jsonl.read),
        (delimited.sniff, delimited.read),
        (textlog.sniff, textlog.read),
        (listed.sniff, listed.read),
    )
    known = next((read for sniff, read in readers if sniff(plain)), None)
    if known is None and not textlog.is_document(plain) and any(map(textlog.sniff, further)):
        return textlog.read
    return known


def _might_be_log(head: bytes) -> bool:
    """Whether it is worth to look closer: most files that are asked about are facts files, and the readers take time to import."""
    if FACTS_LINE.search(head) or _OURS.match(head):
        return False
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"[") or not _is_utf8(head) or b"\0" in head or _COUNTER.search(head):
        return True
    first = next((line for line in head.splitlines() if line.strip() and not _COMMENT.match(line)), b"")
    if any(mark in first for mark in (b",", b";", b"\t")):
        return True
    # A table that was printed is indented from its first line on.
    if first[:1] in (b" ", b"\t") and b":" not in first:
        return True
    keys: set[bytes] = set()
    for line in head.splitlines()[:_LOOKED_AT]:
        if line[:1] in _WITHIN or not line.strip():
            continue
        key = _KEY.match(line)
        if key is None or _SECOND.match(line, key.end()):
            return True
        # A facts file gives each name a value, once; and no name of a fact holds a space or counts lines.
        name = _DIGITS.sub(b"#", key[0]) if b" " in key[0] or not key[0].isascii() else key[0]
        if name in keys:
            return True
        keys.add(name)
    return False


def _is_utf8(head: bytes) -> bool:
    try:
        # The head may end within a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _binary_reader(head: bytes) -> Read | None:
    from advise.runlog.readers import mlflow, parquet, tensorboard, wandb

    readers: tuple[tuple[Sniff, Read], ...] = (
        (mlflow.sniff, mlflow.read),
        (wandb.sniff, wandb.read),
        (parquet.sniff, parquet.read),
        (tensorboard.sniff, tensorboard.read),
    )
    return next((read for sniff, read in readers if sniff(head)), None)
