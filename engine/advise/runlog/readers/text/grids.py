"""Tables in a text: a line of names, and lines of numbers below it, their cells divided by bars, tabs or blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from advise.runlog.lexicon import Lexicon
from advise.runlog.readers.text.plans import LEADING, Planned
from advise.runlog.words import words_of

BARS = "|│┃║"
_BAR = re.compile(f"[{BARS}]")
_WIDE = re.compile(r"[^\s](?:[^\s]|[ \u00a0](?=[^\s]))*")
_NARROW = re.compile(r"\S+")
_PERCENT = re.compile(r"\d{1,3}%\|")
_BEGINS_WITH_A_NUMBER = re.compile(r"[-+]?\.?\d")
_FEWEST_NARROW = 3
_MOST_CELLS = 200
_LONGEST_CELL = 60
# The row that stands for all others of its table.
_WHOLE = frozenset({"all", "total", "mean", "average", "avg", "overall"})
_SENTENCE_END = re.compile(r"[.!?…:]$")


class Cell(NamedTuple):
    """A cell of a line: what is in it, and from where to before where it reaches."""

    text: str
    begins: int
    ends: int


class Header(NamedTuple):
    """The names of the columns of a table.

    Attributes:
        cells: The names, each where it stands.
        barred: Whether bars divide them.
        wide: Whether at least two blanks do, so that a name may have several words and its place tells which numbers are its.
        words: The words of the names, for a table whose widest names stand one blank apart.
        framed: Whether bars stand at the ends of the line and nowhere else.
    """

    cells: Sequence[Cell]
    barred: bool
    wide: bool
    words: Sequence[Cell] = ()
    framed: bool = False


def header_in(line: str) -> Header | None:
    """The header that a line could be; None where it is none.

    Args:
        line: A line without numbers, or what stands before the progress bar of one.
    """
    line, framed = _unframed(line)
    barred = len(_BAR.findall(line, 0, 4 * _MOST_CELLS)) > 0
    if barred:
        return _header(_barred(line), barred=True, wide=True)
    narrow = [Cell(match[0], *match.span()) for match in _NARROW.finditer(line)]
    wide = _header([Cell(match[0], *match.span()) for match in _WIDE.finditer(line)], barred=False, wide=True)
    if wide is not None:
        return wide._replace(words=narrow, framed=framed)
    return _header(narrow, barred=False, wide=False) if len(narrow) >= _FEWEST_NARROW else None


def _unframed(line: str) -> tuple[str, bool]:
    """A line without the bars at its two ends, if it has no others, and whether it had: nothing but blanks divides its cells."""
    stripped = line.strip()
    if len(stripped) < 2 or stripped[0] not in BARS or stripped[-1] not in BARS or _BAR.search(stripped, 1, len(stripped) - 1):
        return line, False
    return _BAR.sub(" ", line), True


def header_above_a_bar(line: str) -> Header | None:
    """The header that stands before the progress bar of a line, as YOLO writes it: every cell has a letter."""
    if "%|" not in line:
        return None
    found = header_in(line.partition("%|")[0].rpartition(":")[0])
    named = found is not None and len(found.cells) >= _FEWEST_NARROW and all(any(map(str.isalpha, cell.text)) for cell in found.cells)
    return found if named and not any(map(_BEGINS_WITH_A_NUMBER.match, (cell.text for cell in found.cells))) else None  # type: ignore[union-attr]


def _header(cells: Sequence[Cell], *, barred: bool, wide: bool) -> Header | None:
    names = [cell for cell in cells if cell.text]
    if not 1 < len(names) <= _MOST_CELLS or any(len(cell.text) > _LONGEST_CELL or "=" in cell.text for cell in names):
        return None
    if not any(any(map(str.isalpha, cell.text)) for cell in names) or all(set(cell.text) <= set("-=+:─━ ") for cell in names):
        return None
    # A sentence is no row of names.
    if not barred and any(_SENTENCE_END.search(cell.text) and len(cell.text) > 2 for cell in names[:-1]):
        return None
    return Header(cells, barred, wide)


def _barred(line: str) -> list[Cell]:
    """The cells between bars; those before the first and behind the last bar only where something stands in them."""
    cells, begins = [], 0
    for bar in [*(match.start() for match in _BAR.finditer(line)), len(line)]:
        text = line[begins:bar]
        cells.append(Cell(text.strip(), begins, bar))
        begins = bar + 1
    if cells and not cells[0].text:
        cells = cells[1:]
    return cells[:-1] if cells and not cells[-1].text else cells


def cells_below(header: Header, line: str, spans: Sequence[tuple[int, int]], numbers: Sequence[bool], lexicon: Lexicon) -> list[Planned] | None:
    """The numbers of a line as cells below a header.

    Args:
        header: The names.
        line: The line.
        spans: Where its tokens stand.
        numbers: Of each, whether it is a number.
        lexicon: The words that name counters.

    Returns:
        The numbers that stand below a name; None where the line is no row of the table.
    """
    cells = _cells_of(line, header)
    below = _below(cells, header)
    if below is None:
        return None
    found: list[Planned] = []
    label, words, taken = "", 0, set()
    if len(below) < len(cells):
        # A printed DataFrame: its index has no name.
        below = ["#", *below]
    for place, (cell, name) in enumerate(zip(cells, below, strict=True)):
        inside = [index for index, (begins, ends) in enumerate(spans) if begins < cell.ends and ends > cell.begins]
        if not inside:
            words += bool(cell.text)
            label = cell.text if place == 0 and cell.text.lower() not in _WHOLE else label
            if place and not header.barred and not header.framed and place + 1 < len(cells):
                return None
            continue
        if "=" in cell.text or (len(inside) > 2 and numbers[inside[0]]):
            return None
        if numbers[inside[0]]:
            counter = lexicon.counter_at_the_end(words_of(name)) or (LEADING if name in ("#", "No.", "№") else None)
            bare = name.strip("()")
            called = counter or (f"{label} {bare}" if label else bare)
            if called in taken:
                called = f"{called}.{place}"
            taken.add(called)
            total = inside[1] if len(inside) == 2 and "/" in cell.text and numbers[inside[1]] else None
            found.append(Planned(inside[0], called, 0.01 if cell.text.endswith("%") else 1.0, total, counter is not None))
    return found if found and 2 * len(found) >= words + len(found) else None


def _cells_of(line: str, header: Header) -> list[Cell]:
    """The cells of a line, divided as those of the header are; none where the header stands in a frame and the line does not."""
    if header.framed:
        line, framed = _unframed(line)
        if not framed:
            return []
    percent = _PERCENT.search(line)
    end = percent.start() if percent else len(line)
    return _barred(line[:end]) if header.barred else [Cell(match[0], *match.span()) for match in _NARROW.finditer(line, 0, end)]


def _below(cells: Sequence[Cell], header: Header) -> list[str] | None:
    """The name above each cell; None where they do not fit."""
    names = header.cells
    if len(cells) == len(names):
        return [name.text or f"column {place}" for place, name in enumerate(names, start=1)]
    if len(cells) == len(names) + 1 and not header.barred and cells[0].text.isdigit() and cells[0].ends <= names[0].begins:
        return [name.text for name in names]
    if len(cells) == len(header.words):
        return [word.text for word in header.words]
    if len(cells) > len(names) or not header.wide or header.barred or len(cells) < 2:
        return None
    nearest = [min(range(len(names)), key=lambda index, cell=cell: _apart(cell, names[index])) for cell in cells]  # type: ignore[misc]
    return [names[index].text for index in nearest] if len(set(nearest)) == len(nearest) else None


def _apart(cell: Cell, name: Cell) -> int:
    """How far a cell is from standing below a name, by the side on which it is aligned."""
    return min(abs(cell.begins - name.begins), abs(cell.ends - name.ends))
