"""The shape of `kb/roles.yaml`: which column of a log is what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from advise.knowledge.rule import Shape
from advise.knowledge.vocabulary import FactName

Role = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$")]
Words = Annotated[str, Field(pattern=r"^[a-z0-9]+( [a-z0-9]+)*$")]
Split = Literal["train", "dev", "test"]
Along = Literal["step", "epoch"]
Direction = Literal["up", "down"]


class Quantity(Shape):
    """Something that trainers log.

    Attributes:
        names: What they call it, in words.
        direction: Whether more is better; None where neither is.
        roles: Its role on each split of the data; `none` where the name tells no split. A split that is not listed has no role.
        grouped: Its role where a name tells a layer or a group of parameters besides.
    """

    names: list[Words]
    direction: Direction | None = None
    roles: dict[Split | Literal["none"], Role]
    grouped: Role | None = None


class Signature(Shape):
    """A format whose columns mean something else than their names say.

    Attributes:
        has: Columns that give the format away.
        roles: The role of a column by its name.
        directions: Whether more is better, by the column's name.
    """

    has: list[str] = Field(min_length=1)
    roles: dict[str, Role]
    directions: dict[str, Direction] = {}


class RolesFile(Shape):
    """`kb/roles.yaml`.

    Attributes:
        splits: The words that name a split of the data.
        aggregates: Words that say how a value was put together, not what it is.
        axes: What the columns are called that number the rows.
        quantities: In order of preference where several could decide.
        choices: The fact that names the column of a role.
        hidden_by: The role beside which a value of 0 of another is a NaN that was written as 0; what was so is of the role with `_hidden` behind it.
        fallbacks: What may stand in for a role of which nothing was logged.
        settings: The facts behind the names of hyperparameters.
        settings_files: What files of hyperparameters beside a log are called.
        spellings: By fact, and by its value: the words with which tools write it.
    """

    splits: dict[Split, list[Words]]
    aggregates: list[Words]
    axes: dict[Along, list[Words]]
    quantities: dict[str, Quantity]
    signatures: list[Signature] = []
    choices: dict[Role, FactName] = {}
    hidden_by: dict[Role, Role] = {}
    fallbacks: dict[Role, Role] = {}
    settings: dict[Words, list[FactName]] = {}
    settings_files: list[str] = []
    spellings: dict[FactName, dict[str, list[Words]]] = {}

    @property
    def roles(self) -> frozenset[str]:
        """Every role that a column can have."""
        named = {role for quantity in self.quantities.values() for role in quantity.roles.values()}
        grouped = {quantity.grouped for quantity in self.quantities.values() if quantity.grouped}
        signed = {role for signature in self.signatures for role in signature.roles.values()}
        hidden = {hidden_role(role) for role in self.hidden_by}
        return frozenset(named | grouped | signed | hidden | self.fallbacks.keys() | self.axes.keys())


def hidden_role(role: str) -> str:
    """The role of the values that were hidden."""
    return f"{role}_hidden"
