"""What a column is by what stands beside it, where its name alone does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from advise.knowledge.roles import RolesFile
from advise.runlog.readers.table import Table
from advise.runlog.series.columns import ColumnReader, Meaning, of_the_evaluation

if TYPE_CHECKING:
    from advise.runlog.arrays import Integers

_LOSS = "loss"
_TRAIN_LOSS, _DEV_LOSS, _TRAIN_METRIC, _DEV_METRIC = "train.loss", "dev.loss", "train.metric", "dev.metric"


def in_company(meanings: Sequence[Meaning], table: Table, reader: ColumnReader, roles: RolesFile) -> list[Meaning]:
    """The meanings, those of metrics that name no split and of errors without a loss by what stands beside them.

    Args:
        meanings: What the names tell.
        table: What was logged.
        reader: Knows the names of counters.
        roles: What is known of names.
    """
    meanings = _with_a_loss(meanings, roles)
    unsplit = [meaning for meaning in meanings if meaning.role == _TRAIN_METRIC and meaning.split is None and meaning.quantity]
    if not unsplit:
        return list(meanings)
    split = {meaning.role for meaning in meanings if meaning.split is not None}
    both_named = {_TRAIN_LOSS, _DEV_LOSS} <= split and not {_TRAIN_METRIC, _DEV_METRIC} & split
    losses = _records(meanings, table, _TRAIN_LOSS)
    counted = _counted(table, reader)
    found = []
    for meaning in meanings:
        if meaning in unsplit:
            if both_named:
                found.append(of_the_evaluation(meaning, roles, "beside_split_losses"))
                continue
            if _is_apart(table.columns[meaning.column].records, losses, counted):
                found.append(of_the_evaluation(meaning, roles, "apart_from_losses"))
                continue
        found.append(meaning)
    return found


def _with_a_loss(meanings: Sequence[Meaning], roles: RolesFile) -> Sequence[Meaning]:
    """The meanings; where no loss is logged, an error of a regression is the loss, on every split on which the same error is."""
    if any(meaning.role in (_TRAIN_LOSS, _DEV_LOSS) for meaning in meanings) or _LOSS not in roles.quantities:
        return meanings
    trained = [meaning for meaning in meanings if meaning.role == _TRAIN_METRIC and _may_be_loss(meaning, roles)]
    if not trained:
        return meanings
    names = [name for spec in roles.quantities.values() if spec.is_loss_alone for name in spec.names]
    name = min((meaning.evidence["name"] for meaning in trained), key=names.index)
    return [_as_loss(meaning, roles) if _may_be_loss(meaning, roles) and meaning.evidence["name"] == name else meaning for meaning in meanings]


def _may_be_loss(meaning: Meaning, roles: RolesFile) -> bool:
    return meaning.quantity in roles.quantities and roles.quantities[meaning.quantity].is_loss_alone and "name" in meaning.evidence


def _as_loss(meaning: Meaning, roles: RolesFile) -> Meaning:
    role = next((role for split, role in roles.quantities[_LOSS].roles.items() if split == (meaning.split or "none")), None)
    return meaning if role is None else replace(meaning, role=role, quantity=_LOSS, why="error_without_loss")


def _records(meanings: Sequence[Meaning], table: Table, role: str) -> Integers:
    records = [table.columns[meaning.column].records for meaning in meanings if meaning.role == role]
    return np.unique(np.concatenate(records)) if records else np.empty(0, dtype=np.int64)


def _counted(table: Table, reader: ColumnReader) -> Integers:
    """The records that say themselves where they stand."""
    records = [column.records for name, column in table.columns.items() if any(reader.counter(axis, name) is not None for axis in ("step", "epoch"))]
    return np.unique(np.concatenate(records)) if records else np.empty(0, dtype=np.int64)


def _is_apart(metric: Integers, losses: Integers, counted: Integers) -> bool:
    """Whether a metric stands in rows of its own, fewer than those of the loss: MMEngine's evaluations."""
    if not len(losses) or not len(metric) or len(metric) >= len(losses):
        return False
    return not np.isin(metric, losses).any() and bool(np.isin(metric, counted).all())
