"""What a log says in words: how the run ended and why, by `kb/messages.yaml`."""

from __future__ import annotations

import mmap
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from advise.errors import InputError
from advise.facts.fitting import fitting
from advise.facts.record import Fact, Origin
from advise.knowledge.messages import Message, MessagesFile
from advise.knowledge.vocabulary import Vocabulary
from advise.runlog.readers.limits import MAX_FILE_BYTES
from advise.runlog.readers.packed import is_packed, unpacked
from advise.runlog.readers.table import Table
from advise.text import Text, Value, is_number

# A line is looked at so far, and the numbers of a message stand in so many bytes from where it begins.
_MAX_LINE = 4_000
_MAX_BEHIND = 2_000
# How much of the end of a text is looked through for what ends a run: the last words of hundreds of processes.
_END = 1024**2
# A text that stands in more lines than this is counted no further.
_MAX_HITS = 20_000
# What other processes still print when one has ended.
_LATE_ROWS = 2
_QUOTED = 200
_MAGIC = 4
_CODE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# What is printed before the words of an exception: `[rank1]: `, a time, a level.
_LEAD = re.compile(r"(?:\[[^\]]{0,40}\][:\s]*|[\d:.,\-/T ]{4,40}|(?:ERROR|CRITICAL|error|FATAL)[:\s]+|[EW]\d{4} )*")
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]{0,120}(?:Error|Exception|Interrupt|Exit)(?::|\(|\s|$)")


@dataclass(frozen=True, slots=True)
class Said:
    """A message in a log.

    Attributes:
        message: What it is.
        file: The log, as the caller named it.
        line: Its line, from 1.
        text: The line, and what stands behind it.
    """

    message: Message
    file: str
    line: int
    text: str

    @property
    def quoted(self) -> str:
        """The line itself, as it is shown."""
        return " ".join(self.text.partition("\n")[0].split())[:_QUOTED]


def facts_of_messages(files: Iterable[str], tables: Sequence[Table], messages: MessagesFile, vocabulary: Vocabulary, how: Text) -> dict[str, Fact]:
    """What the logs say in words.

    Args:
        files: The logs, and other texts of the run.
        tables: What was read of them, which tells what was logged behind a message.
        messages: What logs say, and the facts that follow.
        vocabulary: The types and bounds of facts.
        how: The phrase for how it is known; `{line}` is the line.
    """
    said = [each for file in files for each in said_in(file, messages)]
    kept = [each for each in said if not each.message.ends or _is_at_the_end(each, tables)]
    rank = {message.id: place for place, message in enumerate(messages.messages)}
    kept.sort(key=lambda each: (rank[each.message.id], each.line))
    facts: dict[str, Fact] = {}
    cause = next((each.message.id for each in kept if each.message.ends), None)
    for each in kept:
        if each.message.ends and each.message.id != cause:
            continue
        for name, value in _values(each):
            _put(facts, name, _in_unit(value, vocabulary[name].unit, messages), each, vocabulary, how)
    for name, times in _counted(said).items():
        _put(facts, name, len(times), times[-1], vocabulary, how)
    return facts


def said_in(path: str, messages: MessagesFile) -> list[Said]:
    """The messages in a text, each line once for each message that it holds.

    Args:
        path: The file; one that cannot be read says nothing.
        messages: What logs say.
    """
    try:
        if not os.path.isfile(path) or not os.path.getsize(path):
            return []
        with open(path, "rb") as file:
            if is_packed(file.read(_MAGIC)):
                file.seek(0)
                return list(_said(unpacked(file, path)[0], path, messages))
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return list(_said(data, path, messages))
    except (OSError, ValueError, InputError):
        return []


def _said(data: mmap.mmap | bytes, path: str, messages: MessagesFile) -> Iterator[Said]:
    if data.find(b"\0", 0, 4096) >= 0:
        return
    starts: dict[int, set[str]] = defaultdict(set)
    for text, begin in _looked_for(messages, len(data)).items():
        for place in _places(data, text.encode(), begin):
            starts[data.rfind(b"\n", max(0, place - _MAX_LINE), place) + 1 or max(0, place - _MAX_LINE)].add(text)
    line = 1
    last = 0
    for start in sorted(starts):
        line += _newlines(data, last, start)
        last = start
        text = _CODE.sub("", data[start : start + _MAX_LINE + _MAX_BEHIND].decode("utf-8", "replace"))
        first = text.partition("\n")[0]
        for message in messages.messages:
            if any(each in starts[start] and each in first for each in message.any) and _counts(first, message):
                yield Said(message, path, line, text[: len(first) + _MAX_BEHIND])


def _looked_for(messages: MessagesFile, size: int) -> Mapping[str, int]:
    """Each text of a message, and from where on it is looked for: what ends a run stands at the end."""
    end = max(0, min(size, MAX_FILE_BYTES) - _END)
    found: dict[str, int] = {}
    for message in messages.messages:
        for text in message.any:
            found[text] = min(found.get(text, size), end if message.ends else 0)
    return found


def _places(data: mmap.mmap | bytes, text: bytes, begin: int) -> Iterator[int]:
    place, hits = data.find(text, begin, MAX_FILE_BYTES), 0
    while place >= 0 and hits < _MAX_HITS:
        yield place
        hits += 1
        place = data.find(text, place + len(text), MAX_FILE_BYTES)


def _newlines(data: mmap.mmap | bytes, start: int, end: int) -> int:
    return data[start:end].count(b"\n")


def _counts(line: str, message: Message) -> bool:
    if any(text in line for text in message.none):
        return False
    if not message.starts:
        return True
    lead = _LEAD.match(line)
    rest = line[lead.end() if lead else 0 :]
    return _EXCEPTION.match(rest) is not None or any(rest.startswith(text) for text in message.any)


def _is_at_the_end(said: Said, tables: Iterable[Table]) -> bool:
    """Whether nothing is logged behind a message, in its file, but for a few last rows of other processes."""
    return all(int((table.lines > said.line).sum()) <= _LATE_ROWS for table in tables if table.file == said.file and table.columns)


def _values(said: Said) -> Iterator[tuple[str, Value]]:
    yield from said.message.gives.items()
    if said.message.quotes is not None:
        yield said.message.quotes, said.quoted
    for pattern in said.message.patterns:
        found = pattern.search(" ".join(said.text.split()))
        yield from (found or {}).items()


def _counted(said: Iterable[Said]) -> Mapping[str, list[Said]]:
    times: dict[str, list[Said]] = defaultdict(list)
    for each in said:
        if each.message.counts is not None:
            times[each.message.counts].append(each)
    return times


def _put(facts: dict[str, Fact], name: str, value: Value, said: Said, vocabulary: Vocabulary, how: Text) -> None:
    fitted = fitting(value, vocabulary[name])
    if fitted is not None and name not in facts:
        facts[name] = Fact(name, fitted, Origin(said.file, said.line, how="measured"), how.filled({"line": said.quoted}))


def _in_unit(value: Value, unit: str, messages: MessagesFile) -> Value:
    """Bytes as the vocabulary counts them."""
    return value / messages.bytes_in[unit] if unit in messages.bytes_in and is_number(value) else value
