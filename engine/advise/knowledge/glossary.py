"""The shape of `kb/terms.yaml`: which word is used for what, and which are not."""

from __future__ import annotations

from pydantic import Field

from advise.knowledge.rule import Identifier, Shape


class Variants(Shape):
    """Words and phrases in each language."""

    en: list[str] = []
    zh: list[str] = []


class TermSpec(Shape):
    """What something is called in each language, and what it is not to be called."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    forbidden: Variants = Variants()


class TermsFile(Shape):
    """`kb/terms.yaml`."""

    terms: dict[Identifier, TermSpec] = {}
