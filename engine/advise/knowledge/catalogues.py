"""Reading the files of a knowledge base in their shape; and the catalogues of `kb/`, nothing in them linked yet."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from advise.knowledge.base import RuleSpec
from advise.knowledge.calibration import CalibrationFile, UnrecordedFile
from advise.knowledge.catalog import (
    ChecklistFile,
    DecisionsFile,
    DerivedFile,
    DerivedSpec,
    DiagnosesFile,
    ErrataFile,
    PlaybookFile,
    StringsFile,
    VerdictsFile,
)
from advise.knowledge.comparison import ComparisonFile
from advise.knowledge.derivation import read_derived
from advise.knowledge.derived import Derived
from advise.knowledge.files import SourceFile
from advise.knowledge.fleet import FleetFile
from advise.knowledge.glossary import TermsFile
from advise.knowledge.head import HeadFile
from advise.knowledge.ledger import LedgerFile
from advise.knowledge.live import LiveFile
from advise.knowledge.measures import MeasuresFile
from advise.knowledge.messages import MessagesFile
from advise.knowledge.names import Known
from advise.knowledge.places import PlacesFile
from advise.knowledge.questions import QuestionsFile
from advise.knowledge.report import Report
from advise.knowledge.roles import RolesFile
from advise.knowledge.rule import RULE_FILE, RuleBody
from advise.knowledge.shapes import meant_kind, shape_of, written_kind
from advise.knowledge.study import StudyFile
from advise.knowledge.symptoms import SymptomsFile
from advise.knowledge.vocabulary import FactsFile, FactSpec, Vocabulary
from advise.knowledge.watch import WatchFile
from advise.text import LANGUAGES

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
# What pydantic calls it when something is missing, has another name than it should, or is of another form altogether.
_NOT_THERE = frozenset({"extra_forbidden", "missing", "dict_type", "list_type", "model_type", "model_attributes_type"})
_EMPTY: Mapping[str, Mapping[str, object]] = {
    "derived": {"derived": {}},
    "decisions": {"slots": [], "decisions": {}},
    "diagnoses": {"diagnoses": {}},
    "verdicts": {"verdicts": []},
    "checklist": {"items": []},
    "playbook": {"documents": {}},
    "errata": {"errata": {}},
    "strings": {"strings": {}},
    "roles": {"splits": {}, "aggregates": [], "axes": {}, "quantities": {}},
    "measures": {"measures": []},
    "calibration": {},
    "comparison": {},
    "fleet": {},
    "head": {},
    "ledger": {},
    "live": {},
    "places": {},
    "messages": {},
    "questions": {},
    "study": {},
    "symptoms": {},
    "unrecorded": {},
    "terms": {},
    "watch": {},
}


@dataclass(slots=True)
class Loader:
    """Takes files apart, and notes what is wrong with them.

    Attributes:
        files: By key.
        unread: The keys of those that are not here, for they could not be parsed.
        report: What is wrong.
        hiding: The keys of files that are wrong in a way that may keep a name from being seen.
    """

    files: Mapping[str, SourceFile]
    unread: tuple[str, ...] = ()
    report: Report = field(default_factory=Report)
    hiding: set[str] = field(default_factory=set)

    def catalog(self, name: str, model: type[T]) -> T:
        """A file of `kb/`; an empty one where it is missing or wrong."""
        adapter = TypeAdapter(model)
        file = self.files.get(f"kb/{name}.yaml")
        shaped = None if file is None else self.shaped(adapter, file)
        return adapter.validate_python(_EMPTY[name]) if shaped is None else shaped

    def shaped(self, adapter: TypeAdapter[T], file: SourceFile) -> T | None:
        """What a file says; None where it is wrong."""
        try:
            return adapter.validate_python(file.data)
        except ValidationError as error:
            self.report.shape(file, error, adapter)
            if any(_may_hide_a_name(detail) for detail in error.errors(include_url=False, include_input=False)):
                self.hiding.add(file.key)
            return None

    def rule(self, file: SourceFile) -> RuleSpec | None:
        """What a rule file says; None where it is wrong. What else is wrong in one whose kind is none is told all the same."""
        file = replace(file, data=_spoken(file.data))
        spec = self.shaped(RULE_FILE, file)
        if spec is None and isinstance(file.data, dict) and written_kind(file.data) is None:
            shape, kind = shape_of(file.key, file.data), meant_kind(file.data)
            told = {key: value for key, value in file.data.items() if kind or key in RuleBody.model_fields}
            self.shaped(TypeAdapter(shape), replace(file, data={**told, "kind": kind} if kind else told))
        return spec

    def section(self, key: str, name: str) -> Mapping[str, object]:
        """A section of a file as it was written, a list by its ids; empty where there is none."""
        data = self.files[key].data if key in self.files else None
        found = data.get(name) if isinstance(data, dict) else None
        if isinstance(found, list):
            return {item["id"]: item for item in found if isinstance(item, dict) and isinstance(item.get("id"), str)}
        return found if isinstance(found, dict) else {}

    def doubts(self, *keys: str) -> bool:
        """Whether names of one of these files, or of one in these folders, may be there and not be seen."""
        return any(key.startswith(keys) for key in (*self.unread, *self.hiding))


def _spoken(data: object) -> object:
    """A rule with what its texts lack: in a draft, one language stands for both."""
    if not isinstance(data, dict) or data.get("status") != "draft":
        return data
    return {key: value if key in ("when", "applies") else _in_both(value) for key, value in data.items()}


def _in_both(data: object) -> object:
    if isinstance(data, list):
        return [_in_both(item) for item in data]
    if not isinstance(data, dict):
        return data
    written = [data[language] for language in LANGUAGES if language in data]
    missing = dict.fromkeys((language for language in LANGUAGES if language not in data), written[0]) if len(written) == 1 else {}
    return {**{key: _in_both(value) for key, value in data.items()}, **missing}


def _may_hide_a_name(detail: ErrorDetails) -> bool:
    """Whether more is wrong than a value that stands in its place."""
    return detail["type"] in _NOT_THERE or detail["loc"][-1:] in (("[key]",), ("id",))


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Every file of `kb/` in its shape, nothing yet linked."""

    vocabulary: Vocabulary
    derived: Mapping[str, Derived]
    decisions: DecisionsFile
    diagnoses: DiagnosesFile
    verdicts: VerdictsFile
    checklist: ChecklistFile
    playbook: PlaybookFile
    errata: ErrataFile
    strings: StringsFile
    roles: RolesFile
    measures: MeasuresFile
    calibration: CalibrationFile
    comparison: ComparisonFile
    fleet: FleetFile
    head: HeadFile
    ledger: LedgerFile
    live: LiveFile
    places: PlacesFile
    messages: MessagesFile
    questions: QuestionsFile
    study: StudyFile
    symptoms: SymptomsFile
    unrecorded: UnrecordedFile
    terms: TermsFile
    watch: WatchFile


