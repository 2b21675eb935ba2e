"""What pydantic finds wrong with a file's shape, said in plain words and at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from advise.documents.fields import accepted_keys
from advise.documents.located import Document, Node, ScalarNode
from advise.documents.problems import MAX_PROBLEMS, Problem, nearest
from advise.untrusted import shorten

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Loc = tuple[str | int, ...]
_LISTED = 24
_WANTED = {
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "none_required": "nothing",
}
_CHOICES = frozenset({"literal_error", "enum"})
_LIMITS = {
    "greater_than": "must be above {gt}, got {input}",
    "greater_than_equal": "must be at least {ge}, got {input}",
    "less_than": "must be below {lt}, got {input}",
    "less_than_equal": "must be at most {le}, got {input}",
    "too_short": "needs at least {min_length}, has {actual_length}",
    "too_long": "takes at most {max_length}, has {actual_length}",
    "string_too_short": "needs at least {min_length} characters",
    "string_too_long": "takes at most {max_length} characters",
    "string_pattern_mismatch": "`{input}` is not of the form {pattern}",
    "finite_number": "must be finite, got {input}",
    "value_error": "{error}",
    "assertion_error": "{error}",
}


def explain(error: ValidationError, document: Document, adapter: TypeAdapter[Any]) -> list[Problem]:
    """Every mistake that pydantic found, at its place in the file.

    Args:
        error: What pydantic raised when it validated the document's plain data.
        document: The file.
        adapter: What the data was validated against, to suggest the keys that it accepts.
    """
    details = error.errors(include_url=False)
    inside = {path for detail in details for path in _within(detail)}
    groups: dict[tuple[str, int], list[ErrorDetails]] = {}
    for detail in details:
        if not _is_other_member(detail, document, inside):
            groups.setdefault((_sort(detail), id(_target(detail, document))), []).append(detail)
        if len(groups) >= MAX_PROBLEMS:
            break
    return sorted({_problem(group, document, adapter) for group in groups.values()})


def _sort(detail: ErrorDetails) -> str:
    # The members of a union each say on their own what they wanted at one place; people are told once.
    return "type" if _is_about_type(detail) else detail["type"]


def _is_about_type(detail: ErrorDetails) -> bool:
    return detail["type"] in _WANTED or detail["type"] in _CHOICES


def _within(detail: ErrorDetails) -> Iterator[Loc]:
    """The places that this mistake lies inside of; one about a type lies only above the union whose member it speaks for."""
    path = detail["loc"]
    yield from (path[:length] for length in range(len(path) - 1 if _is_about_type(detail) else len(path) + 1))


def _is_other_member(detail: ErrorDetails, document: Document, inside: set[Loc]) -> bool:
    """Whether the data was meant for another member of a union, one that it fits but for a mistake inside."""
    *before, last = detail["loc"] or ("",)
    return _is_about_type(detail) and last in document.find(detail["loc"]).unmatched and tuple(before) in inside


def _on_key(detail: ErrorDetails) -> bool:
    return detail["type"] == "extra_forbidden" or detail["loc"][-1:] == ("[key]",)


def _target(detail: ErrorDetails, document: Document) -> Node:
    place = document.find(detail["loc"])
    return place.key if place.key is not None and _on_key(detail) else place.node


def _problem(details: list[ErrorDetails], document: Document, adapter: TypeAdapter[Any]) -> Problem:
    detail = details[0]
    path, context = detail["loc"], detail.get("ctx", {})
    match _sort(detail):
        case "type":
            return _wrong_type(details, document)
        case "missing":
            return _missing(details, document)
        case "extra_forbidden":
            keys = [key for item in details for key in accepted_keys(adapter, item["loc"][:-1])]
            return document.problem(path, f"unknown key `{path[-1]}`", accepted=_listed(keys), nearest=nearest(str(path[-1]), keys), on_key=True)
        case "union_tag_invalid":
            tags, written = _quoted(detail, "expected_tags"), str(context["tag"])
            at = (*path, *_quoted(detail, "discriminator"))
            return document.problem(
                at, f"must be one of its values, got `{shorten(written)}`", accepted=_listed(tags), nearest=nearest(written, tags)
            )
        case "union_tag_not_found":
            return document.problem(path, f"`{_quoted(detail, 'discriminator')[0]}` is missing", on_key=True)
        case kind:
            template = _LIMITS.get(kind)
            said = detail["msg"] if template is None else template.format(input=shorten(str(detail["input"])), **context)
            return document.problem(path, said, on_key=_on_key(detail))


def _wrong_type(details: list[ErrorDetails], document: Document) -> Problem:
    detail = details[0]
    wanted = dict.fromkeys(_WANTED[item["type"]] for item in details if item["type"] in _WANTED)
    choices = [choice for item in details if item["type"] in _CHOICES for choice in _quoted(item, "expected")]
    if "a number" in wanted:
        wanted.pop("a whole number", None)
    if choices:
        wanted["one of its words" if wanted else "one of its values"] = None
    target = _target(detail, document)
    suggestion = nearest(target.text, choices) if isinstance(target, ScalarNode) else None
    message = f"must be {_either(wanted)}, got {target.described}"
    return document.problem(detail["loc"], message, accepted=_listed(choices), nearest=suggestion, on_key=_on_key(detail))


def _missing(details: list[ErrorDetails], document: Document) -> Problem:
    path = details[0]["loc"][:-1]
    names = [f"`{detail['loc'][-1]}`" for detail in details]
    all_needed = all(detail["loc"][:-1] == path for detail in details)
    joined = ", ".join(names) if all_needed else _either(dict.fromkeys(names))
    return document.problem(path, f"{joined} {'is' if len(names) == 1 or not all_needed else 'are'} missing", on_key=True)


def _quoted(detail: ErrorDetails, name: str) -> list[str]:
    # Pydantic hands over what it accepts as a sentence: 'a', 'b' or 'c'.
    context: Mapping[str, Any] = detail.get("ctx", {})
    return re.findall(r"'([^']*)'", str(context[name]))


def _listed(names: Iterable[str]) -> str | None:
    names = dict.fromkeys(names)
    return ", ".join(names) if 0 < len(names) <= _LISTED else None


def _either(wanted: Iterable[str]) -> str:
    *most, last = wanted
    return f"{', '.join(most)} or {last}" if most else last
