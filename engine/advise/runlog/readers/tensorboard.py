"""TensorBoard event files: scalars of TensorFlow 1 and 2, PyTorch and tensorboardX, and the hyperparameters of the hparams plugin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from advise.runlog.readers import tensors
from advise.runlog.readers.binary import opened
from advise.runlog.readers.damage import MAX_ENTRIES, Damage, Skipped
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_FILE_BYTES, MAX_NAME_CHARACTERS, MAX_RECORDS
from advise.runlog.readers.messages import Fields, message_classes
from advise.runlog.readers.refusal import not_installed, unreadable
from advise.runlog.readers.scalars import Scalars
from advise.runlog.readers.table import Remark, Setting, Table
from advise.runlog.readers.tfrecord import records

_MESSAGES: dict[str, Fields] = {
    "Event": {"wall_time": (1, "double"), "step": (2, "int64"), "summary": (5, "Summary")},
    "Summary": {"value": (1, "*Value")},
    "Value": {
        "tag": (1, "bytes"),
        "simple_value": (2, "float"),
        "image": (4, "bytes"),
        "histo": (5, "bytes"),
        "audio": (6, "bytes"),
        "tensor": (8, "Tensor"),
        "metadata": (9, "Metadata"),
    },
    "Metadata": {"plugin_data": (1, "PluginData")},
    "PluginData": {"plugin_name": (1, "bytes"), "content": (2, "bytes")},
    "Hyperparameters": {"session_start": (3, "SessionStart")},
    "SessionStart": {"hparams": (1, "*Entry")},
    "Entry": {"key": (1, "bytes"), "value": (2, "Scalar")},
    "Scalar": {"number": (2, "double"), "string": (3, "bytes"), "bool": (4, "bool")},
    **tensors.MESSAGES,
}
# Where the first event stands: its time, then (a step of zero is left out) the version of the file.
_FIRST_EVENT, _VERSION = slice(12, 64), b"brain.Event:"
_MEDIA = {"image": "images", "histo": "histograms", "audio": "audio"}
_SCALARS, _HPARAMS = b"scalars", b"hparams"
_MAX_SETTING_CHARACTERS = 1000


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes is an event file."""
    return _VERSION in head[_FIRST_EVENT]


def read(path: str, shown: str) -> tuple[Table, ...]:
    """Read an event file; one that is still being written, or damaged, as far as it goes.

    Args:
        path: The file.
        shown: The same as the caller named it.

    Returns:
        One table. Its records are steps; `step` and `wall_time` (seconds since 1970) say when they were logged.

    Raises:
        LogError: Nothing in it can be read.
        MissingExtraError: protobuf or google-crc32c is not installed.
    """
    try:
        gathered = _gathered(path, shown)
    except ImportError as error:
        raise not_installed(shown, "reading a TensorBoard event file", error) from error
    if not len(gathered.scalars):
        if gathered.settings:
            import numpy as np

            # `add_hparams` writes a file of its own.
            return (Table(shown, "tensorboard", {}, np.empty(0, dtype=np.int64), gathered.settings, tuple(gathered.remarks(shown))),)
        raise unreadable(shown, gathered.emptiness())
    return (gathered.scalars.table(shown, "tensorboard", gathered.settings, gathered.remarks(shown)),)


@dataclass(slots=True)
class _Gathered:
    """What an event file holds."""

    scalars: Scalars = field(default_factory=Scalars)
    settings: dict[str, Setting] = field(default_factory=dict)
    skipped: Skipped = field(default_factory=Skipped)
    damage: Damage = field(default_factory=Damage)
    plugins: dict[bytes, bytes] = field(default_factory=dict)
    events: int = 0
    entries: int = 0
    beyond: bool = False

    def emptiness(self) -> str:
        """Why there is nothing to read."""
        if self.skipped.counts:
            return f"the event file holds no scalars, only {self.skipped.listed()}"
        if self.damage != Damage():
            return f"nothing of the event file can be read; it is damaged after {self.events} events"
        return "the event file holds no scalars"

    def remarks(self, shown: str) -> list[Remark]:
        """What was skipped."""
        found = self.damage.remarks(shown)
        found += self.skipped.remarks(shown)
        if self.beyond:
            found.append(Remark("file_over_limit", shown, {"limit": MAX_FILE_BYTES}))
        return found