def read_catalogues(loader: Loader) -> tuple[Catalogues, Known]:
    """Every catalogue, and every name in them; what a broken file defines is in doubt, and only what is sound in it is looked at."""
    facts = _facts(loader)
    specs = loader.catalog("derived", DerivedFile).derived or _sound(DerivedSpec, loader.section("kb/derived.yaml", "derived"))
    derived = read_derived(
        specs, facts, loader.files.get("kb/derived.yaml"), loader.report, certain=not loader.doubts("kb/facts/", "kb/derived.yaml")
    )
    if len(derived) < len(loader.section("kb/derived.yaml", "derived")) or loader.report.about(loader.files.get("kb/derived.yaml")):
        loader.hiding.add("kb/derived.yaml")
    vocabulary = Vocabulary(specs={**facts.specs, **{name: item.as_fact() for name, item in derived.items()}})
    catalogues = Catalogues(
        vocabulary=vocabulary,
        derived=derived,
        decisions=loader.catalog("decisions", DecisionsFile),
        diagnoses=loader.catalog("diagnoses", DiagnosesFile),
        verdicts=loader.catalog("verdicts", VerdictsFile),
        checklist=loader.catalog("checklist", ChecklistFile),
        playbook=loader.catalog("playbook", PlaybookFile),
        errata=loader.catalog("errata", ErrataFile),
        strings=loader.catalog("strings", StringsFile),
        roles=loader.catalog("roles", RolesFile),
        measures=loader.catalog("measures", MeasuresFile),
        calibration=loader.catalog("calibration", CalibrationFile),
        comparison=loader.catalog("comparison", ComparisonFile),
        fleet=loader.catalog("fleet", FleetFile),
        head=loader.catalog("head", HeadFile),
        ledger=loader.catalog("ledger", LedgerFile),
        live=loader.catalog("live", LiveFile),
        places=loader.catalog("places", PlacesFile),
        messages=loader.catalog("messages", MessagesFile),
        questions=loader.catalog("questions", QuestionsFile),
        study=loader.catalog("study", StudyFile),
        symptoms=loader.catalog("symptoms", SymptomsFile),
        unrecorded=loader.catalog("unrecorded", UnrecordedFile),
        terms=loader.catalog("terms", TermsFile),
        watch=loader.catalog("watch", WatchFile),
    )
    return catalogues, _known(loader, catalogues)


