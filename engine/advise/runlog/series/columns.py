"""Which column of a table is what, by `kb/roles.yaml`: by its name, by what stands beside it, by what a person says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from advise.knowledge.roles import Quantity, RolesFile, Signature
from advise.runlog.lexicon import Lexicon, lexicon_of
from advise.runlog.words import Names, Words, phrase_of, words_of
from advise.terms import Direction

# What separates the levels of a nested name.
_LEVELS = re.compile(r"[./]")
_SPLITS_OF_LABELS: Mapping[str, str] = {"val": "dev"}
_LETTERS: Mapping[Words, str] = {("t",): "train", ("v",): "val"}
# How a text reader calls the second number of `Loss 0.41 (0.52)`.
AVERAGE = "(avg)"
# What readers of text write behind the name of a number that only goes with a value: what it was before, over how many it was taken, its error.
_ASIDE = ("(before)", "(over)", " ±")
# Splits in front of a word without anything between: `trainloss`.
_SHORTEST_GLUED = 3


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
        split: The split of the data that its name names, if it names one.
        why: Why it has its role: the phrase `why_<why>` of `kb/strings.yaml`.
        evidence: What the placeholders of the phrase stand for.
    """

    column: str
    role: str
    group: str
    preference: int
    direction: Direction | None
    quantity: str = ""
    split: str | None = None
    why: str = "name"
    evidence: Mapping[str, str] = field(default_factory=dict)


