"""From lines to records."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from advise.runlog.lexicon import Lexicon
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_RECORDS, MAX_TEXT_LINE
from advise.runlog.readers.table import Remark, Setting
from advise.runlog.readers.text.blocks import Block
from advise.runlog.readers.text.ending import ending_in
from advise.runlog.readers.text.grids import Header, cells_below
from advise.runlog.readers.text.plans import Plan, Planned, labelled
from advise.runlog.readers.text.sections import TRAIN, Sections
from advise.runlog.readers.text.settings import settings_in
from advise.runlog.readers.text.shapes import Kind, Shape, Shapes, numbers_of
from advise.runlog.readers.text.terminal import moves_the_cursor, shown_in, without_drawing
from advise.runlog.readers.text.tokens import Line, spans, taken_apart, value_of

# Settings stand before the training; with so many records it has begun.
_BEGUN = 3
_SAMPLE = 120


class Reader:
    """Takes line after line.

    Args:
        shown: The file as the caller named it.
        lexicon: The words that name counters and splits.
        every_state: Whether each state of a progress bar is a record, not the last alone.

    Attributes:
        shapes: The shapes of the lines, with their values.
        lines: Of each record, its line.
        sections: The headings.
        settings: What was stated in words before the training.
        ending: What was said last of how the run ended.
        long: How many lines were too long to be read.
        full: Whether there were more records than are read.
        bars_kept: How many states of progress bars are records.
        bars_dropped: How many were written over.
    """

    def __init__(self, shown: str, lexicon: Lexicon, *, every_state: bool = False) -> None:
        self.shapes = Shapes(lexicon)
        self.lines: array[int] = array("q")
        self.sections = Sections()
        self.settings: dict[str, Setting] = {}
        self.ending: Remark | None = None
        self.long = self.bars_kept = self.bars_dropped = 0
        self.full = False
        self._shown, self._every_state = shown, every_state
        self._pending: Header | None = None
        self._header: Header | None = None
        self._bar: tuple[int, Shape, Sequence[str]] | None = None
        self._box: dict[str, float] = {}
        self._box_line = 0
        self._group = ""
        self._is_indented = False
        self._counting: Block | None = None
        self._keepers = {
            Kind.VALUES: self._values,
            Kind.COUNTERS: self._counters,
            Kind.GRID: self._grid,
            Kind.BOX: self._boxed,
            Kind.GROUP: self._grouped,
            Kind.PLAIN: self._plain,
        }

    def take_line(self, number: int, line: str) -> None:
        """Take a line as it stands in the file, with all that was written over in it.

        Args:
            number: Its number, from 1.
            line: The line.
        """
        if not line or line.isspace():
            return
        if not moves_the_cursor(line):
            self._take(number, line)
            return
        for part in shown_in(line):
            self._take(number, part)

    def close(self) -> None:
        """No line comes any more."""
        self._flush_bar()
        self._flush_box()

    def _take(self, number: int, text: str) -> None:
        if len(text) > MAX_TEXT_LINE:
            self.long += 1
            return
        text = without_drawing(text)
        line = taken_apart(text)
        shape = self.shapes.known.get(line.shape) or self._new_shape(text, line)
        if self._bar is not None:
            self._flush_bar(shape, line.tokens)
        if self._is_indented and text[:1].isspace():
            if shape.is_entry:
                self._boxed(number, text, line, shape)
                return
        else:
            self._is_indented = shape.opens
            if self._box and shape.kind is not Kind.BOX and shape.kind is not Kind.GROUP:
                self._flush_box()
        if shape.header is not None:
            self._pending = shape.header
        if shape.is_simple:
            self._keep(number, shape, shape.block, line.tokens)
            return
        self._keepers[shape.kind](number, text, line, shape)
        if shape.could_end:
            self.ending = ending_in(text, f"{self._shown}:{number}") or self.ending

    def _new_shape(self, text: str, line: Line) -> Shape:
        if len(self.lines) < _BEGUN:
            for name, value in settings_in(text):
                if len(self.settings) < MAX_COLUMNS:
                    self.settings.setdefault(name, value)
        return self.shapes.new(text, line)

    def _keep(self, number: int, shape: Shape, block: Block | None, tokens: Sequence[str]) -> None:
        """Make a record of a line."""
        if block is None or len(self.lines) >= MAX_RECORDS:
            self.full |= block is not None
            return
        taken = shape.take(tokens)
        try:
            block.values.extend(map(float, taken))
        except ValueError:
            # What was kept before the number that is written with commas has to go.
            del block.values[len(block.records) * len(block.names) :]
            block.values.extend(map(value_of, taken))
        block.records.append(len(self.lines))
        self.lines.append(number)
        self._counting = None

    def _values(self, number: int, text: str, line: Line, shape: Shape) -> None:
        if shape.barred and self._row(number, text, line, shape):
            return
        if shape.plan.unnamed:
            _unread(number, text, shape)
        if shape.plan.bar is not None and not self._every_state:
            self._bar = (number, shape, line.tokens)
        else:
            self._keep(number, shape, shape.block or self._labelled(shape, line.tokens), line.tokens)

    def _labelled(self, shape: Shape, tokens: Sequence[str]) -> Block:
        """Where the values of a line go whose numbers are part of names."""
        named = [Planned(one.token, labelled(one.name, tokens), one.scale, one.total, one.counts) for one in shape.plan.numbers]
        return self.shapes.block(named, shape.plan.rank)[0]

    def _counters(self, number: int, text: str, line: Line, shape: Shape) -> None:
        if shape.plan.bar is not None:
            self._bar = (number, shape, line.tokens)
        else:
            self._count(number, shape, line.tokens)

    def _count(self, number: int, shape: Shape, tokens: Sequence[str]) -> None:
        """A line of nothing but counters, which the lines below it stand at; of several in a row the last counts."""
        block = shape.block
        if shape.heading is not None:
            self.sections.heading(len(self.lines), shape.heading, shape)
            # How far an evaluation is, is no place in the training.
            if shape.heading != TRAIN:
                return
        if block is not None and self._counting is block:
            del block.values[-len(block.names) :]
            block.records.pop()
            self.lines.pop()
        self._keep(number, shape, block, tokens)
        self._counting = block

    def _flush_bar(self, shape: Shape | None = None, tokens: Sequence[str] = ()) -> None:
        """Keep what a progress bar last showed, unless the next line is a later state of it."""
        if self._bar is None:
            return
        number, before, shown = self._bar
        self._bar = None
        has_values = before.kind is Kind.VALUES
        if shape is not None and shape.kind is before.kind and _goes_on(before.plan.bar, shown, shape.plan.bar, tokens):
            self.bars_dropped += has_values
            return
        self.bars_kept += has_values
        if has_values:
            self._keep(number, before, before.block or self._labelled(before, shown), shown)
        else:
            self._count(number, before, shown)

    def _grid(self, number: int, text: str, line: Line, shape: Shape) -> None:
        """Numbers without names: a row of a table, if a header stands above it."""
        if self._row(number, text, line, shape):
            return
        if shape.plan.unnamed:
            _unread(number, text, shape)
        if shape.plan.has_values:
            self._keep(number, shape, shape.block, line.tokens)
        elif shape.plan.numbers:
            self._count(number, shape, line.tokens)

    def _row(self, number: int, text: str, line: Line, shape: Shape) -> bool:
        """Keep a row of a table, if a header stands above it; whether one does."""
        for header in (self._pending, self._header):
            found = None if header is None else cells_below(header, text, spans(text), numbers_of(line), self.shapes.lexicon)
            if found is not None:
                self._header, self._pending = header, None
                block, take = self.shapes.block(found, shape.plan.rank)
                self._keep(number, Shape(Kind.VALUES, Plan(found), block, take), block, line.tokens)
                return True
        return False

    def _boxed(self, number: int, text: str, line: Line, shape: Shape) -> None:
        """A line of a box: `| loss | 0.5 |`; all lines of one box are one record."""
        (one,) = shape.plan.numbers
        name = f"{self._group}{one.name}"
        if name in self._box:
            self._flush_box()
        self._box_line = self._box_line or number
        self._box[name] = value_of(line.tokens[one.token]) * one.scale

    def _flush_box(self) -> None:
        if not self._box:
            return
        block, _ = self.shapes.block([Planned(place, name) for place, name in enumerate(self._box)], None)
        block.values.extend(self._box.values())
        block.records.append(len(self.lines))
        self.lines.append(self._box_line)
        self._box, self._box_line, self._counting = {}, 0, None

    def _grouped(self, number: int, text: str, line: Line, shape: Shape) -> None:
        self._group = shape.group

    def _plain(self, number: int, text: str, line: Line, shape: Shape) -> None:
        """A line without numbers: a heading, a header, words."""
        self._group = ""
        if shape.heading is not None:
            self.sections.heading(len(self.lines), shape.heading, shape)
        if shape.plan.unnamed:
            _unread(number, text, shape)


def _unread(number: int, text: str, shape: Shape) -> None:
    shape.count += 1
    if shape.count == 1:
        shape.line, shape.sample = number, text.strip()[:_SAMPLE]


def _goes_on(before: Planned | None, shown: Sequence[str], after: Planned | None, tokens: Sequence[str]) -> bool:
    """Whether a bar is a later state of another: of as many, and farther."""
    if before is None or after is None or (before.total is None) != (after.total is None):
        return False
    if before.total is not None and after.total is not None and shown[before.total] != tokens[after.total]:
        return False
    try:
        return value_of(tokens[after.token]) > value_of(shown[before.token])
    except ValueError:
        return False
