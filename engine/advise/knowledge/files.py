"""Finding and reading the files of the knowledge base, with a cache that cannot be stale.

The cache holds the plain data of every file under the digest of all their bytes: a changed byte is another digest. It saves the YAML parsing, nothing
else; everything is validated again at every start.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from advise.source.located import Document
from advise.source.problems import Problem
from advise.source.yaml import read_yaml

MAX_FILES = 5000
MAX_BYTES = 4 * 1024 * 1024
_CACHE_FORMAT = b"1"


@dataclass(frozen=True, slots=True)
class Root:
    """Where knowledge lives: one `kb` folder and one or more folders of rules."""

    kb: Path
    rules: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the knowledge base.

    Attributes:
        path: As shown to people.
        key: `kb/...` or `rules/...`: what the file is, wherever it lies.
        data: Its plain data.
        document: Its positions; None when the data came from the cache.
    """

    path: str
    key: str
    data: object
    document: Document | None


@dataclass(frozen=True, slots=True)
class Files:
    """Every file that could be read, what could not, and the digest of all their bytes."""

    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...]
    digest: str
    from_cache: bool = False


@dataclass(frozen=True, slots=True)
class _Raw:
    path: str
    key: str
    content: bytes


def packaged_root() -> Root:
    """The knowledge that came with the package: beside it in a wheel, two folders up in a checkout."""
    package = Path(__file__).resolve().parents[1]
    data = package / "_data"
    home = data if data.is_dir() else package.parents[1]
    return Root(home / "kb", (home / "rules",))


def read_files(root: Root, *, use_cache: bool = True) -> Files:
    """Every YAML file under the root, in a fixed order.

    Args:
        root: Where to look.
        use_cache: Whether plain data may come from the cache; positions are then missing.
    """
    problems: list[Problem] = []
    raw = list(_raw_files(root, problems))
    digest = _digest(raw)
    cached = _from_cache(raw, digest) if use_cache and not problems else None
    if cached is not None:
        return Files(cached, (), digest, from_cache=True)
    return _parsed(raw, problems, digest)


def read_tests(root: Root) -> Files:
    """Every `<rule>.test.yaml` beside the rules."""
    problems: list[Problem] = []
    raw = list(_raw_files(root, problems, tests=True))
    return _parsed(raw, problems, _digest(raw))


def root_with(rules: Sequence[Path]) -> Root:
    """The packaged knowledge with further folders of rules."""
    packaged = packaged_root()
    return Root(packaged.kb, (*packaged.rules, *rules))


def _parsed(raw: Sequence[_Raw], problems: list[Problem], digest: str) -> Files:
    files = []
    for item in raw:
        read = read_yaml(item.content, item.path)
        problems.extend(read.problems)
        if read.document is not None:
            files.append(SourceFile(item.path, item.key, read.document.plain(), read.document))
    return Files(tuple(files), tuple(problems), digest)


def remember(files: Files) -> None:
    """Keep the plain data of files that were found valid; a cache that cannot be written is no error."""
    path = _cache_path(files.digest)
    text = json.dumps({file.key: file.data for file in files.files}, ensure_ascii=False)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as handle:
            handle.write(text)
        os.replace(handle.name, path)
        _forget_others(path)


def _raw_files(root: Root, problems: list[Problem], *, tests: bool = False) -> Iterator[_Raw]:
    count = 0
    for prefix, folder in (("kb", root.kb), *(("rules", folder) for folder in root.rules)):
        if not folder.is_dir():
            problems.append(Problem(str(folder), 1, 1, "this folder does not exist", ""))
            continue
        for path in _walk(folder, problems):
            if path.name.endswith(".test.yaml") != tests or (tests and prefix == "kb"):
                continue
            count += 1
            if count > MAX_FILES:
                problems.append(Problem(str(folder), 1, 1, f"more than {MAX_FILES} files", ""))
                return
            yield _Raw(_shown(path), f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes()[: MAX_BYTES + 1])


def _walk(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_symlink():
            problems.append(Problem(entry.path, 1, 1, "links are not followed inside a knowledge base", ""))
        elif entry.is_dir():
            yield from _walk(Path(entry.path), problems)
        elif entry.name.endswith(".yaml"):
            yield Path(entry.path)


def _shown(path: Path) -> str:
    with contextlib.suppress(ValueError):
        return path.relative_to(Path.cwd()).as_posix()
    return str(path)


def _digest(raw: list[_Raw]) -> str:
    digest = hashlib.sha256(_CACHE_FORMAT)
    for item in raw:
        digest.update(f"{item.key}\0{len(item.content)}\0".encode())
        digest.update(item.content)
    return digest.hexdigest()


def _cache_path(digest: str) -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("advise") / f"knowledge-{digest[:32]}.json"


def _from_cache(raw: list[_Raw], digest: str) -> tuple[SourceFile, ...] | None:
    try:
        data: object = json.loads(_cache_path(digest).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(data, Mapping) or set(data) != {item.key for item in raw}:
        return None
    return tuple(SourceFile(item.path, item.key, data[item.key], None) for item in raw)


def _forget_others(keep: Path, limit: int = 8) -> None:
    others = sorted(keep.parent.glob("knowledge-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[limit:]:
        path.unlink(missing_ok=True)
