"""The names of files and folders, by `kb/places.yaml`."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable, Mapping

from advise.knowledge.places import PlacesFile

_FACTS = re.compile(r"(^|[._-])facts([._-].*)?\.(ya?ml|json)$", re.IGNORECASE)
_NEVER = re.compile(r"(?!)")


class Names:
    """What the names of files and folders say.

    Args:
        places: What is known of them.
    """

    def __init__(self, places: PlacesFile) -> None:
        self._parts = _any_of(places.parts)
        self._left_alone = _any_of(places.left_alone)
        self._logs = _any_of(places.logs)
        self._settings = frozenset(name.lower() for name in places.settings)
        self.splits: Mapping[str, str] = {word: split for split, words in places.splits.items() for word in words}
        # By folder, hidden or not: the files in it that state a set-up.
        self.settings_below = tuple(sorted(name for name in places.settings if "/" in name))

    def is_part(self, folder: str) -> bool:
        """Whether a folder of this name is a part of the run whose folder it lies in."""
        return self._parts.match(folder) is not None

    def states_facts(self, name: str) -> bool:
        """Whether a file is called as facts files are: `facts.yaml`, `run.facts.json`."""
        return _FACTS.search(os.path.basename(name)) is not None

    def states_settings(self, path: str) -> bool:
        """Whether a file is called as files of hyperparameters are."""
        folder, name = os.path.split(path.lower())
        return name in self._settings or f"{os.path.basename(folder)}/{name}" in self._settings

    def is_left_alone(self, name: str) -> bool:
        """Whether a file of this name is none of a run's logs."""
        return self._left_alone.match(os.path.basename(name)) is not None

    def promises_log(self, name: str) -> bool:
        """Whether a file is called as logs are."""
        return self._logs.match(os.path.basename(name)) is not None


def _any_of(globs: Iterable[str]) -> re.Pattern[str]:
    listed = [fnmatch.translate(glob) for glob in globs]
    return re.compile("|".join(listed), re.IGNORECASE) if listed else _NEVER
