"""Logs of text: `key=value`, `key: value`, counters such as `Epoch 3/30`, progress bars, blocks of several lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from advise.runlog.readers.limits import MAX_LINE_CHARACTERS
from advise.runlog.readers.lines import lines_of
from advise.runlog.readers.records import Records, split_of
from advise.runlog.readers.refusal import unreadable
from advise.runlog.readers.table import Remark, Table

FORMAT = "text"
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?(?!\d)|\d+(?:_\d{3})*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|NaN|NAN|inf|Inf|INF|[iI]nfinity)"
_NAME = r"[A-Za-z_][\w./@\-]*(?:\[\d+\])?(?:/[\w.@\-]+)*"
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_TIMESTAMP = re.compile(r"\b(\d{4})[-/](\d\d)[-/](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,6}))?")
_COUNTER = re.compile(
    r"(?<![\w/.])(epoch|step|iter|iteration|it|batch|global[ _]step|update)s?\b\s*[:=#]?\s*\[?\s*(\d+)(?:\s*(?:/|of)\s*(\d+))?", re.IGNORECASE
)
_NESTED_COUNTER = re.compile(r"epoch:?\s*\[\s*(\d+)(?:/\d+)?\s*\]\s*\[\s*(\d+)\s*/\s*(\d+)\s*\]", re.IGNORECASE)
_BRACKET_COUNTER = re.compile(r"(?<![\w\]])\[\s*(\d+)\s*/\s*(\d+)[^\]]*\]")
_PAIR = re.compile(rf"(?<![\w./])({_NAME})\s*[=:]\s*\[?({_NUMBER})(?:\s*/\s*(\d+))?(%|[a-zA-Zµ]+(?:/[a-zA-Z]+)?)?(?![\w.])")
_SPACED = re.compile(rf"(?<![\w./=:])([A-Za-z][\w./@\-]*)\s+({_NUMBER})(?:\s*\(({_NUMBER})\))?(%)?(?![\w:/.=])")
_KERAS = re.compile(r"^\s*\d+/\d+\s*[\[━=]")
_EXCEPTION = re.compile(r"^(?:[\w.]+\.)?(?:\w*(?:Error|Exception|Interrupt)|OutOfMemoryError)\b.*")
_SETTING = re.compile(rf"(?<![\w./])({_NAME})\s*[=:]\s*('[^']*'|\"[^\"]*\"|{_NUMBER}|True|False|true|false)(?![\w.])")
_COUNTED = frozenset({"epoch", "step", "iter", "iteration", "it", "batch", "global_step", "update", "timestamp"})
_MAX_EXCEPTION = 160
_HEAD_RECORDS = 2


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a log of text: several lines with a counter and another number."""
    text = head.decode("utf-8", "replace")
    found, is_below_counter = 0, False
    for line in re.split(r"[\r\n]+", text)[:20_000]:
        if len(line) >= MAX_LINE_CHARACTERS or line.lstrip().startswith(("#", "- ")):
            continue
        plain = _COLOURS.sub("", line)
        # A counter may stand on a line of its own, above the numbers that belong to it.
        found += _is_progress(plain) or (is_below_counter and line[:1].isspace() and _PAIR.search(plain) is not None)
        if found >= _HEAD_RECORDS:
            return True
        is_below_counter = bool(dict(_counters(plain)))
    return False


def read(text: str, shown: str) -> tuple[Table, ...]:
    """Read a log of text.

    Args:
        text: The file.
        shown: The file as the caller named it.

    Raises:
        LogError: No line of it has a counter and a number.
    """
    log = _Log(shown)
    for number, line in lines_of(text):
        if len(line) > MAX_LINE_CHARACTERS:
            log.long += 1
        else:
            log.take(number, _last_shown(_COLOURS.sub("", line)))
    return (log.table(),)


