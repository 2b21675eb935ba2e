"""Which decision sets which other aside, by name or by verdict: in no circle, or arbitration could not begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from advise.knowledge.base import KnowledgeBase
from advise.knowledge.parts import Path
from advise.knowledge.rule import DecisionRule


@dataclass(frozen=True, slots=True)
class Circle:
    """Decisions that set each other aside in a circle, and the place of one `supersedes` or `excludes` that closes it."""

    key: str
    path: Path
    decisions: tuple[str, ...]


def circle(base: KnowledgeBase) -> Circle | None:
    """A circle in what sets aside what, if there is one; where rules take part in it, the place is in one of them."""
    places = {(first, second): (key, path) for first, second, key, path in reversed(list(_setting_aside(base)))}
    # Dictionaries keep their order, so that of several circles it is always the same one.
    graph: dict[str, dict[str, None]] = {}
    for first, second in places:
        graph.setdefault(first, {})[second] = None
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # In `args[1]` each is superseded by the next, and the first stands again at the end.
        ring: tuple[str, ...] = tuple(reversed(error.args[1]))
        key, path = max(places[pair] for pair in pairwise(ring))
        return Circle(key, path, ring)
    return None


def _setting_aside(base: KnowledgeBase) -> Iterator[tuple[str, str, str, Path]]:
    for name, decision in base.decisions.items():
        for index, item in enumerate(decision.supersedes):
            yield name, item.decision, "kb/decisions.yaml", ("decisions", name, "supersedes", index, "decision")
    yield from _excluding(base)
    for rule in base.rules.values():
        if isinstance(rule.spec, DecisionRule):
            for index, item in enumerate(rule.spec.supersedes):
                yield rule.spec.concludes, item.decision, f"rules/{rule.id}.yaml", ("supersedes", index, "decision")


def _excluding(base: KnowledgeBase) -> Iterator[tuple[str, str, str, Path]]:
    calling: dict[str, set[str]] = {}
    for rule in base.rules.values():
        # A decision that does not exist is reported where the rule names it.
        if isinstance(rule.spec, DecisionRule) and rule.spec.concludes in base.decisions:
            calling.setdefault(rule.spec.verdict or base.decisions[rule.spec.concludes].verdict, set()).add(rule.spec.concludes)
    for number, verdict in enumerate(base.verdicts):
        for index, item in enumerate(verdict.excludes):
            for first in sorted(calling.get(verdict.id, ())):
                for second in sorted(calling.get(item.verdict, set()) - {first}):
                    yield first, second, "kb/verdicts.yaml", ("verdicts", number, "excludes", index, "verdict")
