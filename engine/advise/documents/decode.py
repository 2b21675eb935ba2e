"""From bytes to text that knows its lines."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cached_property

from advise.documents.problems import Problem
from advise.errors import UnreadableError

MAX_BYTES = 4 * 1024 * 1024
JSON_BREAKS = re.compile(r"\r\n|[\r\n]")
# libyaml counts lines as YAML 1.1 does.
YAML_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SHOWN_BYTES = 200


@dataclass(frozen=True)
class SourceText:
    """The text of a file.

    Attributes:
        name: As the caller named the file.
        text: Without the byte-order mark.
        breaks: What ends a line.
    """

    name: str
    text: str
    breaks: re.Pattern[str]

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines, without their ends."""
        return tuple(self.breaks.split(self.text))

    def problem(self, line: int, column: int, message: str, width: int = 1) -> Problem:
        """A problem at a place; one beyond the last line is shown at the last line."""
        source_line = self.lines[line - 1] if line <= len(self.lines) else ""
        return Problem(self.name, line, column, message, source_line, width)

    def problem_at(self, index: int, message: str) -> Problem:
        """A problem at the character of this index."""
        before = self.breaks.split(self.text[:index])
        return self.problem(len(before), len(before[-1]) + 1, message)


def decode(data: bytes, name: str, breaks: re.Pattern[str]) -> SourceText:
    """Decode UTF-8, with or without a byte-order mark, or UTF-16 with one.

    Raises:
        UnreadableError: It is neither, or larger than `MAX_BYTES`.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableError(Problem(name, 1, 1, f"the file is larger than {MAX_BYTES // 1024**2} MiB, which is the limit", ""))
    bom, encoding = next(((bom, encoding) for bom, encoding in _BOMS if data.startswith(bom)), (b"", "utf-8"))
    body = data[len(bom) :]
    try:
        return SourceText(name, body.decode(encoding), breaks)
    except UnicodeDecodeError as error:
        raise UnreadableError(_undecodable(body, name, encoding, error.start, breaks)) from error


def _undecodable(body: bytes, name: str, encoding: str, start: int, breaks: re.Pattern[str]) -> Problem:
    before = breaks.split(body[:start].decode(encoding))
    after = body[start : start + _SHOWN_BYTES].decode(encoding, "backslashreplace")
    shown = before[-1] + breaks.split(after)[0]
    message = f"the byte 0x{body[start]:02X} is not {encoding.upper()[:6].rstrip('-')}: save the file as UTF-8"
    return Problem(name, len(before), len(before[-1]) + 1, f"{message}{' (it looks like GBK)' if _is_gbk(body) else ''}", shown)


def _is_gbk(body: bytes) -> bool:
    try:
        return any("\u4e00" <= character <= "\u9fff" for character in body.decode("gbk"))
    except UnicodeDecodeError:
        return False
