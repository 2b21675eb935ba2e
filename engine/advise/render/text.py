"""A page for a terminal, in plain text or with colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from advise.render.page import (
    Address,
    Badge,
    Banner,
    Block,
    Code,
    Fold,
    Heading,
    Items,
    Line,
    Listing,
    Page,
    Paragraph,
    Plain,
    Run,
    Strong,
    Table,
    Tone,
    runs_of,
)
from advise.render.wrap import wrapped
from advise.untrusted import literal, trimmed, verbatim

if TYPE_CHECKING:
    from rich.text import Text

_STYLES: Mapping[Tone, str] = {
    "good": "bold green",
    "notice": "bold blue",
    "warning": "bold yellow",
    "danger": "bold red",
    "muted": "bold bright_black",
}
_DIFF_STYLES: Mapping[str, str] = {"+": "green", "-": "red"}
_CODE = "cyan"
_NARROWEST = 16
_BETWEEN_COLUMNS = 2
_NARROWEST_COLUMN = 8


def as_text(page: Page, width: int, colour: bool) -> str:
    """The page as text of at most `width` cells a line, ending in a line break."""
    lines = list(_Writer(colour).page(page, width))
    return _coloured(lines, width) if colour else "".join(f"{line.plain}\n" for line in lines)


def columns_within(width: int, wanted: Sequence[int]) -> list[int]:
    """The widths of columns that fit beside each other: those that want the most give way.

    Args:
        width: For all of them, the gaps between them included.
        wanted: What each would take.
    """
    room = max(width - _BETWEEN_COLUMNS * (len(wanted) - 1), _NARROWEST_COLUMN * len(wanted))
    limit = max(wanted, default=0)
    while sum(min(want, limit) for want in wanted) > room:
        limit -= 1
    return [min(want, limit) for want in wanted]


def lines_of_text(page: Page, width: int) -> int:
    """How many lines the page takes as text."""
    return sum(1 for _ in _Writer(colour=False).page(page, width))


class _Writer:
    """Turns blocks into lines; `ticked` says whether ids stand between backticks instead of in a colour."""

    def __init__(self, colour: bool) -> None:
        from rich.text import Text

        self._text = Text
        self._tick = "" if colour else "`"

    def page(self, page: Page, width: int) -> Iterator[Text]:
        for index, block in enumerate(page):
            if index and isinstance(block, Heading):
                yield self._text()
            if isinstance(block, Items):
                yield from self._items(block, width, spaced=True)
            elif isinstance(block, Fold):
                yield from self._hanging(self._text("▸ "), wrapped(self._text(trimmed(block.summary), "bright_black"), width - 2))
            else:
                yield from self._block(block, width)

    def _block(self, block: Block, width: int) -> Iterator[Text]:
        width = max(width, _NARROWEST)
        match block:
            case Heading(level, line):
                yield from wrapped(self._line(line, "bold underline" if level == 1 else "bold cyan"), width)
            case Paragraph(lines):
                yield from self._lines(lines, width)
            case Banner(tone, lines):
                yield from self._lines(lines, width, _STYLES[tone])
            case Listing(_, rows):
                for row in rows:
                    yield from wrapped(self._text(verbatim(row), _DIFF_STYLES.get(row[:1], "")), width)
            case Items():
                yield from self._items(block, width, spaced=False)
            case Table():
                yield from self._table(block, width)
            case Fold():
                return

    def _table(self, table: Table, width: int) -> Iterator[Text]:
        cells = [[[self._line(line) for line in cell] for cell in row] for row in table.rows]
        widths = columns_within(width, [self._widest(name, column) for name, column in zip(table.head, zip(*cells, strict=True), strict=True)])
        head = [[self._text(trimmed(name), "bright_black")] for name in table.head]
        for row in (head, *cells):
            broken = [[part for line in cell for part in wrapped(line, room)] for cell, room in zip(row, widths, strict=True)]
            for number in range(max(map(len, broken))):
                yield self._row([cell[number : number + 1] for cell in broken], widths)

    def _widest(self, name: str, cells: Sequence[Sequence[Text]]) -> int:
        return max([self._text(trimmed(name)).cell_len, *(line.cell_len for cell in cells for line in cell)])

    def _row(self, cells: Sequence[Sequence[Text]], widths: Sequence[int]) -> Text:
        """One line of a row: what each cell has there, side by side."""
        row = self._text()
        for cell, width in zip(cells, widths, strict=True):
            line = cell[0] if cell else self._text()
            row.append_text(line)
            row.append(" " * (width - line.cell_len + _BETWEEN_COLUMNS))
        row.rstrip()
        return row

    def _items(self, items: Items, width: int, spaced: bool) -> Iterator[Text]:
        for number, item in enumerate(items.items, start=1):
            # What goes on over lines of its own, such as steps, is set off; an action with its settings is not.
            if spaced and number > 1 and any(isinstance(block, Items) for block in item):
                yield self._text()
            marker = self._text(f"{number}. " if items.ordered else "- ")
            lines = [line for block in item for line in self._block(block, width - len(marker))]
            yield from self._hanging(marker, lines)

    def _hanging(self, marker: Text, lines: Sequence[Text]) -> Iterator[Text]:
        for index, line in enumerate(lines):
            yield (self._text(" " * len(marker)) if index else marker) + line

    def _lines(self, lines: Sequence[Line], width: int, style: str = "") -> Iterator[Text]:
        for line in lines:
            yield from wrapped(self._line(line, style), width, whole=_CODE)

    def _line(self, line: Line, style: str = "") -> Text:
        text = self._text(style=style)
        for run in runs_of(line):
            text.append_text(self._run(run))
        return text

    def _run(self, run: Run) -> Text:
        match run:
            case Plain(text):
                return self._text(text)
            case Strong(text):
                return self._text(trimmed(text), "bold")
            case Code(text):
                return self._text(f"{self._tick}{literal(text)}{self._tick}", _CODE)
            case Badge(text, tone):
                return self._text(f"[{trimmed(text)}]", _STYLES[tone])
            case Address(url):
                return self._text(literal(url), "underline")


def _coloured(lines: Sequence[Text], width: int) -> str:
    from rich.console import Console

    stream = StringIO()
    # Without a width it takes its own from the environment, and writes nothing at all in none.
    console = Console(width=width, file=stream, force_terminal=True, color_system="standard", no_color=False, legacy_windows=False, highlight=False)
    for line in lines:
        console.print(line, soft_wrap=True)
    return stream.getvalue()
