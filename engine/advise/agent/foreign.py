"""What was observed, before anything is concluded from it: foreign text marked as data, and places named relative to the roots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from advise.agent.roots import Roots
from advise.documents.problems import Problem
from advise.facts.record import Fact, Observed
from advise.terms import Finding
from advise.text import Text, Value
from advise.untrusted import quoted, said

if TYPE_CHECKING:
    from advise.runlog.series.record import RunLog

ARGUMENT = "argument"


def cleaned(observed: Observed, roots: Roots, arguments: Sequence[str]) -> Observed:
    """The same observations, fit to be shown to a model.

    Args:
        observed: As it was read.
        roots: What places are relative to.
        arguments: Files that stand for arguments of the call: what they say is the caller's own.
    """
    cleaner = _Cleaner(roots, tuple(arguments))
    return replace(
        observed,
        facts={name: cleaner.fact(fact) for name, fact in observed.facts.items()},
        run=None if observed.run is None else quoted(observed.run),
        findings=tuple(cleaner.finding(finding) for finding in observed.findings),
        log=None if observed.log is None else cleaner.log(observed.log),
    )


def named(problem: Problem, arguments: Sequence[str]) -> Problem:
    """A problem that names an argument of the call where it named the file that stood for it."""
    if problem.file in arguments:
        return replace(problem, file=ARGUMENT, line=0, column=0, source_line="")
    return replace(problem, message=_unmasked(problem.message, arguments))


class _Cleaner:
    def __init__(self, roots: Roots, arguments: Sequence[str]) -> None:
        self._roots = roots
        self._arguments = arguments

    def fact(self, fact: Fact) -> Fact:
        is_argument = fact.origin.file in (ARGUMENT, *self._arguments)
        value = fact.value if is_argument else _value(fact.value)
        note = None if fact.note is None else self._text(fact.note)
        return replace(fact, value=value, origin=replace(fact.origin, file=self._place(fact.origin.file)), note=note)

    def finding(self, finding: Finding) -> Finding:
        return finding.model_copy(update={"text": self._text(finding.text), "origin": self._place(finding.origin)})

    def log(self, log: RunLog) -> RunLog:
        curves = {
            role: tuple(replace(curve, column=quoted(curve.column), file=self._place(curve.file), group=quoted(curve.group)) for curve in found)
            for role, found in log.curves.items()
        }
        return replace(log, curves=curves, unmapped=tuple(map(quoted, log.unmapped)))

    def _text(self, text: Text) -> Text:
        return Text.model_construct(en=said(self._place(text.en)), zh=said(self._place(text.zh)))

    def _place(self, text: str) -> str:
        return self._roots.hidden(_unmasked(text, self._arguments))


def _unmasked(text: str, arguments: Sequence[str]) -> str:
    for path in arguments:
        text = text.replace(path, ARGUMENT)
    return text


def _value(value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(quoted(item) if isinstance(item, str) else item for item in value)
    return quoted(value) if isinstance(value, str) else value
