"""Which shape each file of knowledge has."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from advise.documents.nearest import nearest
from advise.knowledge.calibration import CalibrationFile, UnrecordedFile
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
from advise.knowledge.fleet import FleetFile
from advise.knowledge.glossary import TermsFile
from advise.knowledge.head import HeadFile
from advise.knowledge.ledger import LedgerFile
from advise.knowledge.live import LiveFile
from advise.knowledge.measures import MeasuresFile
from advise.knowledge.messages import MessagesFile
from advise.knowledge.places import PlacesFile
from advise.knowledge.questions import QuestionsFile
from advise.knowledge.roles import RolesFile
from advise.knowledge.rule import KINDS, RuleBody
from advise.knowledge.study import StudyFile
from advise.knowledge.symptoms import SymptomsFile
from advise.knowledge.vocabulary import FactsFile
from advise.knowledge.watch import WatchFile

CATALOGUES: Mapping[str, type[BaseModel]] = {
    "calibration": CalibrationFile,
    "checklist": ChecklistFile,
    "comparison": ComparisonFile,
    "decisions": DecisionsFile,
    "derived": DerivedFile,
    "diagnoses": DiagnosesFile,
    "errata": ErrataFile,
    "fleet": FleetFile,
    "head": HeadFile,
    "ledger": LedgerFile,
    "live": LiveFile,
    "measures": MeasuresFile,
    "messages": MessagesFile,
    "places": PlacesFile,
    "playbook": PlaybookFile,
    "questions": QuestionsFile,
    "roles": RolesFile,
    "strings": StringsFile,
    "study": StudyFile,
    "symptoms": SymptomsFile,
    "terms": TermsFile,
    "unrecorded": UnrecordedFile,
    "verdicts": VerdictsFile,
    "watch": WatchFile,
}


def shape_of(key: str, data: object) -> type[BaseModel]:
    """The shape of a file.

    Args:
        key: As in `RawFile`.
        data: What stands in it.
    """
    if key.startswith("rules/"):
        kind = written_kind(data) or meant_kind(data)
        return RuleBody if kind is None else KINDS[kind]
    if key.startswith("kb/facts/"):
        return FactsFile
    return CATALOGUES.get(key.removeprefix("kb/").removesuffix(".yaml"), BaseModel)


def written_kind(data: object) -> str | None:
    """The kind of a rule; None where what stands there is none."""
    kind = data.get("kind") if isinstance(data, dict) else None
    return kind if isinstance(kind, str) and kind in KINDS else None


def meant_kind(data: object) -> str | None:
    """The kind that was probably meant."""
    return nearest(str(data.get("kind")), KINDS) if isinstance(data, dict) else None