def _facts(loader: Loader) -> Vocabulary:
    adapter = TypeAdapter(FactsFile)
    homes: dict[str, SourceFile] = {}
    specs: dict[str, FactSpec] = {}
    for key, file in loader.files.items():
        if not key.startswith("kb/facts/"):
            continue
        shaped = loader.shaped(adapter, file)
        written = loader.section(key, "facts")
        for name in written:
            if name in homes:
                loader.report.at(file, ("facts", name), f"`{name}` is defined in another file too")
            homes[name] = file
        if shaped is None:
            # Of what is broken nothing is known but that it is there.
            loader.hiding.add(key)
        specs |= _sound(FactSpec, written) if shaped is None else shaped.facts
    return Vocabulary(specs=specs)


def _sound(model: type[M], entries: Mapping[str, object]) -> dict[str, M]:
    """The entries of a broken file that are not broken themselves."""
    sound = {}
    for name, data in entries.items():
        with contextlib.suppress(ValidationError):
            sound[name] = model.model_validate(data)
    return sound


def _known(loader: Loader, catalogues: Catalogues) -> Known:
    """The names of the catalogues, those of entries included that are wrong otherwise; None where some may not be seen."""
    sections = {
        "diagnosis": ("diagnoses", "diagnoses"),
        "decision": ("decisions", "decisions"),
        "slot": ("decisions", "slots"),
        "checklist item": ("checklist", "items"),
        "erratum": ("errata", "errata"),
    }
    named: dict[str, Iterable[str]] = {what: loader.section(f"kb/{name}.yaml", section) for what, (name, section) in sections.items()}
    named["source"] = _citable(loader.section("kb/playbook.yaml", "documents"))
    named["role"] = sorted(catalogues.roles.roles)
    homes = {**{what: name for what, (name, _) in sections.items()}, "source": "playbook", "role": "roles"}
    return Known(
        catalogues.vocabulary,
        {what: None if loader.doubts(f"kb/{homes[what]}.yaml") else tuple(names) for what, names in named.items()},
        certain=not loader.doubts("kb/facts/", "kb/derived.yaml"),
    )


def _citable(documents: Mapping[str, object]) -> Iterator[str]:
    for name, document in documents.items():
        sections = document.get("sections") if isinstance(document, dict) else None
        yield from (f"{name}#{section}" for section in (sections if isinstance(sections, dict) else ()))
