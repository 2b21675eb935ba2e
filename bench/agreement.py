"""The share of plans that contradict themselves: over every firing test of a rule, a run that improves, and over the shared cases.

    python bench/agreement.py [--cases ../shared/cases] [--verbose]

Each test of a rule in which it fires gives its facts, with `dev.trend: improving` where the test says nothing of the trend: what speaks for going on
meets everything that speaks against it. What counts as a contradiction is said in `advise.plan.agreement`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from advise.advisor import Advisor
from advise.authoring.workbench import Workbench
from advise.errors import AdviseError
from advise.knowledge.files import packaged_root
from advise.plan.agreement import contradictions
from advise.plan.examination import Examination

CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
# A case describes itself in it; every other file of its folder is what the user has.
DESCRIPTION = "case.yaml"


class Judged(NamedTuple):
    """A plan by what it was made from, and in what it contradicts itself."""

    name: str
    found: tuple[str, ...]


def of_rule_tests() -> Iterator[Judged]:
    """The plan of every firing rule test whose run improves."""
    workbench = Workbench.open(packaged_root())
    assert workbench.base is not None, "the knowledge base does not load"
    advisor = Advisor(workbench.base, engine="plain")
    for rule, tests in sorted(workbench.tests.items()):
        for case in tests.tests:
            if case.fires is True:
                facts = {"dev.trend": "improving", **case.facts}
                yield from _judged(f"{rule}: {case.name}", advisor.examine(facts, given=case.given()))


def of_cases(folder: Path) -> Iterator[Judged]:
    """The plan of every case that can be read."""
    advisor = Advisor(engine="plain")
    for case in sorted(path.parent for path in folder.glob(f"*/{DESCRIPTION}")):
        inputs = sorted(path for path in case.iterdir() if path.name != DESCRIPTION)
        try:
            found = advisor.examine(inputs)
        except AdviseError:
            continue  # what cannot be read has no plan
        yield from _judged(case.name, found)


def _judged(name: str, found: Examination) -> Iterator[Judged]:
    yield Judged(name, tuple(contradictions(found)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--verbose", action="store_true", help="name each plan and what contradicts in it")
    options = parser.parse_args()
    for title, judged in (("firing rule tests, improving", list(of_rule_tests())), ("cases", list(of_cases(options.cases)))):
        wrong = [item for item in judged if item.found]
        print(f"{title}: {len(wrong)} of {len(judged)} plans contradict themselves" + (f" ({len(wrong) / len(judged):.1%})" if judged else ""))
        for item in wrong if options.verbose else ():
            print(f"    {item.name}: {'; '.join(item.found)}")


if __name__ == "__main__":
    main()
