"""What kind of training it is, told from the columns: some are logged by nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from advise.knowledge.roles import NO_ROLE, RolesFile
from advise.runlog.series.columns import Meaning
from advise.runlog.words import Names, words_of


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of training that was recognised.

    Attributes:
        name: A value of the fact `training.kind`.
        columns: The columns that give it away.
        roles: What the role of a column becomes in it, by role.
        facts: What else is known of it.
    """

    name: str
    columns: tuple[str, ...]
    roles: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)


def kind_of(columns: Iterable[str], roles: RolesFile) -> Kind | None:
    """The first kind whose signs are among the columns; None where no column gives any away.

    Args:
        columns: Every column that was logged.
        roles: What is known of names.
    """
    listed = list(dict.fromkeys(columns))
    for kind in roles.kinds:
        signs = Names((sign, sign) for sign in kind.signs)
        seen: dict[str, str] = {}
        for column in listed:
            found = signs.find(words_of(column))
            if found is not None:
                seen.setdefault(found[0], column)
        telling = tuple(seen.values()) if len(seen) >= kind.at_least else _together(kind.together, listed)
        if telling:
            return Kind(kind.kind, telling, dict(kind.roles), dict(kind.facts))
    return None


def _together(lists: Iterable[Sequence[str]], columns: Sequence[str]) -> tuple[str, ...]:
    return next((tuple(names) for names in lists if set(names) <= set(columns)), ())


def as_such(meanings: Sequence[Meaning], kind: Kind) -> list[Meaning]:
    """What columns are in a training of a kind.

    Args:
        meanings: What they are in any training.
        kind: The kind.
    """
    found = []
    for meaning in meanings:
        role = meaning.role if meaning.why == "mapped" else kind.roles.get(meaning.role, meaning.role)
        if role != NO_ROLE:
            found.append(meaning if role == meaning.role else replace(meaning, role=role, why="kind", evidence={"kind": kind.name}))
    return found