@dataclass(slots=True)
class _Log:
    """Takes line after line; the record that is open takes what the lines below its counter say."""

    shown: str
    records: Records = field(default_factory=Records)
    line: int = 0
    open: dict[str, object] = field(default_factory=dict)
    epoch: object = None
    long: int = 0
    ending: Remark | None = None

    def take(self, number: int, line: str) -> None:
        if not line.strip():
            return
        self._look_for_the_end(number, line)
        counters = dict(_counters(line))
        if counters:
            self._close()
            self._counted(counters)
            self.line, self.open = number, counters
        elif not self.open:
            if not len(self.records.rows.lines):
                self._settings(line)
            return
        pairs = dict(_pairs(line, spaced=bool(counters) or bool(_KERAS.match(line))))
        if counters or line[:1].isspace() or _KERAS.match(line):
            self.open |= pairs
        elif pairs and _is_mostly(line, pairs):
            self._close()
            self.line, self.open = number, dict(pairs)

    def _counted(self, counters: dict[str, object]) -> None:
        """Totals are settings; an epoch that a line of its own told goes on until the next."""
        for name in [name for name in counters if name.endswith("_total")]:
            self.records.set(name, counters.pop(name))
        if "epoch" in counters:
            self.epoch = counters["epoch"]
        elif self.epoch is not None:
            counters["epoch"] = self.epoch

    def _close(self) -> None:
        """Keep the open record, if it says more than where it stands."""
        if self.open.keys() - _COUNTED:
            self.records.add(self.line, self.open)
        self.open = {}

    def _settings(self, line: str) -> None:
        for match in _SETTING.finditer(line[:20_000]):
            self.records.set(match[1], _setting(match[2]))

    def _look_for_the_end(self, number: int, line: str) -> None:
        place = f"{self.shown}:{number}"
        stripped = line.strip()
        if "out of memory" in line.lower():
            self.ending = Remark("out_of_memory", place)
        elif stripped.startswith("KeyboardInterrupt"):
            self.ending = Remark("ended_by_interrupt", place)
        elif _EXCEPTION.match(stripped):
            self.ending = Remark("ended_by_exception", place, {"exception": stripped[:_MAX_EXCEPTION]})
        elif "early stopping" in line.lower() and not _PAIR.search(line):
            self.ending = Remark("early_stopped", place)

    def table(self) -> Table:
        self._close()
        if not len(self.records.rows.lines):
            raise unreadable(self.shown, "no line of it has a step or an epoch and a number beside it")
        if self.ending is not None:
            self.records.remarks.append(self.ending)
        if self.long:
            self.records.remarks.append(Remark("long_lines", self.shown, {"count": self.long}))
        return self.records.table(self.shown, FORMAT)


def _setting(text: str) -> object:
    if text[:1] in "'\"":
        return text[1:-1]
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return _value(text, None, None)


def _last_shown(line: str) -> str:
    """What a terminal shows in the end of a line that a progress bar wrote over."""
    return next((part for part in reversed(line.rstrip("\r").split("\r")) if part.strip()), "")


def _is_progress(line: str) -> bool:
    return (bool(dict(_counters(line))) and bool(set(dict(_pairs(line, spaced=True))) - {"timestamp"})) or bool(
        _KERAS.match(line) and _PAIR.search(line)
    )


def _counters(line: str) -> Iterator[tuple[str, object]]:
    """Where the line stands: `Epoch: [3][120/500]`, `step:12/1530`, `[step=5/1000]`, `Epoch 3/30`, `[ 120/1530]`."""
    nested = _NESTED_COUNTER.search(line)
    if nested:
        yield "epoch", float(nested[1])
        yield "iter", float(nested[2])
        yield "iter_total", float(nested[3])
        return
    found = False
    for match in _COUNTER.finditer(line):
        found = True
        name = match[1].lower().replace(" ", "_")
        yield name, float(match[2])
        if match[3]:
            yield f"{name}_total", float(match[3])
    bracket = None if found else _BRACKET_COUNTER.search(line)
    if bracket and int(bracket[2]) > 1:
        yield "step", float(bracket[1])
        yield "step_total", float(bracket[2])


def _pairs(line: str, *, spaced: bool) -> Iterator[tuple[str, object]]:
    """The numbers of a line by name; a word of the split before the first of them goes before the names."""
    stamp = _TIMESTAMP.search(line)
    if stamp:
        seconds = _seconds(stamp)
        if seconds is not None:
            yield "timestamp", seconds
        line = line[: stamp.start()] + line[stamp.end() :]
    without = _NESTED_COUNTER.sub(" ", _COUNTER.sub(" ", line))
    matches = list(_PAIR.finditer(without))
    first = matches[0].start() if matches else len(without)
    split = next((found for word in re.findall(r"[A-Za-z]+", without[:first]) if (found := split_of(word))), None)
    for match in matches:
        value = _value(match[2], match[3], match[4])
        yield _with_split(match[1], split), value
    if spaced:
        named = {match[1] for match in matches}
        for match in _SPACED.finditer(_PAIR.sub(" ", without)):
            if match[1] not in named and split_of(match[1]) is None and len(match[1]) > 1:
                yield _with_split(match[1], split), _value(match[2], None, match[4])


def _with_split(name: str, split: str | None) -> str:
    words = re.findall(r"[A-Za-z]+", name)
    return name if split is None or any(split_of(word) for word in words) else f"{split}/{name}"


def _value(number: str, total: str | None, unit: str | None) -> float:
    value = float(number.replace("_", "").replace(",", ""))
    if total and float(total) > 0:
        return value / float(total)
    scale = {"%": 0.01, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "k": 1e3, "K": 1e3, "M": 1e6}
    return value * scale.get((unit or "").split("/")[0], 1.0)


def _is_mostly(line: str, pairs: dict[str, object]) -> bool:
    """Whether a line without a counter is a row of numbers, not a sentence with one in it."""
    taken = sum(len(match[0]) for match in _PAIR.finditer(line))
    return len(pairs) >= 2 and 2 * taken >= len(_TIMESTAMP.sub("", line).strip())


def _seconds(stamp: re.Match[str]) -> float | None:
    year, month, day, hour, minute, second = (int(part) for part in stamp.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, second, int((stamp[7] or "0").ljust(6, "0"))).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
