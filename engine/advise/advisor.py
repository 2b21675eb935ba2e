"""The one object behind every face: facts in, plan out."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from advise.conditions import Concluded, Facts
from advise.facts.meant import is_meant_as_facts
from advise.facts.read import read_all
from advise.facts.record import Observed
from advise.infer.chain import Chainer
from advise.infer.driver import Engine, infer, open_chainer
from advise.infer.reach import reachable
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.derived import compute
from advise.knowledge.files import Root
from advise.knowledge.prepared import compiled, prepare
from advise.plan.evidence import Context
from advise.plan.examination import Examination
from advise.plan.model import Plan
from advise.runlog.readers.open import is_log
from advise.text import Value

if TYPE_CHECKING:
    from advise.plan.attempts import Tried
    from advise.plan.model import GateResult

FactsInput = Mapping[str, object] | str | Path | Sequence[str | Path]


class Advisor:
    """Advises on runs from what is observed of them.

    One advisor may be used many times and from several threads; it holds the knowledge base, compiled.

    Args:
        knowledge: What to reason with, or where it lies; by default the knowledge base that came with the package.
        engine: `durable`, `plain`, or `auto`: durable-rules where it can be had.
        drafts: Whether rules without a measured alarm rate may speak.
        settings: The user's settings, such as `.advise.yaml`; a file that is not there says nothing.

    Raises:
        KnowledgeError: Something in the knowledge base is wrong; every problem is listed.
        SettingsError: Something in the settings is wrong; every problem is listed.
    """

    def __init__(
        self, knowledge: KnowledgeBase | Root | None = None, *, engine: Engine = "auto", drafts: bool = False, settings: Path | None = None
    ) -> None:
        prepared = compiled(knowledge, drafts=drafts) if isinstance(knowledge, KnowledgeBase) else prepare(knowledge, drafts=drafts)
        if settings is not None and os.path.lexists(settings):
            from advise.knowledge.levels import with_settings

            prepared = compiled(with_settings(prepared.knowledge, settings), drafts=drafts)
        self.knowledge = prepared.knowledge
        self._program = prepared.program
        self._engine = engine

    @cached_property
    def _chainer(self) -> Chainer:
        return open_chainer(self._program, self._engine)

    def _chainer_for(self, facts: Facts, given: Collection[Concluded], *, once: bool) -> Chainer:
        if not once or self._engine == "plain":
            return self._chainer
        return open_chainer(self._program, self._engine, reachable(self._program, facts, given))

    def advise(self, facts: FactsInput = (), *, history: object = None, after: str | Path | Plan | None = None) -> Plan:
        """Make the plan for a run.

        Args:
            facts: Facts by name, or the path or paths of facts files (`-` is standard input).
            history: What a program holds of the run, as for `observe`.
            after: An earlier plan, or the path of one in JSON, whose gates these facts answer; a facts file may name one itself (`follows:`).

        Raises:
            FactsError: Something in the facts is wrong; every problem is listed.
            LogError: The history is none.
        """
        return self.examine(facts if history is None else self.observe(facts, history=history), after=after).plan

    def observe(
        self,
        facts: FactsInput = (),
        stated: Mapping[str, object] | None = None,
        *,
        history: object = None,
        columns: Mapping[str, str] | None = None,
        run: str | None = None,
        patterns: Sequence[str] = (),
    ) -> Observed:
        """Read facts and check them against the vocabulary; measure what was logged.

        Args:
            facts: Facts by name, or the path or paths of facts files, training logs and run directories.
            stated: Facts by name that are stated beside the files, as a facts file among them would.
            history: What a program holds of the run: a list of dicts, a mapping of lists, a pandas or polars data frame, a Keras `History`.
            columns: Column of the logs by role, such as `{"dev.metric": "val_dice"}`, where it shall not be guessed.
            run: Which run is read, where there are several in one place; by default the newest.
            patterns: How lines of the logs look, such as `step {step} trl {train.loss} val {dev.loss}`, where they are of no known form.

        Raises:
            FactsError: Something in the facts is wrong; every problem is listed.
            LogError: A log cannot be read at all.
            MappingError: There is no such role or column.
            PatternError: A pattern cannot be understood, or no line fits it.
            RunChoiceError: There is no such run.
            TeachingError: A file `advise.yaml` beside a log cannot be understood.
        """
        if history is not None:
            return self._with_history(facts, stated, history, columns or {})
        if isinstance(facts, Mapping):
            return read_all((), self.knowledge.vocabulary, {**facts, **(stated or {})})
        paths = [str(path) for path in ([facts] if isinstance(facts, str | Path) else facts)]
        logs = frozenset(filter(is_log, paths))
        if not patterns and not logs and not any(os.path.isdir(path) or not is_meant_as_facts(path, self.knowledge.vocabulary) for path in paths):
            return read_all(paths, self.knowledge.vocabulary, stated)
        # Measuring takes numpy, which a facts file does not need.
        from advise.runlog.paths import observe_paths
        from advise.runlog.teaching import taught

        return observe_paths(paths, self.knowledge, taught(columns or {}, patterns, run, self.knowledge.roles), stated, logs)

    def _with_history(self, facts: FactsInput, stated: Mapping[str, object] | None, history: object, columns: Mapping[str, str]) -> Observed:
        from advise.runlog.observe import with_logs
        from advise.runlog.readers.in_memory import table_of

        known = self.observe(facts, stated) if facts else read_all((), self.knowledge.vocabulary, stated or {})
        return with_logs(known, [table_of(history)], self.knowledge, columns)

    def examine(
        self,
        facts: FactsInput | Observed,
        *,
        after: str | Path | Plan | None = None,
        given: Collection[Concluded] = (),
        tried: Sequence[Tried] = (),
        once: bool = False,
        brief: bool = False,
    ) -> Examination:
        """The plan with everything behind it.

        Args:
            facts: As for `advise`, or what `observe` made of them.
            after: As for `advise`.
            given: Conclusions to take as reached, whatever the facts.
            tried: What earlier rounds tried without success, in their order; it is not advised again.
            once: Whether this is the only run: only what these facts can reach is then laid out for the engine, which is a fraction of the rules.
            brief: Whether the plan is one of many, and leaves out what is open, what could be asked, the checklist, and curves.

        Raises:
            FactsError: Something in the facts is wrong; every problem is listed.
        """
        observed = facts if isinstance(facts, Observed) else self.observe(facts)
        values: dict[str, Value] = {name: fact.value for name, fact in observed.facts.items()}
        origins = {name: str(fact.origin) for name, fact in observed.facts.items()}
        brought, results = self._followed(after or observed.follows, values, observed.forgotten)
        for name in brought.keys() - values.keys():
            origins[name] = "plan"
        stated = {**brought, **values}
        computed = compute(self.knowledge.derived, stated)
        origins |= {name: f"= {self.knowledge.derived[name].expression.text}" for name in computed}
        known = {**stated, **computed}
        inference = infer(self._chainer_for(known, given, once=once), known, given)
        origins |= {fact: keys[0] for fact, keys in inference.derived.items()}
        notes = {name: fact.note for name, fact in observed.facts.items() if fact.note is not None}
        context = Context(self.knowledge, inference.facts, origins, notes)
        return Examination(inference, context, stated, observed.run, results, observed.findings, observed.log, tuple(tried), brief)

    def _followed(
        self, after: str | Path | Plan | None, values: Mapping[str, Value], forgotten: frozenset[str]
    ) -> tuple[Mapping[str, Value], tuple[GateResult, ...]]:
        """What an earlier plan contributes to this run's facts, and how its gates turned out."""
        if after is None:
            return {}, ()
        from advise.plan.gates import follow_up, read_plan

        earlier = after if isinstance(after, Plan) else read_plan(Path(after))
        found = follow_up(earlier.gates, values, self.knowledge.derived)
        return {name: value for name, value in found.facts.items() if name in self.knowledge.vocabulary and name not in forgotten}, found.results
