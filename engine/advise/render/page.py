"""A page as plain records: what to show and in which order, apart from how it is written down.

Every run holds text exactly as it came. The writers (`markdown`, `text`) make it harmless for their medium.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, TypeAlias

from advise.untrusted import BLANK, visible

Tone = Literal["good", "notice", "warning", "danger", "muted"]


@dataclass(frozen=True, slots=True)
class Plain:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """What the eye should find first. It stands beside white space or punctuation, or Markdown would not close it."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """An id, a fact, a place in a file: shown letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A priority or a severity."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Address:
    """A link that shows its own address."""

    url: str


Run: TypeAlias = Plain | Strong | Code | Badge | Address
Line: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (the page) or 2 (a section)."""

    level: Literal[1, 2]
    line: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, each kept on a line of its own."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Banner:
    """The answer, set apart."""

    tone: Tone
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Text in a fixed-width font; `kind` is the language it is highlighted as."""

    kind: Literal["diff", "yaml", "python"]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list, each item a run of blocks."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below a head, each cell of one line or several. Where there is no room for columns, a row reads as one item of a list."""

    head: tuple[str, ...]
    rows: tuple[tuple[tuple[Line, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """Details behind one line; a terminal shows the line alone, and nothing of a fold inside an item."""

    summary: str
    blocks: tuple[Block, ...]


Block: TypeAlias = Heading | Paragraph | Banner | Listing | Items | Table | Fold
Page: TypeAlias = tuple[Block, ...]


_CODE_IN_PROSE = re.compile(r"`([^`\s](?:[^`]*[^`\s])?)`")


def prose(text: str) -> Line:
    """A sentence of the knowledge base, what stands between backticks as code; nothing else in it means anything."""
    pieces = _CODE_IN_PROSE.split(text)
    return tuple(Code(piece) if index % 2 else Plain(piece) for index, piece in enumerate(pieces))


def unfolded(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks with what folds laid open below its summary."""

    def opened(block: Block) -> tuple[Block, ...]:
        if isinstance(block, Fold):
            return (Paragraph(((Strong(block.summary),),)), *unfolded(block.blocks))
        return (replace(block, items=tuple(map(unfolded, block.items))) if isinstance(block, Items) else block,)

    return tuple(inner for block in blocks for inner in opened(block))


def as_items(table: Table) -> Items:
    """A table as a list, a row an item: what a medium without columns shows."""
    return Items(tuple((Paragraph(tuple(line for cell in row for line in cell)),) for row in table.rows))


def bullets(lines: list[Line]) -> Items:
    """A list of one-line items."""
    return Items(tuple((Paragraph((line,)),) for line in lines))


def runs_of(line: Line) -> list[Run]:
    """The runs of a line, never none: running text joined, on one line, without white space at either end of the line."""
    runs = list(_joined(line))
    if runs and isinstance(runs[0], Plain):
        runs[0] = Plain(runs[0].text.lstrip())
    if runs and isinstance(runs[-1], Plain):
        runs[-1] = Plain(runs[-1].text.rstrip())
    return [run for run in runs if run != Plain("")] or [Plain(BLANK)]


def _joined(line: Line) -> Iterator[Run]:
    # Two pieces of running text side by side could make markup together that neither makes alone.
    for is_plain, group in groupby(line, lambda run: isinstance(run, Plain)):
        if is_plain:
            yield Plain(visible("".join(run.text for run in group if isinstance(run, Plain))))
        else:
            yield from group
