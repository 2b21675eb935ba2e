"""The conversation: asks until there is nothing left to ask or the person has had enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from advise.errors import AnswerError, FileChangedError
from advise.interview.agenda import Question
from advise.interview.commands import Command, command_of
from advise.interview.interview import Interview
from advise.interview.pages import Pages
from advise.render.page import Page


class _Then(Enum):
    SAME_QUESTION = auto()
    NEXT_QUESTION = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One conversation.

    Attributes:
        interview: What is asked and what is known.
        pages: How it is put.
        say: Shows a page.
        hear: Waits for a line; None when there will be no more.
    """

    interview: Interview
    pages: Pages
    say: Callable[[Page], None]
    hear: Callable[[], str | None]

    def run(self) -> None:
        """Hold the conversation.

        Raises:
            AnswersChangedError: Someone else changed a file so that it no longer agrees with this session.
            FileError: The answers file cannot be written.
        """
        self.say(self.pages.opening())
        while question := next(self.interview.questions(), None):
            self.say(self.pages.question(question))
            then = _Then.SAME_QUESTION
            while then is _Then.SAME_QUESTION:
                then = self._heard(question, self.hear())
            if then is _Then.END:
                break
        else:
            self.say(self.pages.remark("ask_no_more_questions"))
        self.say(self.pages.ending())

    def _heard(self, question: Question, text: str | None) -> _Then:
        command = Command.QUIT if text is None else command_of(text)
        match command:
            case Command.QUIT:
                return _Then.END
            case Command.HELP:
                self.say(self.pages.help(question))
                return _Then.SAME_QUESTION
            case Command.BACK:
                return self._back()
            case Command.UNKNOWN:
                self.interview.leave_open(question.fact)
                self.say(self.pages.remark("ask_skipped"))
                return _Then.NEXT_QUESTION
        return self._answered(question, text or "")

    def _answered(self, question: Question, text: str) -> _Then:
        try:
            value = self.interview.parsed(question.fact, text)
        except AnswerError as rejected:
            self.say(self.pages.rejected(question, rejected))
            return _Then.SAME_QUESTION
        self.say(self.pages.answered(self.interview.answer({question.fact: value})))
        return _Then.NEXT_QUESTION

    def _back(self) -> _Then:
        try:
            fact = self.interview.back()
        except FileChangedError:
            self.interview.reload()
            self.say(self.pages.remark("ask_reloaded"))
            fact = None
        if fact is None:
            self.say(self.pages.remark("ask_nothing_to_undo"))
            return _Then.SAME_QUESTION
        self.say(self.pages.remark("ask_undone", fact=fact))
        return _Then.NEXT_QUESTION
