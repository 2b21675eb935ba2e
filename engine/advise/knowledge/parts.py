"""What stands where in a file of knowledge, told by its shape: names of other things, conditions, texts.

The walk goes by the data as it was read and needs no valid file: a mistake in one place keeps nothing elsewhere from being found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from advise.text import Text

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Refers:
    """Marks a string of a shape that names something.

    Attributes:
        what: What it names, in words: fact, numeric fact, source, decision, …
    """

    what: str


@dataclass(frozen=True, slots=True)
class Holds:
    """Marks a condition; it has a grammar of its own."""


@dataclass(frozen=True, slots=True)
class Says:
    """Marks a text in two languages."""


class Part(NamedTuple):
    """Something in a file.

    Attributes:
        path: The keys and indexes that lead to it; those of a key that is a name end with it.
        mark: What it is.
        data: What stands there.
    """

    path: Path
    mark: Refers | Holds | Says
    data: object


def parts(shape: Any, data: object, path: Path = ()) -> Iterator[Part]:
    """Every name, condition and text in a file's data.

    Args:
        shape: What the data should be: a model or any type that one may be built of.
        data: What was read, or the model made of it. What does not fit its shape is passed over.
        path: Where it stands.
    """
    origin = get_origin(shape)
    if origin is Annotated:
        inner, *marks = get_args(shape)
        yield from _marked(marks, data, path)
        yield from parts(inner, data, path)
    elif origin in (Union, UnionType):
        for member in get_args(shape):
            yield from parts(member, data, path)
    elif isinstance(data, dict | BaseModel):
        yield from _in_mapping(shape, data if isinstance(data, dict) else vars(data), path, data)
    elif isinstance(data, list) and origin is list:
        for index, item in enumerate(data):
            yield from parts(get_args(shape)[0], item, (*path, index))


def _in_mapping(shape: Any, data: dict[str, object], path: Path, whole: object) -> Iterator[Part]:
    if get_origin(shape) is dict:
        of_key, of_value = get_args(shape)
        for key, value in data.items():
            yield from parts(of_key, key, (*path, key))
            yield from parts(of_value, value, (*path, key))
    elif isinstance(shape, type) and issubclass(shape, BaseModel):
        if issubclass(shape, Text):
            yield Part(path, Says(), whole)
        for name, field in shape.model_fields.items():
            key = field.alias or name
            if key in data:
                yield from _in_field(field, data[key], (*path, key))


def _in_field(field: FieldInfo, data: object, path: Path) -> Iterator[Part]:
    yield from _marked(field.metadata, data, path)
    yield from parts(field.annotation, data, path)


def _marked(marks: list[Any], data: object, path: Path) -> Iterator[Part]:
    for mark in marks:
        if isinstance(mark, Holds) or (isinstance(mark, Refers) and isinstance(data, str)):
            yield Part(path, mark, data)
