"""The record that the observer writes: what it saw in the training loop, between the numbers that the loop logged.

    {"schema": "advise/record@1", "settings": {"optimizer": "AdamW", "lr": 0.001}}
    {"step": 1, "train_loss": 2.3, "lr": 0.001, "grad_norm": 0.7}
    {"step": 1, "observed": {"labels.max": 9, "gradient.missing_parameters": 0}}

A process that is killed leaves a last line that is cut off; everything before it counts.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from advise.runlog.readers.jsonl import object_in
from advise.runlog.readers.lines import lines_of
from advise.runlog.readers.records import Records
from advise.runlog.readers.refusal import unreadable
from advise.runlog.readers.table import Observation, Remark, Table

FORMAT = "record"
SCHEMA = "advise/record@1"
_FIRST = re.compile(rb'\A(?:\xef\xbb\xbf)?\s{0,20}\{\s{0,20}"schema"\s{0,20}:\s{0,20}"' + SCHEMA.encode() + rb'"')
_MOST_FACTS = 2_000


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a record."""
    return _FIRST.match(head) is not None


def read(text: str, shown: str) -> tuple[Table, ...]:
    """Read a record; lines that are cut off or damaged are left out.

    Args:
        text: The file.
        shown: The file as the caller named it.

    Raises:
        LogError: There is nothing in it.
    """
    records, seen = Records(), dict[str, Observation]()
    lines = [(number, object_in(stripped)) for number, line in lines_of(text) if (stripped := line.strip())]
    broken = [number for number, entry in lines if entry is None]
    for number, entry in lines:
        if entry is not None:
            _take(number, entry, records, seen)
    # The last line of a run that goes on, or was killed, may be cut off.
    if broken and broken != [lines[-1][0]]:
        records.remarks.append(Remark("lines_broken", f"{shown}:{broken[0]}", {"count": len(broken)}))
    if not (len(records.rows.lines) or seen or records.settings):
        raise unreadable(shown, "the record holds nothing")
    return (replace(records.table(shown, FORMAT), seen=seen),)


def _take(number: int, entry: dict[str, object], records: Records, seen: dict[str, Observation]) -> None:
    """Keep what a line says: the settings, what was observed, or the numbers of a step."""
    settings, observed = entry.pop("settings", None), entry.pop("observed", None)
    entry.pop("schema", None)
    if isinstance(settings, dict):
        for name, value in settings.items():
            records.set(str(name), value)
    if not isinstance(observed, dict):
        if entry:
            records.add(number, entry)
        return
    step = entry.get("step")
    at = int(step) if isinstance(step, int | float) and math.isfinite(step) else 0
    for name, value in observed.items():
        if isinstance(value, bool | int | float | str) and (name in seen or len(seen) < _MOST_FACTS):
            seen[str(name)] = Observation(value, at, number)
