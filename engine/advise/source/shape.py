"""What pydantic finds wrong with a file's shape, said in plain words and at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from advise.source.fields import accepted_keys
from advise.source.located import Document, ScalarNode
from advise.source.problems import MAX_PROBLEMS, Problem, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

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


def explain(error: ValidationError, document: Document, adapter: TypeAdapter[Any] | None = None) -> list[Problem]:
    """Every mistake that pydantic found, at its place in the file.

    Args:
        error: What pydantic raised when it validated the document's plain data.
        document: The file.
        adapter: What the data was validated against, to suggest the keys that it accepts.
    """
    details = error.errors(include_url=False)
    deeper = {detail["loc"][:length] for detail in details if not _is_about_type(detail) for length in range(len(detail["loc"]) + 1)}
    problems: dict[Problem, None] = {}
    about_type: dict[tuple[int, str], list[ErrorDetails]] = {}
    for detail in details:
        if not _is_about_type(detail):
            problems[_problem(detail, document, adapter)] = None
        elif not _is_other_member(detail, document, deeper):
            place = document.find(detail["loc"])
            about_type.setdefault((id(place.node), str(detail["loc"][-1:] == ("[key]",))), []).append(detail)
        if len(problems) + len(about_type) >= MAX_PROBLEMS:
            break
    return sorted([*problems, *(_wrong_type(group, document) for group in about_type.values())])


def _is_about_type(detail: ErrorDetails) -> bool:
    return detail["type"] in _WANTED or detail["type"] in _CHOICES


def _is_other_member(detail: ErrorDetails, document: Document, deeper: set[tuple[str | int, ...]]) -> bool:
    """Whether the data was meant for another member of a union, one that it fits but for a mistake inside."""
    *before, last = detail["loc"] or ("",)
    return last in document.find(detail["loc"]).unmatched and tuple(before) in deeper


def _wrong_type(details: list[ErrorDetails], document: Document) -> Problem:
    path = details[0]["loc"]
    wanted = dict.fromkeys(_WANTED[detail["type"]] for detail in details if detail["type"] in _WANTED)
    choices = [choice for detail in details if detail["type"] in _CHOICES for choice in _quoted(detail, "expected")]
    if "a number" in wanted:
        wanted.pop("a whole number", None)
    if choices:
        wanted["one of its words" if wanted else "one of its values"] = None
    node = document.find(path).node
    written = node.text if isinstance(node, ScalarNode) else ""
    return document.problem(path, f"must be {_either(wanted)}, got {node.described}", accepted=_listed(choices), nearest=nearest(written, choices))


def _problem(detail: ErrorDetails, document: Document, adapter: TypeAdapter[Any] | None) -> Problem:
    path, context = detail["loc"], detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return document.problem(path[:-1], f"`{path[-1]}` is missing", on_key=True)
        case "extra_forbidden":
            keys = [] if adapter is None else accepted_keys(adapter, path[:-1])
            written = str(path[-1])
            return document.problem(path, f"unknown key `{written}`", accepted=_listed(keys), nearest=nearest(written, keys), on_key=True)
        case "union_tag_invalid":
            tags = _quoted(detail, "expected_tags")
            message = f"must be one of its values, got the word `{context['tag']}`"
            return document.problem(
                (*path, *_quoted(detail, "discriminator")), message, accepted=_listed(tags), nearest=nearest(str(context["tag"]), tags)
            )
        case "union_tag_not_found":
            return document.problem(path, f"{context['discriminator'].replace(chr(39), '`')} is missing", on_key=True)
        case kind:
            template = _LIMITS.get(kind)
            said = detail["msg"] if template is None else template.format(input=detail["input"], **context)
            return document.problem(path, said, on_key=path[-1:] == ("[key]",))


def _quoted(detail: ErrorDetails, name: str) -> list[str]:
    # Pydantic hands over what it accepts as a sentence: 'a', 'b' or 'c'.
    context: Mapping[str, Any] = detail.get("ctx", {})
    return re.findall(r"'([^']*)'", str(context[name]))


def _listed(names: Iterable[str]) -> str | None:
    names = list(names)
    return ", ".join(names) if 0 < len(names) <= _LISTED else None


def _either(wanted: Iterable[str]) -> str:
    *most, last = wanted
    return f"{', '.join(most)} or {last}" if most else last
