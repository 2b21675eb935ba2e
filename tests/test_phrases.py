"""The fixed phrases: whatever the code says is written in `kb/strings.yaml`, and whatever is written there the code says."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

import advise
from advise.experiments.compare import page as compare
from advise.experiments.compare.runs import Take
from advise.experiments.fleet import page as fleet
from advise.experiments.ledger.record import Result
from advise.experiments.study.next_space import Change
from advise.experiments.study.parameter import Scale
from advise.experiments.study.record import Role
from advise.explain import records as explain
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.comparison import Variance
from advise.knowledge.load import load_knowledge
from advise.knowledge.vocabulary import Cost
from advise.live.watch.watch import What
from advise.runlog.places.newest import By
from advise.runlog.series.record import Axis
from advise.terms import Certainty, CheckStatus, Direction, Severity, VerdictId

PACKAGE = Path(advise.__file__).parent
# What takes the key of a phrase as its first argument, beside every function that hands its parameter on to one of these.
_SAYING = frozenset({"phrase", "joined_phrase", "entry", "label", "labelled", "remark"})


class Said:
    """The keys that some code says.

    Attributes:
        keys: Where it is plain which phrase is meant.
        families: Keys that are put together: `severity_*`.
        words: Every string in the code, which a key may be that is said by way of a variable.
        formats: Every string that is put together in the code, its holes as `*`.
    """

    def __init__(self, trees: list[ast.Module]) -> None:
        self.keys: set[str] = set()
        self.families: set[str] = set()
        self.words: set[str] = set()
        self.formats: set[str] = set()
        for tree in trees:
            self._read(tree)

    def has(self, word: str) -> bool:
        """Whether the code has this string, or one that is put together and may be it."""
        return word in self.words or any(fnmatchcase(word, pattern) for pattern in self.formats if pattern.strip("*"))

    def _read(self, tree: ast.Module) -> None:
        tables = {
            target.id: [value.value for value in node.value.values if isinstance(value, ast.Constant)]
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        handed_on = _handed_on(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.words.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                self.formats.add(_format(node))
            for expression in _keys_in(node, handed_on):
                self._say(expression, tables)

    def _say(self, expression: ast.expr, tables: Mapping[str, list[str]]) -> None:
        match expression:
            case ast.Constant(value=str(key)):
                self.keys.add(key)
            case ast.IfExp(body=first, orelse=second):
                self._say(first, tables)
                self._say(second, tables)
            case ast.JoinedStr():
                self.families.add(_format(expression))
            case ast.Subscript(value=ast.Name(id=table)):
                self.keys.update(tables.get(table, ()))


def _format(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)


def _handed_on(tree: ast.Module) -> dict[str, int]:
    """Functions that say the phrase whose key they are given, with the place of the key among their arguments."""
    found = dict.fromkeys(_SAYING, 0)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    while True:
        more = {
            function.name: index
            for function in functions
            if function.name not in found
            for index, name in enumerate([arg.arg for arg in function.args.args if arg.arg != "self"])
            for node in ast.walk(function)
            if any(isinstance(key, ast.Name) and key.id == name for key in _keys_in(node, found))
        }
        if not more:
            return found
        found |= more


def _keys_in(node: ast.AST, saying: Mapping[str, int]) -> Iterator[ast.expr]:
    """What stands in a place where a key is meant."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in saying and len(args) > saying[name]:
            yield args[saying[name]]
        case (
            ast.Subscript(value=ast.Name(id="strings" | "_strings") | ast.Attribute(attr="strings" | "_strings"), slice=key)
            | ast.Call(
                func=ast.Attribute(value=ast.Name(id="strings" | "_strings") | ast.Attribute(attr="strings" | "_strings"), attr="get"), args=[key, *_]
            )
        ):
            yield key


@cache
def trees() -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")]


@cache
def said() -> Said:
    return Said(trees())


@cache
def base() -> KnowledgeBase:
    return load_knowledge()


