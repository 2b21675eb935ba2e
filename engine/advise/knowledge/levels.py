"""What a user says of rules that are not their own: silence this one, take that one more or less seriously.

rules:
  schedule/no-decay: off
  stability/loss-spikes: {severity: low}
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from advise.documents.decode import MAX_BYTES
from advise.documents.located import Document
from advise.documents.problems import Problem, nearest
from advise.documents.shape import explain
from advise.errors import SettingsError
from advise.knowledge.base import KnowledgeBase, Rule
from advise.knowledge.rule import DecisionRule, DiagnosisRule, Shape
from advise.terms import Priority, RuleLevel, Severity

_OFF = "off"


class Level(Shape):
    """How seriously a rule is taken: a diagnosis by its severity, a decision by its priority."""

    severity: Severity | None = None
    priority: Priority | None = None


class SettingsFile(Shape):
    """`.advise.yaml`."""

    rules: dict[str, Literal["off"] | Level] = {}


def with_settings(base: KnowledgeBase, path: Path) -> KnowledgeBase:
    """A knowledge base under a user's settings; the same one where there are none.

    Args:
        base: The knowledge base.
        path: The file; a link is not followed, for it may lead anywhere.

    Raises:
        SettingsError: The file cannot be read, or something in it is wrong; every problem is listed.
    """
    content = _content(path)
    if content is None:
        return base
    from advise.documents.yaml import read_yaml

    read = read_yaml(content, str(path))
    if read.document is None or read.problems:
        raise SettingsError(read.problems)
    adapter = TypeAdapter(SettingsFile)
    try:
        settings = adapter.validate_python(read.document.plain())
    except ValidationError as error:
        raise SettingsError(explain(error, read.document, adapter)) from error
    problems = sorted(_misfits(settings, base, read.document))
    if problems:
        raise SettingsError(problems)
    rules = {name: _releveled(rule, settings.rules[name]) if name in settings.rules else rule for name, rule in base.rules.items()}
    return replace(base, rules=rules, levels=tuple(_levels(settings, base, read.document)))


def _content(path: Path) -> bytes | None:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise SettingsError([Problem(str(path), 0, 0, "settings are a file; links are not followed", "")])
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError([Problem(str(path), 0, 0, f"cannot be read: {error.strerror}", "")]) from error


def _misfits(settings: SettingsFile, base: KnowledgeBase, document: Document) -> Iterator[Problem]:
    for name, level in settings.rules.items():
        path = ("rules", name)
        if name not in base.rules:
            yield document.problem(path, f"unknown rule `{name}`", nearest=nearest(name, base.rules), on_key=True)
        elif isinstance(level, Level):
            own = _own_word(base.rules[name])
            for word in sorted(level.model_fields_set - {own}):
                kind = base.rules[name].kind
                yield document.problem((*path, word), f"`{name}` is a {kind}, which has no {word}", accepted=own or _OFF, on_key=True)
            if not level.model_fields_set:
                yield document.problem(path, "nothing is said of this rule", accepted=", ".join(filter(None, (_OFF, own))), on_key=True)


def _own_word(rule: Rule) -> str | None:
    """What the weight of a rule is called."""
    words: Mapping[str, str] = {"diagnosis": "severity", "decision": "priority"}
    return words.get(rule.kind)


def _releveled(rule: Rule, level: Literal["off"] | Level) -> Rule:
    if not isinstance(level, Level):
        # What is deprecated never speaks.
        return Rule.of(rule.spec.model_copy(update={"status": "deprecated"}), rule.when, rule.applies, rule.path)
    match rule.spec:
        case DiagnosisRule() as spec if level.severity is not None:
            return Rule.of(spec.model_copy(update={"severity": level.severity}), rule.when, rule.applies, rule.path)
        case DecisionRule() as spec if level.priority is not None:
            return Rule.of(spec.model_copy(update={"priority": level.priority}), rule.when, rule.applies, rule.path)
    return rule


def _levels(settings: SettingsFile, base: KnowledgeBase, document: Document) -> Iterator[RuleLevel]:
    for name, level in settings.rules.items():
        key = document.find(("rules", name)).key
        origin = document.name if key is None else f"{document.name}:{key.line}"
        now = (level.severity or level.priority or "") if isinstance(level, Level) else _OFF
        yield RuleLevel(rule=name, before=base.rules[name].weight, now=now, origin=origin)
