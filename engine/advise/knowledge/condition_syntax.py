"""From the YAML of a condition to a `Condition`: every mistake found, each with its path into the data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from advise.conditions import ORDER_OPS, All, AnyOf, AtLeast, Concluded, ConclusionKind, Condition, FactRef, Not, Op, Predicate
from advise.knowledge.parts import Path
from advise.knowledge.vocabulary import FactSpec, FactType, Vocabulary
from advise.text import Scalar, is_number

GROUPS = ("all", "any", "none", "at_least")
CONCLUDED: Mapping[str, ConclusionKind] = {
    "diagnosed": ConclusionKind.DIAGNOSIS,
    "decided": ConclusionKind.DECISION,
    "passed": ConclusionKind.CHECK_PASSED,
    "failed": ConclusionKind.CHECK_FAILED,
    "alarm": ConclusionKind.ALARM,
}
MAX_DEPTH = 16
_REFERENCE_KEYS = {"fact", "times", "plus"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a condition, where in its data, and which names would have been accepted."""

    path: Path
    message: str
    names: tuple[str, ...] = ()
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a condition may use.

    Attributes:
        vocabulary: The facts.
        concluded: What can be concluded, by kind; of a kind that is not here nothing is known, and any name will do.
        certain: Whether there are no facts but these; else one that is not here may be asked for in any way.
    """

    vocabulary: Vocabulary
    concluded: Mapping[ConclusionKind, tuple[str, ...]]
    certain: bool = True


@dataclass(slots=True)
class _Reader:
    names: Names
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, path: Path, message: str, names: tuple[str, ...] = (), wrong: str = "") -> None:
        self.mistakes.append(Mistake(path, message, names, wrong))


def read_condition(data: object, names: Names, path: Path = ()) -> tuple[Condition, list[Mistake]]:
    """Read a condition.

    Args:
        data: The plain data of the YAML node.
        names: The facts and conclusions that exist.
        path: Where `data` stands in its file; mistakes carry it.

    Returns:
        The condition, and every mistake in it; with mistakes the condition is meaningless.
    """
    reader = _Reader(names)
    condition = _condition(reader, data, path, 0)
    return condition, reader.mistakes


def _condition(reader: _Reader, data: object, path: Path, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        reader.wrong(path, f"conditions nest at most {MAX_DEPTH} deep")
        return All(())
    if not isinstance(data, dict) or len(data) != 1:
        reader.wrong(path, "a condition is a mapping with one key: all, any, none, at_least, a fact, diagnosed, decided, passed, failed or alarm")
        return All(())
    key, value = next(iter(data.items()))
    path = (*path, key)
    if key in GROUPS:
        return _group(reader, key, value, path, depth)
    if key in CONCLUDED:
        return _concluded(reader, CONCLUDED[key], value, path)
    return _leaf(reader, key, value, path)


def _group(reader: _Reader, key: str, value: object, path: Path, depth: int) -> Condition:
    if key == "at_least":
        return _at_least(reader, value, path, depth)
    parts = _parts(reader, value, path, depth)
    match key:
        case "all":
            return All(parts)
        case "any":
            return AnyOf(parts)
        case _:
            return Not(AnyOf(parts))


def _at_least(reader: _Reader, value: object, path: Path, depth: int) -> Condition:
    if not isinstance(value, dict) or set(value) != {"count", "of"}:
        reader.wrong(path, "`at_least` takes `count` and `of`")
        return All(())
    parts = _parts(reader, value["of"], (*path, "of"), depth)
    count = value["count"]
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= len(parts):
        reader.wrong((*path, "count"), f"`count` is a whole number from 1 to {len(parts)}, got {count}")
        return All(())
    return AtLeast(count, parts)


def _parts(reader: _Reader, value: object, path: Path, depth: int) -> tuple[Condition, ...]:
    if not isinstance(value, list) or not value:
        reader.wrong(path, "a list of at least one condition is needed here")
        return ()
    return tuple(_condition(reader, item, (*path, index), depth + 1) for index, item in enumerate(value))


def _concluded(reader: _Reader, kind: ConclusionKind, value: object, path: Path) -> Condition:
    accepted = reader.names.concluded.get(kind)
    if not isinstance(value, str) or (accepted is not None and value not in accepted):
        what = "severity" if kind is ConclusionKind.ALARM else f"known {path[-1]} id"
        reader.wrong(path, f"`{value}` is no {what}", accepted or (), str(value))
    return Concluded(kind, str(value))


def _leaf(reader: _Reader, key: object, value: object, path: Path) -> Condition:
    vocabulary = reader.names.vocabulary
    if not isinstance(key, str) or key not in vocabulary:
        if reader.names.certain:
            reader.wrong(path, f"unknown fact `{key}`", (*vocabulary.specs, *GROUPS, *CONCLUDED), str(key))
        return All(())
    tests = value if isinstance(value, dict) else {"eq": value}
    if not tests:
        reader.wrong(path, "an operator is needed here", tuple(Op))
    # Who asks for a fact to be known asks for a comparison that is known to hold.
    sure = tests.get("known") is True
    predicates = tuple(
        _predicate(reader, key, name, operand, (*path, name) if isinstance(value, dict) else path, sure=sure) for name, operand in tests.items()
    )
    return predicates[0] if len(predicates) == 1 else All(predicates)


def _predicate(reader: _Reader, fact: str, name: object, operand: object, path: Path, *, sure: bool) -> Predicate:
    spec = reader.names.vocabulary[fact]
    if name not in tuple(Op):
        reader.wrong(path, f"unknown operator `{name}`", tuple(Op), str(name))
        return Predicate(fact, Op.EQ, "")
    op = Op(str(name))
    if op in ORDER_OPS | {Op.BETWEEN} and not spec.type.numeric:
        reader.wrong(path, f"`{op}` compares numbers, and `{fact}` is {_article(spec.type)}")
    return Predicate(fact, op, _operand(reader, spec, op, operand, path), sure=sure and op is not Op.KNOWN)


def _operand(reader: _Reader, spec: FactSpec, op: Op, operand: object, path: Path) -> Scalar | tuple[Scalar, ...] | FactRef:
    if op is Op.KNOWN:
        return _one(reader, operand, path, lambda value: isinstance(value, bool), "true or false")
    if isinstance(operand, dict):
        return _reference(reader, spec, operand, path)
    if op is Op.IN:
        return tuple(_values(reader, spec, operand, path))
    if op is Op.BETWEEN:
        return _interval(reader, spec, operand, path)
    return _scalar(reader, spec, operand, path)


def _values(reader: _Reader, spec: FactSpec, operand: object, path: Path) -> Iterator[Scalar]:
    if not isinstance(operand, list) or not operand:
        reader.wrong(path, "a list of values is needed here")
        return
    for index, item in enumerate(operand):
        yield _scalar(reader, spec, item, (*path, index))


def _interval(reader: _Reader, spec: FactSpec, operand: object, path: Path) -> tuple[Scalar, ...]:
    ends = tuple(_values(reader, spec, operand, path))
    if len(ends) != 2 or isinstance(ends[0], str) or isinstance(ends[1], str) or ends[0] > ends[1]:
        reader.wrong(path, "`between` takes [low, high]")
        return (0, 0)
    return ends


def _reference(reader: _Reader, spec: FactSpec, operand: dict[object, object], path: Path) -> FactRef:
    vocabulary = reader.names.vocabulary
    other = operand.get("fact")
    if set(operand) - _REFERENCE_KEYS or not isinstance(other, str):
        reader.wrong(path, "another fact is written {fact: name}, with `times` and `plus` where needed")
    elif other not in vocabulary:
        if reader.names.certain:
            reader.wrong((*path, "fact"), f"unknown fact `{other}`", tuple(vocabulary.specs), other)
    elif vocabulary[other].type.numeric != spec.type.numeric:
        reader.wrong((*path, "fact"), f"`{other}` is {_article(vocabulary[other].type)}; it cannot be compared with {_article(spec.type)}")
    elif vocabulary[other].dimension != spec.dimension:
        reader.wrong((*path, "fact"), f"`{other}` is in {vocabulary[other].unit}, not in {spec.unit}")
    times, plus = (_finite(reader, operand.get(key, default), (*path, key)) for key, default in (("times", 1.0), ("plus", 0.0)))
    return FactRef(str(other), times, plus)


def _finite(reader: _Reader, value: object, path: Path) -> float:
    number = _one(reader, value, path, _is_finite, "a number")
    return float(number) if _is_finite(number) else 0.0


def _scalar(reader: _Reader, spec: FactSpec, value: object, path: Path) -> Scalar:
    match spec.type:
        case FactType.BOOLEAN:
            return _one(reader, value, path, lambda item: isinstance(item, bool), "true or false")
        case FactType.NUMBER | FactType.INTEGER:
            return _one(reader, value, path, _is_finite, "a number")
        case FactType.ENUM:
            if str(value) not in spec.values:
                reader.wrong(path, f"`{value}` is not one of its values", tuple(spec.values), str(value))
            return str(value)
        case _:
            return _one(reader, value, path, lambda item: isinstance(item, str), "a word or text")


def _one(reader: _Reader, value: object, path: Path, accepts: Callable[[object], bool], what: str) -> Scalar:
    if not accepts(value):
        reader.wrong(path, f"{what} is needed here, got `{value}`")
        return 0
    assert isinstance(value, bool | int | float | str)  # noqa: S101 - narrows the type; `accepts` has checked it
    return value


def _is_finite(value: object) -> bool:
    # An integer may be beyond every float, which `math.isfinite` cannot take.
    return is_number(value) and value == value and abs(value) != math.inf


def _article(kind: FactType) -> str:
    return f"{'an' if kind.value[0] in 'aeiou' else 'a'} {kind.value}"
