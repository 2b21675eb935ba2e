"""Text of a form that a person teaches: lines that fit a pattern are records, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from advise.documents.line_pattern import LinePattern
from advise.runlog.readers.limits import MAX_TEXT_LINE
from advise.runlog.readers.lines import lines_of
from advise.runlog.readers.records import Records
from advise.runlog.readers.table import Remark, Table
from advise.runlog.readers.text.terminal import moves_the_cursor, shown_in

FORMAT = "taught"
_DIGIT = re.compile(r"\d")
_SAMPLE = 120


def fits(text: str, patterns: Sequence[LinePattern]) -> bool:
    """Whether a line of a text fits one of the patterns.

    Args:
        text: The text, or its beginning.
        patterns: What was taught.
    """
    return any(_record(line, patterns) for _, line in _lines(text))


def read(text: str, shown: str, patterns: Sequence[LinePattern]) -> tuple[Table, ...]:
    """Read a text by what was taught; a line that fits several patterns holds what each of them says.

    Args:
        text: The file.
        shown: The file as the caller named it.
        patterns: What was taught; the columns are called as their gaps.
    """
    records, left, first, sample = Records(), 0, 0, ""
    for number, line in _lines(text):
        record = _record(line, patterns)
        if record:
            records.add(number, record)
        elif _DIGIT.search(line):
            left += 1
            if left == 1:
                first, sample = number, line.strip()[:_SAMPLE]
    if left:
        records.remarks.append(Remark("fits_no_pattern", f"{shown}:{first}", {"count": left, "sample": sample}))
    return (records.table(shown, FORMAT),)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in lines_of(text):
        if len(line) > MAX_TEXT_LINE:
            continue
        if moves_the_cursor(line):
            yield from ((number, part) for part in shown_in(line))
        else:
            yield number, line


def _record(line: str, patterns: Sequence[LinePattern]) -> dict[str, object]:
    record: dict[str, object] = {}
    for pattern in patterns:
        found = pattern.search(line) if pattern.literal in line else None
        if found is not None:
            record.update(found)
    return record
