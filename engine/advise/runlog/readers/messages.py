"""Protobuf message classes from short descriptions: only the fields that are read, by the numbers their formats give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Fields = Mapping[str, tuple[int, str]]


def message_classes(package: str, messages: Mapping[str, Fields]) -> dict[str, Any]:
    """The classes of messages that refer to one another.

    What is text on the wire is described as `bytes`, for a damaged file may hold any.

    Args:
        package: A name of their own.
        messages: By message, by field: its number, and its type (`int64`, …, or the name of a message), with `*` before it if it repeats.

    Raises:
        ImportError: protobuf is not installed.
    """
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    kinds, labels = descriptor_pb2.FieldDescriptorProto.Type, descriptor_pb2.FieldDescriptorProto.Label
    # With proto2, a field that was not written can be told from one that is zero.
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto2")
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            single = kind.removeprefix("*")
            label = labels.Value("LABEL_OPTIONAL" if kind == single else "LABEL_REPEATED")
            if single in messages:
                message.field.add(name=field, number=number, label=label, type=kinds.Value("TYPE_MESSAGE"), type_name=f".{package}.{single}")
            else:
                message.field.add(name=field, number=number, label=label, type=kinds.Value(f"TYPE_{single.upper()}"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.{name}")) for name in messages}
