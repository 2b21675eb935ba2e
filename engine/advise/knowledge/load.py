"""From the files of `kb/` and `rules/` to a `KnowledgeBase`, or to every problem in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from advise.errors import KnowledgeError
from advise.knowledge.base import KnowledgeBase, Rule, RuleSpec, VetoRule
from advise.knowledge.catalog import DecisionsFile
from advise.knowledge.catalogues import Catalogues, Loader, read_catalogues
from advise.knowledge.files import Files, RawFiles, Root, SourceFile, packaged_root, parse, read_raw
from advise.knowledge.head import Form, FormSpec, HeadBase, HeadFile
from advise.knowledge.links import Conditions, check_links
from advise.knowledge.names import names_of
from advise.knowledge.parts import Path
from advise.knowledge.questions import QuestionsBase, QuestionsFile, facts_of_topics
from advise.knowledge.report import Report
from advise.knowledge.stored import Stored
from advise.knowledge.superseding import circle


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
    built = build(files)
    if built.base is None or files.problems:
        raise KnowledgeError(sorted({*files.problems, *built.report.problems}))
    return built.base


class Built(NamedTuple):
    """What came of the files of a knowledge base.

    Attributes:
        base: None when something is wrong.
        report: What is wrong.
        conditions: Every condition without a mistake; none where it is in doubt which facts there are.
        derived: The facts that are computed, by name.
    """

    base: KnowledgeBase | None
    report: Report
    conditions: Conditions
    derived: Mapping[str, object]


def build(files: Files) -> Built:
    """Make the knowledge base of its files."""
    loader = Loader({file.key: file for file in files.files}, files.unread)
    catalogues, known = read_catalogues(loader)
    specs = list(_rule_specs(loader, files.files))
    conditions = check_links(files.files, known, loader.report)
    if loader.report.problems or any(key.startswith("kb/") for key in files.unread):
        return Built(None, loader.report, conditions if known.certain else {}, catalogues.derived)
    base = _linked(catalogues, specs, conditions)
    _check_superseding(base, loader)
    return Built(None if loader.report.problems else base, loader.report, conditions, catalogues.derived)


def renewed(base: KnowledgeBase, files: Files, order: Sequence[str]) -> Built:
    """Make a knowledge base anew of which only rules have changed: what they may name stands in the catalogues, so no other file is read.

    Args:
        base: The base as it was, without a mistake.
        files: The rule files that changed or came.
        order: The keys of all rule files that there are now, each once.
    """
    loader = Loader({file.key: file for file in files.files}, files.unread)
    specs = list(_rule_specs(loader, files.files))
    conditions = check_links(files.files, names_of(base), loader.report)
    if loader.report.problems or files.problems:
        return Built(None, loader.report, conditions, base.derived)
    changed = {file.key: _rule(spec, file, conditions) for spec, file in specs}
    rules = (changed.get(key) or base.rules[rule_id_of(key)] for key in order)
    made = replace(base, rules={rule.id: rule for rule in rules})
    _check_superseding(made, loader)
    return Built(None if loader.report.problems else made, loader.report, conditions, base.derived)


def rule_id_of(key: str) -> str:
    """The id that a rule has by its file."""
    return key.removeprefix("rules/").removesuffix(".yaml")


def _linked(catalogues: Catalogues, specs: Iterable[tuple[RuleSpec, SourceFile]], conditions: Conditions) -> KnowledgeBase:
    errata = catalogues.errata.errata
    return KnowledgeBase(
        vocabulary=catalogues.vocabulary,
        derived=catalogues.derived,
        rules={spec.id: _rule(spec, file, conditions) for spec, file in specs},
        slots={slot.id: slot for slot in catalogues.decisions.slots},
        decisions=catalogues.decisions.decisions,
        diagnoses=catalogues.diagnoses.diagnoses,
        verdicts=tuple(catalogues.verdicts.verdicts),
        checklist={item.id: item for item in catalogues.checklist.items},
        documents=catalogues.playbook.documents,
        errata=errata,
        errata_when={name: conditions["kb/errata.yaml", ("errata", name, "when")] for name, spec in errata.items() if spec.when is not None},
        verdicts_when={
            spec.id: conditions["kb/verdicts.yaml", ("verdicts", index, "when")]
            for index, spec in enumerate(catalogues.verdicts.verdicts)
            if spec.when is not None
        },
        vetoes=tuple(_vetoes(catalogues.decisions, conditions)),
        strings=catalogues.strings.strings,
        stored_roles=Stored(catalogues.roles),
        stored_measures=Stored(catalogues.measures),
        stored_calibration=Stored(catalogues.calibration),
        stored_comparison=Stored(catalogues.comparison),
        stored_fleet=Stored(catalogues.fleet),
        stored_head=Stored(_head(catalogues.head, conditions)),
        stored_ledger=Stored(catalogues.ledger),
        stored_live=Stored(catalogues.live),
        stored_places=Stored(catalogues.places),
        stored_messages=Stored(catalogues.messages),
        stored_questions=Stored(_questions(catalogues.questions, catalogues.vocabulary.specs, conditions)),
        stored_study=Stored(catalogues.study),
        stored_symptoms=Stored(catalogues.symptoms),
        stored_unrecorded=Stored(catalogues.unrecorded),
        stored_terms=Stored(catalogues.terms),
        stored_watch=Stored(catalogues.watch),
    )


def _head(spec: HeadFile, conditions: Conditions) -> HeadBase:
    def form(item: FormSpec, path: Path) -> Form:
        return Form(item, None if item.when is None else conditions["kb/head.yaml", (*path, "when")])

    return HeadBase(
        spec,
        {
            line: tuple(
                tuple(form(item, ("lines", line, number, index)) for index, item in enumerate(clause)) for number, clause in enumerate(clauses)
            )
            for line, clauses in spec.lines.items()
        },
    )


def _questions(spec: QuestionsFile, facts: Mapping[str, object], conditions: Conditions) -> QuestionsBase:
    key = "kb/questions.yaml"
    return QuestionsBase(
        tuple((item.fact, None if item.when is None else conditions[key, ("first", index, "when")]) for index, item in enumerate(spec.first)),
        tuple((facts_of_topics(item, facts), conditions[key, ("pointless", index, "when")]) for index, item in enumerate(spec.pointless)),
    )


def _check_superseding(base: KnowledgeBase, loader: Loader) -> None:
    found = circle(base)
    if found is not None and found.key in loader.files:
        loader.report.at(loader.files[found.key], found.path, f"superseding goes in a circle: {' → '.join(found.decisions)}")


def _rule_specs(loader: Loader, files: Sequence[SourceFile]) -> Iterator[tuple[RuleSpec, SourceFile]]:
    """What each rule file says, where its shape is sound and its id is its own."""
    homes: dict[str, SourceFile] = {}
    for file in (file for file in files if file.key.startswith("rules/")):
        _check_id(loader, file, homes)
        spec = loader.rule(file)
        if spec is not None:
            yield spec, file


def _check_id(loader: Loader, file: SourceFile, homes: dict[str, SourceFile]) -> None:
    expected = rule_id_of(file.key)
    written = file.data.get("id") if isinstance(file.data, dict) else None
    if not isinstance(written, str):
        return
    if written != expected:
        loader.report.at(file, ("id",), f"the id of a rule is its path: `{expected}`, not `{written}`")
    elif written in homes:
        loader.report.at(file, ("id",), f"`{written}` is defined in {homes[written].path} too")
    homes.setdefault(expected, file)


def _rule(spec: RuleSpec, file: SourceFile, conditions: Conditions) -> Rule:
    return Rule.of(spec, conditions[file.key, ("when",)], conditions.get((file.key, ("applies",))), file.path)


def _vetoes(decisions: DecisionsFile, conditions: Conditions) -> Iterable[VetoRule]:
    for name, spec in decisions.decisions.items():
        for index, veto in enumerate(spec.forbidden_when):
            condition = conditions["kb/decisions.yaml", ("decisions", name, "forbidden_when", index, "when")]
            yield VetoRule(name, condition, veto.reason, f"veto:{name}#{index}")
