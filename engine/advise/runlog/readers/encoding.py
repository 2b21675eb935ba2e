"""From the bytes of a log to its text, whatever wrote them."""

from __future__ import annotations

import codecs

from advise.runlog.readers.table import Remark

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHINESE = range(0x4E00, 0xA000)


def text_of(data: bytes, shown: str) -> tuple[str, list[Remark]]:
    """The text of a log: UTF-8 or UTF-16 with or without a byte-order mark, GBK, else Latin-1, which every byte is.

    Args:
        data: The bytes of the file.
        shown: The file as the caller named it.

    Returns:
        The text, and what a person should know of how it was found.
    """
    remarks: list[Remark] = []
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), remarks
    if data[1:2] == b"\0" and data[3:4] == b"\0":
        return data.decode("utf-16-le", "replace"), [Remark("encoding", shown, {"encoding": "UTF-16"})]
    if b"\0" in data:
        remarks.append(Remark("nul_bytes", shown, {"count": data.count(b"\0")}))
        data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8"), remarks
    except UnicodeDecodeError:
        pass
    text, encoding = _other(data)
    return text, [*remarks, Remark("encoding", shown, {"encoding": encoding})]


def _other(data: bytes) -> tuple[str, str]:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"
    if any(ord(character) in _CHINESE for character in text):
        return text, "GBK"
    return data.decode("latin-1"), "Latin-1"
