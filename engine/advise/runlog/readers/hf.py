"""Hugging Face's `trainer_state.json`."""

from __future__ import annotations

import json
import re

from advise.runlog.readers.flatten import flattened
from advise.runlog.readers.json_stream import Objects
from advise.runlog.readers.records import Records
from advise.runlog.readers.refusal import unreadable
from advise.runlog.readers.table import Remark, Table

FORMAT = "hf_trainer_state"
# Where it keeps the patience of early stopping.
_CALLBACKS = "stateful_callbacks"
_HISTORY = re.compile(r'"log_history"\s*:\s*\[')
_HISTORY_BYTES = re.compile(rb'"log_history"\s*:\s*\[')


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a trainer state."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and _HISTORY_BYTES.search(head) is not None


def read(text: str, shown: str) -> tuple[Table, ...]:
    """Read a trainer state; of one that was cut off, every record that is complete.

    Args:
        text: The file. NaN and Infinity may stand in it as such, though strict JSON has neither.
        shown: The file as the caller named it.

    Raises:
        LogError: There is no record in it.
    """
    match = _HISTORY.search(text)
    if match is None:
        raise unreadable(shown, "there is no `log_history` in it")
    records, history = Records(), Objects(text, match.end())
    for line, record in history:
        records.add(line, record)
    if not history.complete:
        records.remarks.append(Remark("cut_off", shown, {"records": len(records.rows.lines)}))
    else:
        _settings(text[: match.start()] + '"log_history":[]' + text[history.end :], records)
    if not len(records.rows.lines):
        raise unreadable(shown, "its `log_history` is empty: nothing was logged")
    return (records.table(shown, FORMAT),)


def _settings(text: str, records: Records) -> None:
    try:
        around = json.loads(text)
    except (ValueError, RecursionError):
        return
    for name, value in around.items():
        if isinstance(value, bool | int | float | str):
            records.set(name, value)
        elif name == _CALLBACKS:
            for inner, setting in flattened(name, value):
                records.set(inner, setting)
