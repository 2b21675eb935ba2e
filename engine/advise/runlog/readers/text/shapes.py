"""What lines of one shape are: found once, used for each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter

from advise.runlog.lexicon import Lexicon
from advise.runlog.readers.records import TOTAL
from advise.runlog.readers.text.blocks import Block
from advise.runlog.readers.text.ending import could_end
from advise.runlog.readers.text.gaps import Gap, understood
from advise.runlog.readers.text.grids import BARS, Header, header_above_a_bar, header_in
from advise.runlog.readers.text.plans import Plan, Planned, plan_of
from advise.runlog.readers.text.processes import rank_in
from advise.runlog.readers.text.tokens import Line, is_number, texts_of

_MAX_SHAPES = 20_000
_MAX_GAPS = 50_000
# What is longer is no heading.
_LONGEST_HEADING = 120
_RULE = re.compile(r"[\s\-=_+|:*#~─━═┄╌┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╭╮╰╯│┃║╔╗╚╝╠╣╞╡╪╟╢]+")
# A line of a box that says what the names below it belong to: `| train/ |   |`.
_GROUP = re.compile(rf"\s{{0,80}}[{BARS}]\s{{0,80}}([\w .-]{{1,80}}/)[\s{BARS}]*+$")

# An indented line of nothing but a name and what it is.
_ENTRY = re.compile(r"[ \t]{1,40}+[^\s:=：][^:=：]{0,120}+\s{0,80}[:=：]\s{0,80}[-+.\w]{1,60}\s{0,8}%?\s*$")

Take = Callable[[Sequence[str]], tuple[str, ...]]


class Kind(Enum):
    """What a line of a shape is."""

    VALUES = "values"
    COUNTERS = "counters"
    GRID = "grid"
    BOX = "box"
    GROUP = "group"
    PLAIN = "plain"


@dataclass(slots=True, eq=False)
class Shape:
    """Lines that differ in nothing but their numbers.

    Attributes:
        kind: What they are.
        plan: What their numbers are.
        block: Where their values go; None where none is kept, or where the names depend on the line.
        take: Picks the tokens that are kept, in the order of the block.
        is_simple: Whether such a line is a record, and nothing else has to be done with it.
        heading: The split that such a line names, where it holds no values.
        could_end: Whether it may say how the run ended.
        header: The header of a table that it could be.
        group: What the names below it belong to.
        opens: Whether indented lines below it are one record: `Result for trial_1:`.
        is_entry: Whether it is one indented number with its name, and nothing else.
        barred: Whether it begins with a bar, as a row of a table may.
        count: How many such lines were met, of those of which something has no name.
        line: The first of them.
        sample: The first of them, as it stands.
    """

    kind: Kind
    plan: Plan
    block: Block | None = None
    take: Take = tuple
    is_simple: bool = False
    heading: str | None = None
    could_end: bool = False
    header: Header | None = None
    group: str = ""
    opens: bool = False
    is_entry: bool = False
    barred: bool = False
    count: int = 0
    line: int = 0
    sample: str = ""


class Shapes:
    """Every shape that was met, and the blocks in which their values are kept.

    Args:
        lexicon: The words that name counters and splits.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.known: dict[tuple[object, ...], Shape] = {}
        self._gaps: dict[tuple[str, bool], Gap] = {}
        self._blocks: dict[tuple[object, ...], Block] = {}

    def __iter__(self) -> Iterator[Block]:
        return iter(self._blocks.values())

    def new(self, text: str, line: Line) -> Shape:
        """The shape of a line, which is remembered unless there are too many.

        Args:
            text: The line.
            line: The line taken apart.
        """
        shape = self._shape(text, line)
        if len(self.known) < _MAX_SHAPES:
            self.known[line.shape] = shape
        return shape

    def block(self, numbers: Sequence[Planned], rank: int | None) -> tuple[Block, Take]:
        """Where values of some columns go, and how their tokens are taken out of a line.

        Args:
            numbers: The columns.
            rank: The process that writes them, if it says so.
        """
        every = _with_totals(numbers)
        names = tuple(one.name for one in every)
        scales = None if all(one.scale == 1 for one in every) else tuple(one.scale for one in every)
        places = {one.token: place for place, one in enumerate(every)}
        totals = {place: places[one.total] for place, one in enumerate(every) if one.total is not None and not one.counts}
        key = (names, scales, tuple(totals.items()), rank)
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = Block(names, scales, totals or None, rank)
        return block, taker([one.token for one in every])

    def _shape(self, text: str, line: Line) -> Shape:
        gaps = [self._gap(gap, place == 0) for place, gap in enumerate(texts_of(line.shape))]
        numbers = numbers_of(line)
        plan = plan_of(gaps, line.tokens, numbers, self.lexicon)
        plan.rank = rank_in("\0".join(gap.text for gap in gaps), self.lexicon)
        barred = text.lstrip()[:1] in BARS and bool(text.strip())
        ends = could_end(text)
        header = header_above_a_bar(text)
        if header is not None:
            return Shape(Kind.PLAIN, plan, could_end=ends, header=header)
        if _is_row(gaps, numbers, plan, barred=barred):
            kind = Kind.GRID
        elif not plan.numbers:
            return self._without_numbers(text, line, plan, ends)
        elif barred and len(plan.numbers) == 1 and gaps[0].name:
            return Shape(Kind.BOX, plan, could_end=ends)
        else:
            kind = Kind.VALUES if plan.has_values else Kind.COUNTERS
        if plan.labels:
            return Shape(kind, plan, take=taker([one.token for one in _with_totals(plan.numbers)]), could_end=ends)
        block, take = self.block(plan.numbers, plan.rank) if plan.numbers else (None, tuple)
        is_entry = len(plan.numbers) == 1 and _ENTRY.match(text) is not None
        is_simple = kind is Kind.VALUES and plan.bar is None and not plan.unnamed and not ends and not barred and not is_entry
        return Shape(kind, plan, block, take, is_simple, _heading(text, plan), ends, is_entry=is_entry, barred=barred)

    def _without_numbers(self, text: str, line: Line, plan: Plan, ends: bool) -> Shape:
        group = _GROUP.match(text)
        if group:
            return Shape(Kind.GROUP, plan, group=group[1])
        header = None if _RULE.fullmatch(text) or line.tokens else header_in(text)
        opens = not text[:1].isspace() and text.rstrip().endswith((":", "："))
        return Shape(Kind.PLAIN, plan, heading=_heading(text, plan), could_end=ends, header=header, opens=opens)

    def _gap(self, text: str, first: bool) -> Gap:
        key = (text, first)
        gap = self._gaps.get(key)
        if gap is None:
            gap = understood(text, self.lexicon, first=first)
            if len(self._gaps) < _MAX_GAPS:
                self._gaps[key] = gap
        return gap


