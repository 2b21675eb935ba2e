"""Files of hyperparameters beside a log: Lightning's `hparams.yaml`, Ultralytics' `args.yaml`, W&B's `config.yaml` and the like."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from advise.documents.json import read_json
from advise.documents.settings import settings_of
from advise.documents.yaml import read_yaml
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_SETTINGS_BYTES
from advise.runlog.readers.table import Remark, Setting, Table


def read_settings(path: str) -> Table:
    """The hyperparameters that a file states, as a table without records; with a remark instead where it cannot be read.

    Args:
        path: A YAML or JSON file. Nothing in it is executed: a tag of Python's is a mistake like any other.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_SETTINGS_BYTES + 1)
    except OSError as error:
        return _table(path, {}, Remark("settings_unreadable", path, {"reason": error.strerror or str(error)}))
    if len(data) > MAX_SETTINGS_BYTES:
        return _table(path, {}, Remark("settings_unreadable", path, {"reason": f"> {MAX_SETTINGS_BYTES // 1024**2} MiB"}))
    read = read_json(data, path) if os.path.splitext(path)[1].lower() == ".json" else read_yaml(data, path)
    if read.document is None:
        problem = read.problems[0]
        return _table(path, {}, Remark("settings_unreadable", f"{path}:{problem.line}", {"reason": problem.message}))
    found = [pair for pair, _ in zip(settings_of(read.document.root), range(MAX_COLUMNS), strict=False)]
    return _table(path, {**dict(found), **_counts([name for name, _ in found])})


def _counts(names: Iterable[str]) -> Mapping[str, int]:
    """How many things are numbered from 0 on under one name: Transformers' `id2label: {0: cat, 1: dog}` are two."""
    numbered: dict[str, set[str]] = defaultdict(set)
    for name in names:
        above, _, last = name.rpartition(".")
        if above and last.isdecimal():
            numbered[above].add(last)
    return {f"{name}.count": len(found) for name, found in numbered.items() if found == {str(place) for place in range(len(found))}}


def _table(path: str, settings: Mapping[str, Setting], *remarks: Remark) -> Table:
    return Table(path, "settings", {}, np.empty(0, dtype=np.int64), settings, remarks)
