"""The toolbox: an advisor, the folders it may read below, the reports it keeps, and the limits of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from advise.advisor import Advisor
from advise.agent.call_limits import CallLimiter
from advise.agent.foreign import cleaned
from advise.agent.reports import PREFIX, Reports
from advise.agent.roots import MEGABYTE, Roots
from advise.authoring.search import Index
from advise.documents.problems import Problem
from advise.errors import FactsError
from advise.facts.mapping import ARGUMENT
from advise.facts.record import Observed
from advise.infer.driver import MANY_PLANS
from advise.interview.wording import Wording
from advise.plan.examination import Examination
from advise.plan.gates import read_plan
from advise.plan.model import Plan
from advise.render.voice import Voice
from advise.text import LanguageChoice

# A call waits this long for its answer; reading the largest allowed log takes a few seconds.
SECONDS = 30.0
_FOLLOWS = "follows"


@dataclass(frozen=True)
class Toolbox:
    """Everything a tool works with. One toolbox serves many threads.

    Attributes:
        advisor: Reasons.
        roots: Where files may be read.
        reports: The last plans, for whoever asks for more.
        limiter: How long a call may take, and how many at once.
    """

    advisor: Advisor
    roots: Roots
    reports: Reports = field(default_factory=Reports)
    limiter: CallLimiter = field(default_factory=lambda: CallLimiter(SECONDS))

    @classmethod
    def open(
        cls, roots: Sequence[str | Path] = (".",), *, advisor: Advisor | None = None, seconds: float = SECONDS, max_megabytes: int = 256
    ) -> Toolbox:
        """A toolbox that reads below some folders.

        Args:
            roots: The folders; by default the working directory.
            advisor: What reasons; by default the knowledge that came with the package, on the plain engine, which is the faster one for many calls.
            seconds: How long a call may take.
            max_megabytes: How large what one call reads may be, all files together.

        Raises:
            FactsError: A root is no folder.
        """
        found = Roots.of(roots, max_megabytes * MEGABYTE)
        return cls(advisor or Advisor(engine=MANY_PLANS), found, limiter=CallLimiter(seconds))

    @cached_property
    def words(self) -> Wording:
        """What units are called in answers."""
        base = self.advisor.knowledge
        return Wording.of((spec.dimension for spec in base.vocabulary.specs.values()), base.strings)

    @cached_property
    def index(self) -> Index:
        """The knowledge base by words."""
        return Index(self.advisor.knowledge)

    def voice(self, lang: LanguageChoice) -> Voice:
        """What is said in a language."""
        return Voice(self.advisor.knowledge.strings, lang)

    def observed(self, paths: Sequence[str], facts: Mapping[str, Any], columns: Mapping[str, str] | None = None) -> Observed:
        """What files and arguments say of one run, foreign text marked as data.

        Raises:
            FactsError: Something in them is wrong; every problem is listed.
            LogError: A log cannot be read at all.
            MappingError: There is no such role or column.
        """
        if _FOLLOWS in facts:
            raise FactsError([Problem(ARGUMENT, 0, 0, f"`{_FOLLOWS}` stands in facts files only", "", accepted="`after`, an argument of its own")])
        return cleaned(self.advisor.observe(self.roots.opened(paths), facts, columns=columns), self.roots)

    def examination(self, paths: Sequence[str], facts: Mapping[str, Any], after: str = "") -> Examination:
        """A run examined.

        Args:
            paths: Its files.
            facts: What is stated of it.
            after: The address of an earlier report, or the path of a plan in JSON.

        Raises:
            FactsError: Something in the facts is wrong; every problem is listed.
            ReportError: The earlier report is not kept any more.
        """
        return self.advisor.examine(self.observed(paths, facts), after=self.plan(after) if after else None)

    def plan(self, after: str) -> Plan:
        """An earlier plan.

        Raises:
            FactsError: The file is no such plan, or may not be read.
            ReportError: The report is not kept any more.
        """
        if after.startswith(PREFIX):
            return self.reports.get(after)
        return read_plan(Path(self.roots.opened([after])[0]))
