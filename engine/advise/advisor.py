"""The one object behind every face: facts in, plan out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from advise.bilingual import Value, show
from advise.conditions import Concluded
from advise.facts.read import facts_from_mapping, read_all
from advise.facts.record import Observed
from advise.follow import FollowUp, follow_up, read_plan
from advise.infer.chain import Inference, infer
from advise.infer.engines import EngineName, chainer
from advise.infer.compile import compile_program
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.derivation import compute
from advise.knowledge.files import Root
from advise.knowledge.load import load_knowledge
from advise.plan.build import build_plan
from advise.plan.model import Finding, Plan


class Advisor:
    """Advises on runs from what is observed of them.

    One advisor may be used many times and from several threads; it holds the knowledge base, compiled.

    Args:
        knowledge: What to reason with; by default the knowledge base that came with the package.
        engine: `durable`, `plain`, or `auto`: durable-rules where it can be imported.
        drafts: Whether rules without a measured alarm rate may speak.
    """

    def __init__(self, knowledge: KnowledgeBase | Root | None = None, *, engine: EngineName = "auto", drafts: bool = False) -> None:
        self.knowledge = knowledge if isinstance(knowledge, KnowledgeBase) else load_knowledge(knowledge)
        self._program = compile_program(list(self.knowledge.implications(drafts=drafts)))
        self._engine = engine

    @cached_property
    def _chainer(self) -> object:
        return chainer(self._program, self._engine)
