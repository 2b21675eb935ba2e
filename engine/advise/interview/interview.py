"""An interview: the facts so far, the question that comes next, and what each answer does to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from advise.advisor import Advisor
from advise.errors import FileChangedError, FileError
from advise.facts.record import Observed
from advise.facts.written import written
from advise.interview.agenda import Agenda, Question
from advise.interview.answer import parse_answer
from advise.interview.standing import Effects, effects, standing
from advise.interview.store import Store
from advise.interview.wording import Wording
from advise.knowledge.catalog import ChecklistItem
from advise.plan.examination import Examination
from advise.plan.gates import read_plan
from advise.plan.model import Verdict
from advise.text import Value

# Someone who writes to the file at every single moment is not waited for.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of answers.

    Attributes:
        values: What was answered.
        effects: What follows from it.
        reloaded: Whether someone else had changed a file, which was then read again.
    """

    values: Mapping[str, Value]
    effects: Effects
    reloaded: bool


class Interview:
    """One session of questions and answers about a run.

    Args:
        advisor: Reasons over the facts.
        path: The facts file; answers go to the answers file beside it.
        items: Items of the checklist to ask for, in order; by default the most valuable question comes first.

    Raises:
        FactsError: Something in the facts is wrong; every problem is listed.
        FileError: The facts file cannot be read.
    """

    def __init__(self, advisor: Advisor, path: Path, items: Sequence[ChecklistItem] = ()) -> None:
        self.base = advisor.knowledge
        self.store = Store(path, self.base.vocabulary)
        self.words = Wording.of((spec.dimension for spec in self.base.vocabulary.specs.values()), self.base.strings)
        self._advisor = advisor
        self._agenda = Agenda(self.base, items)
        self._left_open: list[str] = []
        # What can be undone: each answered fact, and each that was left open.
        self._steps: list[str] = []
        observed = self.store.open()
        self._earlier = None if observed.follows is None else read_plan(observed.follows)
        self._examination = advisor.examine(observed, after=self._earlier)
        self._standing = standing(self._examination)

    @property
    def examination(self) -> Examination:
        """What is known and concluded so far."""
        return self._examination

    @property
    def verdict(self) -> Verdict:
        """The verdict on what is known so far."""
        return self._standing.verdict

    def questions(self) -> Iterator[Question]:
        """What remains to be asked, the next question first."""
        everything = self._agenda.questions(self._examination.inference)
        return (question for question in everything if question.fact not in self._left_open)

    def parsed(self, fact: str, text: str) -> Value:
        """The value that an answer gives a fact.

        Raises:
            Rejected: It is no answer to this question.
        """
        return parse_answer(text, self.base.vocabulary[fact], self.words)

    def answer(self, answers: Mapping[str, Value]) -> Answered:
        """Save answers, and see what follows from them.

        Raises:
            AnswersChangedError: Someone else changed a file so that it no longer agrees with this session.
            FileError: The answers file cannot be written.
        """
        observed, reloaded = self._saved(answers)
        if reloaded:
            self._steps.clear()
        if self.store.undoable:
            self._steps.append(next(iter(answers)))
        return Answered(answers, self._learn(observed), reloaded)

    def leave_open(self, fact: str) -> None:
        """Do not ask for a fact again in this session."""
        self._left_open.append(fact)
        self._steps.append(fact)

    def back(self) -> str | None:
        """Undo the last answer.

        Returns:
            The fact that is asked for again; None when there is nothing to undo.

        Raises:
            FileChangedError: Someone else changed the answers file; nothing was undone.
            FileError: The answers file cannot be written.
        """
        if not self._steps:
            return None
        fact = self._steps[-1]
        if fact in self._left_open:
            self._left_open.remove(fact)
        else:
            self._learn(self.store.undo())
        return self._steps.pop()

    def reload(self) -> None:
        """Read the facts again, which someone else changed; earlier answers can then no longer be undone.

        Raises:
            AnswersChangedError: It no longer agrees with this session.
        """
        self._learn(self.store.reload({}))
        self._steps.clear()

    def _saved(self, answers: Mapping[str, Value]) -> tuple[Observed, bool]:
        missing = dict(answers)
        observed, reloaded = Observed({}), False
        for _ in range(_ATTEMPTS):
            try:
                return (self.store.save(missing) if missing else observed), reloaded
            except FileChangedError:
                observed, reloaded = self.store.reload(missing), True
                self.store.saved |= {fact: value for fact, value in missing.items() if fact in observed.facts}
                missing = {fact: value for fact, value in missing.items() if fact not in observed.facts}
            except FileError as trouble:
                lines = "".join(f"\n  {fact}: {written(value)}" for fact, value in missing.items())
                raise FileError(f"{trouble}; not saved:{lines}") from trouble
        raise FileError(f"{self.store.path}, or its answers file, is being written to all the time")

    def _learn(self, observed: Observed) -> Effects:
        self._examination = self._advisor.examine(observed, after=self._earlier)
        before, self._standing = self._standing, standing(self._examination)
        return effects(before, self._standing, self.base)