def numbers_of(line: Line) -> list[bool]:
    """Of each token of a line, whether it is a number."""
    return [is_number(line.shape, place) for place in range(len(line.tokens))]


def taker(places: Sequence[int]) -> Take:
    """What picks some tokens of a line."""
    if len(places) == 1:
        (place,) = places
        return lambda tokens: (tokens[place],)
    return itemgetter(*places)


def _is_row(gaps: Sequence[Gap], numbers: Sequence[bool], plan: Plan, *, barred: bool) -> bool:
    """Whether a line is numbers without names, or with one word before them all, as the rows of a table are."""
    # A progress bar may stand behind a row.
    percent = next((place for place, gap in enumerate(gaps) if gap.text.startswith("%|")), len(gaps))
    inner = gaps[1 : min(percent, len(gaps)) - 1]
    bare = bool(inner) and all(not gap.name and not any(bracket in gap.rest for bracket in "[]()") for gap in inner) and not gaps[0].is_strong
    lonely = barred and any(numbers) and not plan.has_values and not gaps[0].name
    return (bare and len(plan.numbers) + plan.unnamed > 1) or lonely


def _heading(text: str, plan: Plan) -> str | None:
    """The split that a line without values names."""
    return plan.split if not plan.has_values and not plan.unnamed and plan.bar is None and len(text) <= _LONGEST_HEADING else None


def _with_totals(numbers: Sequence[Planned]) -> list[Planned]:
    """The numbers, and behind each the total that it has, as a column of its own."""
    found: list[Planned] = []
    for one in numbers:
        found.append(one)
        if one.total is not None:
            found.append(Planned(one.total, f"{one.name}{TOTAL}", counts=one.counts))
    return found
