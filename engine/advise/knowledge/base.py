"""The knowledge base: everything in `kb/` and `rules/`, checked and linked, ready to reason with."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from advise.conditions import All, Concluded, ConclusionKind, Condition, FactValue, Not, leaves
from advise.infer.program import Implication
from advise.knowledge.catalog import ChecklistItem, DecisionSpec, DiagnosisSpec, DocumentSpec, ErratumSpec, SlotSpec, VerdictSpec
from advise.knowledge.derived import Derived
from advise.knowledge.rule import CheckRule, DecisionRule, DeriveRule, DiagnosisRule, Status
from advise.knowledge.stored import Stored
from advise.knowledge.vocabulary import Vocabulary
from advise.terms import SEVERITIES, Priority, RuleLevel, Severity, Source
from advise.text import Text

if TYPE_CHECKING:
    # Shapes of what is looked at only where logs, studies or comparisons are.
    from advise.knowledge.calibration import CalibrationFile, UnrecordedFile
    from advise.knowledge.comparison import ComparisonFile, ComparisonSpec
    from advise.knowledge.fleet import FleetFile
    from advise.knowledge.glossary import TermsFile, TermSpec
    from advise.knowledge.head import HeadBase
    from advise.knowledge.ledger import LedgerFile, LedgerSpec
    from advise.knowledge.live import LiveFile
    from advise.knowledge.measures import MeasuresFile
    from advise.knowledge.messages import MessagesFile
    from advise.knowledge.places import PlacesFile
    from advise.knowledge.questions import QuestionsBase
    from advise.knowledge.roles import RolesFile
    from advise.knowledge.study import StudyFile
    from advise.knowledge.symptoms import Symptom, SymptomsFile
    from advise.knowledge.watch import WatchFile, WatchSpec

RuleSpec = DeriveRule | DiagnosisRule | DecisionRule | CheckRule


@dataclass(frozen=True)
class Rule:
    """A rule: its file's contents and its parsed conditions.

    Attributes:
        id: The rule's id, which is its path without the ending.
        kind: diagnosis, decision, check or derive.
        concludes: The id that it concludes; for a derive rule, the fact.
        weight: The severity of a diagnosis, the priority of a decision; None for the other kinds.
        when: The parsed condition.
        applies: For a check, when its item applies at all.
        status: stable, draft or deprecated.
        path: The file, relative to the working directory or absolute.
    """

    id: str
    kind: Literal["derive", "diagnosis", "decision", "check"]
    concludes: str
    weight: Severity | Priority | None
    when: Condition
    applies: Condition | None
    status: Status
    path: str
    _spec: Stored[RuleSpec]

    @classmethod
    def of(cls, spec: RuleSpec, when: Condition, applies: Condition | None, path: str) -> Rule:
        """The rule of a file."""
        match spec:
            case DiagnosisRule():
                weight: Severity | Priority | None = spec.severity
            case DecisionRule():
                weight = spec.priority
            case _:
                weight = None
        concludes = spec.concludes if isinstance(spec.concludes, str) else next(iter(spec.concludes))
        return cls(spec.id, spec.kind, concludes, weight, when, applies, spec.status, path, Stored(spec))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Both of a check, the one of any other rule."""
        return (self.when,) if self.applies is None else (self.when, self.applies)

    @property
    def spec(self) -> RuleSpec:
        """What the file says."""
        return self._spec.value


