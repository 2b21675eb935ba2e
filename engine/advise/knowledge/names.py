"""Every name that files of knowledge may use, as far as it could be told: what stands in a broken file is in doubt, and is not called unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from advise.conditions import ConclusionKind
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.condition_syntax import Names
from advise.knowledge.parts import Refers
from advise.knowledge.vocabulary import FactSpec, Vocabulary
from advise.terms import SEVERITIES

_CONCLUDED: Mapping[ConclusionKind, str] = {
    ConclusionKind.DIAGNOSIS: "diagnosis",
    ConclusionKind.DECISION: "decision",
    ConclusionKind.CHECK_PASSED: "checklist item",
    ConclusionKind.CHECK_FAILED: "checklist item",
}


@dataclass(frozen=True)
class Known:
    """Names by what they name.

    Attributes:
        vocabulary: The facts.
        named: What else has a name, by what it is; None where that is in doubt.
        certain: Whether there are no facts but these.
    """

    vocabulary: Vocabulary
    named: Mapping[str, tuple[str, ...] | None]
    certain: bool = True

    def of(self, mark: Refers) -> tuple[str, ...] | None:
        """The names that will do; None where any has to, for they are in doubt."""
        if mark.what not in ("fact", "numeric fact"):
            return self.named[mark.what]
        if not self.certain:
            return None
        return self._numbers if mark.what == "numeric fact" else tuple(self.vocabulary.specs)

    def fact(self, name: object) -> FactSpec | None:
        """What is known of a fact; None where nothing is."""
        return self.vocabulary[name] if isinstance(name, str) and name in self.vocabulary else None

    @cached_property
    def _numbers(self) -> tuple[str, ...]:
        return tuple(name for name, spec in self.vocabulary.specs.items() if spec.type.numeric)

    @cached_property
    def conditions(self) -> Names:
        """The names that a condition may use."""
        concluded = {kind: names for kind, what in _CONCLUDED.items() if (names := self.named[what]) is not None}
        return Names(self.vocabulary, {**concluded, ConclusionKind.ALARM: SEVERITIES}, self.certain)


def names_of(base: KnowledgeBase) -> Known:
    """The names in a knowledge base, where nothing is in doubt."""
    return Known(
        base.vocabulary,
        {
            "diagnosis": tuple(base.diagnoses),
            "decision": tuple(base.decisions),
            "slot": tuple(base.slots),
            "checklist item": tuple(base.checklist),
            "source": base.sources,
            "erratum": tuple(base.errata),
            "role": tuple(sorted(base.roles.roles)),
        },
    )
