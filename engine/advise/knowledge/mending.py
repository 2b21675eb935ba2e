"""A rule file of which a field is wrong, with something in its place that is right, so that the rest of the file can still be checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from advise.knowledge.base import RuleSpec
from advise.knowledge.rule import RULE_FILE

_TEXT = {"en": "-", "zh": "-"}
_KIND = "kind"
# What may stand for a field of a rule. None of it is ever seen.
_STAND_INS: Mapping[str, object] = {
    "id": "topic/rule",
    "status": "draft",
    "when": {"all": []},
    "thresholds": {},
    "sources": ["document#section"],
    "errata": [],
    "in_spite_of": {},
    "why": _TEXT,
    "severity": "info",
    "certainty": "possible",
    "title": _TEXT,
    "priority": "P2",
    "params": {},
    "steps": [_TEXT],
    "config": [],
    "supersedes": [],
    "gates": [],
    "confirm": _TEXT,
    "verdict": None,
    "applies": None,
}
_CONCLUDES: Mapping[str, object] = {"derive": {"group.fact": True}}
# Fields that only one kind of rule has.
_TELLTALE = {
    "severity": "diagnosis",
    "certainty": "diagnosis",
    "priority": "decision",
    "steps": "decision",
    "confirm": "decision",
    "applies": "check",
}
_PASSES = 3


class Mended(NamedTuple):
    """A rule, and the fields of it that are not what the file says."""

    spec: RuleSpec
    fields: frozenset[str]


def mend(data: object, error: ValidationError) -> Mended | None:
    """Put something in the place of what is wrong.

    Args:
        data: The file's contents.
        error: What is wrong with its shape.

    Returns:
        None where the file is no mapping, or cannot be mended.
    """
    if not isinstance(data, dict):
        return None
    mended: dict[str, Any] = {str(name): value for name, value in data.items()}
    fields: set[str] = set()
    for _ in range(_PASSES):
        wrong = _wrong_fields(error)
        fields |= wrong
        for name in wrong:
            _replace(mended, name)
        try:
            return Mended(RULE_FILE.validate_python(mended), frozenset(fields))
        except ValidationError as left:
            error = left
    return None


def _wrong_fields(error: ValidationError) -> set[str]:
    """The fields at the top of the file in which something is wrong: behind the kind of rule, or the kind itself."""
    return {str(item["loc"][1]) if len(item["loc"]) > 1 else _KIND for item in error.errors(include_url=False, include_input=False)}


def _replace(mended: dict[str, Any], name: str) -> None:
    if name == _KIND:
        mended[_KIND] = next((kind for field, kind in _TELLTALE.items() if field in mended), "derive")
    elif name == "concludes":
        mended[name] = _CONCLUDES.get(mended.get(_KIND, ""), "something")
    elif name in _STAND_INS:
        mended[name] = _STAND_INS[name]
    else:
        # A name that no rule has.
        mended.pop(name, None)
