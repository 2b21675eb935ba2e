"""Which column of a table is what, by `kb/roles.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advise.knowledge.roles import Direction, Quantity, RolesFile, Signature
from advise.runlog.series.words import Names, Words, words_of

# What separates the levels of a nested name.
_LEVELS = re.compile(r"[./]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column is.

    Attributes:
        column: Its name in the file.
        role: As `kb/roles.yaml` names it.
        group: Which eval set, group of parameters or layer; empty where the name tells none.
        preference: The smaller, the rather it decides.
        direction: Whether more is better.
        quantity: What is logged, if its name tells.
    """

    column: str
    role: str
    group: str
    preference: int
    direction: Direction | None
    quantity: str = ""


class ColumnReader:
    """Reads the names of columns.

    Args:
        roles: What is known of names.
        overrides: Column by role, as the user maps them; these are never guessed.
    """

    def __init__(self, roles: RolesFile, overrides: Mapping[str, str] | None = None) -> None:
        self._roles = roles
        self._overrides = {column: role for role, column in (overrides or {}).items()}
        self._splits = {word: split for split, words in roles.splits.items() for word in words}
        self._aggregates = frozenset(roles.aggregates)
        self._quantities = Names((name, quantity) for quantity, spec in roles.quantities.items() for name in spec.names)
        self._axes = {axis: {tuple(name.split()): place for place, name in enumerate(names)} for axis, names in roles.axes.items()}
        self._order = {quantity: place for place, quantity in enumerate(roles.quantities)}

    def axis(self, axis: str, columns: Iterable[str]) -> str | None:
        """The column that numbers the rows along an axis, if there is one."""
        known = self._axes[axis]  # type: ignore[index]
        ranked = [(place, column) for column in columns if (place := known.get(words_of(column))) is not None]
        return min(ranked, key=lambda item: item[0])[1] if ranked else None

    def meanings(self, columns: Sequence[str], skip: Iterable[str] = ()) -> list[Meaning]:
        """What each column is; a column that nothing is known of is left out.

        Args:
            columns: Every name of the table.
            skip: Columns that number the rows.
        """
        signatures = [signature for signature in self._roles.signatures if set(signature.has) <= set(columns)]
        skipped = frozenset(skip)
        found = (self._meaning(column, signatures) for column in columns if column not in skipped)
        return [meaning for meaning in found if meaning is not None]

    def _meaning(self, column: str, signatures: Sequence[Signature]) -> Meaning | None:
        read = self._read(column)
        if column in self._overrides:
            return Meaning(column, self._overrides[column], "", -1, read.direction if read else None, read.quantity if read else "")
        for signature in signatures:
            if column in signature.roles:
                direction = signature.directions.get(column, read.direction if read else None)
                return Meaning(column, signature.roles[column], "", 0, direction)
        return read

    def _read(self, column: str) -> Meaning | None:
        words = words_of(column)
        split = next((self._splits[word] for word in words if word in self._splits), None)
        found = self._quantities.find(words) or self._quantities.find(tuple(word for word in words if word not in self._splits))
        if found is None:
            return None
        name, rest = found
        spec = self._roles.quantities[name]
        group = " ".join(word for word in rest if word not in self._splits and word not in self._aggregates)
        role = _role(spec, split, group)
        return None if role is None else Meaning(column, role, group, self._order[name], spec.direction, name)


def column_named(name: str, role: str, columns: Iterable[str], roles: RolesFile) -> str | None:
    """The column that a person calls by this name: the very name, else one of its words beside those of a split.

    Args:
        name: What the person wrote, such as `accuracy` or `val_acc`.
        role: The role that the column shall have.
        columns: Every column that was logged.
        roles: What is known of names.
    """
    listed = list(columns)
    if name in listed:
        return name
    reader = ColumnReader(roles)
    splits = {word for words in roles.splits.values() for word in words}
    wanted = tuple(word for word in words_of(name) if word not in splits)
    for meaning in reader.meanings(listed):
        if meaning.role == role and tuple(word for word in words_of(meaning.column) if word not in splits) == wanted:
            return meaning.column
    return None


def _role(spec: Quantity, split: str | None, group: str) -> str | None:
    if group and spec.grouped:
        return spec.grouped
    return spec.roles.get(split or "none")  # type: ignore[call-overload, no-any-return]


def setting_facts(name: str, settings: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The facts behind the name of a hyperparameter: the whole name, or its end, as in `optimizer/weight_decay`.

    A name of a single word counts only as a whole part of the path: `bn_momentum` is not the optimizer's.
    """
    parts = [words_of(part) for part in levels_of(name)]
    whole: Words = tuple(word for part in parts for word in part)
    begins = {len(whole) - sum(map(len, parts[place:])) for place in range(len(parts))}
    for start in range(len(whole)):
        facts = settings.get(" ".join(whole[start:])) if start in begins or len(whole) - start > 1 else None
        if facts is not None:
            return facts
    return ()


def levels_of(name: str) -> Sequence[str]:
    """The parts of a nested name, from the outermost."""
    return _LEVELS.split(name)
