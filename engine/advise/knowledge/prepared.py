"""The knowledge base ready to reason with: loaded, linked and compiled, kept in a cache that cannot be stale.

The cache is keyed by where the knowledge lies and by the state of the code that reads it, and holds the stamp of every file (inode, size, times of
change in ns). Where only a few rules have changed since, these alone are read anew. A clock that ticks slower than two writes could hide the second;
what changed just now is therefore not stored. The cache lies in a folder of the user's own, and what others could have written to is not read:
restoring Python objects means trusting who stored them.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import pickle
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from advise.files import replace_file, sweep
from advise.infer.program import Program
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.files import Found, Place, Root, find, packaged_root, parse, read, shown

_KEPT = 8
_RULES = "rules/"
# Nobody else may read or write what objects are restored from.
_MINE = 0o600
_IMPORTED = time.time()
# Modules that are stored from were imported at most this long before this one.
_IMPORTING_SECONDS = 5.0
# Far longer than any clock of a file system ticks: FAT counts in steps of two seconds.
_SETTLING_SECONDS = 2.0
# Of more changed rules than this the base is made anew as a whole.
_FEW = 40
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A knowledge base and the program of its rules."""

    knowledge: KnowledgeBase
    program: Program


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the cache holds: a prepared base, and the files of which it was made."""

    places: tuple[Place, ...]
    prepared: Prepared


def prepare(root: Root | None = None, *, drafts: bool = False) -> Prepared:
    """Load and compile a knowledge base, or take it from the cache.

    Args:
        root: Where it lies; by default what came with the package.
        drafts: Whether rules without a measured alarm rate may speak.

    Raises:
        KnowledgeError: Something in it is wrong; every problem is listed.
        ProgramError: Its rules cannot be compiled together.
    """
    root = root or packaged_root()
    found = find(root)
    path = None if found.problems else _cache_path(root, drafts)
    kept = None if path is None else _from_cache(path)
    if kept is not None and kept.places == found.places:
        return kept.prepared
    settled = _settled(found)
    prepared = compiled(_knowledge(found, kept), drafts=drafts)
    if path is not None and settled and not _edited_while_running():
        _remember(_Kept(found.places, prepared), path)
    return prepared


def _knowledge(found: Found, kept: _Kept | None) -> KnowledgeBase:
    from advise.knowledge.load import knowledge_of, renewed

    changed = None if kept is None else _changed_rules(kept.places, found.places)
    if kept is not None and changed is not None:
        files = parse(read(Found(changed, ())))
        base = renewed(kept.prepared.knowledge, files, [place.key for place in found.places if place.key.startswith(_RULES)]).base
        if base is not None:
            return base
    return knowledge_of(read(found))


def _changed_rules(before: Sequence[Place], now: Sequence[Place]) -> tuple[Place, ...] | None:
    """The few rule files that changed or came; None where anything else did, or where two lie under one key."""
    known, there = set(before), set(now)
    changed = tuple(place for place in now if place not in known)
    gone = (place for place in before if place not in there)
    keys = [place.key for place in now if place.key.startswith(_RULES)]
    only_rules = all(place.key.startswith(_RULES) for place in (*changed, *gone))
    return changed if only_rules and len(changed) <= _FEW and len(set(keys)) == len(keys) else None


def compiled(knowledge: KnowledgeBase, *, drafts: bool = False) -> Prepared:
    """Compile a knowledge base that is loaded already."""
    from advise.infer.compile import compile_program

    return Prepared(knowledge, compile_program(knowledge.implications(drafts=drafts)))


def stamp_of(root: Root) -> str:
    """What is known and the code that applies it, in a few letters: another stamp wherever a file of either changed.

    Args:
        root: Where the knowledge lies.
    """
    digest = hashlib.sha256(sys.version.encode())
    for place in find(root).places:
        digest.update(f"{place.key}\0{place.stamp[1:3]}\0".encode())
    for folder, _, names in os.walk(_PACKAGE):
        for name in sorted(name for name in names if name.endswith(".py")):
            status = os.stat(os.path.join(folder, name))
            digest.update(f"{folder}/{name}\0{status.st_mtime_ns}\0{status.st_size}\0".encode())
    return digest.hexdigest()[:32]


def _cache_path(root: Root, drafts: bool) -> Path:
    from platformdirs import user_cache_path

    digest = hashlib.sha256(f"{sys.version}\0{drafts}\0".encode())
    for name, stamp in _code_state():
        digest.update(f"{name}\0{stamp}\0".encode())
    for folder in (root.kb, *root.rules, *root.over):
        # Rules name their files as they are shown from here.
        digest.update(f"{os.path.abspath(folder)}\0{shown(os.path.abspath(folder))}\0".encode())
    return user_cache_path("advise") / f"prepared-{digest.hexdigest()[:32]}.pickle"


def _settled(found: Found) -> bool:
    """Whether nothing changed so lately that a further write could bear the same stamp."""
    return max((place.stamp[-1] for place in found.places), default=0) / 1e9 < time.time() - _SETTLING_SECONDS


def _code_state() -> list[tuple[str, tuple[int, int]]]:
    """What Python's own bytecode cache goes by, for each module whose objects are stored."""
    found = []
    for folder in ("", "knowledge", "infer", "plan"):
        with os.scandir(_PACKAGE / folder) as entries:
            modules = [entry for entry in entries if entry.name.endswith(".py")]
        found += [(f"{folder}/{entry.name}", (entry.stat().st_mtime_ns, entry.stat().st_size)) for entry in modules]
    return sorted(found)


def _edited_while_running() -> bool:
    """Whether the code on disk may be other than the code in memory: what this process makes is then not for the next one."""
    return max(modified for _, (modified, _) in _code_state()) / 1e9 > _IMPORTED - _IMPORTING_SECONDS


def _from_cache(path: Path) -> _Kept | None:
    try:
        if not _is_ours(path):
            return None
        restored = _restored(path.read_bytes())
    except Exception:
        return None
    return restored if isinstance(restored, _Kept) else None


def _restored(stored: bytes) -> object:
    # Collecting garbage while a hundred thousand objects come to life, none of which is garbage, would double the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(stored)  # noqa: S301 - written by this user's own run, see `_is_ours`
    finally:
        if collecting:
            gc.enable()


def _is_ours(path: Path) -> bool:
    """Whether nobody else can have written the file."""
    if not hasattr(os, "getuid"):
        return True
    return all(place.stat().st_uid == os.getuid() and not place.stat().st_mode & 0o022 for place in (path, path.parent))


def _remember(kept: _Kept, path: Path) -> None:
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, pickle.dumps(kept, protocol=5), durable=False, mode=_MINE)
        others = sorted(path.parent.glob("prepared-*.pickle"), key=lambda other: other.stat().st_mtime, reverse=True)
        for other in others[_KEPT:]:
            other.unlink(missing_ok=True)
        sweep(path.parent)
