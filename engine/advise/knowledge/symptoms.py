"""The shape of `kb/symptoms.yaml`: what goes wrong in training, and the rules that speak of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from advise.knowledge.rule import RULE_ID, Shape
from advise.text import Text


class Symptom(Shape):
    """Something that goes wrong in training.

    Attributes:
        number: The number under which it is known.
        title: What it is, in a few words.
        rules: The rules that fire on it, from facts alone; none where no rule speaks of it.
    """

    number: int = Field(ge=1)
    title: Text
    rules: list[Annotated[str, Field(pattern=RULE_ID)]]


class SymptomsFile(Shape):
    """`kb/symptoms.yaml`, in the order of the numbers."""

    symptoms: list[Symptom] = []
