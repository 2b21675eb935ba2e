"""The shape of `kb/comparison.yaml`: how a comparison is held, and which facts it gives."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from advise.knowledge.catalog import KnownSlot
from advise.knowledge.roles import KnownRole, Words
from advise.knowledge.rule import Scalar, Shape
from advise.knowledge.vocabulary import KnownFact
from advise.text import Text

Share = Annotated[float, Field(gt=0, lt=1)]
Output = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Variance = Literal["trial", "search", "sampling"]


class Given(Shape):
    """A fact that is measured.

    Attributes:
        fact: Which.
        how: How it came about.
    """

    fact: KnownFact
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
    roles: list[KnownRole]
    proportions: list[Words]
    complexity: dict[Literal["low", "medium", "high"], Scalar]
    variances: dict[Variance, KnownFact]
    slot: KnownSlot
    gives: dict[Output, Given]


class ComparisonFile(Shape):
    """`kb/comparison.yaml`; a knowledge base without it cannot compare."""

    comparison: ComparisonSpec | None = None
