"""The vocabulary: every fact that can be stated or measured, typed, bounded and explained."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from advise.knowledge.parts import Refers
from advise.text import Text
from advise.units import Unit


class FactType(StrEnum):
    """What kind of value a fact has."""

    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    ENUM = "enum"
    TEXT = "text"
    INTEGERS = "integers"
    NUMBERS = "numbers"
    TEXTS = "texts"

    @property
    def numeric(self) -> bool:
        """Whether order comparisons make sense."""
        return self in (FactType.NUMBER, FactType.INTEGER)

    @property
    def has_unit(self) -> bool:
        """Whether a unit says something of its values."""
        return self.numeric or self in (FactType.INTEGERS, FactType.NUMBERS)


class Cost(StrEnum):
    """What it takes to find a fact out; cheaper questions are asked first."""

    LOOKUP = "lookup"
    JUDGEMENT = "judgement"
    MEASURE = "measure"
    EXPERIMENT = "experiment"


def _parsable_unit(text: str) -> str:
    Unit.parse(text)
    return text


FACT_NAME = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"
FactName = Annotated[str, Field(pattern=FACT_NAME)]
KnownFact = Annotated[FactName, Refers("fact")]
# YAML reads the unit 1 as a number.
UnitText = Annotated[
    str,
    BeforeValidator(lambda unit: "1" if unit == 1 else unit),
    AfterValidator(_parsable_unit),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"const": 1}]}),
]


class FactSpec(BaseModel):
    """The type, unit, bounds and questions of one fact.

    `min` and `max` are inclusive, `above` and `below` exclusive. `values` names each value of an enum in both languages, `spellings` says what else
    people write for it. `shown` says that the fact
    is there for a person to see, in observations and plans, and that nothing has to reason with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    type: FactType
    unit: UnitText = "1"
    min: float | None = None
    max: float | None = None
    above: float | None = None
    below: float | None = None
    values: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Text] = {}
    spellings: dict[str, list[str]] = {}
    title: Text
    prompt: Text
    observe: Text
    cost: Cost = Cost.LOOKUP
    shown: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.type is FactType.ENUM) != bool(self.values):
            raise ValueError("an enum, and only an enum, lists its `values`")
        strange = next((value for value in self.spellings if value not in self.values), None)
        if strange is not None:
            raise ValueError(f"`spellings` names `{strange}`, which is none of the `values`")
        return self

    def value_called(self, word: str) -> str | None:
        """The value of an enum that a word names: by itself, or as people write it, where case and blanks do not count."""
        if word in self.values:
            return word
        folded = _folded(word)
        return next((value for value, forms in self.spellings.items() if folded in map(_folded, forms)), None)

    def contains(self, number: float) -> bool:
        """Whether a number lies within the bounds; NaN does where there are none."""
        return (
            (self.min is None or number >= self.min)
            and (self.max is None or number <= self.max)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )

    @property
    def interval(self) -> Text | None:
        """Where a number must lie, in words: `in [0, 1)`, `at least 1`; None where it may lie anywhere."""
        low, high = self.min if self.above is None else self.above, self.max if self.below is None else self.below
        if low is not None and high is not None:
            both = f"{'[' if self.above is None else '('}{low:g}, {high:g}{']' if self.below is None else ')'}"
            return Text(en=f"in {both}", zh=f"范围 {both}")
        if low is not None:
            return Text(en=f"{'at least' if self.above is None else 'above'} {low:g}", zh=f"{'不小于' if self.above is None else '大于'} {low:g}")
        if high is not None:
            return Text(en=f"{'at most' if self.below is None else 'below'} {high:g}", zh=f"{'不大于' if self.below is None else '小于'} {high:g}")
        return None

    @property
    def dimension(self) -> Unit:
        """The parsed unit."""
        return Unit.parse(self.unit)


def _folded(word: str) -> str:
    return "_".join(word.casefold().replace("-", " ").replace("_", " ").split())


class FactsFile(BaseModel):
    """One file of `kb/facts/`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    facts: dict[FactName, FactSpec]


class Vocabulary(BaseModel):
    """Every fact by name."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    specs: Mapping[str, FactSpec]

    def __contains__(self, name: object) -> bool:
        return name in self.specs

    def __getitem__(self, name: str) -> FactSpec:
        return self.specs[name]

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """Every proper prefix of a fact's name: `lr` of `lr.peak`."""
        return frozenset(prefix for name in self.specs for prefix in _prefixes(name))


def _prefixes(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]
