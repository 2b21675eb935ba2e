"""YAML or JSON, by name and by contents."""

from __future__ import annotations

from advise.documents.located import Read
from advise.documents.yaml import read_yaml

# White space, byte-order marks, and the other half of each character in UTF-16.
_BEFORE_CONTENTS = b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"


def read_document(data: bytes, name: str) -> Read:
    """Read a file that is YAML or JSON.

    A name that ends in .json means JSON. Elsewhere contents that begin with `{` are read as JSON, and where that fails as YAML. Where both fail, the
    file was meant for the one that could read more of it.

    Args:
        data: The bytes of the file.
        name: How to call the file in problems.
    """
    if name.lower().endswith(".json"):
        return _read_json(data, name)
    if not data.lstrip(_BEFORE_CONTENTS).startswith(b"{"):
        return read_yaml(data, name)
    as_json = _read_json(data, name)
    if as_json.document is not None:
        return as_json
    as_yaml = read_yaml(data, name)
    return as_yaml if as_yaml.document is not None or _reach(as_yaml) > _reach(as_json) else as_json


def _read_json(data: bytes, name: str) -> Read:
    # Most files are YAML, and the start has to be fast.
    from advise.documents.json import read_json

    return read_json(data, name)


def _reach(read: Read) -> tuple[int, int]:
    last = read.problems[-1]
    return last.line, last.column
