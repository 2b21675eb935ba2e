"""Running every check of the linter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from advise.authoring.lint.addresses import house_numbers_said, sources_addressed
from advise.authoring.lint.catalogues import tried_params_given, verdicts_are_complete
from advise.authoring.lint.coverage import catalogue_reached, diagnoses_lead_somewhere, errata_cited, tested, thresholds_reasoned
from advise.authoring.lint.dead import checks_can_fail, dead_conditions, idle_vetoes, unreachable_conclusions
from advise.authoring.lint.finding import Finding, Subject
from advise.authoring.lint.opposed import contradictory_settings, errata_obeyed, opposites_apart
from advise.authoring.lint.records import certainty_kept, reasons_for_rules
from advise.authoring.lint.shadowed import shadowed
from advise.authoring.lint.symptoms import symptoms_answered
from advise.authoring.lint.terms import terms_kept
from advise.authoring.lint.texts import filled_in, languages, placeholders_known
from advise.authoring.lint.unused import gates_read, unused_facts

Check = Callable[[Subject], Iterator[Finding]]

# What each of these finds, it finds in the file of the rule that it looks at.
OF_RULES: Sequence[Check] = (
    languages,
    terms_kept,
    filled_in,
    placeholders_known,
    thresholds_reasoned,
    tested,
    dead_conditions,
    checks_can_fail,
    unreachable_conclusions,
    shadowed,
    contradictory_settings,
    gates_read,
    diagnoses_lead_somewhere,
    errata_obeyed,
    house_numbers_said,
    certainty_kept,
)
OF_THE_WHOLE: Sequence[Check] = (
    idle_vetoes,
    sources_addressed,
    opposites_apart,
    verdicts_are_complete,
    unused_facts,
    catalogue_reached,
    errata_cited,
    symptoms_answered,
    tried_params_given,
    reasons_for_rules,
)


def lint(subject: Subject) -> list[Finding]:
    """Everything in a knowledge base that loads and still should be mended.

    Args:
        subject: The knowledge base with the tests of its rules.
    """
    checks = OF_RULES if subject.about is not None else (*OF_RULES, *OF_THE_WHOLE)
    return [finding for check in checks for finding in check(subject)]
