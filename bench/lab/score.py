"""Scores the advisor on the laboratory's runs: `python bench/lab/score.py RUNS [--by-fault] [--half tuned|score|both] [--save FILE]`.

RUNS is what `bench/lab/train.py --out RUNS` trained. Each log is written as its run's habit has it, and judged twice: alone, and with what a user
would state. Figures of the scoring half are looked at only as figures: `--show NUMBER` opens runs of the tuned half alone.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from forms import FORMS
from habits import habit_of, sheet_of
from stated import stated_of
from truth import Names, Record, harm, is_harmful, is_healthy, names_of_faults, records_in, spreads

from advise import Advisor
from advise.errors import InputError

_ADVISOR: list[Advisor] = []
LOUD = ("high", "medium")


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of one log.

    Attributes:
        fault: None for a healthy run.
        diagnoses: Name → severity, certainty, and the rules that reached it, the one shown first.
        stated: Whether the set-up was stated beside the log.
    """

    number: int
    half: str
    fault: str | None
    harmful: bool
    healthy: bool
    form: str
    stated: bool
    verdict: str
    diagnoses: Mapping[str, tuple[str, str, tuple[str, ...]]]
    decisions: tuple[str, ...]
    error: str = ""

    @property
    def ids(self) -> set[str]:
        return {self.verdict, *self.diagnoses, *self.decisions}

    @property
    def loud(self) -> list[str]:
        return [name for name, (severity, _, _) in self.diagnoses.items() if severity in LOUD]


@dataclass(frozen=True, slots=True)
class Case:
    """A log to judge: which run of a record, and what is true of it."""

    record: Record
    part: str
    harmful: bool
    healthy: bool


def cases_of(records: Sequence[Record]) -> list[Case]:
    """The runs with a fault, and every run without one that is healthy by its own curves."""
    spread = spreads(records)
    found = []
    for record in records:
        if record["fault"] is not None:
            found.append(Case(record, "run", is_harmful(record, spread), False))
        if is_healthy(record["twin"]):
            found.append(Case(record, "twin", False, True))
    return found


def written(case: Case, folder: Path, form: str | None = None) -> tuple[Path, str, dict[str, object]]:
    """The log of a case in a folder, its form, and what a user would state."""
    run = case.record[case.part]
    habit = habit_of(case.record, case.record["half"], whole=case.part == "run")
    name, write = FORMS[form or habit.form]
    path = folder / name
    path.write_text(write(sheet_of(run, habit)), "utf-8")
    return path, habit.form, stated_of(run, habit)


def judged(case: Case) -> list[Judged]:
    if not _ADVISOR:
        _ADVISOR.append(Advisor(engine="plain"))
    with tempfile.TemporaryDirectory() as folder:
        path, form, facts = written(case, Path(folder))
        beside = Path(folder) / "facts.yaml"
        beside.write_text(yaml.safe_dump({"facts": facts}), "utf-8")
        return [_said(case, form, paths) for paths in ([str(path)], [str(path), str(beside)])]


def judged_csv(case: Case) -> Judged:
    """What is said of the log alone, as a plain CSV."""
    if not _ADVISOR:
        _ADVISOR.append(Advisor(engine="plain"))
    with tempfile.TemporaryDirectory() as folder:
        path, form, _ = written(case, Path(folder), "plain_csv")
        return _said(case, form, [str(path)])


def _said(case: Case, form: str, paths: list[str]) -> Judged:
    record = case.record
    fault = record["fault"] if case.part == "run" else None
    about = (record["number"], record["half"], fault, case.harmful, case.healthy, form, len(paths) > 1)
    try:
        plan = _ADVISOR[0].advise(paths)
    except InputError as error:
        return Judged(*about, "", {}, (), str(error))
    diagnoses = {item.id: (item.severity, item.certainty, (item.rule, *item.supported_by)) for item in plan.diagnoses}
    return Judged(*about, plan.verdict.id, diagnoses, tuple(item.id for item in plan.decisions))


def judged_all(cases: Sequence[Case], workers: int) -> list[Judged]:
    if workers == 1:
        return [found for case in cases for found in judged(case)]
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        return [found for some in pool.imap(judged, cases, chunksize=8) for found in some]


def is_named(found: Judged, names: Mapping[str, Names]) -> bool:
    return found.fault is not None and bool(names[found.fault].names & found.diagnoses.keys())


def is_decided(found: Judged, names: Mapping[str, Names]) -> bool:
    return found.fault is not None and bool(names[found.fault].fitting & set(found.decisions))


def contradicted(found: Judged, names: Mapping[str, Names]) -> set[str]:
    """What was said that is the opposite of the truth; a name of the fault that is also listed is none."""
    return (names[found.fault].contradicts & found.ids) if found.fault is not None else set()


def share(found: Sequence[Judged], test: Callable[[Judged], bool]) -> str:
    count = sum(map(test, found))
    return f"{count}/{len(found)} ({count / len(found):.1%})" if found else "–"


