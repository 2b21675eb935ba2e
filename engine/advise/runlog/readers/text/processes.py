"""Lines that several processes of one run write: those of the first are kept."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from advise.runlog.lexicon import Lexicon
from advise.runlog.readers.table import Remark
from advise.runlog.readers.text.blocks import Block
from advise.runlog.readers.text.plans import LEADING
from advise.runlog.words import words_of

if TYPE_CHECKING:
    from advise.runlog.arrays import Floats, Mask

# What launchers write before a line: `[rank1]:`, `[default1]:`, `node1:`; and the word `rank1` anywhere in it.
_PREFIX = re.compile(r"\s{0,8}\[?([A-Za-z]{1,20}(?:[_-][A-Za-z]{1,20})?)[_-]?(\d{1,5})\]?:")
_RANK = re.compile(r"(?<![a-z])rank_?(\d{1,5})(?!\w)", re.IGNORECASE)
# How many of the rows have to be another process's word on a place that a first one wrote of, and how few may say it twice.
_REPEATED, _TWICE = 0.4, 0.1


def rank_in(text: str, lexicon: Lexicon) -> int | None:
    """The process that a line says in words that it is written by.

    Args:
        text: The line, its numbers left out.
        lexicon: The words that name processes.
    """
    found = _RANK.search(text)
    if found:
        return int(found[1])
    prefix = _PREFIX.match(text)
    return int(prefix[2]) if prefix and words_of(prefix[1]) in lexicon.processes else None


def of_one_process(blocks: Sequence[Block], shown: str, lexicon: Lexicon) -> tuple[Sequence[Block], list[Remark]]:
    """The blocks without what further processes write of the same as the first.

    Args:
        blocks: Each with its records.
        shown: The file as the caller named it.
        lexicon: The words that name counters and processes.
    """
    ranks = sorted({block.rank for block in blocks if block.rank is not None})
    first = {block.names for block in blocks if ranks and block.rank == ranks[0]}
    others = {id(block) for block in blocks if block.rank not in (None, *ranks[:1]) and block.names in first}
    left_out = sum(len(block.records) for block in blocks if id(block) in others)
    kept, rank = [], ranks[0] if ranks else 0
    for block in blocks:
        if id(block) in others:
            continue
        chosen = _numbered(block, lexicon)
        if chosen is None:
            kept.append(block)
            continue
        rows, rank = chosen
        left_out += int((~rows).sum())
        kept.append(_only(block, rows))
    return kept, [Remark("other_ranks", shown, {"rank": rank, "count": left_out})] if left_out else []


def _numbered(block: Block, lexicon: Lexicon) -> tuple[Mask, int] | None:
    """The rows of the first process, where a column numbers processes: each place on the axis comes once for each of its values, in turn."""
    import numpy as np

    values = np.asarray(block.values).reshape(-1, len(block.names))
    process = next((place for place, name in enumerate(block.names) if name == LEADING or words_of(name) in lexicon.processes), None)
    counters = [place for place, name in enumerate(block.names) if place != process and words_of(name) in lexicon.counters]
    if process is None or not counters or len(values) < 2:
        return None
    numbers = values[:, process]
    ranks = np.unique(numbers)
    if len(ranks) < 2 or not _are_ranks(ranks):
        return None
    places = np.unique(values[:, counters], axis=0, return_inverse=True)[1].reshape(-1)
    written: dict[int, set[float]] = defaultdict(set)
    twice = repeated = 0
    for place, number in zip(places.tolist(), numbers.tolist(), strict=True):
        twice += number in written[place]
        repeated += number not in written[place] and bool(written[place])
        written[place].add(number)
    if repeated < _REPEATED * len(values) or twice > _TWICE * len(values):
        return None
    return numbers == ranks[0], int(ranks[0])


def _are_ranks(ranks: Floats) -> bool:
    return bool(ranks[0] >= 0 and ranks[-1] < 100_000 and all(rank == int(rank) for rank in ranks.tolist()))


def _only(block: Block, rows: Mask) -> Block:
    """A block with some of its rows."""
    import numpy as np

    values = np.asarray(block.values).reshape(-1, len(block.names))[rows]
    found = replace(block, records=type(block.records)("q"), values=type(block.values)("d"))
    found.records.frombytes(np.asarray(block.records)[rows].tobytes())
    found.values.frombytes(np.ascontiguousarray(values).tobytes())
    return found