@dataclass(frozen=True)
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
        verdicts_when: The same of the verdicts.
        levels: What a user's settings have changed of its rules.
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
    verdicts_when: Mapping[str, Condition]
    vetoes: tuple[VetoRule, ...]
    strings: Mapping[str, Text]
    stored_roles: Stored[RolesFile]
    stored_measures: Stored[MeasuresFile]
    stored_calibration: Stored[CalibrationFile]
    stored_comparison: Stored[ComparisonFile]
    stored_fleet: Stored[FleetFile]
    stored_head: Stored[HeadBase]
    stored_ledger: Stored[LedgerFile]
    stored_live: Stored[LiveFile]
    stored_places: Stored[PlacesFile]
    stored_messages: Stored[MessagesFile]
    stored_questions: Stored[QuestionsBase]
    stored_study: Stored[StudyFile]
    stored_symptoms: Stored[SymptomsFile]
    stored_unrecorded: Stored[UnrecordedFile]
    stored_terms: Stored[TermsFile]
    stored_watch: Stored[WatchFile]
    levels: tuple[RuleLevel, ...] = ()

    @property
    def roles(self) -> RolesFile:
        """Which column of a log is what."""
        return self.stored_roles.value

    @property
    def measures(self) -> MeasuresFile:
        """Which fact is measured how."""
        return self.stored_measures.value

    @property
    def calibration(self) -> CalibrationFile:
        """How often each rule was right, on runs of which the truth is known."""
        return self.stored_calibration.value

    @property
    def unrecorded(self) -> UnrecordedFile:
        """Why some rules have no record that shows their certainty."""
        return self.stored_unrecorded.value

    def record_text(self, rule: str) -> Text | None:
        """What a plan says of the record of a rule; None where it has none."""
        record = self.calibration.record_of(rule)
        if record is None:
            return None
        return self.strings["rule_record"].filled({"right": record.right, "judged": record.right + record.wrong})

    @property
    def comparison(self) -> ComparisonSpec | None:
        """How configurations are compared; None where this knowledge base cannot."""
        return self.stored_comparison.value.comparison

    @property
    def fleet(self) -> FleetFile:
        """What a row of a fleet shows of a run, and how runs are set against each other."""
        return self.stored_fleet.value

    @property
    def head(self) -> HeadBase:
        """What the first lines of a plan say."""
        return self.stored_head.value

    @property
    def ledger(self) -> LedgerSpec | None:
        """What the ledger of rounds means; None where this knowledge base keeps none."""
        return self.stored_ledger.value.ledger

    @property
    def watch(self) -> WatchSpec | None:
        """What watching a log makes known; None where that is nothing."""
        return self.stored_watch.value.watch

    @property
    def live(self) -> LiveFile:
        """What is seen inside a training loop, and the facts that follow."""
        return self.stored_live.value

    @property
    def places(self) -> PlacesFile:
        """What lies where in the folders that trainers write."""
        return self.stored_places.value

    @property
    def messages(self) -> MessagesFile:
        """What logs say in words, and the facts that follow."""
        return self.stored_messages.value

    @property
    def questions(self) -> QuestionsBase:
        """What is asked first, and what is not worth asking of whom."""
        return self.stored_questions.value

    @property
    def study(self) -> StudyFile:
        """How a study of trials is read and measured."""
        return self.stored_study.value

    @property
    def terms(self) -> Mapping[str, TermSpec]:
        """What things are called, and what they are not."""
        return self.stored_terms.value.terms

    @property
    def symptoms(self) -> list[Symptom]:
        """What goes wrong in training, and the rules that speak of it."""
        return self.stored_symptoms.value.symptoms

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The id of every citable place, `document#anchor`."""
        return tuple(f"{document}#{anchor}" for document, spec in self.documents.items() for anchor in spec.sections)

    def source(self, source_id: str) -> Source:
        """A citable place by its id."""
        document, _, anchor = source_id.partition("#")
        spec = self.documents[document]
        title, section = spec.title, spec.sections[anchor].title
        joined = Text.model_construct(en=f"{title.en}: {section.en}", zh=f"{title.zh}：{section.zh}")
        url = f"{spec.url}#{anchor}" if spec.url and spec.anchored else spec.url
        return Source.model_construct(id=source_id, title=joined, url=url)

    def implications(self, *, drafts: bool = False) -> Iterator[Implication]:
        """Every rule, veto and conditional erratum as the engine sees it.

        Args:
            drafts: Also the rules whose alarm rate was never measured.
        """
        for rule in self.rules.values():
            if rule.status == "stable" or (drafts and rule.status == "draft"):
                yield from _implications(rule)
                yield from self._alarms(rule)
        for veto in self.vetoes:
            yield Implication(veto.key, veto.when, Concluded(ConclusionKind.VETO, veto.key))
        for name, condition in self.errata_when.items():
            yield Implication(f"erratum:{name}", condition, Concluded(ConclusionKind.ERRATUM, name))

    def _alarms(self, rule: Rule) -> Iterator[Implication]:
        if rule.kind == "diagnosis" and isinstance(rule.spec, DiagnosisRule):
            yield from alarms(rule.id, rule.when, rule.spec.severity, self._alarms_asked)

    @cached_property
    def _alarms_asked(self) -> frozenset[str]:
        return frozenset(
            leaf.id
            for condition in self.conditions
            for leaf in leaves(condition)
            if isinstance(leaf, Concluded) and leaf.kind is ConclusionKind.ALARM
        )

    @property
    def conditions(self) -> Iterator[Condition]:
        """Every condition but those of deprecated rules."""
        for rule in self.rules.values():
            if rule.status != "deprecated":
                yield from rule.conditions
        yield from (veto.when for veto in self.vetoes)
        yield from self.errata_when.values()
        yield from self.verdicts_when.values()
        yield from (form.when for form in self.head.forms if form.when is not None)
        yield from self.questions.conditions


def alarms(rule: str, when: Condition, severity: Severity, asked: Container[str]) -> Iterator[Implication]:
    """The alarms that a diagnosis rule raises: of its own severity and of each below it.

    Args:
        rule: Its id.
        when: Its condition.
        severity: Its severity.
        asked: The severities that some condition asks for; of others nothing is said.
    """
    for each in SEVERITIES[SEVERITIES.index(severity) :]:
        if each in asked:
            yield Implication(f"{rule}#alarm:{each}", when, Concluded(ConclusionKind.ALARM, each))


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
