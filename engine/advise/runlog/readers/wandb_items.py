"""The messages of W&B's offline files, and what stands in an item of one: a key and its value."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeGuard

from advise.runlog.readers.limits import MAX_DEPTH, MAX_LINE_CHARACTERS, MAX_NAME_CHARACTERS
from advise.runlog.readers.messages import Fields, message_classes

# Images, tables and histograms are objects that name their type.
TYPE = "_type"
# wandb/proto/wandb_internal.proto; older releases wrote every value as `value_json`, and newer ones still do but in the history.
_MESSAGES: dict[str, Fields] = {
    "Record": {
        "history": (2, "History"),
        "summary": (3, "Updates"),
        "config": (5, "Updates"),
        "stats": (7, "Stats"),
        "run": (17, "Run"),
        "exit": (18, "Exit"),
    },
    "History": {"item": (1, "*Item"), "step": (2, "Step")},
    "Item": {
        "key": (1, "bytes"),
        "nested_key": (2, "*bytes"),
        "boolean": (4, "bool"),
        "integer": (5, "sfixed64"),
        "number": (6, "double"),
        "text": (7, "bytes"),
        "json": (8, "bytes"),
        "value_json": (16, "bytes"),
    },
    "Step": {"num": (1, "int64")},
    "Updates": {"update": (1, "*Item")},
    "Stats": {"timestamp": (2, "Timestamp"), "item": (3, "*Item")},
    "Timestamp": {"seconds": (1, "int64"), "nanos": (2, "int32")},
    "Run": {"run_id": (1, "bytes"), "config": (4, "Updates"), "summary": (5, "Updates"), "display_name": (8, "bytes")},
    "Exit": {"exit_code": (1, "int32")},
}


@cache
def record_class() -> Any:
    """The class of a record.

    Raises:
        ImportError: protobuf is not installed.
    """
    return message_classes("advise.wandb", _MESSAGES)["Record"]


def key_of(item: Any) -> str:
    """The key of an item; keys that lead to it are joined by `/`.

    Args:
        item: A message `Item`.
    """
    return "/".join(map(text_of, item.nested_key)) or text_of(item.key)


def value_of(item: Any) -> object:
    """The value of an item, as JSON has it; None where it is text of a newer release.

    Args:
        item: A message `Item`.

    Raises:
        ValueError: It is not JSON, or too long or too deep.
    """
    if item.HasField("number"):
        return float(item.number)
    if item.HasField("integer"):
        return int(item.integer)
    if item.HasField("boolean"):
        return bool(item.boolean)
    written = item.value_json or item.json
    if not written:
        return None
    if len(written) > MAX_LINE_CHARACTERS:
        raise ValueError("too long")
    try:
        value: object = json.loads(written)
    except RecursionError:
        raise ValueError("too deep") from None
    return value


def is_media(value: object) -> TypeGuard[dict[str, object]]:
    """Whether a value describes an image, a table or a histogram.

    Args:
        value: Of an item.
    """
    return isinstance(value, dict) and TYPE in value


def media_in(items: Iterable[Any]) -> dict[tuple[bytes, ...], str]:
    """The types of images, tables and histograms whose parts are items of their own, by the keys that lead to them.

    Args:
        items: Messages `Item` of one record.
    """
    return {
        tuple(item.nested_key[:-1]): text_of(item.text or item.value_json).strip('"')[:MAX_NAME_CHARACTERS]
        for item in items
        if 1 < len(item.nested_key) <= MAX_DEPTH and item.nested_key[-1] == TYPE.encode()
    }


def belongs(item: Any, media: dict[tuple[bytes, ...], str]) -> bool:
    """Whether an item is part of an image, a table or a histogram.

    Args:
        item: A message `Item`.
        media: What `media_in` found in its record.
    """
    return bool(media) and any(tuple(item.nested_key[:length]) in media for length in range(1, min(len(item.nested_key), MAX_DEPTH)))


def text_of(written: bytes) -> str:
    """Text of a message, whatever its bytes are.

    Args:
        written: Its bytes.
    """
    return written.decode("utf-8", "replace")
