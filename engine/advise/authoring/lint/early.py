"""What can be said of rules one by one, as they are written, where the knowledge base does not load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from advise.authoring.lint.coverage import unreasoned, untested
from advise.authoring.lint.every_text import Placed
from advise.authoring.lint.finding import Finding
from advise.authoring.lint.texts import language_faults, unfilled
from advise.authoring.rule_test import RuleTests
from advise.knowledge.files import SourceFile
from advise.knowledge.links import Conditions
from advise.knowledge.parts import Says, parts
from advise.knowledge.shapes import shape_of
from advise.text import Text

_CONDITIONS = ("when", "applies")


def early(files: Sequence[SourceFile], conditions: Conditions, tests: Mapping[str, RuleTests], derived: Mapping[str, object]) -> Iterator[Finding]:
    """The findings that each rule of its own gives rise to.

    Args:
        files: Every file of the knowledge base.
        conditions: The conditions without a mistake.
        tests: The tests of each rule.
        derived: What is computed, by name.
    """
    for file in files:
        if file.key.startswith("rules/") and isinstance(file.data, dict):
            texts = list(_texts(file))
            yield from language_faults(texts)
            yield from unfilled(texts)
            yield from _of_conditions(file, file.data, conditions, tests, derived)


def _texts(file: SourceFile) -> Iterator[Placed]:
    for part in parts(shape_of(file.key, file.data), file.data):
        if isinstance(part.mark, Says) and isinstance(part.data, dict):
            en, zh = part.data.get("en"), part.data.get("zh")
            if isinstance(en, str) and isinstance(zh, str):
                yield file.key, part.path, Text(en=en, zh=zh)


def _of_conditions(
    file: SourceFile, data: Mapping[str, object], conditions: Conditions, tests: Mapping[str, RuleTests], derived: Mapping[str, object]
) -> Iterator[Finding]:
    written = [conditions.get((file.key, (name,))) for name in _CONDITIONS if data.get(name) is not None]
    sound = [condition for condition in written if condition is not None]
    if not sound or len(sound) < len(written):
        return
    reasons = data.get("thresholds", {})
    if isinstance(reasons, dict):
        yield from unreasoned(file.key, sound, reasons.keys())
    rule_id = file.key.removeprefix("rules/").removesuffix(".yaml")
    yield from untested(rule_id, str(data.get("kind")), sound, tests.get(rule_id), derived.keys())