class ColumnReader:
    """Reads the names of columns.

    Args:
        roles: What is known of names.
        overrides: Column by role, as the user maps them; these are never guessed.
    """

    def __init__(self, roles: RolesFile, overrides: Mapping[str, str] | None = None) -> None:
        self._roles = roles
        self._overrides = {column: role for role, column in (overrides or {}).items()}
        self._lexicon: Lexicon = lexicon_of(roles)
        self._column_splits = {words_of(phrase): split for split, phrases in roles.column_splits.items() for phrase in phrases}
        self._aggregates = Names((phrase, phrase) for phrase in roles.aggregates)
        self._quantities = Names((name, quantity) for quantity, spec in roles.quantities.items() for name in spec.names)
        self._alone = Names((name, quantity) for quantity, spec in roles.quantities.items() for name in spec.alone)
        self._aliases = {words_of(alias): words_of(meant) for alias, meant in roles.aliases.items()}
        self._axes = {axis: {words_of(name): place for place, name in enumerate(names)} for axis, names in roles.axes.items()}
        self._so_far = Names((phrase, phrase) for phrase in roles.so_far)
        self._letters: frozenset[Words] = frozenset()
        self._order = {quantity: place for place, quantity in enumerate(roles.quantities)}

    def axis(self, axis: str, columns: Iterable[str]) -> str | None:
        """The column that numbers the rows along an axis, if there is one, by the names alone."""
        ranked = [(place, column) for column in columns if (place := self.counter(axis, column)) is not None]
        return min(ranked, key=lambda item: item[0])[1] if ranked else None

    def counter(self, axis: str, column: str) -> int | None:
        """How far down the list of names for an axis the name of a column stands; None where it is not in it."""
        known = self._axes[axis]  # type: ignore[index]
        return known.get(words_of(column))

    def split(self, column: str) -> str | None:
        """The split of the data that a column's name names."""
        found = [label for _, _, label in self._lexicon.splits_in(words_of(column))]
        return _SPLITS_OF_LABELS.get(found[-1], found[-1]) if found else None

    def meanings(self, columns: Sequence[str], skip: Iterable[str] = ()) -> list[Meaning]:
        """What each column is; a column that nothing is known of is left out.

        Args:
            columns: Every name of the table.
            skip: Columns that number the rows.
        """
        self._letters = self._letters_of(columns)
        signatures = [signature for signature in self._roles.signatures if set(signature.has) <= set(columns)]
        skipped = frozenset(skip)
        found = [self._meaning(column, signatures) for column in columns if column not in skipped]
        known = [meaning for meaning in found if meaning is not None]
        return known + self._bare(columns, skipped, known)

    def _meaning(self, column: str, signatures: Sequence[Signature]) -> Meaning | None:
        read = self._read(column)
        if column in self._overrides:
            direction, quantity = (read.direction, read.quantity) if read else (None, "")
            return Meaning(column, self._overrides[column], "", -1, direction, quantity, why="mapped")
        for signature in signatures:
            if column in signature.roles:
                direction = signature.directions.get(column, read.direction if read else None)
                evidence = {"columns": ", ".join(signature.has)}
                return Meaning(column, signature.roles[column], "", 0, direction, why="signature", evidence=evidence)
        return read

    def _bare(self, columns: Sequence[str], skipped: frozenset[str], named: Sequence[Meaning]) -> list[Meaning]:
        """Names that are nothing but splits, and are losses.

        `250 train 6.60` and `250 val 6.58`: at least two. `loss train: 2.3, val: 2.5`: one beside the training loss, where no metric could be meant.
        """
        found = {}
        for column in columns:
            split = None if column in skipped or column in self._overrides else self._lexicon.split_of(column)
            if split is not None:
                found[column] = _SPLITS_OF_LABELS.get(split, split)
        both = len(set(found.values())) > 1 and "train" in found.values()
        if not (both or _only_losses_of_training(named)) or "loss" not in self._roles.quantities:
            return []
        spec, order = self._roles.quantities["loss"], self._order["loss"]
        known = [(column, split, role) for column, split in found.items() if (role := _role(spec, split, "")) is not None]
        return [Meaning(column, role, "", order, spec.direction, "loss", split, "bare_split") for column, split, role in known]

    def _read(self, column: str) -> Meaning | None:
        words = self._expanded(words_of(column))
        if column.endswith(_ASIDE) or self._so_far.find(words) is not None:
            return None
        found = self._quantity(words)
        if found is None:
            return None
        quantity, start, end = found
        split, used = self._split(words, start, end)
        spec = self._roles.quantities[quantity]
        group = self._group(words, {*used, *range(start, end)})
        role = _role(spec, split, group)
        if role is None:
            return None
        evidence = {"name": phrase_of(words[start:end]), "split": split or ""}
        return Meaning(column, role, group, self._order[quantity], spec.direction, quantity, split, "name" if split else "name_alone", evidence)

    def _expanded(self, words: Words) -> Words:
        """The words with aliases written out, and with splits taken off the words that they are glued to: `valloss`."""
        found: list[str] = []
        if words[:1] in _LETTERS and words[1:] in self._letters:
            words = (_LETTERS[words[:1]], *words[1:])
        for word in words:
            alias = self._aliases.get((word,))
            found += alias if alias is not None else self._unglued(word)
        return tuple(found)

    def _letters_of(self, columns: Sequence[str]) -> frozenset[Words]:
        """What is logged with a `T` before it and with a `V`: of the training and of the validation."""
        ends = [{words[1:] for words in map(words_of, columns) if words[:1] == letter and len(words) > 1} for letter in _LETTERS]
        return (
            frozenset(set.intersection(*ends)) if any(self._quantities.exact(words) is not None for words in set.intersection(*ends)) else frozenset()
        )

    def _unglued(self, word: str) -> Words:
        if len(word) > 2 * _SHORTEST_GLUED - 1 and self._quantities.exact((word,)) is None and (word,) not in self._lexicon.splits:
            for length in range(len(word) - 2, _SHORTEST_GLUED - 1, -1):
                if (word[:length],) in self._lexicon.splits and self._quantities.exact((word[length:],)) is not None:
                    return (word[:length], word[length:])
        return (word,)

    def _quantity(self, words: Words) -> tuple[str, int, int] | None:
        """The quantity that the words name, and which of them do."""
        found = self._quantities.place(words)
        if found is not None:
            return found
        # A name such as `coco eval bbox` may have the word of a split in it; without these words another may be found.
        used = {index for start, end, _ in self._lexicon.splits_in(words) for index in range(start, end)}
        left = [index for index in range(len(words)) if index not in used]
        bare = tuple(words[index] for index in left)
        found = self._quantities.place(bare) if used else None
        if found is not None:
            quantity, start, end = found
            return quantity, left[start], left[end - 1] + 1
        kept = [index for index in left if not self._is_aggregate(words[index])]
        alone = self._alone.exact(tuple(words[index] for index in kept))
        return None if alone is None else (alone, kept[0], kept[-1] + 1)

    def _is_aggregate(self, word: str) -> bool:
        return self._aggregates.exact((word,)) is not None

    def _split(self, words: Words, start: int, end: int) -> tuple[str | None, set[int]]:
        """The split nearest before the quantity, else the nearest behind it; and the words that name splits."""
        found = [(begin, stop, label) for begin, stop, label in self._lexicon.splits_in(words) if stop <= start or begin >= end]
        used = {index for begin, stop, _ in found for index in range(begin, stop)}
        before = [label for _, stop, label in found if stop <= start]
        label = before[-1] if before else found[0][2] if found else None
        if label is not None:
            return _SPLITS_OF_LABELS.get(label, label), used
        for place, word in enumerate(words):
            split = self._column_splits.get((word,)) if not start <= place < end else None
            if split is not None:
                return split, {place}
        return None, set()

    def _group(self, words: Words, used: set[int]) -> str:
        left: Words = tuple(word for index, word in enumerate(words) if index not in used)
        while (found := self._aggregates.place(left)) is not None:
            left = left[: found[1]] + left[found[2] :]
        return " ".join(left)


