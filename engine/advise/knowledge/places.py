"""The shape of `kb/places.yaml`: what lies where in the folders that trainers write."""

from __future__ import annotations

from advise.knowledge.roles import Split
from advise.knowledge.rule import Shape


class PlacesFile(Shape):
    """`kb/places.yaml`; `*` and `?` in a name stand for any characters, and case does not count.

    Attributes:
        parts: Folders that are a part of the run whose folder they lie in.
        splits: Words in the names of files and folders that say which split of the data they hold.
        settings: Files that state the set-up of a run; one with a folder before it is looked for in that folder.
        left_alone: What lies beside logs and is none of them.
        logs: Files that promise a log: one that cannot be read is named with the reason.
    """

    parts: list[str] = []
    splits: dict[Split, list[str]] = {}
    settings: list[str] = []
    left_alone: list[str] = []
    logs: list[str] = []
