"""Whether a case can come about, the conclusions that it asks for included: some rule has to reach each, and none those that are to be absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from advise.authoring.lint.cases import Case, cases
from advise.authoring.lint.space import Space
from advise.conditions import Concluded, Condition
from advise.errors import TooManyCasesError
from advise.infer.program import Implication, Literal
from advise.knowledge.base import KnowledgeBase

# Beyond so many steps a search counts as successful: nothing is called impossible that was not looked at.
_STEPS = 4000


@dataclass(frozen=True)
class Reach:
    """Looks through the rules of a knowledge base, drafts included."""

    base: KnowledgeBase
    _cases: dict[Condition, list[Case] | None] = field(default_factory=dict)

    def cases(self, condition: Condition) -> list[Case] | None:
        """Every case of a condition; None where there are too many."""
        if condition not in self._cases:
            try:
                self._cases[condition] = cases(condition, self.base.vocabulary)
            except TooManyCasesError:
                self._cases[condition] = None
        return self._cases[condition]

    def spaces(self, condition: Condition) -> Iterator[Space]:
        """What is left of the facts in each case of a condition; a space without tests where there are too many cases."""
        found = self.cases(condition)
        if found is None:
            yield Space(self.base.vocabulary)
            return
        yield from (Space(self.base.vocabulary).with_case(case) for case in found)

    def possible(self, space: Space) -> bool:
        """Whether the tests of a space can hold together."""
        return space.possible and self._search(space, frozenset(), [_STEPS])

    def ever(self, condition: Condition) -> bool:
        """Whether a condition can hold."""
        return any(self.possible(space) for space in self.spaces(condition))

    def together(self, first: Condition, second: Condition) -> Iterator[Space]:
        """What is left in each case in which two conditions hold, where that can be."""
        for one in self.spaces(first):
            if one.possible:
                joint = (one.with_case(case) for case in self.cases(second) or [()])
                yield from (space for space in joint if self.possible(space))

    def implied(self, condition: Condition, space: Space, through: frozenset[Concluded] = frozenset()) -> bool:
        """Whether a condition holds wherever this is the case; `through` are the conclusions that are being looked through already."""
        return any(all(self._certain(literal, space, through) for literal in case) for case in self.cases(condition) or [])

    def implies(self, first: Condition, second: Condition) -> bool:
        """Whether the second condition holds wherever the first does."""
        found = self.cases(first)
        left = [space for space in self.spaces(first) if space.possible]
        return found is not None and bool(left) and all(self.implied(second, space) for space in left)

    @cached_property
    def concluding(self) -> Mapping[Concluded, list[Implication]]:
        """What can reach each conclusion."""
        return _by_conclusion(self.base.implications(drafts=True))

    @cached_property
    def _concluding_for_sure(self) -> Mapping[Concluded, list[Implication]]:
        return _by_conclusion(self.base.implications())

    def _certain(self, literal: Literal, space: Space, through: frozenset[Concluded]) -> bool:
        leaf = literal.leaf
        if space.implies(literal):
            return True
        if not isinstance(leaf, Concluded) or not literal.holds or leaf in through:
            return False
        return any(self.implied(item.when, space, through | {leaf}) for item in self._concluding_for_sure.get(leaf, ()))

    def _search(self, space: Space, reached: frozenset[Concluded], steps: list[int]) -> bool:
        steps[0] -= 1
        if steps[0] < 0:
            return True
        wanted = next((item for item, holds in space.conclusions.items() if holds and item not in reached), None)
        if wanted is None:
            return not any(self._cannot_be_absent(item, space) for item, holds in space.conclusions.items() if not holds)
        for implication in self.concluding.get(wanted, ()):
            for case in self.cases(implication.when) or [()]:
                further = space.with_case(case)
                if further.possible and self._search(further, reached | {wanted}, steps):
                    return True
        return False

    def _cannot_be_absent(self, conclusion: Concluded, space: Space) -> bool:
        return any(self.implied(item.when, space, frozenset({conclusion})) for item in self._concluding_for_sure.get(conclusion, ()))


def _by_conclusion(implications: Iterator[Implication]) -> Mapping[Concluded, list[Implication]]:
    found: dict[Concluded, list[Implication]] = defaultdict(list)
    for item in implications:
        if isinstance(item.concludes, Concluded):
            found[item.concludes].append(item)
    return found
