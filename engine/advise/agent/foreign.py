"""What was observed, before anything is concluded from it: foreign text marked as data, and places named relative to the roots."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from advise.agent.roots import Roots
from advise.facts.mapping import ARGUMENT
from advise.facts.record import Fact, Observed, Origin
from advise.terms import Finding
from advise.text import Text, Value
from advise.untrusted import quoted, said

if TYPE_CHECKING:
    from advise.runlog.series.record import RunLog

# Unlike a file of this name, an argument has no lines.
_ARGUMENT = Origin(ARGUMENT)


def cleaned(observed: Observed, roots: Roots) -> Observed:
    """The same observations, fit to be shown to a model.

    Args:
        observed: As it was read; what stands in an argument of the call is the caller's own and stays as it is.
        roots: What places are relative to.
    """
    cleaner = _Cleaner(roots)
    return replace(
        observed,
        facts={name: cleaner.fact(fact) for name, fact in observed.facts.items()},
        run=None if observed.run is None else quoted(observed.run),
        findings=tuple(cleaner.finding(finding) for finding in observed.findings),
        log=None if observed.log is None else cleaner.log(observed.log),
    )


class _Cleaner:
    def __init__(self, roots: Roots) -> None:
        self._roots = roots

    def fact(self, fact: Fact) -> Fact:
        is_argument = fact.origin == _ARGUMENT
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
        return self._roots.hidden(text)


def _value(value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(quoted(item) if isinstance(item, str) else item for item in value)
    return quoted(value) if isinstance(value, str) else value
