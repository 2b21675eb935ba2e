"""Logs of text, whatever prints them: lines become records by their shape, not by the name of a trainer.

Lines that differ in nothing but their numbers are of one shape, and what their numbers are called is found once for all of them: each by the words
directly before it. Blocks and tables of several lines are put together, headings say which data the lines below them are about, and numbers that have
no name are counted and told. The parts are in `text/`: a line as a terminal shows it, its tokens, the gaps between them, the plan of a shape, tables,
headings, and the reader that puts them to use.
"""

from __future__ import annotations

from advise.runlog.lexicon import Lexicon, packaged
from advise.runlog.readers.limits import MAX_TEXT_LINE
from advise.runlog.readers.lines import lines_of
from advise.runlog.readers.table import Table
from advise.runlog.readers.text.outcome import is_log, table_of
from advise.runlog.readers.text.reader import Reader

_FEW_BARS = 3
_DOCUMENT = (b"{\n", b"{\r", b"[\n", b"[\r")


def is_document(head: bytes) -> bool:
    """Whether a file that begins with these bytes is one object or list of JSON, laid out over lines."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_DOCUMENT)


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a log of text."""
    if is_document(head):
        return False
    text = head.decode("utf-8", "replace")
    reader = Reader("", packaged(), every_state=True)
    for number, line in lines_of(text):
        if len(line) <= MAX_TEXT_LINE and not _is_of_a_list(line.lstrip()):
            reader.take_line(number, line)
    return is_log(reader)


def _is_of_a_list(line: str) -> bool:
    """Whether a line is a comment or an item of a list, as facts files have them; `- 2s - loss: 0.5` and `#3 loss=0.5` are none."""
    return (line.startswith("#") and not line[1:2].isdigit()) or (line.startswith("- ") and " - " not in line[1:])


def read(text: str, shown: str, lexicon: Lexicon | None = None) -> tuple[Table, ...]:
    """Read a log of text.

    Args:
        text: The file.
        shown: The file as the caller named it.
        lexicon: The words that name counters and splits; by default those of the packaged knowledge.

    Raises:
        LogError: No line of it has a number with a name.
    """
    known = lexicon or packaged()
    reader = _read(text, shown, known, every_state=False)
    # A bar that is drawn again for each epoch says once what the epoch came to; one that is the whole training is a table by itself.
    if reader.bars_kept < _FEW_BARS <= reader.bars_dropped:
        reader = _read(text, shown, known, every_state=True)
    return (table_of(reader, shown),)


def _read(text: str, shown: str, lexicon: Lexicon, *, every_state: bool) -> Reader:
    reader = Reader(shown, lexicon, every_state=every_state)
    for number, line in lines_of(text):
        reader.take_line(number, line)
    reader.close()
    return reader
