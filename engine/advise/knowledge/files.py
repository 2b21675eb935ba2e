"""Finding and reading the files of the knowledge base."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from advise.documents.decode import MAX_BYTES
from advise.documents.located import Document
from advise.documents.problems import Problem

MAX_FILES = 5000
# What only a whole knowledge base has.
_WHOLE = "verdicts.yaml"
# Catalogues in which an entry may be added to, and so many levels below the root; in the others an entry is given whole, once.
_DEEP: Mapping[str, int] = {"kb/playbook.yaml": 3, "kb/roles.yaml": 8}
_ENTRIES = 1
_RULE, _TEST = ".yaml", ".test.yaml"


@dataclass(frozen=True, slots=True)
class Root:
    """Where knowledge lies: one `kb` folder, and one or more folders of rules.

    Attributes:
        over: Folders of catalogues that are laid over those of `kb`, in this order: they add to them, and replace nothing.
    """

    kb: Path
    rules: tuple[Path, ...]
    over: tuple[Path, ...] = ()


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


def root_with(folders: Sequence[Path]) -> Root:
    """The packaged knowledge with further folders laid over it.

    Args:
        folders: Each holds folders `kb` and `rules`, or one of them, as a checkout does; or rules alone, by topic. A checkout of the packaged
            knowledge itself adds nothing; any other that is whole, with verdicts of its own, stands in its place.
    """
    root = packaged_root()
    for folder in folders:
        kb, rules = folder / "kb", folder / "rules"
        if kb.is_dir() and root.kb.exists() and kb.samefile(root.kb):
            continue
        if (kb / _WHOLE).is_file():
            root = Root(kb, (rules,))
        elif kb.is_dir() or rules.is_dir():
            root = Root(root.kb, (*root.rules, *filter(Path.is_dir, (rules,))), (*root.over, *filter(Path.is_dir, (kb,))))
        else:
            root = Root(root.kb, (*root.rules, folder), root.over)
    return root


def described(root: Root) -> str:
    """Which knowledge that is, in words."""
    packaged = packaged_root()
    first = "what came with advise" if root.kb == packaged.kb else str(root.kb.parent)
    own = {root.kb.parent / "rules", packaged.rules[0]}
    further = dict.fromkeys(str(folder) for folder in (*root.over, *root.rules) if folder not in own)
    return " and ".join([first, *further])


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
    for prefix, folder in folders if tests else [*(("kb", kb) for kb in (root.kb, *root.over)), *folders]:
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
    return Files(tuple(_overlaid(files, problems)), tuple(problems), tuple(unread))


def _overlaid(files: Iterable[SourceFile], problems: list[Problem]) -> list[SourceFile]:
    """One file of each key of `kb/`: what several of one key say, put together. Rules stay as they are.

    Args:
        files: In the order in which they are laid over each other.
        problems: Takes every place in which something would be replaced.
    """
    from advise.documents.joining import joined

    catalogues: dict[str, SourceFile] = {}
    rules: list[SourceFile] = []
    for file in files:
        present = catalogues.get(file.key)
        if not file.key.startswith("kb/"):
            rules.append(file)
        elif present is None:
            catalogues[file.key] = file
        else:
            document, found = joined(present.document, file.document, _DEEP.get(file.key, _ENTRIES))
            problems += found
            catalogues[file.key] = SourceFile(present.path, file.key, document.plain(), document)
    return [*catalogues.values(), *rules]


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
    try:
        here = os.getcwd() + os.sep
    except FileNotFoundError:  # the folder was deleted, and nothing is below it
        return path
    return path[len(here) :] if path.startswith(here) else path
