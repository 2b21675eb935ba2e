"""The shape of `kb/adoption.yaml`: how a comparison is held, which facts it gives, and what a ledger of rounds means for a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from advise.knowledge.roles import Role, Words
from advise.knowledge.rule import Identifier, Scalar, Shape
from advise.knowledge.vocabulary import FactName
from advise.text import Text

Share = Annotated[float, Field(gt=0, lt=1)]
Output = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Variance = Literal["trial", "search", "sampling"]
Result = Literal["adopted", "not_adopted", "inconclusive"]


class Given(Shape):
    """A fact that is measured.

    Attributes:
        fact: Which.
        how: How it came about.
    """

    fact: FactName
    how: Text


class ComparisonSpec(Shape):
    """How a comparison is held, and what it gives.

    Attributes:
        level: Confidence that a gain called one is one.
        power: Share of gains of the observed size that the seeds asked for shall find.
        paired_from: From how many shared seeds on runs are compared pair by pair.
        fewest_seeds: A repeat is never planned with fewer a side.
        reasons: Why each of these is what it is.
        seeds: What a column or a setting is called that holds the seed.
        runs: What a column is called that names the run.
        ends: Words of a column's name that only say that it is the final score.
        roles: The curves that can decide, the first that was logged.
        proportions: Metrics that are the share of samples that are right, or wrong.
        complexity: The value of its fact by the words of the option.
        variances: The fact behind each of the three variances, as a standard deviation.
        slot: The slot of the decisions that answer a comparison.
        gives: The fact behind each output of the comparison.
    """

    level: Share
    power: Share
    paired_from: int = Field(ge=2)
    fewest_seeds: int = Field(ge=2)
    reasons: dict[str, str]
    seeds: list[Words]
    runs: list[Words]
    ends: list[Words]
    roles: list[Role]
    proportions: list[Words]
    complexity: dict[Literal["low", "medium", "high"], Scalar]
    variances: dict[Variance, FactName]
    slot: Identifier
    gives: dict[Output, Given]


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
    tried: dict[Identifier, Identifier | None]
    results: dict[Identifier, Result]
    gives: dict[Output, Given]


class AdoptionFile(Shape):
    """`kb/adoption.yaml`; a knowledge base without it can neither compare nor remember."""

    comparison: ComparisonSpec | None = None
    ledger: LedgerSpec | None = None

    @property
    def given(self) -> Mapping[tuple[str, str], Given]:
        """Every fact that is given, by part and output."""
        parts = {"comparison": self.comparison, "ledger": self.ledger}
        return {(name, output): given for name, part in parts.items() if part is not None for output, given in part.gives.items()}
