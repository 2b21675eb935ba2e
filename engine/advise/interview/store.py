"""The facts of an interview on disk: every answer is there before the next question is asked, and what others write is never overwritten."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from advise.documents.decode import YAML_BREAKS, decode
from advise.documents.detect import read_document
from advise.documents.located import ScalarNode
from advise.documents.problems import Problems
from advise.errors import AnswersChangedError, FactsError, FactValueError, FileError, TooManyProblemsError
from advise.facts.check import check_value, is_left_out
from advise.facts.read import read_all
from advise.facts.record import Fact, Observed, Origin
from advise.facts.sheet import read_sheet
from advise.interview.sheet_text import proposals
from advise.interview.whole_file import WholeFile
from advise.knowledge.vocabulary import Vocabulary
from advise.text import Value

_ENCODINGS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the bytes of a facts file state."""

    facts: Mapping[str, Fact]
    head: tuple[tuple[str, str], ...]

    @property
    def values(self) -> dict[str, Value]:
        return {name: fact.value for name, fact in self.facts.items()}


@dataclass
class Store:
    """Keeps the facts of one interview.

    Attributes:
        path: The facts file; created with the first answer.
        vocabulary: The facts that exist.
        saved: The answers of this session, in the order given.
    """

    path: Path
    vocabulary: Vocabulary
    saved: dict[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._files = (WholeFile(self.path), WholeFile(self.beside))
        self._before: list[tuple[tuple[str, ...], list[tuple[WholeFile, bytes | None]]]] = []
        self._opened = Observed({})
        # Most questions about some bytes are asked more than once: what a file said after one answer is what it said before the next.
        self._stated = lru_cache(maxsize=8)(self._read_stated)

    @property
    def beside(self) -> Path:
        """Where an answer goes that cannot be written into the facts file safely."""
        return self.path.parent / f"{self.path.stem}.answers.yaml"

    @property
    def paths(self) -> list[Path]:
        """The files that hold the facts, as they have to be given to `advise`."""
        return [file.path for file in self._files if file.known is not None] or [self.path]

    def open(self) -> Observed:
        """Read what is known so far: nothing, where there is no file yet.

        Raises:
            FactsError: Something in it is wrong; every problem is listed.
            FileError: It cannot be read, or there is no folder to put it into.
        """
        if not self.path.parent.is_dir():
            raise FileError(f"{self.path}: there is no folder {self.path.parent}")
        for file in self._files:
            file.sweep()
        return self._read()

    def save(self, answers: Mapping[str, Value]) -> Observed:
        """Write answers, all at once.

        Raises:
            Changed: Someone else wrote to the file; nothing was written.
            FileError: It cannot be written.
        """
        for file in self._files:
            file.check()
        drafts = [file.known for file in self._files]
        for fact, value in answers.items():
            number, data = self._placed(drafts, fact, value)
            drafts[number] = data
        changed = [(file, file.known, draft) for file, draft in zip(self._files, drafts, strict=True) if draft != file.known]
        for file, _, draft in changed:
            file.write(draft)
        self._before.append((tuple(answers), [(file, before) for file, before, _ in changed]))
        self.saved |= answers
        return self._observed()

    @property
    def undoable(self) -> bool:
        """Whether there is an answer that can be taken out again."""
        return bool(self._before)

    def undo(self) -> Observed:
        """Take the last answers out again, so that their file is as it was before, byte for byte.

        Raises:
            Changed: Someone else wrote to the file; nothing was written.
            FileError: It cannot be written.
        """
        facts, files = self._before[-1]
        for file, data in files:
            file.write(data)
        self._before.pop()
        for fact in facts:
            self.saved.pop(fact)
        return self._observed()

    def settle(self) -> None:
        """Wait until every answer is on the disk.

        Raises:
            FileError: One is not, and will not be.
        """
        for file in self._files:
            file.settle()

    def reload(self, pending: Mapping[str, Value]) -> Observed:
        """Read again what someone else changed, if it agrees with this session; earlier answers can then no longer be undone.

        Args:
            pending: An answer that is not saved yet.

        Raises:
            AnswersChangedError: It cannot be read any more, or lacks an answer of this session, or says otherwise.
        """
        try:
            observed = self._read()
        except FactsError as error:
            raise AnswersChangedError(self.path, {**self.saved, **pending}, error.problems) from error
        stated = {name: fact.value for name, fact in observed.facts.items()}
        lost = [name for name, value in self.saved.items() if stated.get(name) != value]
        if lost or any(stated.get(name, value) != value for name, value in pending.items()):
            raise AnswersChangedError(self.path, {**{name: self.saved[name] for name in lost}, **pending})
        self._before.clear()
        return observed

    def _read(self) -> Observed:
        present = [file.path for file in self._files if file.read() is not None]
        self._opened = read_all(present, self.vocabulary)
        return self._opened

    def _observed(self) -> Observed:
        facts: dict[str, Fact] = {}
        for file in self._files:
            stated = None if file.known is None else self._stated(file.known, str(file.path))
            facts |= stated.facts if stated else {}
        return replace(self._opened, facts=facts)

    def _placed(self, drafts: Sequence[bytes | None], fact: str, value: Value) -> tuple[int, bytes]:
        """Which file takes an answer safely, and that file with the answer in it."""
        for number, draft in enumerate(drafts):
            data = self._with(draft, str(self._files[number].path), fact, value)
            if data is not None:
                return number, data
        raise FileError(f"{self.path}: there is no safe way to write into it")

    def _with(self, known: bytes | None, name: str, fact: str, value: Value) -> bytes | None:
        """A file with an answer in it, if there is a safe way: read again, it says what it said, and the answer."""
        if known is None:
            known = b"{}\n" if name.lower().endswith(".json") else b""
        before = self._stated(known, name)
        if before is None or fact in before.facts:
            return None
        mark, encoding = next(((mark, encoding) for mark, encoding in _ENCODINGS if known.startswith(mark)), (b"", "utf-8"))
        for text in proposals(decode(known, name, YAML_BREAKS).text, fact, value):
            data = mark + text.encode(encoding)
            after = self._stated(data, name)
            if after is not None and after.head == before.head and after.values == {**before.values, fact: value}:
                return data
        return None

    def _read_stated(self, data: bytes, name: str) -> _Stated | None:
        """What a facts file with these bytes states; None when something is wrong with it."""
        read = read_document(data, name)
        if read.document is None or read.problems:
            return None
        problems = Problems()
        try:
            sheet = read_sheet(read.document, self.vocabulary, problems)
            entries = [entry for entry in sheet.facts.values() if not is_left_out(entry.node)]
            values = {entry.name: check_value(entry.node, self.vocabulary[entry.name]) for entry in entries}
        except (FactValueError, TooManyProblemsError):
            return None
        facts = {entry.name: Fact(entry.name, values[entry.name], Origin(name, entry.key.line, entry.key.column)) for entry in entries}
        head = tuple((entry.name, entry.node.text) for entry in sheet.head if isinstance(entry.node, ScalarNode))
        return None if problems.found else _Stated(facts, head)