def argument(function: str, name: str, index: int | None = None) -> frozenset[str]:
    """The constants that a function is given for one of its parameters, by name or at a place."""
    calls = [node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = [call for call in calls if function in (getattr(call.func, "id", ""), getattr(call.func, "attr", ""))]
    given = [keyword.value for call in called for keyword in call.keywords if keyword.arg == name]
    given += [call.args[index] for call in called if index is not None and len(call.args) > index]
    either = [choice for node in given for choice in ((node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,))]
    return frozenset(node.value for node in either if isinstance(node, ast.Constant) and isinstance(node.value, str))


# What each key that is put together is made of.
FAMILIES: Mapping[str, Collection[str]] = {
    "ask_check_*": get_args(CheckStatus),
    "ask_cost_*": tuple(Cost),
    "certainty_*": get_args(Certainty),
    "compare_*": get_args(compare.Standing),
    "compare_*_taken": get_args(Take),
    "compare_better_*": get_args(Direction),
    "compare_scores_axis_*": get_args(Direction),
    "compare_variance_*": get_args(Variance),
    "explain_kind_*": get_args(explain.Kind),
    "explain_outcome_*": get_args(explain.Outcome),
    "fleet_column_*": (*fleet.COLUMNS, *fleet._GROUP_COLUMNS, "curve"),
    "fleet_since_*": ("steps", "epochs"),
    "fleet_verdict_*": (*get_args(VerdictId), fleet.ERROR),
    "glance_along_*": get_args(Axis),
    "head_count_*": ("steps", "epochs"),
    "head_since_*": ("steps", "epochs"),
    "log_*": [code for code in argument("Remark", "code", 0) if not code.startswith(("log_", "study_"))],
    "newest_by_*": get_args(By),
    "preflight_*": ("rate", "rate_breaks"),
    "round_status_*": ("open", *get_args(Result)),
    "severity_*": get_args(Severity),
    "study_*": get_args(Direction),
    "study_change_*": tuple(change for change in get_args(Change) if change != "kept"),
    "study_role_*": get_args(Role),
    "study_scale_*": tuple(scale for scale in get_args(Scale) if scale != "choice"),
    "unit_*s": sorted({unit for spec in load_knowledge().vocabulary.specs.values() for unit, _ in spec.dimension.powers}),
    "watch_*": get_args(What),
    "why_*": {"name"} | argument("Meaning", "why", 7) | argument("replace", "why") | argument("of_the_evaluation", "why", 2),
}
# A unit goes by its own name where it has no phrase.
OPTIONAL = "unit_*s"


def test_whatever_the_code_says_is_written() -> None:
    assert sorted(said().keys - base().strings.keys()) == []


def test_every_family_of_keys_is_known() -> None:
    assert sorted(said().families ^ FAMILIES.keys()) == []


@pytest.mark.parametrize("family", sorted(FAMILIES.keys() - {OPTIONAL}))
def test_every_member_of_a_family_is_written(family: str) -> None:
    assert FAMILIES[family]
    assert sorted({family.replace("*", member) for member in FAMILIES[family]} - base().strings.keys()) == []


def test_whatever_is_written_the_code_says() -> None:
    known = said().keys | said().words | {family.replace("*", member) for family, members in FAMILIES.items() for member in members}
    # The code of a remark may have come by way of a variable, or be put together itself.
    remarks = {key for key in base().strings if key.startswith("log_") and said().has(key.removeprefix("log_"))}
    assert sorted(base().strings.keys() - known - remarks) == []


def test_keys_are_found_however_they_are_said() -> None:
    code = """
_TITLES = {"a": "one", "b": "two"}
def page(voice, kind):
    yield _section("three", voice)
    yield voice.phrase("four" if kind else f"five_{kind}")
    yield voice.strings[_TITLES[kind]], base.strings["six"], strings.get(f"seven_{kind}s")
def _section(key, voice):
    return _inner(voice, key)
def _inner(voice, name):
    return voice.label(name)
"""
    found = Said([ast.parse(code)])
    assert found.keys == {"one", "two", "three", "four", "six"}
    assert found.families == {"five_*", "seven_*s"}
