"""What the names of settings say: which is a seed, and which is no setting at all but names a run, or says where and when it ran."""

from __future__ import annotations

from advise.knowledge.base import KnowledgeBase
from advise.runlog.words import words_of


class SettingNames:
    """Reads the names of settings.

    Args:
        base: What seeds, and what else stands among settings, are called.
    """

    def __init__(self, base: KnowledgeBase) -> None:
        self._seeds = frozenset(words_of(name) for name in (() if base.comparison is None else base.comparison.seeds))
        self._others = frozenset(words_of(name) for name in base.study.columns.others) - self._seeds

    def is_seed(self, name: str) -> bool:
        """Whether it only says which random numbers were drawn, by its last word at least."""
        words = words_of(name)
        return words in self._seeds or words[-1:] in self._seeds

    def is_setting(self, name: str) -> bool:
        """Whether it is a setting; a seed is one, of a kind of its own."""
        return words_of(name) not in self._others