def _only_losses_of_training(named: Sequence[Meaning]) -> bool:
    """Whether the one thing that is logged of a split is the training loss, called so."""
    of_splits = {(meaning.quantity, meaning.split) for meaning in named if meaning.role.partition(".")[2] in ("loss", "metric")}
    return of_splits == {("loss", "train")}


def column_named(name: str, role: str, columns: Iterable[str], roles: RolesFile) -> str | None:
    """The column that a person calls by this name: one of its words that names the split of the role, else the very name, else one of its words.

    `accuracy` beside `eval_accuracy` is the training's: who names the deciding metric without a split means that of the evaluation.

    Args:
        name: What the person wrote, such as `accuracy` or `val_acc`.
        role: The role that the column shall have.
        columns: Every column that was logged.
        roles: What is known of names.
    """
    listed = list(columns)
    reader = ColumnReader(roles)
    lexicon = lexicon_of(roles)
    wanted = _without_splits(words_of(name), lexicon)
    alike = [meaning for meaning in reader.meanings(listed) if meaning.role == role and _without_splits(words_of(meaning.column), lexicon) == wanted]
    if name in listed:
        split = [meaning.column for meaning in alike if meaning.split is not None] if reader.split(name) is None else []
        return split[0] if split else name
    return alike[0].column if alike else None


def _without_splits(words: Words, lexicon: Lexicon) -> Words:
    used = {index for start, end, _ in lexicon.splits_in(words) for index in range(start, end)}
    return tuple(word for index, word in enumerate(words) if index not in used)


def _role(spec: Quantity, split: str | None, group: str) -> str | None:
    if group and spec.grouped:
        return spec.grouped
    return spec.roles.get(split or "none")  # type: ignore[call-overload, no-any-return]


def of_the_evaluation(meaning: Meaning, roles: RolesFile, why: str) -> Meaning:
    """The meaning of a metric whose name tells no split, where what stands beside it tells that it is the evaluation's.

    Args:
        meaning: What its name tells.
        roles: What is known of names.
        why: The phrase that says what tells it.
    """
    role = roles.quantities[meaning.quantity].roles.get("dev")
    return meaning if role is None else replace(meaning, role=role, why=why)


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
