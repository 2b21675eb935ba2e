"""The shape of `kb/roles.yaml`: which column of a log is what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from advise.knowledge.parts import Refers
from advise.knowledge.rule import Shape
from advise.knowledge.vocabulary import KnownFact
from advise.terms import Direction

NO_ROLE = "none"
Role = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$")]
KnownRole = Annotated[Role, Refers("role")]
Words = Annotated[str, Field(pattern=r"^[a-z0-9\u3400-\u9fff]+( [a-z0-9\u3400-\u9fff]+)*$")]
Split = Literal["train", "train_dev", "dev", "test"]
Along = Literal["step", "epoch"]
Scale = Literal["share", "perplexity"]


class Quantity(Shape):
    """Something that trainers log.

    Attributes:
        names: What they call it, in words.
        alone: What they call it where nothing else is in the name but a split and how the value was put together.
        direction: Whether more is better; None where neither is.
        scale: What is done to its values so that logs can be compared: a `share` in percent becomes one, a `perplexity` its logarithm, the loss.
        roles: Its role on each split of the data; `none` where the name tells no split. A split that is not listed has no role.
        grouped: Its role where a name tells a layer or a group of parameters besides.
        is_loss_alone: Whether it is what is trained on where no loss is logged.
    """

    names: list[Words]
    alone: list[Words] = []
    direction: Direction | None = None
    scale: Scale | None = None
    roles: dict[Split | Literal["none"], Role]
    grouped: Role | None = None
    is_loss_alone: bool = False


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


class KindOfTraining(Shape):
    """How the columns of a log give away what kind of training it is.

    Attributes:
        kind: A value of the fact `training.kind`.
        signs: Names, in words, that nothing else logs; a column counts if its words hold one.
        at_least: How many different signs it takes.
        together: Names of columns that say nothing alone, and tell the kind where all of one list are there.
        roles: What the role of a column becomes in such a training; `none` takes it away: a loss of PPO is no measure of progress.
        facts: What else is known of such a training.
    """

    kind: str
    signs: list[Words] = Field(min_length=1)
    at_least: int = Field(default=1, ge=1)
    together: list[list[str]] = []
    roles: dict[Role, Role] = {}
    facts: dict[KnownFact, str] = {}


class RolesFile(Shape):
    """`kb/roles.yaml`.

    Attributes:
        splits: The words that name a split of the data, in a column's name or in a line of text.
        column_splits: Words that do so in a column's name only, and only where no other does.
        bests: Words that say that what follows is the best so far.
        so_far: Words in the name of a column that say that it is the best so far, and so no course of anything.
        phases: What fields of a record are called that name the split it is about.
        counter_leads: Words that may stand before the name of a counter in a line of text: `starting epoch`.
        processes: What the number of one of several processes is called, which all write the same lines.
        aggregates: Words that say how a value was put together, not what it is.
        axes: What the columns are called that number the rows.
        quantities: In order of preference where several could decide.
        aliases: Single words that stand for several: `vloss`.
        kinds: What columns tell of the kind of training.
        choices: The fact that names the column of a role.
        hidden_by: The role beside which a value of 0 of another is a NaN that was written as 0; what was so is of the role with `_hidden` behind it.
        fallbacks: What may stand in for a role of which nothing was logged.
        kind_fact: The fact that says what kind of training it is.
        on_metric_scale: Facts in the unit of the deciding metric: where it is read in percent, they may be stated so.
        in_groups: Roles of which a log may have one for each group of parameters: the one that most others agree with decides.
        settings: The facts behind the names of hyperparameters.
        spellings: By fact, and by its value: the words with which tools write it.
        told_by_names: The facts whose value stands in the names of the columns of a role.
    """

    splits: dict[Split, list[Words]]
    column_splits: dict[Split, list[Words]] = {}
    bests: list[Words] = []
    so_far: list[Words] = []
    phases: list[Words] = []
    counter_leads: list[Words] = []
    processes: list[Words] = []
    aggregates: list[Words]
    axes: dict[Along, list[Words]]
    quantities: dict[str, Quantity]
    aliases: dict[Words, Words] = {}
    kinds: list[KindOfTraining] = []
    signatures: list[Signature] = []
    choices: dict[Role, KnownFact] = {}
    hidden_by: dict[Role, Role] = {}
    fallbacks: dict[Role, KnownRole] = {}
    kind_fact: KnownFact | None = None
    on_metric_scale: list[KnownFact] = []
    in_groups: list[Role] = []
    settings: dict[Words, list[KnownFact]] = {}
    spellings: dict[KnownFact, dict[str, list[Words]]] = {}
    told_by_names: dict[KnownFact, KnownRole] = {}

    @property
    def roles(self) -> frozenset[str]:
        """Every role that a column can have."""
        named = {role for quantity in self.quantities.values() for role in quantity.roles.values()}
        grouped = {quantity.grouped for quantity in self.quantities.values() if quantity.grouped}
        signed = {role for signature in self.signatures for role in signature.roles.values()}
        signed |= {role for kind in self.kinds for role in kind.roles.values() if role != NO_ROLE}
        hidden = {hidden_role(role) for role in self.hidden_by}
        return frozenset(named | grouped | signed | hidden | self.fallbacks.keys() | self.axes.keys())


def hidden_role(role: str) -> str:
    """The role of the values that were hidden."""
    return f"{role}_hidden"
