"""From the files of `kb/` and `rules/` to a `KnowledgeBase`, or to every problem in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from advise.conditions import ConclusionKind, Condition
from advise.errors import KnowledgeError
from advise.knowledge.base import KnowledgeBase, Rule, RuleSpec, VetoRule
from advise.knowledge.catalog import (
    ChecklistFile,
    DecisionsFile,
    DerivedFile,
    DiagnosesFile,
    ErrataFile,
    PlaybookFile,
    StringsFile,
    VerdictsFile,
)
from advise.knowledge.condition_syntax import Names, Path, read_condition
from advise.knowledge.derivation import read_derived
from advise.knowledge.files import Files, RawFiles, Root, SourceFile, packaged_root, parse, read_raw
from advise.knowledge.links import check_links
from advise.knowledge.report import Report
from advise.knowledge.rule import RULE_FILE, CheckRule
from advise.knowledge.superseding import circle
from advise.knowledge.vocabulary import FactsFile, FactSpec, Vocabulary

T = TypeVar("T")
_EMPTY: Mapping[str, Mapping[str, object]] = {
    "derived": {"derived": {}},
    "decisions": {"slots": [], "decisions": {}},
    "diagnoses": {"diagnoses": {}},
    "verdicts": {"verdicts": []},
    "checklist": {"items": []},
    "playbook": {"documents": {}},
    "errata": {"errata": {}},
    "strings": {"strings": {}},
}


@dataclass(slots=True)
class _Loader:
    files: Mapping[str, SourceFile]
    report: Report = field(default_factory=Report)

    def catalog(self, name: str, model: type[T]) -> T:
        adapter = TypeAdapter(model)
        file = self.files.get(f"kb/{name}.yaml")
        shaped = None if file is None else self.shaped(adapter, file)
        return adapter.validate_python(_EMPTY[name]) if shaped is None else shaped

    def shaped(self, adapter: TypeAdapter[T], file: SourceFile) -> T | None:
        try:
            return adapter.validate_python(file.data)
        except ValidationError as error:
            self.report.shape(file, error, adapter)
            return None

    def condition(self, data: object, names: Names, file: SourceFile, path: Path) -> Condition:
        condition, mistakes = read_condition(data, names, path)
        for mistake in mistakes:
            self.report.at(file, mistake.path, mistake.message, mistake.names, mistake.wrong)
        return condition


def load_knowledge(root: Root | None = None) -> KnowledgeBase:
    """Load a knowledge base.

    Args:
        root: Where it lies; by default what came with the package.

    Raises:
        KnowledgeError: Something in it is wrong; every problem is listed.
    """
    return knowledge_of(read_raw(root or packaged_root()))


def knowledge_of(raw: RawFiles) -> KnowledgeBase:
    """The knowledge base that files hold.

    Raises:
        KnowledgeError: Something in them is wrong; every problem is listed.
    """
    files = parse(raw)
    base, report = build(files)
    if base is None or files.problems:
        raise KnowledgeError(sorted({*files.problems, *report.problems}))
    return base


def build(files: Files) -> tuple[KnowledgeBase | None, Report]:
    """Make the knowledge base of its files; None, and every problem in the report, when something is wrong."""
    loader = _Loader({file.key: file for file in files.files})
    vocabulary = _vocabulary(loader)
    derived = read_derived(loader.catalog("derived", DerivedFile).derived, vocabulary, loader.files.get("kb/derived.yaml"), loader.report)
    vocabulary = Vocabulary(specs={**vocabulary.specs, **{name: item.as_fact() for name, item in derived.items()}})
    decisions = loader.catalog("decisions", DecisionsFile)
    diagnoses = loader.catalog("diagnoses", DiagnosesFile)
    checklist = {item.id: item for item in loader.catalog("checklist", ChecklistFile).items}
    errata = loader.catalog("errata", ErrataFile).errata
    names = Names(
        vocabulary,
        {
            ConclusionKind.DIAGNOSIS: tuple(diagnoses.diagnoses),
            ConclusionKind.DECISION: tuple(decisions.decisions),
            ConclusionKind.CHECK_PASSED: tuple(checklist),
            ConclusionKind.CHECK_FAILED: tuple(checklist),
        },
    )
    base = KnowledgeBase(
        vocabulary=vocabulary,
        derived=derived,
        rules=_rules(loader, files.files, names),
        slots={slot.id: slot for slot in decisions.slots},
        decisions=decisions.decisions,
        diagnoses=diagnoses.diagnoses,
        verdicts=tuple(loader.catalog("verdicts", VerdictsFile).verdicts),
        checklist=checklist,
        documents=loader.catalog("playbook", PlaybookFile).documents,
        errata=errata,
        errata_when={
            name: loader.condition(spec.when, names, loader.files["kb/errata.yaml"], ("errata", name, "when"))
            for name, spec in errata.items()
            if spec.when is not None
        },
        vetoes=tuple(_vetoes(loader, decisions, names)),
        strings=loader.catalog("strings", StringsFile).strings,
    )
    check_links(base, loader.files, loader.report)
    _check_superseding(base, loader)
    return (None if loader.report.problems else base), loader.report


def _check_superseding(base: KnowledgeBase, loader: _Loader) -> None:
    found = circle(base)
    if found is not None and found.key in loader.files:
        loader.report.at(loader.files[found.key], found.path, f"superseding goes in a circle: {' → '.join(found.decisions)}")


def _vocabulary(loader: _Loader) -> Vocabulary:
    adapter = TypeAdapter(FactsFile)
    specs: dict[str, FactSpec] = {}
    for key, file in loader.files.items():
        if not key.startswith("kb/facts/"):
            continue
        shaped = loader.shaped(adapter, file)
        for name, spec in ({} if shaped is None else shaped.facts).items():
            if name in specs:
                loader.report.at(file, ("facts", name), f"`{name}` is defined in another file too")
            specs[name] = spec
    return Vocabulary(specs=specs)


def _rules(loader: _Loader, files: Sequence[SourceFile], names: Names) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for file in files:
        if not file.key.startswith("rules/"):
            continue
        spec = loader.shaped(RULE_FILE, file)
        if spec is None:
            continue
        _check_id(loader, file, spec, rules)
        applies = spec.applies if isinstance(spec, CheckRule) else None
        rules[spec.id] = Rule.of(
            spec,
            loader.condition(spec.when, names, file, ("when",)),
            None if applies is None else loader.condition(applies, names, file, ("applies",)),
            file.path,
        )
    return rules


def _check_id(loader: _Loader, file: SourceFile, spec: RuleSpec, rules: Mapping[str, Rule]) -> None:
    expected = file.key.removeprefix("rules/").removesuffix(".yaml")
    if spec.id != expected:
        loader.report.at(file, ("id",), f"the id of a rule is its path: `{expected}`, not `{spec.id}`")
    elif spec.id in rules:
        loader.report.at(file, ("id",), f"`{spec.id}` is defined in {rules[spec.id].path} too")


def _vetoes(loader: _Loader, decisions: DecisionsFile, names: Names) -> Iterable[VetoRule]:
    for name, spec in decisions.decisions.items():
        for index, veto in enumerate(spec.forbidden_when):
            path: Path = ("decisions", name, "forbidden_when", index, "when")
            condition = loader.condition(veto.when, names, loader.files["kb/decisions.yaml"], path)
            yield VetoRule(name, condition, veto.reason, f"veto:{name}#{index}")
