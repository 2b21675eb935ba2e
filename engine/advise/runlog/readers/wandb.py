"""W&B's offline files: the history of a run, what it was configured with, and what was measured of the machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from advise.runlog.readers.binary import opened
from advise.runlog.readers.damage import MAX_ENTRIES, Damage, Skipped
from advise.runlog.readers.flatten import flattened, number_of
from advise.runlog.readers.leveldb import MAGIC, records
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_FILE_BYTES, MAX_NAME_CHARACTERS, MAX_RECORDS
from advise.runlog.readers.refusal import not_installed, unreadable
from advise.runlog.readers.rows import Rows
from advise.runlog.readers.table import Remark, Setting, Table
from advise.runlog.readers.wandb_items import TYPE, belongs, is_media, key_of, media_in, record_class, text_of, value_of

_STEP, _TIMESTAMP = "_step", "_timestamp"
_MAX_SETTING_CHARACTERS = 1000


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes is an offline file of W&B."""
    return head.startswith(MAGIC)


def read(path: str, shown: str) -> tuple[Table, ...]:
    """Read an offline file; one that is still being written, or damaged, as far as it goes.

    Args:
        path: The file.
        shown: The same as the caller named it.

    Returns:
        One table. A record is a row of the history with its `_step`, or a reading of the machine in columns `system/…`; both have a
        `_timestamp` (seconds since 1970). Values of the summary that the history does not have are settings `summary/…`.

    Raises:
        LogError: Nothing in it can be read.
        MissingExtraError: protobuf is not installed.
    """
    try:
        gathered = _gathered(path, shown)
    except ImportError as error:
        raise not_installed(shown, "reading an offline file of W&B", error) from error
    if not gathered.history:
        raise unreadable(shown, "the offline file of W&B holds no history" + (", and it is damaged" if gathered.damage != Damage() else ""))
    return (gathered.table(shown),)


@dataclass(slots=True)
class _Gathered:
    """What an offline file holds."""

    rows: Rows = field(default_factory=Rows)
    settings: dict[str, Setting] = field(default_factory=dict)
    summary: dict[str, Setting] = field(default_factory=dict)
    skipped: Skipped = field(default_factory=Skipped)
    damage: Damage = field(default_factory=Damage)
    run: str | None = None
    history: int = 0
    entries: int = 0
    broken: int = 0
    exit_code: int | None = None
    beyond: bool = False

    def overfull(self, items: Any) -> bool:
        """Whether a record has more items than are looked at."""
        self.entries += len(items)
        self.rows.full |= self.entries > MAX_RECORDS
        self.damage.oversized += len(items) > MAX_ENTRIES
        return len(items) > MAX_ENTRIES

    def value(self, item: Any) -> object:
        """The value of an item, or None if it is broken."""
        try:
            return value_of(item)
        except ValueError:
            self.broken += 1
            return None

    def table(self, shown: str) -> Table:
        import numpy as np

        summary = {f"summary/{name}": value for name, value in self.summary.items() if name not in self.rows and not isinstance(value, str)}
        settings = {**self.settings, **summary}
        return Table(shown, "wandb", self.rows.columns(), np.array(self.rows.lines, dtype=np.int64), settings, tuple(self._remarks(shown)), self.run)

    def _remarks(self, shown: str) -> Iterator[Remark]:
        yield from self.damage.remarks(shown)
        yield from self.rows.remarks(shown)
        yield from self.skipped.remarks(shown)
        if self.broken:
            yield Remark("values_broken", shown, {"count": self.broken})
        if self.beyond:
            yield Remark("file_over_limit", shown, {"limit": MAX_FILE_BYTES})
        if self.exit_code is None:
            yield Remark("no_end", shown, {})
        elif self.exit_code:
            yield Remark("exit_code", shown, {"code": self.exit_code})


def _gathered(path: str, shown: str) -> _Gathered:
    from google.protobuf.message import DecodeError

    gathered, record = _Gathered(), record_class()
    with opened(path, shown) as (stream, whole):
        size = min(whole, MAX_FILE_BYTES)
        for number, data in records(stream, size, gathered.damage):
            try:
                _take(record.FromString(data), number, gathered)
            except DecodeError:
                gathered.damage.corrupt += 1
            if gathered.rows.full:
                break
    if whole > size:
        gathered.beyond, gathered.damage.cut_at = True, None
    return gathered


def _take(record: Any, number: int, gathered: _Gathered) -> None:
    if record.HasField("history"):
        _history(record.history, number, gathered)
    elif record.HasField("stats"):
        _stats(record.stats, number, gathered)
    elif record.HasField("config"):
        _update(gathered.settings, record.config, gathered)
    elif record.HasField("summary"):
        _update(gathered.summary, record.summary, gathered)
    elif record.HasField("exit"):
        gathered.exit_code = record.exit.exit_code
    elif record.HasField("run"):
        gathered.run = text_of(record.run.display_name or record.run.run_id)[:MAX_NAME_CHARACTERS] or gathered.run
        _update(gathered.settings, record.run.config, gathered)
        _update(gathered.summary, record.run.summary, gathered)


def _history(history: Any, number: int, gathered: _Gathered) -> None:
    if gathered.overfull(history.item):
        return
    gathered.rows.begin(number)
    gathered.history += 1
    if history.HasField("step"):
        gathered.rows.put(_STEP, history.step.num)
    media = media_in(history.item)
    for kind in media.values():
        gathered.skipped.add(kind)
    for item in history.item:
        if not belongs(item, media):
            _put(key_of(item), gathered.value(item), gathered)


def _stats(stats: Any, number: int, gathered: _Gathered) -> None:
    if gathered.overfull(stats.item):
        return
    gathered.rows.begin(number)
    gathered.rows.put(_TIMESTAMP, stats.timestamp.seconds + stats.timestamp.nanos / 1e9)
    for item in stats.item:
        _put(f"system/{key_of(item)}", gathered.value(item), gathered)


def _put(name: str, value: object, gathered: _Gathered) -> None:
    if is_media(value):
        gathered.skipped.add(str(value[TYPE]))
        return
    for column, single in flattened(name, value):
        number = number_of(single)
        if number is not None:
            gathered.rows.put(column, number)


def _update(kept: dict[str, Setting], updates: Any, gathered: _Gathered) -> None:
    if gathered.overfull(updates.update):
        return
    media = media_in(updates.update)
    for item in updates.update:
        key, value = key_of(item), gathered.value(item)
        # Names that begin so are what W&B keeps for itself.
        if key.startswith("_") or is_media(value) or belongs(item, media):
            continue
        for name, single in flattened(key, value):
            if len(name) <= MAX_NAME_CHARACTERS and (name in kept or len(kept) < MAX_COLUMNS):
                kept[name] = single[:_MAX_SETTING_CHARACTERS] if isinstance(single, str) else single
