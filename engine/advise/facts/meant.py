"""Whether a file was meant as a facts file, so that what is wrong with it is told in the words of one."""

from __future__ import annotations

import os
import re

from advise.facts.answers import MARK
from advise.facts.read import STDIN
from advise.knowledge.vocabulary import Vocabulary

_HEAD_BYTES = 64 * 1024
_ENDINGS = (".yaml", ".yml", ".json")
_KEY = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_.]+)?)[ \t]*:(?:[ \t]|\r?$)", re.MULTILINE)
_GROUP = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*):[ \t]*(?:\{|\r?\n[ \t]+[A-Za-z_])", re.MULTILINE)
# How a facts file, and an answers file, begins what it says; no log has that line.
FACTS_LINE = re.compile(rb"^(?:facts:[ \t\r]*(?:#.*)?$|" + re.escape(MARK.encode()) + rb")", re.MULTILINE)


def is_meant_as_facts(path: str, vocabulary: Vocabulary) -> bool:
    """Whether a file goes by a name of facts files, or gives names to facts that exist.

    Args:
        path: The file; standard input, and what cannot be read, is taken for facts.
        vocabulary: The facts that exist.
    """
    if path == STDIN or path.lower().endswith(_ENDINGS) or not os.path.isfile(path):
        return True
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD_BYTES)
    except (OSError, ValueError):
        return True
    text = head.decode("utf-8", "replace")
    if FACTS_LINE.search(head) or any(_is_known(match[1], vocabulary) for match in _KEY.finditer(text)):
        return True
    return any(match[1] in vocabulary.prefixes for match in _GROUP.finditer(text))


def _is_known(name: str, vocabulary: Vocabulary) -> bool:
    """Whether a name is that of a fact, or of one below a group that exists: a misspelt one is to be told so."""
    return name in vocabulary.specs or ("." in name and name.rpartition(".")[0] in vocabulary.prefixes)
