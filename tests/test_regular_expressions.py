"""Every regular expression of the package takes time in proportion to the text, on texts made to hurt it.

The texts are made from the expression itself: what leads to a repetition, the repetition many times over, and an end that does
not match, so that whatever can be tried again is tried again.
"""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

import advise

# The parser of the standard library is the one that knows what an expression repeats.
codes: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")

# Four times the length takes four times as long, and sixteen times where it is quadratic.
LENGTHS = (64, 256, 1024, 4096, 16384)
MAX_RATIO = 9.0
# What takes less is not told from noise; a text of the longest of the lengths that is quadratic takes a second.
FLOOR = 0.02
ENDS = ("\x01", "!")
FILLERS = ("a", "0", " ", ".", "\t", "\n", "a ", "0,", "0.", "ab_", ",")
MANY = 8
METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


class Used(NamedTuple):
    """An expression, and a way in which its module uses it."""

    module: str
    name: str
    pattern: re.Pattern[Any]
    method: str


def compiled(holder: Mapping[str, object]) -> Iterator[tuple[str, re.Pattern[Any]]]:
    for name, value in holder.items():
        if isinstance(value, re.Pattern):
            yield name, value
        elif isinstance(value, Mapping):
            yield from ((name, item) for item in value.values() if isinstance(item, re.Pattern))
        elif isinstance(value, tuple | list | frozenset):
            yield from ((name, item) for item in value if isinstance(item, re.Pattern))


def methods(module: ModuleType, name: str) -> tuple[str, ...]:
    """How a module uses an expression: by its name, or in any way where that is not seen."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    found = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name) and node.value.id == name
    }
    return tuple(sorted(found)) or ("search",)


@cache
def used() -> tuple[Used, ...]:
    found: dict[tuple[object, ...], Used] = {}
    for info in pkgutil.walk_packages(advise.__path__, "advise."):
        if info.name.endswith("__main__"):
            continue
        try:
            module = importlib.import_module(info.name)
        except ImportError:  # needs an extra that is not installed
            continue
        for name, pattern in compiled(vars(module)):
            for method in methods(module, name):
                found.setdefault((pattern.pattern, pattern.flags, method), Used(info.name, name, pattern, method))
    return tuple(found.values())


def one_of(items: list[Any]) -> str:
    """A character of a set."""
    if items and items[0][0] is codes.NEGATE:
        matcher = {value for op, value in items if op is codes.LITERAL}
        return next(character for character in "a0 .,;~\x02" if ord(character) not in matcher)
    op, value = items[0]
    if op is codes.RANGE:
        return chr(value[0])
    if op is codes.CATEGORY:
        return {codes.CATEGORY_DIGIT: "0", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a"}.get(value, "~")
    return chr(value)


def inside(op: Any, value: Any) -> tuple[Any, ...]:
    """The expressions in a group, a choice or a look around."""
    if op is codes.SUBPATTERN:
        return (value[3],)
    if op is codes.ATOMIC_GROUP:
        return (value,)
    if op is codes.BRANCH:
        return tuple(value[1])
    return (value[1],) if op in (codes.ASSERT, codes.ASSERT_NOT) else ()


def texts(tree: Any, lead: str = "") -> Iterator[tuple[str, str]]:
    """For each repetition of an expression, what leads to it and what is repeated."""
    for op, value in tree:
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            _, most, inner = value
            if most > MANY:
                yield lead, example(inner)
                yield from ((lead, one_of([part])) for kind, parts in inner if kind is codes.IN and parts[0][0] is not codes.NEGATE for part in parts)
            yield from texts(inner, lead)
        for part in inside(op, value):
            yield from texts(part, lead)
        lead += example([(op, value)])


def example(tree: Any) -> str:
    """A text that the expression, or most of it, takes."""
    text = ""
    for op, value in tree:
        if op is codes.LITERAL:
            text += chr(value)
        elif op is codes.NOT_LITERAL:
            text += "a" if value != ord("a") else "b"
        elif op is codes.ANY:
            text += "a"
        elif op is codes.IN:
            text += one_of(value)
        elif op is codes.SUBPATTERN:
            text += example(value[3])
        elif op is codes.ATOMIC_GROUP:
            text += example(value)
        elif op is codes.BRANCH:
            text += example(value[1][0])
        elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            text += example(value[2]) * min(max(value[0], 1), MANY)
    return text


def pumps(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found = dict.fromkeys(pair for pair in texts(tree) if pair[1])
    # The repeated part of one repetition may feed the next.
    leads = dict.fromkeys(["", *(lead for lead, _ in found)])
    for lead, pump in dict.fromkeys([*found, *((lead, pump) for lead in leads for pump in ("a", "0", " "))]):
        for end in ENDS:
            yield lead, pump, end
    for filler in FILLERS:
        yield "", filler, "\x01"


def run(use: Used, text: str) -> Callable[[], object]:
    given: Any = text.encode("utf-8", "surrogatepass") if isinstance(use.pattern.pattern, bytes) else text
    call = getattr(use.pattern, use.method)
    if use.method in ("sub", "subn"):
        return lambda: call(given[:0], given)
    if use.method == "finditer":
        return lambda: sum(1 for _ in call(given))
    return lambda: call(given)


def seconds(work: Callable[[], object], times: int = 1) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def growth(use: Used, lead: str, pump: str, end: str) -> float:
    """How much longer four times the text takes, at the first two lengths at which it is told from noise; 0 where it never is."""
    before = 0.0
    for length in LENGTHS:
        shorter = before
        work = run(use, lead + pump * (length // len(pump)) + end)
        before = seconds(work)
        if before > FLOOR and before > MAX_RATIO * shorter:
            again = run(use, lead + pump * (length // 4 // len(pump)) + end)
            ratio = seconds(work, 3) / max(seconds(again, 3), 1e-6)
            if ratio > MAX_RATIO:
                return ratio
    return 0.0


@pytest.mark.parametrize("use", used(), ids=lambda use: f"{use.module}.{use.name}.{use.method}")
def test_the_time_is_linear_in_the_text(use: Used) -> None:
    for lead, pump, end in pumps(use.pattern):
        ratio = growth(use, lead, pump, end)
        assert not ratio, f"{lead!r}, then {pump!r} again and again, then {end!r}: four times the text takes {ratio:.0f} times as long"


@pytest.mark.parametrize(("expression", "method"), [(r"\s+x", "search"), (r"a*a*b", "match"), (r"\d+(?:,\d+)?%", "search")])
def test_expressions_that_are_not_linear_are_found(expression: str, method: str) -> None:
    use = Used("here", "made", re.compile(expression), method)
    assert any(growth(use, *pump) for pump in pumps(use.pattern))
