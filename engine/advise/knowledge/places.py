"""The shape of `kb/places.yaml`: what lies where in the folders that trainers write."""

from __future__ import annotations

from typing import Literal

from advise.knowledge.roles import Split
from advise.knowledge.rule import Shape


class CheckpointNames(Shape):
    """The words in the names of saved weights.

    Attributes:
        endings: The endings of files of weights.
        shared_endings: Endings that other files have too.
        counters: The words by which a number counts steps, and epochs.
        weights: Words before a number that may count either.
        folders: Words by which a folder is a checkpoint.
        best: Words for the best one by the trainer's own measure.
        last: Words for the last one.
        others: Words by which it is no checkpoint.
    """

    endings: list[str] = []
    shared_endings: list[str] = []
    counters: dict[Literal["step", "epoch"], list[str]] = {}
    weights: list[str] = []
    folders: list[str] = []
    best: list[str] = []
    last: list[str] = []
    others: list[str] = []


class PlacesFile(Shape):
    """`kb/places.yaml`; `*` and `?` in a name stand for any characters, and case does not count.

    Attributes:
        parts: Folders that are a part of the run whose folder they lie in.
        splits: Words in the names of files and folders that say which split of the data they hold.
        settings: Files that state the set-up of a run; one with a folder before it is looked for in that folder.
        left_alone: What lies beside logs and is none of them.
        logs: Files that promise a log: one that cannot be read is named with the reason.
        checkpoints: How saved weights are called.
    """

    parts: list[str] = []
    splits: dict[Split, list[str]] = {}
    settings: list[str] = []
    left_alone: list[str] = []
    logs: list[str] = []
    checkpoints: CheckpointNames = CheckpointNames()
