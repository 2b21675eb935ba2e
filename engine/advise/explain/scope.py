"""The run in which something is explained, with what every explanation asks of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from advise.conditions import Concluded
from advise.explain.lacking import Gaps
from advise.explain.records import Node
from advise.explain.trace import Tracer, rule_of
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.rule import DecisionRule
from advise.plan.candidate import candidate, said_of
from advise.plan.decisions import spoken_value
from advise.plan.examination import Examination
from advise.plan.reversal import Reversals
from advise.terms import Source
from advise.text import Text


@dataclass(frozen=True)
class Scope:
    """One run, for one explanation: what was unfolded once in it is not unfolded again."""

    found: Examination

    @cached_property
    def tracer(self) -> Tracer:
        """Shows what conditions came to."""
        return Tracer(self.found)

    @cached_property
    def gaps(self) -> Gaps:
        """Shows what rules lack."""
        return Gaps(self.tracer)

    @cached_property
    def reversals(self) -> Reversals:
        """Says what would withdraw a conclusion."""
        return Reversals(self.found.inference, self.base)

    @property
    def base(self) -> KnowledgeBase:
        """What was reasoned with."""
        return self.found.context.base

    def reached(self, conclusion: Concluded) -> bool:
        """Whether something was concluded."""
        return conclusion in self.found.inference.concluded

    def rules(self, keys: Iterable[str]) -> list[Node]:
        """Rules with what their conditions came to."""
        return [self.tracer.rule(key) for key in keys]

    def why(self, rules: Iterable[str]) -> Text | None:
        """What the first of some rules says, with this run's numbers."""
        context = self.found.context
        values = {name: spoken_value(name, value, context) for name, value in context.facts.items()}
        for spec in (self.base.rules[name].spec for name in rules):
            params = candidate(spec, context.facts).params if isinstance(spec, DecisionRule) else {}
            return said_of(spec.why, {**values, **{f"params.{name}": value for name, value in params.items()}})
        return None

    def sources(self, keys: Iterable[str]) -> list[Source]:
        """The sources of some rules, each once."""
        ids = (source for key in keys for source in self.base.rules[rule_of(key)].spec.sources)
        return self.found.context.sources(dict.fromkeys(ids))
