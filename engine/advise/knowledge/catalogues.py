"""Reading the files of a knowledge base in their shape; and the catalogues of `kb/`, nothing in them linked yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from advise.conditions import Condition
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
from advise.knowledge.comparison import ComparisonFile
from advise.knowledge.condition_syntax import Names, Path, read_condition
from advise.knowledge.derivation import read_derived
from advise.knowledge.derived import Derived
from advise.knowledge.files import SourceFile
from advise.knowledge.ledger import LedgerFile
from advise.knowledge.measures import MeasuresFile
from advise.knowledge.places import PlacesFile
from advise.knowledge.report import Report
from advise.knowledge.roles import RolesFile
from advise.knowledge.study import StudyFile
from advise.knowledge.symptoms import SymptomsFile
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
    "roles": {"splits": {}, "aggregates": [], "axes": {}, "quantities": {}},
    "measures": {"measures": []},
    "comparison": {},
    "ledger": {},
    "places": {},
    "study": {},
    "symptoms": {},
}


@dataclass(slots=True)
class Loader:
    """Takes files apart, and notes what is wrong with them."""

    files: Mapping[str, SourceFile]
    unread: tuple[str, ...] = ()
    report: Report = field(default_factory=Report)

    @property
    def lacks(self) -> bool:
        """Whether something that others refer to could not be read, and would seem not to be there."""
        return bool(self.report.problems) or any(key.startswith("kb/") for key in self.unread)

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
            return None

    def condition(self, data: object, names: Names, file: SourceFile, path: Path) -> Condition:
        """A condition that stands in a file."""
        condition, mistakes = read_condition(data, names, path)
        for mistake in mistakes:
            self.report.at(file, mistake.path, mistake.message, mistake.names, mistake.wrong)
        return condition


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
    comparison: ComparisonFile
    ledger: LedgerFile
    places: PlacesFile
    study: StudyFile
    symptoms: SymptomsFile


def read_catalogues(loader: Loader) -> Catalogues:
    """Every catalogue; derived facts are left out where the facts that they read are in question."""
    vocabulary = _vocabulary(loader)
    specs = loader.catalog("derived", DerivedFile).derived
    derived = {} if loader.lacks else read_derived(specs, vocabulary, loader.files.get("kb/derived.yaml"), loader.report)
    return Catalogues(
        vocabulary=Vocabulary(specs={**vocabulary.specs, **{name: item.as_fact() for name, item in derived.items()}}),
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
        comparison=loader.catalog("comparison", ComparisonFile),
        ledger=loader.catalog("ledger", LedgerFile),
        places=loader.catalog("places", PlacesFile),
        study=loader.catalog("study", StudyFile),
        symptoms=loader.catalog("symptoms", SymptomsFile),
    )


def _vocabulary(loader: Loader) -> Vocabulary:
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
