"""What was checked of a run that was logged, and what could not be for want of a column."""

from __future__ import annotations

from collections.abc import Mapping

from advise.knowledge.base import KnowledgeBase
from advise.plan.model import Check
from advise.text import Value


def checks(facts: Mapping[str, Value], base: KnowledgeBase) -> list[Check]:
    """The families of checks for this kind of training. One ran where anything is known that is measured on its columns, be it stated.

    Args:
        facts: What is known of the run.
        base: The families, and what is measured on which column.
    """
    kind = facts.get(base.roles.kind_fact or "")
    fitting = (family for family in base.measures.families if kind not in family.not_for and (not family.kinds or kind in family.kinds))
    found = [(family, not facts.keys().isdisjoint(base.measures.facts_of(family))) for family in fitting]
    return [
        Check.model_construct(id=family.id, title=family.title, ran=ran, roles=list(family.roles))
        for family, ran in found
        if ran or not family.optional
    ]
