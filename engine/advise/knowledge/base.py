"""The knowledge base: everything in `kb/` and `rules/`, checked and linked, ready to reason with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from advise.bilingual import Text
from advise.conditions import All, Concluded, ConclusionKind, Condition, FactValue, Not
from advise.infer.program import Implication
from advise.knowledge.catalog import ChecklistItem, DecisionSpec, DiagnosisSpec, DocumentSpec, ErratumSpec, SlotSpec, VerdictSpec
from advise.knowledge.derived import Derived
from advise.knowledge.rule import CheckRule, DecisionRule, DeriveRule, DiagnosisRule
from advise.knowledge.vocabulary import Vocabulary
from advise.plan.model import Source

RuleSpec = DeriveRule | DiagnosisRule | DecisionRule | CheckRule


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its file's contents and its parsed conditions.

    Attributes:
        spec: What the file says.
        when: The parsed condition.
        applies: For a check, when its item applies at all.
        path: The file, relative to the working directory or absolute.
    """

    spec: RuleSpec
    when: Condition
    applies: Condition | None
    path: str

    @property
    def id(self) -> str:
        """The rule's id, which is its path without the ending."""
        return self.spec.id


@dataclass(frozen=True, slots=True)
class VetoRule:
    """When a decision is forbidden, and why."""

    decision: str
    when: Condition
    reason: Text
    key: str


@dataclass(frozen=True)
class KnowledgeBase:
    """What is known. Immutable; `implications` is what the engine reasons with.

    Attributes:
        derived: In an order in which each can be computed from what stands before it.
        errata_when: The parsed condition of each erratum that has one.
    """

    vocabulary: Vocabulary
    derived: Mapping[str, Derived]
    rules: Mapping[str, Rule]
    slots: Mapping[str, SlotSpec]
    decisions: Mapping[str, DecisionSpec]
    diagnoses: Mapping[str, DiagnosisSpec]
    verdicts: tuple[VerdictSpec, ...]
    checklist: Mapping[str, ChecklistItem]
    documents: Mapping[str, DocumentSpec]
    errata: Mapping[str, ErratumSpec]
    errata_when: Mapping[str, Condition]
    vetoes: tuple[VetoRule, ...]
    strings: Mapping[str, Text]

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Every citable place by id, `document#anchor`."""
        return {
            f"{document}#{anchor}": _source(f"{document}#{anchor}", spec, section.title)
            for document, spec in self.documents.items()
            for anchor, section in spec.sections.items()
        }

    def implications(self, *, drafts: bool = False) -> Iterator[Implication]:
        """Every rule, veto and conditional erratum as the engine sees it.

        Args:
            drafts: Also the rules whose alarm rate was never measured.
        """
        for rule in self.rules.values():
            if rule.spec.status == "stable" or (drafts and rule.spec.status == "draft"):
                yield from _implications(rule)
        for veto in self.vetoes:
            yield Implication(veto.key, veto.when, Concluded(ConclusionKind.VETO, veto.key))
        for name, condition in self.errata_when.items():
            yield Implication(f"erratum:{name}", condition, Concluded(ConclusionKind.ERRATUM, name))


def _source(source_id: str, document: DocumentSpec, section: Text) -> Source:
    title = Text(en=f"{document.title.en}: {section.en}", zh=f"{document.title.zh}：{section.zh}")
    anchor = source_id.partition("#")[2]
    return Source(id=source_id, title=title, url=f"{document.url}#{anchor}" if document.url and document.anchored else document.url)


def _implications(rule: Rule) -> Iterator[Implication]:
    match rule.spec:
        case DeriveRule(concludes=concludes):
            fact, value = next(iter(concludes.items()))
            yield Implication(rule.id, rule.when, FactValue(fact, value))
        case DiagnosisRule(concludes=name):
            yield Implication(rule.id, rule.when, Concluded(ConclusionKind.DIAGNOSIS, name))
        case DecisionRule(concludes=name):
            yield Implication(rule.id, rule.when, Concluded(ConclusionKind.DECISION, name))
        case CheckRule(concludes=name):
            yield from _check_implications(rule, name)


def _check_implications(rule: Rule, item: str) -> Iterator[Implication]:
    within = () if rule.applies is None else (rule.applies,)
    yield Implication(f"{rule.id}#pass", All((*within, rule.when)), Concluded(ConclusionKind.CHECK_PASSED, item))
    yield Implication(f"{rule.id}#fail", All((*within, Not(rule.when))), Concluded(ConclusionKind.CHECK_FAILED, item))
    if rule.applies is not None:
        yield Implication(f"{rule.id}#idle", Not(rule.applies), Concluded(ConclusionKind.CHECK_IDLE, item))
