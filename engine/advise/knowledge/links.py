"""What a file of knowledge says and cannot say: names that refer to nothing, conditions and texts that are none, values that do not fit.

It is read from the data, not from what pydantic made of it: a file of which one word is wrong is read like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from advise.conditions import Condition
from advise.knowledge.base import Rule
from advise.knowledge.condition_syntax import read_condition
from advise.knowledge.files import SourceFile
from advise.knowledge.head import WORDS
from advise.knowledge.names import Known
from advise.knowledge.parts import Holds, Part, Path, Refers, Says, parts
from advise.knowledge.report import Report
from advise.knowledge.shapes import shape_of
from advise.knowledge.vocabulary import FactType
from advise.text import LANGUAGES, Text, placeholders, stray_braces

# Conditions by the file and the place in it.
Conditions = Mapping[tuple[str, Path], Condition]


def check_links(files: Sequence[SourceFile], known: Known, report: Report) -> Conditions:
    """Report every mistake that the shapes of files leave open.

    Args:
        files: What to look at.
        known: Every name there is.
        report: Takes the problems.

    Returns:
        Every condition; one with a mistake in it is left out.
    """
    conditions: dict[tuple[str, Path], Condition] = {}
    for file in files:
        for part in parts(shape_of(file.key, file.data), file.data):
            match part.mark:
                case Holds():
                    condition = _condition(part, file, known, report)
                    if condition is not None:
                        conditions[file.key, part.path] = condition
                case Refers() as mark:
                    _check_name(part, mark, file, known, report)
                case Says():
                    _check_text(part, file, known, report)
        for path, message in _misfits(file, known):
            report.at(file, path, message)
    return conditions


def _condition(part: Part, file: SourceFile, known: Known, report: Report) -> Condition | None:
    if part.data is None:
        return None
    condition, mistakes = read_condition(part.data, known.conditions, part.path)
    for mistake in mistakes:
        report.at(file, mistake.path, mistake.message, mistake.names, mistake.wrong)
    return None if mistakes else condition


def _check_name(part: Part, mark: Refers, file: SourceFile, known: Known, report: Report) -> None:
    accepted = tuple(_mapping(file.data, "params")) if mark.what == "param" else known.of(mark)
    name = str(part.data)
    if accepted is not None and name not in accepted:
        report.at(file, part.path, f"unknown {mark.what} `{name}`", accepted, name)


def _check_text(part: Part, file: SourceFile, known: Known, report: Report) -> None:
    is_head = file.key == "kb/head.yaml"
    if not (is_head or file.key.startswith("rules/")) or part.path[0] == "thresholds":
        return
    text = _mapping(part.data)
    written = {language: said for language in LANGUAGES if isinstance(said := text.get(language), str)}
    facts = known.of(Refers("fact"))
    accepted = None if facts is None else (*facts, *(sorted(WORDS) if is_head else (f"params.{name}" for name in _mapping(file.data, "params"))))
    for language, said in written.items():
        for name in sorted(placeholders(said)):
            if accepted is not None and name not in accepted:
                report.at(file, (*part.path, language), f"unknown placeholder `{name}`", accepted, name)
        if stray_braces(said):
            report.at(file, (*part.path, language), "braces are for placeholders such as {clip.rate:.0%}")
    if len({placeholders(said) for said in written.values()}) > 1:
        report.at(file, part.path, "the two languages have different placeholders")


def texts(rule: Rule) -> Iterator[tuple[Path, Text]]:
    """Every bilingual text of a rule that is shown with its numbers, and its path."""
    for part in parts(type(rule.spec), rule.spec):
        if isinstance(part.mark, Says) and part.path[0] != "thresholds":
            assert isinstance(part.data, Text)  # noqa: S101 - a spec holds what its shape says
            yield part.path, part.data


def _misfits(file: SourceFile, known: Known) -> Iterator[tuple[Path, str]]:
    kind = _mapping(file.data).get("kind") if file.key.startswith("rules/") else None
    if kind == "derive":
        yield from _derive_misfits(_mapping(file.data, "concludes"), known)
    elif kind == "decision":
        yield from _gate_misfits(_mapping(file.data).get("gates"), known)


def _derive_misfits(concludes: Mapping[str, object], known: Known) -> Iterator[tuple[Path, str]]:
    for fact, value in concludes.items():
        spec = known.fact(fact)
        if spec is None:
            continue
        if spec.type is FactType.BOOLEAN and not isinstance(value, bool):
            yield ("concludes", fact), f"`{fact}` is true or false, got `{value}`"
        elif spec.type is FactType.ENUM and str(value) not in spec.values:
            yield ("concludes", fact), f"`{value}` is not one of {', '.join(spec.values)}"
        elif spec.type not in (FactType.BOOLEAN, FactType.ENUM):
            yield ("concludes", fact), "a derive rule concludes a boolean or an enum; numbers are computed in kb/derived.yaml"


def _gate_misfits(gates: object, known: Known) -> Iterator[tuple[Path, str]]:
    for index, item in enumerate(gates if isinstance(gates, list) else ()):
        gate = _mapping(item)
        need, tests = gate.get("need"), gate.get("of")
        if isinstance(need, int) and isinstance(tests, list) and need > len(tests):
            yield ("gates", index, "need"), f"{need} of {len(tests)} tests can never hold"
        spec = known.fact(gate.get("sets"))
        if spec is not None and spec.type is not FactType.BOOLEAN:
            yield ("gates", index, "sets"), f"`{gate['sets']}` has to be a boolean fact"


def _mapping(data: object, key: str | None = None) -> Mapping[str, object]:
    """A mapping, or what stands under a key of one; empty where something else stands there."""
    found = data if key is None else _mapping(data).get(key)
    return found if isinstance(found, dict) else {}
