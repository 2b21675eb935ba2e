"""What is watched: a log of lines, which is read on from where it was left; or whatever else can be read, which is read anew when it has changed."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from advise.facts.record import Observed
from advise.live.watch.excerpt import Excerpt
from advise.live.watch.tail import Tail
from advise.runlog.readers.limits import MAX_ENTRIES, MAX_SETTINGS_BYTES
from advise.runlog.teaching import FILE as TEACHING
from advise.text import Text

if TYPE_CHECKING:
    from advise.advisor import Advisor

_HEAD = 4096
# To look through a folder may take so much of a core, where it takes more than so many seconds.
_SHARE, _LARGE = 0.002, 0.005
_LINE = re.compile(r":(\d+)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Reading:
    """How what is watched is read: as for `Advisor.observe`."""

    beside: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    run: str | None = None
    patterns: tuple[str, ...] = ()

    def observe(self, advisor: Advisor, path: str) -> Observed:
        """What is observed of a path, and of what is named beside it.

        Raises:
            InputError: It cannot be read.
        """
        return advisor.observe([path, *self.beside], columns=dict(self.columns), run=self.run, patterns=self.patterns)


class Source(Protocol):
    """Something to watch."""

    path: str
    is_there: bool

    def has_grown(self) -> bool:
        """Whether something is new since this was asked last."""
        ...

    def observe(self, advisor: Advisor, reading: Reading) -> Observed:
        """What is observed of it now.

        Raises:
            InputError: It cannot be read.
        """
        ...

    def close(self) -> None:
        """Nobody watches any more."""
        ...


def source_of(path: str) -> Source:
    """What is watched at a path, which need not be there yet.

    Args:
        path: A log, a folder, or what will be one.
    """
    return Changing(path) if os.path.isdir(path) else Growing(path)


@dataclass
class Changing:
    """A folder, or a file that is no file of lines: read anew, all of it, when something in it has changed."""

    path: str
    is_there: bool = True
    _seen: tuple[tuple[str, int, int], ...] = ()
    _rests_until: float = 0.0

    def has_grown(self) -> bool:
        """See `Source`. A folder of very many files is not looked through every time."""
        if time.monotonic() < self._rests_until:
            return False
        began = time.process_time()
        now = tuple(sorted(_stamps(self.path)))
        cost = time.process_time() - began
        if cost > _LARGE:
            self._rests_until = time.monotonic() + cost / _SHARE
        self.is_there = bool(now)
        has_changed = bool(now) and now != self._seen
        self._seen = now or self._seen
        return has_changed

    def observe(self, advisor: Advisor, reading: Reading) -> Observed:
        """See `Source`."""
        return reading.observe(advisor, self.path)

    def close(self) -> None:
        """See `Source`."""


@dataclass
class Growing:
    """A log. While it is one of lines, what is new is added to an excerpt of bounded size, which is what is read."""

    path: str
    is_there: bool = False
    _tail: Tail = field(init=False)
    _excerpt: Excerpt = field(default_factory=Excerpt, init=False)
    _whole: Changing = field(init=False)
    _is_of_lines: bool | None = None
    _folder: Path | None = None

    def __post_init__(self) -> None:
        """It has not been looked at yet."""
        self._tail, self._whole = Tail(self.path), Changing(self.path)

    def has_grown(self) -> bool:
        """See `Source`."""
        if not self._is_of_lines:
            self._is_of_lines = is_of_lines(self.path)
            self.is_there = self._is_of_lines is not None
            if not self._is_of_lines:
                return self.is_there and self._whole.has_grown()
        has_news = False
        while True:
            news = self._tail.news()
            self.is_there = news.what != "gone"
            has_news |= news.what not in ("gone", "nothing")
            if news.what == "rewritten":
                self._excerpt.clear()
            self._excerpt.take(news.lines)
            if not self._tail.behind or not self.is_there:
                return has_news

    def observe(self, advisor: Advisor, reading: Reading) -> Observed:
        """See `Source`."""
        if not self._is_of_lines:
            return self._whole.observe(advisor, reading)
        copy = self._written()
        return _as_in(self.path, str(copy), self._excerpt, reading.observe(advisor, str(copy)))

    def close(self) -> None:
        """See `Source`."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _written(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="advise-watch-"))
        _copy_teaching(Path(self.path).parent, self._folder)
        copy = self._folder / (os.path.basename(self.path) or "log")
        copy.write_bytes(self._excerpt.written(self._tail.half))
        return copy


def is_of_lines(path: str) -> bool | None:
    """Whether a file is a log of lines, each whole in itself; None where there is no such file.

    Args:
        path: The file. One JSON document over several lines is none, nor is anything that is binary or compressed.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        head = os.pread(descriptor, _HEAD, 0)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    if b"\0" in head or b"\n" not in head or head.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")):
        return False
    first = head.lstrip().partition(b"\n")[0].rstrip()
    return not first.startswith((b"{", b"[")) or first.endswith(b"}") or (first.startswith(b"[") and first[1:2] not in (b"", b"{"))


def _stamps(path: str) -> Iterator[tuple[str, int, int]]:
    """Name, size and time of every file of a folder, or of one file; of so many at most."""
    waiting, count = [path], 0
    while waiting and count < MAX_ENTRIES:
        folder = waiting.pop()
        try:
            if not os.path.isdir(folder):
                status = os.stat(folder)
                if stat.S_ISREG(status.st_mode):
                    yield folder, status.st_size, status.st_mtime_ns
                continue
            with os.scandir(folder) as entries:
                for entry in entries:
                    count += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.is_file():
                        status = entry.stat()
                        yield entry.path, status.st_size, status.st_mtime_ns
        except (OSError, ValueError):
            continue


def _copy_teaching(source: Path, folder: Path) -> None:
    """Lay the file beside a log that says how it is read beside its excerpt."""
    taught = source / TEACHING
    try:
        if taught.is_file() and taught.stat().st_size <= MAX_SETTINGS_BYTES:
            (folder / TEACHING).write_bytes(taught.read_bytes())
    except (OSError, ValueError):
        return


def _as_in(path: str, copy: str, excerpt: Excerpt, observed: Observed) -> Observed:
    """What was observed of an excerpt, with the places that it has in the log itself."""

    def placed(text: str) -> str:
        def numbered(found: re.Match[str]) -> str:
            first, last = (excerpt.number_of(int(number)) if number else None for number in found.groups())
            return f":{first}" + ("" if last is None else f"-{last}")

        start, separator, rest = text.partition(copy)
        return f"{start}{path}{_LINE.sub(numbered, rest, count=1)}" if separator else text

    def said(text: Text) -> Text:
        return Text.model_construct(en=placed(text.en), zh=placed(text.zh))

    facts = {}
    for name, fact in observed.facts.items():
        origin = fact.origin
        if origin.file == copy:
            last = excerpt.number_of(origin.last) if origin.last else 0
            origin = replace(origin, file=path, line=excerpt.number_of(origin.line) if origin.line else 0, last=last)
        facts[name] = replace(fact, origin=origin)
    findings = tuple(item.model_copy(update={"origin": placed(item.origin), "text": said(item.text)}) for item in observed.findings)
    return replace(observed, facts=facts, findings=findings)