def table(found: Sequence[Judged], names: Mapping[str, Names]) -> str:
    """The figures of both halves."""
    lines = ["| | tuned half, log alone | with what a user states | scoring half, log alone | with what a user states |", "|---|---|---|---|---|"]
    columns = [[item for item in found if item.half == half and item.stated is stated] for half in ("tuned", "score") for stated in (False, True)]
    tests: dict[str, tuple[Callable[[Judged], bool], Callable[[Judged], bool]]] = {
        "faults that did harm, named": (lambda item: item.harmful, lambda item: is_named(item, names)),
        "of them with a fitting decision": (lambda item: item.harmful, lambda item: is_decided(item, names)),
        "of them contradicted": (lambda item: item.harmful, lambda item: bool(contradicted(item, names))),
        "all faults, named": (lambda item: item.fault is not None, lambda item: is_named(item, names)),
        "all faults, contradicted": (lambda item: item.fault is not None, lambda item: bool(contradicted(item, names))),
        "healthy runs, quiet (nothing of medium or above)": (lambda item: item.healthy, lambda item: not item.loud and not item.error),
        "healthy runs told to stop": (lambda item: item.healthy, lambda item: item.verdict in ("stop", "fix_first") or "stop" in item.decisions),
        "logs that could not be read": (lambda item: True, lambda item: bool(item.error)),
    }
    for title, (which, test) in tests.items():
        lines.append(f"| {title} | " + " | ".join(share([item for item in column if which(item)], test) for column in columns) + " |")
    return "\n".join(lines)


def by_fault(found: Sequence[Judged], names: Mapping[str, Names]) -> str:
    lines = ["| fault | did harm | named: log alone | with facts | decided | contradicted |", "|---|---|---|---|---|---|"]
    for fault in sorted(names):
        alone = [item for item in found if item.fault == fault and item.harmful and not item.stated]
        both = [item for item in found if item.fault == fault and item.harmful and item.stated]
        drawn = sum(item.fault == fault and not item.stated for item in found)
        cells = [
            share(alone, lambda item: is_named(item, names)),
            share(both, lambda item: is_named(item, names)),
            share(both, lambda item: is_decided(item, names)),
            share(alone + both, lambda item: bool(contradicted(item, names))),
        ]
        lines.append(f"| {fault} | {len(alone)}/{drawn} | {' | '.join(cells)} |")
    return "\n".join(lines)


def alarms(found: Iterable[Judged]) -> str:
    """What healthy runs heard."""
    counts = Counter((name, item.diagnoses[name][2][0], item.stated) for item in found if item.healthy for name in item.loud)
    return "\n".join(f"{count:4} {name} ({rule}){' with facts' if stated else ''}" for (name, rule, stated), count in counts.most_common(40))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path)
    parser.add_argument("--half", choices=["tuned", "score", "both"], default="both")
    parser.add_argument("--by-fault", action="store_true")
    parser.add_argument(
        "--details",
        action="store_true",
        help="of the tuned half: what was said of runs that were misjudged",
    )
    parser.add_argument("--show", type=int, nargs="+", default=[], metavar="NUMBER", help="write the log of a run of the tuned half to the terminal")
    parser.add_argument("--save", type=Path, metavar="FILE", help="what was said of each log, as JSON lines")
    parser.add_argument("--first", type=int, default=None, metavar="N", help="the first N records alone")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    records = [record for record in list(records_in(options.runs))[: options.first] if options.half in ("both", record["half"])]
    if options.show:
        show(records, options.show)
        return
    names = names_of_faults()
    found = judged_all(cases_of(records), options.workers)
    if options.save:
        options.save.write_text("".join(json.dumps(asdict(item)) + "\n" for item in found), "utf-8")
    print(table(found, names))
    if options.by_fault:
        print("\n" + by_fault(found, names))
    if options.details:
        details([item for item in found if item.half == "tuned"], names)


def details(found: Sequence[Judged], names: Mapping[str, Names]) -> None:
    print("\n" + alarms(found))
    grouped: dict[str, list[Judged]] = defaultdict(list)
    for item in found:
        if item.harmful and (not is_named(item, names) or contradicted(item, names)):
            grouped[str(item.fault)].append(item)
    for fault, items in sorted(grouped.items()):
        print(f"\n{fault}")
        for item in items:
            said = ", ".join(
                f"{name}{'!' if name in names[fault].contradicts else ''} ({severity[0]}, {rules[0].split('/')[-1]})"
                for name, (severity, _, rules) in item.diagnoses.items()
                if severity != "info"
            )
            against = sorted(contradicted(item, names))
            log = f"{item.number} {item.form}{' +facts' if item.stated else ''}"
            print(f"  {log}: {item.verdict}: {said}{item.error[:150]} {against or ''}")


def show(records: Sequence[Record], numbers: Sequence[int]) -> None:
    spread = spreads(records)
    for record in records:
        if record["number"] not in numbers:
            continue
        if record["half"] != "tuned":
            sys.exit("a run of the scoring half is not opened: take one of the tuned half")
        for case in [Case(record, part, False, False) for part in ("run", "twin") if part in record]:
            with tempfile.TemporaryDirectory() as folder:
                path, form, facts = written(case, Path(folder))
                text = path.read_text("utf-8")
            run: Mapping[str, Any] = record[case.part]
            print(f"# {record['number']} {case.part} {record['fault']} {form} {json.dumps(run['spec'])}\n# {json.dumps(facts)}")
            print(f"# quality {run['quality']} of {record['twin']['quality']} from {run['untrained']}", end="")
            print(f", harm {harm(record):.2f}, harmful {is_harmful(record, spread)}" if record["fault"] else "")
            print(text)


if __name__ == "__main__":
    main()
