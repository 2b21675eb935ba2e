"""From the files of `kb/` and `rules/` to a `KnowledgeBase`, or to every problem in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import ValidationError

from advise.conditions import ConclusionKind
from advise.errors import KnowledgeError
from advise.knowledge.base import KnowledgeBase, Rule, RuleSpec, VetoRule
from advise.knowledge.catalog import DecisionsFile
from advise.knowledge.catalogues import Catalogues, Loader, read_catalogues
from advise.knowledge.condition_syntax import Names, Path
from advise.knowledge.files import Files, RawFiles, Root, SourceFile, packaged_root, parse, read_raw
from advise.knowledge.links import check_links
from advise.knowledge.mending import mend
from advise.knowledge.report import Report
from advise.knowledge.rule import RULE_FILE, CheckRule
from advise.knowledge.stored import Stored
from advise.knowledge.superseding import circle
from advise.knowledge.vocabulary import Vocabulary
from advise.terms import SEVERITIES


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
    loader = Loader({file.key: file for file in files.files}, files.unread)
    catalogues = read_catalogues(loader)
    lacks = loader.lacks
    specs = list(_rule_specs(loader, files.files))
    if lacks:
        return None, loader.report
    base = _linked(loader, catalogues, specs)
    check_links(base, loader.files, loader.report)
    _check_superseding(base, loader)
    return (None if loader.report.problems else base), loader.report


def _names(vocabulary: Vocabulary, diagnoses: Iterable[str], decisions: Iterable[str], checklist: Iterable[str]) -> Names:
    items = tuple(checklist)
    return Names(
        vocabulary,
        {
            ConclusionKind.DIAGNOSIS: tuple(diagnoses),
            ConclusionKind.DECISION: tuple(decisions),
            ConclusionKind.CHECK_PASSED: items,
            ConclusionKind.CHECK_FAILED: items,
            ConclusionKind.ALARM: SEVERITIES,
        },
    )


def _linked(loader: Loader, catalogues: Catalogues, specs: Iterable[tuple[RuleSpec, SourceFile]]) -> KnowledgeBase:
    checklist = {item.id: item for item in catalogues.checklist.items}
    errata = catalogues.errata.errata
    names = _names(catalogues.vocabulary, catalogues.diagnoses.diagnoses, catalogues.decisions.decisions, checklist)
    return KnowledgeBase(
        vocabulary=catalogues.vocabulary,
        derived=catalogues.derived,
        rules=_rules(loader, specs, names),
        slots={slot.id: slot for slot in catalogues.decisions.slots},
        decisions=catalogues.decisions.decisions,
        diagnoses=catalogues.diagnoses.diagnoses,
        verdicts=tuple(catalogues.verdicts.verdicts),
        checklist=checklist,
        documents=catalogues.playbook.documents,
        errata=errata,
        errata_when={
            name: loader.condition(spec.when, names, loader.files["kb/errata.yaml"], ("errata", name, "when"))
            for name, spec in errata.items()
            if spec.when is not None
        },
        vetoes=tuple(_vetoes(loader, catalogues.decisions, names)),
        strings=catalogues.strings.strings,
        stored_roles=Stored(catalogues.roles),
        stored_measures=Stored(catalogues.measures),
        stored_comparison=Stored(catalogues.comparison),
        stored_ledger=Stored(catalogues.ledger),
        stored_places=Stored(catalogues.places),
        stored_study=Stored(catalogues.study),
        stored_symptoms=Stored(catalogues.symptoms),
    )


def _check_superseding(base: KnowledgeBase, loader: Loader) -> None:
    found = circle(base)
    if found is not None and found.key in loader.files:
        loader.report.at(loader.files[found.key], found.path, f"superseding goes in a circle: {' → '.join(found.decisions)}")


def _rule_specs(loader: Loader, files: Sequence[SourceFile]) -> Iterator[tuple[RuleSpec, SourceFile]]:
    for file in files:
        spec = _rule_spec(loader, file) if file.key.startswith("rules/") else None
        if spec is not None:
            yield spec, file


def _rule_spec(loader: Loader, file: SourceFile) -> RuleSpec | None:
    """What a rule file says; where a field is wrong, that is reported, and the others are still there to be checked."""
    try:
        return RULE_FILE.validate_python(file.data)
    except ValidationError as error:
        loader.report.shape(file, error, RULE_FILE)
        mended = mend(file.data, error)
        if mended is None:
            return None
        loader.report.stand_in(file, mended.fields)
        return mended.spec


def _rules(loader: Loader, specs: Iterable[tuple[RuleSpec, SourceFile]], names: Names) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for spec, file in specs:
        _check_id(loader, file, spec, rules)
        applies = spec.applies if isinstance(spec, CheckRule) else None
        rules[spec.id] = Rule.of(
            spec,
            loader.condition(spec.when, names, file, ("when",)),
            None if applies is None else loader.condition(applies, names, file, ("applies",)),
            file.path,
        )
    return rules


def _check_id(loader: Loader, file: SourceFile, spec: RuleSpec, rules: Mapping[str, Rule]) -> None:
    expected = file.key.removeprefix("rules/").removesuffix(".yaml")
    if spec.id != expected:
        loader.report.at(file, ("id",), f"the id of a rule is its path: `{expected}`, not `{spec.id}`")
    elif spec.id in rules:
        loader.report.at(file, ("id",), f"`{spec.id}` is defined in {rules[spec.id].path} too")


def _vetoes(loader: Loader, decisions: DecisionsFile, names: Names) -> Iterable[VetoRule]:
    for name, spec in decisions.decisions.items():
        for index, veto in enumerate(spec.forbidden_when):
            path: Path = ("decisions", name, "forbidden_when", index, "when")
            condition = loader.condition(veto.when, names, loader.files["kb/decisions.yaml"], path)
            yield VetoRule(name, condition, veto.reason, f"veto:{name}#{index}")
