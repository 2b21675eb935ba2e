"""The logs and the facts files of a run directory."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from advise.runlog.readers.limits import MAX_FILES
from advise.runlog.readers.mlflow_files import is_run_folder
from advise.runlog.readers.open import is_log
from advise.runlog.readers.table import Remark

_MAX_DEPTH = 4
# What a run directory holds besides: weights, pictures, code, archives.
_LEFT_ALONE = re.compile(
    r"\.(pt|pth|bin|ckpt|safetensors|npy|npz|pkl|pickle|h5|hdf5|keras|onnx|tar|gz|zip|png|jpe?g|gif|svg|pdf|py|ipynb|sh|md|html?|parquet|arrow|so)$",
    re.IGNORECASE,
)
_FACTS = re.compile(r"(^|[._-])facts([._-].*)?\.(ya?ml|json)$", re.IGNORECASE)
# What this program wrote itself, such as the plan of an earlier look at the run: every document of it begins with its schema.
_OWN = re.compile(rb'^\s*\{\s*"schema":\s*"advise/')
_CHECKPOINT = re.compile(r"^checkpoint-(\d+)$")


@dataclass(slots=True)
class Within:
    """What a run directory holds.

    Attributes:
        logs: The training logs, by path.
        facts: The facts files: `facts.yaml`, `run.facts.json` and the like.
        settings: The files of hyperparameters.
        remarks: What was left out.
    """

    logs: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def logs_in(folder: str, settings: Collection[str] = ()) -> Within:
    """Look for logs and facts files; links are not followed, hidden files and checkpoints are left alone.

    Args:
        folder: The run directory.
        settings: What files of hyperparameters are called.
    """
    within = Within()
    if is_run_folder(folder):
        within.logs.append(folder)
        return within
    for place, path in enumerate(_files(folder, within, 0)):
        if place == MAX_FILES:
            within.remarks.append(Remark("too_many_files", folder, {"limit": MAX_FILES}))
            break
        if _FACTS.search(os.path.basename(path)):
            within.facts.append(path)
        elif os.path.basename(path) in settings:
            within.settings.append(path)
        elif not _LEFT_ALONE.search(path) and not _is_own(path) and is_log(path):
            within.logs.append(path)
    _drop_earlier_states(within)
    return within


def _is_own(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return _OWN.match(file.read(64)) is not None
    except OSError:
        return False


def _files(folder: str, within: Within, depth: int) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        within.remarks.append(Remark("folder_unreadable", folder, {"reason": error.strerror or str(error)}))
        return
    for entry in ordered:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            within.remarks.append(Remark("link_not_followed", entry.path))
        elif entry.is_dir():
            if is_run_folder(entry.path):
                within.logs.append(entry.path)
            elif depth < _MAX_DEPTH:
                yield from _files(entry.path, within, depth + 1)
        elif entry.is_file():
            yield entry.path


def _drop_earlier_states(within: Within) -> None:
    """Each checkpoint of Transformers holds the whole log so far: the last one holds all of it."""
    states = [path for path in within.logs if os.path.basename(path) == "trainer_state.json"]
    if len(states) < 2:
        return
    kept = max(states, key=lambda path: (os.path.getsize(path), _number(path)))
    for path in states:
        if path != kept:
            within.logs.remove(path)
    within.remarks.append(Remark("earlier_states", kept, {"count": len(states) - 1}))


def _number(path: str) -> int:
    match = _CHECKPOINT.match(os.path.basename(os.path.dirname(path)))
    return int(match[1]) if match else 0
