"""The shape of `kb/ledger.yaml`: what the rounds of a ledger mean for a plan."""

from __future__ import annotations

from typing import Literal

from advise.knowledge.comparison import Given, Output, Share
from advise.knowledge.rule import Identifier, KnownDecision, Shape

Result = Literal["adopted", "not_adopted", "inconclusive"]


class LedgerSpec(Shape):
    """What the rounds of a ledger mean.

    Attributes:
        same_within: Two values of a param are the same attempt where they differ by no more than this share of the larger.
        reasons: Why it is what it is.
        tried: Decisions that a round tries out, each with the param that makes another value another attempt; none where there is no such param.
            Any other decision may be taken again in every round.
        results: How a round ended, by what its plan decided.
        gives: The fact behind each output of the ledger.
    """

    same_within: Share
    reasons: dict[str, str]
    tried: dict[KnownDecision, Identifier | None]
    results: dict[KnownDecision, Result]
    gives: dict[Output, Given]


class LedgerFile(Shape):
    """`kb/ledger.yaml`; a knowledge base without it cannot remember."""

    ledger: LedgerSpec | None = None
