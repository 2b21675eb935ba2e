"""Finding and reading the files of the knowledge base."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from advise.documents.decode import MAX_BYTES
from advise.documents.located import Document
from advise.documents.problems import Problem

MAX_FILES = 5000
_RULE, _TEST = ".yaml", ".test.yaml"


@dataclass(frozen=True, slots=True)
class Root:
    """Where knowledge lies: one `kb` folder, and one or more folders of rules."""

    kb: Path
    rules: tuple[Path, ...]


class Place(NamedTuple):
    """Where one file lies.

    Attributes:
        path: Absolute.
        key: As in `RawFile`.
        stamp: Inode, size in bytes, and when its content and its entry last changed, in ns: no write leaves all of them as they were.
    """

    path: str
    key: str
    stamp: tuple[int, int, int, int]


class Found(NamedTuple):
    """Every file that could be found, in a fixed order, and what is wrong with finding them."""

    places: tuple[Place, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RawFile:
    """The bytes of one file.

    Attributes:
        path: As shown to people.
        key: `kb/...` or `rules/...`: what the file is, wherever it lies.
        content: Its bytes; one more than allowed when there are too many.
    """

    path: str
    key: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RawFiles:
    """The bytes of every file that was found, in a fixed order, and what is wrong with finding them."""

    files: tuple[RawFile, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the knowledge base, parsed."""

    path: str
    key: str
    data: object
    document: Document


@dataclass(frozen=True, slots=True)
class Files:
    """Every file that could be parsed, and what is wrong with the others, whose keys are `unread`."""

    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...] = ()


def packaged_root() -> Root:
    """The knowledge that came with the package: beside it in a wheel, two folders up in a checkout."""
    package = Path(__file__).resolve().parents[1]
    data = package / "_data"
    home = data if data.is_dir() else package.parents[1]
    return Root(home / "kb", (home / "rules",))


def root_with(rules: Sequence[Path]) -> Root:
    """The packaged knowledge with further folders of rules."""
    packaged = packaged_root()
    return Root(packaged.kb, (*packaged.rules, *rules))


def read_raw(root: Root, *, tests: bool = False) -> RawFiles:
    """The bytes of every YAML file under the root.

    Args:
        root: Where to look.
        tests: Read the `<rule>.test.yaml` beside the rules instead.
    """
    return read(find(root, tests=tests))


def find(root: Root, *, tests: bool = False) -> Found:
    """Every YAML file under the root, not opened.

    Args:
        root: Where to look.
        tests: Find the `<rule>.test.yaml` beside the rules instead.
    """
    problems: list[Problem] = []
    places: list[Place] = []
    folders = [("rules", folder) for folder in root.rules]
    for prefix, folder in folders if tests else [("kb", root.kb), *folders]:
        start = os.path.abspath(folder)
        if not os.path.isdir(start):
            problems.append(Problem(str(folder), 1, 1, "this folder does not exist", ""))
            continue
        wanted = (entry for entry in _walk(start, problems) if entry.name.endswith(_TEST) == tests)
        places.extend(Place(entry.path, prefix + entry.path[len(start) :].replace(os.sep, "/"), _stamp(entry)) for entry in wanted)
    if len(places) > MAX_FILES:
        problems.append(Problem(str(root.kb), 1, 1, f"more than {MAX_FILES} files", ""))
    return Found(tuple(places[:MAX_FILES]), tuple(problems))


def read(found: Found) -> RawFiles:
    """The bytes of what was found."""
    return RawFiles(tuple(RawFile(shown(place.path), place.key, _content(place.path)) for place in found.places), found.problems)


def parse(raw: RawFiles) -> Files:
    """Parse what was read."""
    from advise.documents.yaml import read_yaml

    problems = list(raw.problems)
    files, unread = [], []
    for item in raw.files:
        read = read_yaml(item.content, item.path)
        problems.extend(read.problems)
        if read.document is None:
            unread.append(item.key)
        else:
            files.append(SourceFile(item.path, item.key, read.document.plain(), read.document))
    return Files(tuple(files), tuple(problems), tuple(unread))


def _walk(folder: str, problems: list[Problem]) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        if entry.is_symlink():
            problems.append(Problem(entry.path, 1, 1, "links are not followed inside a knowledge base", ""))
        elif entry.is_dir():
            yield from _walk(entry.path, problems)
        elif entry.name.endswith(_RULE):
            yield entry


def _stamp(entry: os.DirEntry[str]) -> tuple[int, int, int, int]:
    status = entry.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _content(path: str) -> bytes:
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        # One byte above the limit tells the reader that there is too much.
        return os.read(handle, MAX_BYTES + 1)
    finally:
        os.close(handle)


def shown(path: str) -> str:
    """A path as people are shown it: from the folder they are in."""
    here = os.getcwd() + os.sep
    return path[len(here) :] if path.startswith(here) else path
