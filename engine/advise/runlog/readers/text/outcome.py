"""What came of the lines of a file: whether it is a log at all, and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from advise.runlog.lexicon import Lexicon
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS, MAX_RECORDS
from advise.runlog.readers.records import TOTAL
from advise.runlog.readers.refusal import unreadable
from advise.runlog.readers.table import Column, Remark, Table
from advise.runlog.readers.text.blocks import Block, columns_of
from advise.runlog.readers.text.plans import BAR, BRACKET, LEADING
from advise.runlog.readers.text.processes import of_one_process
from advise.runlog.readers.text.reader import Reader
from advise.runlog.words import words_of

FORMAT = "text"
_OFTEN = 3


def is_log(reader: Reader) -> bool:
    """Whether what was taken so far shows that the file is a log: counters and numbers that come again.

    Args:
        reader: What took the lines of its beginning.
    """
    reader.close()
    counting: Counter[tuple[str, ...]] = Counter()
    rows = again = 0
    for block in reader.shapes:
        many = len(block.records)
        counters = tuple(name for name in block.names if _counts(name, reader.shapes.lexicon))
        again += many > 1
        if len(counters) == len(block.names):
            counting[counters] += many
        elif many > 1 and (counters or len(block.names) > 1 or many >= _OFTEN):
            return True
        elif counters:
            rows += many
    return rows > 1 or (again > 0 and any(many > 1 for many in counting.values()))


def table_of(reader: Reader, shown: str) -> Table:
    """Everything as a table.

    Args:
        reader: What took the lines.
        shown: The file as the caller named it.

    Raises:
        LogError: There is no number with a name.
    """
    import numpy as np

    lexicon = reader.shapes.lexicon
    blocks, remarks = of_one_process([block for block in reader.shapes if len(block.records)], shown, lexicon)
    blocks = _summaries_named(blocks, lexicon)
    columns, refused = columns_of(blocks)
    counted = [block.records for block in blocks if any(_counts(name, lexicon) and name != LEADING for name in block.names)]
    named = {name for name in columns if _counts(name, lexicon) or any(True for _ in lexicon.splits_in(words_of(name)))}
    columns = reader.sections.applied(columns, named, np.sort(np.concatenate(counted)) if counted else np.empty(0, dtype=np.int64))
    columns, settings = _settled(columns)
    if all(_counts(name, lexicon) for name in columns):
        raise unreadable(shown, "no line of it has a step or an epoch and a number beside it")
    remarks += [reader.ending] if reader.ending is not None else []
    if reader.long:
        remarks.append(Remark("long_lines", shown, {"count": reader.long}))
    if refused:
        remarks.append(Remark("names_refused", shown, {"count": refused, "columns": MAX_COLUMNS, "characters": MAX_NAME_CHARACTERS}))
    if reader.full:
        remarks.append(Remark("scalars_over_limit", shown, {"limit": MAX_RECORDS}))
    remarks += _unread(reader, shown)
    return Table(shown, FORMAT, columns, np.array(reader.lines, dtype=np.int64), {**settings, **reader.settings}, tuple(remarks))


def _counts(name: str, lexicon: Lexicon) -> bool:
    bare = name.removesuffix(TOTAL)
    return bare in (BAR, BRACKET, LEADING) or words_of(bare) in lexicon.counters


def _summaries_named(blocks: Sequence[Block], lexicon: Lexicon) -> list[Block]:
    """The blocks, those called by the split that they sum up whose lines always stand right behind lines of an evaluation.

    `* Acc@1 76.1` behind `Test: [20/20] …` is no accuracy of the training lines, which have one of the same name.
    """
    import numpy as np

    evaluated = {label: [np.asarray(block.records) for block in blocks if _split(block, lexicon) == label] for label in ("val", "test")}
    often = Counter(name for block in blocks for name in block.names)
    found = []
    for block in blocks:
        named = block
        alike = any(often[name] > 1 for name in block.names)
        if alike and _split(block, lexicon) is None and not any(_counts(name, lexicon) for name in block.names):
            before = np.asarray(block.records) - 1
            label = next((label for label, records in evaluated.items() if records and np.isin(before, np.concatenate(records)).all()), None)
            if label is not None:
                named = replace(block, names=tuple(f"{label}/{name}" for name in block.names))
        found.append(named)
    return found


def _split(block: Block, lexicon: Lexicon) -> str | None:
    """The split that the columns of a block name."""
    return next((label for name in block.names for _, _, label in lexicon.splits_in(words_of(name))), None)


def _settled(columns: Mapping[str, Column]) -> tuple[dict[str, Column], dict[str, float]]:
    """The columns, and as settings the numbers that stand alone before the first row of what comes again."""
    often = [column for column in columns.values() if len(column.values) > 1]
    if not often:
        return dict(columns), {}
    fewest = min(_OFTEN, max(len(column.values) for column in often))
    start = min(int(column.records[0]) for column in often if len(column.values) >= fewest)
    alone = {name for name, column in columns.items() if len(column.values) == 1 and column.records[0] < start}
    kept = {name: column for name, column in columns.items() if name not in alone}
    return kept, {name: float(columns[name].values[0]) for name in alone}


def _unread(reader: Reader, shown: str) -> Iterator[Remark]:
    found = sorted((shape for shape in reader.shapes.known.values() if shape.count >= _OFTEN), key=lambda shape: -shape.count)
    if found:
        values: dict[str, int | float | str] = {
            "count": sum(shape.count for shape in found),
            "shapes": len(found),
            "sample": found[0].sample,
        }
        yield Remark("lines_unread", f"{shown}:{found[0].line}", values)
