"""The facts of an interview on disk: every answer is there before the next question is asked, and what others write is never overwritten."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from advise.documents.problems import Problem
from advise.errors import AnswersChangedError, FactsError, FileError
from advise.facts.answers import answers_of, answers_text
from advise.facts.read import read_all
from advise.facts.record import Fact, Observed, Origin
from advise.interview.whole_file import WholeFile
from advise.knowledge.vocabulary import Vocabulary
from advise.text import Value


class _State(NamedTuple):
    """What is known at one moment: by all files, and what of it the answers file alone holds."""

    observed: Observed
    head: Mapping[str, str]
    answers: Mapping[str, Value]


class _Step(NamedTuple):
    """What an answer can be taken back to."""

    facts: tuple[str, ...]
    data: bytes | None
    state: _State


@dataclass
class Store:
    """Keeps the facts of one interview.

    Attributes:
        path: The facts file, which is only read; it need not be there.
        vocabulary: The facts that exist.
        saved: The answers of this session, in the order given.
    """

    path: Path
    vocabulary: Vocabulary
    saved: dict[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._file = WholeFile(Path(answers_of(str(self.path))))
        self._files = (self._file,) if self.answers == self.path else (WholeFile(self.path), self._file)
        self._before: list[_Step] = []
        self._state = _State(Observed({}), {}, {})

    @property
    def answers(self) -> Path:
        """The answers file: beside the facts file, created with the first answer."""
        return self._file.path

    @property
    def paths(self) -> list[Path]:
        """The files that hold the facts."""
        return [file.path for file in self._files if file.known is not None] or [self.answers]

    def open(self) -> Observed:
        """Read what is known so far: nothing, where there is no file yet.

        Raises:
            FactsError: Something in it is wrong; every problem is listed.
            FileError: It cannot be read, or there is no folder to put it into.
        """
        if not os.path.isdir(self.path.parent):
            raise FileError(f"{self.path}: there is no folder {self.path.parent}")
        self._file.sweep()
        return self._read()

    def save(self, answers: Mapping[str, Value]) -> Observed:
        """Write answers, all at once.

        Raises:
            FileChangedError: Someone else wrote to a file; nothing was written.
            FileError: It cannot be written.
        """
        for file in self._files:
            file.check()
        step = _Step(tuple(answers), self._file.known, self._state)
        observed, head, earlier = self._state
        kept = {**earlier, **answers}
        text, lines = answers_text(head, kept)
        self._file.write(text.encode())
        name = str(self.answers)
        facts = {fact: Fact(fact, value, Origin(name, lines[fact], 1)) for fact, value in kept.items()}
        stated = {fact: each for fact, each in observed.facts.items() if each.origin.file != name}
        self._state = _State(replace(observed, facts={**facts, **stated}), head, kept)
        self._before.append(step)
        self.saved |= answers
        return self._state.observed

    @property
    def undoable(self) -> bool:
        """Whether there is an answer that can be taken out again."""
        return bool(self._before)

    def undo(self) -> Observed:
        """Take the last answers out again, so that the answers file is as it was before, byte for byte.

        Raises:
            FileChangedError: Someone else wrote to it; nothing was written.
            FileError: It cannot be written.
        """
        facts, data, state = self._before[-1]
        self._file.write(data)
        self._before.pop()
        self._state = state
        for fact in facts:
            self.saved.pop(fact)
        return state.observed

    def reload(self, pending: Mapping[str, Value]) -> Observed:
        """Read again what someone else changed, if it agrees with this session; earlier answers can then no longer be undone.

        Args:
            pending: An answer that is not saved yet.

        Raises:
            AnswersChangedError: It cannot be read any more, or lacks an answer of this session, or says otherwise.
        """
        known = [file.known for file in self._files]
        try:
            observed = self._read()
            problems: tuple[Problem, ...] = ()
            stated = {name: fact.value for name, fact in observed.facts.items()}
        except FactsError as error:
            observed, problems, stated = Observed({}), error.problems, self._answers_alone()
        lost = {name: value for name, value in self.saved.items() if stated.get(name) != value}
        if problems or lost or any(stated.get(name, value) != value for name, value in pending.items()):
            changed = next((file.path for file, before in zip(self._files, known, strict=True) if file.known != before), self.path)
            raise AnswersChangedError(changed, {**lost, **pending}, problems)
        self._before.clear()
        return observed

    def _read(self) -> Observed:
        for file in self._files:
            file.read()
        observed = read_all([self.path], self.vocabulary) if any(file.known is not None for file in self._files) else Observed({})
        own = Observed({}) if self._file.known is None else read_all([self.answers], self.vocabulary)
        self._state = _State(observed, _head(own, self.answers.parent), {name: fact.value for name, fact in own.facts.items()})
        return observed

    def _answers_alone(self) -> dict[str, Value]:
        """What the answers file holds, when the files together are wrong."""
        try:
            return {name: fact.value for name, fact in read_all([self.answers], self.vocabulary).facts.items()}
        except FactsError:
            return {}


def _head(own: Observed, folder: Path) -> dict[str, str]:
    """What an answers file that someone wrote into says of itself."""
    head = {} if own.run is None else {"run": own.run}
    return head if own.follows is None else {**head, "follows": os.path.relpath(own.follows, folder)}