def _gathered(path: str, shown: str) -> _Gathered:
    gathered = _Gathered()
    classes = _classes()
    with opened(path, shown) as (stream, whole):
        size = min(whole, MAX_FILE_BYTES)
        for number, event in _events(records(stream, size, gathered.damage), classes["Event"], gathered.damage):
            gathered.events = number
            if event.HasField("summary"):
                _summarise(event, number, gathered, classes)
            if gathered.entries > MAX_RECORDS:
                gathered.scalars.full = True
                break
    if whole > size:
        gathered.beyond, gathered.damage.cut_at = True, None
    return gathered


def _events(framed: Iterator[tuple[int, bytes]], event: Any, damage: Damage) -> Iterator[tuple[int, Any]]:
    from google.protobuf.message import DecodeError

    for number, data in framed:
        try:
            yield number, event.FromString(data)
        except DecodeError:
            damage.corrupt += 1


def _summarise(event: Any, number: int, gathered: _Gathered, classes: dict[str, Any]) -> None:
    values = event.summary.value
    gathered.entries += len(values)
    if len(values) > MAX_ENTRIES:
        gathered.damage.oversized += 1
        return
    for value in values:
        if value.HasField("simple_value"):
            # Half of the time of reading goes into this line.
            gathered.scalars.add(value.tag.decode("utf-8", "replace"), event.step, event.wall_time, value.simple_value, number)
        elif value.HasField("tensor") or value.HasField("metadata"):
            _tensor(event, value, number, gathered, classes)
        else:
            gathered.skipped.add(next((kind for name, kind in _MEDIA.items() if value.HasField(name)), "others"))


def _tensor(event: Any, value: Any, number: int, gathered: _Gathered, classes: dict[str, Any]) -> None:
    plugin = value.metadata.plugin_data.plugin_name
    # Some writers name the plugin of a tag only where the tag first occurs.
    if plugin and len(gathered.plugins) < MAX_COLUMNS:
        gathered.plugins.setdefault(value.tag, plugin)
    plugin = plugin or gathered.plugins.get(value.tag, _SCALARS)
    if plugin == _HPARAMS:
        _hyperparameters(value.metadata.plugin_data.content, gathered, classes["Hyperparameters"])
        return
    scalar = tensors.number_in(value.tensor) if plugin == _SCALARS else None
    if scalar is None:
        gathered.skipped.add("others" if plugin == _SCALARS else _text(plugin))
    else:
        gathered.scalars.add(_text(value.tag), event.step, event.wall_time, scalar, number)


def _hyperparameters(content: bytes, gathered: _Gathered, message: Any) -> None:
    from google.protobuf.message import DecodeError

    try:
        entries = message.FromString(content).session_start.hparams
    except DecodeError:
        gathered.damage.corrupt += 1
        return
    for entry in entries:
        setting = _setting(entry.value)
        if setting is not None and len(gathered.settings) < MAX_COLUMNS and len(entry.key) <= MAX_NAME_CHARACTERS:
            gathered.settings[_text(entry.key)] = setting


def _setting(value: Any) -> Setting | None:
    if value.HasField("bool"):
        return bool(value.bool)
    if value.HasField("number"):
        number = float(value.number)
        # The plugin has no integers.
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if value.HasField("string"):
        return _text(value.string)[:_MAX_SETTING_CHARACTERS]
    return None


def _text(written: bytes) -> str:
    return written.decode("utf-8", "replace")


@cache
def _classes() -> dict[str, Any]:
    return message_classes("advise.tensorboard", _MESSAGES)
