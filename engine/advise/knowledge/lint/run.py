"""Running every check of the linter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from advise.knowledge.lint.coverage import catalogue_reached, diagnoses_lead_somewhere, errata_cited, tested, thresholds_reasoned
from advise.knowledge.lint.decisions import superseding_is_acyclic, verdicts_are_complete
from advise.knowledge.lint.finding import Finding, Subject
from advise.knowledge.lint.logic import never_holds
from advise.knowledge.lint.texts import languages, placeholders_known

CHECKS: Sequence[Callable[[Subject], Iterator[Finding]]] = (
    languages,
    placeholders_known,
    thresholds_reasoned,
    tested,
    never_holds,
    superseding_is_acyclic,
    verdicts_are_complete,
    diagnoses_lead_somewhere,
    catalogue_reached,
    errata_cited,
)


def lint(subject: Subject) -> list[Finding]:
    """Everything in a knowledge base that loads and still should be mended.

    Args:
        subject: The knowledge base with the tests of its rules.
    """
    return [finding for check in CHECKS for finding in check(subject)]
