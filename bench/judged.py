"""What the advisor says of a log, in the few words that scores are made of."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from advise import Advisor
from advise.errors import InputError

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_ADVISOR: list[Advisor] = []


@dataclass(frozen=True)
class Said:
    """The verdict, the diagnoses with their severity and rule, the decisions with their params; `error` where the input was refused."""

    verdict: str
    diagnoses: Mapping[str, tuple[str, str]]
    decisions: Mapping[str, Mapping[str, object]]
    error: str = ""

    @property
    def stops(self) -> bool:
        return self.verdict == "stop" or "stop" in self.decisions

    @property
    def halts(self) -> bool:
        """Whether whoever hears this does not let the run go on."""
        return self.stops or self.verdict == "fix_first"

    def of_severity(self, *severities: str) -> list[str]:
        return [name for name, (severity, _) in self.diagnoses.items() if severity in severities]

    @property
    def ids(self) -> set[str]:
        return {self.verdict, *self.diagnoses, *self.decisions}


def said(paths: Sequence[str]) -> Said:
    if not _ADVISOR:
        _ADVISOR.append(Advisor(engine="plain", drafts=bool(os.environ.get("DRAFTS"))))
    try:
        plan = _ADVISOR[0].advise(list(paths))
    except InputError as error:
        return Said("", {}, {}, str(error))
    return Said(
        plan.verdict.id,
        {item.id: (item.severity, item.rule) for item in plan.diagnoses},
        {item.id: item.params for item in plan.decisions},
    )


def said_of_all(cases: Iterable[Sequence[str]], workers: int = 2) -> list[Said]:
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        return pool.map(said, list(cases), chunksize=8)


def share(count: int, total: int) -> str:
    return f"{count}/{total} ({count / total:.1%})" if total else "-"
