"""The shape of `kb/messages.yaml`: what a log says in words, and the facts that follow."""

from __future__ import annotations

from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from advise.documents.line_pattern import LinePattern, line_pattern
from advise.errors import PatternError
from advise.knowledge.catalog import Slug
from advise.knowledge.rule import Scalar, Shape
from advise.knowledge.vocabulary import KnownFact

_FEWEST_CHARACTERS = 2


class Message(Shape):
    """Something that a log may say.

    Attributes:
        id: Its name.
        any: Texts, of which a line has to hold one letter for letter.
        none: Texts, of which it may hold none.
        starts: Whether the line has to begin with a name that ends in one of the texts, as an exception does.
        ends: Whether it ends the run: then it counts only where nothing is logged behind it.
        gives: What follows, by fact.
        numbers: Patterns whose gaps are called as facts; what stands in them in the line, or in those behind it, is their value.
        counts: The fact that says how often it came.
        quotes: The fact that is the line itself.
    """

    id: Slug
    any: list[str] = Field(min_length=1)
    none: list[str] = []
    starts: bool = False
    ends: bool = False
    gives: dict[KnownFact, Scalar] = {}
    numbers: list[str] = []
    counts: KnownFact | None = None
    quotes: KnownFact | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        short = next((text for text in self.any if len(text) < _FEWEST_CHARACTERS), None)
        if short is not None:
            raise ValueError(f"`{short}` is too short to be looked for")
        try:
            assert self.patterns is not None  # noqa: S101 - makes every pattern
        except PatternError as error:
            raise ValueError(str(error)) from error
        return self

    @cached_property
    def patterns(self) -> tuple[LinePattern, ...]:
        """What `numbers` are, ready to be searched for."""
        return tuple(line_pattern(source, self.id) for source in self.numbers)

    @property
    def facts(self) -> list[str]:
        """Every fact that it can give."""
        named = [name for pattern in self.patterns for name in pattern.names]
        return [*self.gives, *named, *(name for name in (self.counts, self.quotes) if name is not None)]


class MessagesFile(Shape):
    """`kb/messages.yaml`; of several messages that end a run, the first in it is the cause.

    Attributes:
        bytes_in: How many bytes there are in the units in which facts count them.
    """

    bytes_in: dict[str, float] = {}
    messages: list[Message] = []
