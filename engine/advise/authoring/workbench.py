"""The knowledge base as its authors need it: with positions, with the tests beside the rules, and with every problem instead of the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from advise.advisor import Advisor
from advise.authoring.lint import lint
from advise.authoring.lint.early import early
from advise.authoring.lint.finding import Subject, rule_key
from advise.authoring.rule_test import RULE_TESTS, Case, RuleTests, compare
from advise.documents.problems import Problem
from advise.errors import FactsError, KnowledgeError, ProgramError
from advise.infer.compile import compile_program
from advise.infer.driver import MANY_PLANS
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.entries import unknown_name
from advise.knowledge.files import Found, Root, SourceFile, find, parse, read, read_raw
from advise.knowledge.load import build, rule_id_of
from advise.knowledge.prepared import prepare
from advise.knowledge.report import Report
from advise.plan.agreement import contradictions

_TEST = ".test.yaml"


@dataclass(frozen=True)
class Workbench:
    """A knowledge base under work.

    Attributes:
        base: None when it does not load.
        files: Every file that was read, by key, tests included.
        tests: The tests of each rule that was read, where they could be read themselves.
        problems: What keeps it from loading.
        about: The rules that alone were read, since the others are known to load; None where everything was.
    """

    base: KnowledgeBase | None
    files: Mapping[str, SourceFile]
    tests: Mapping[str, RuleTests]
    problems: tuple[Problem, ...]
    about: frozenset[str] | None = None

    @classmethod
    def open(cls, root: Root, topics: Sequence[str] = ()) -> Workbench:
        """Read everything under the root; where the base is known to load and rules are chosen, these alone.

        Args:
            root: Where it lies.
            topics: Rule ids or their beginnings; none means every rule.
        """
        return (cls._of_rules(root, topics) if topics else None) or cls._whole(root)

    @classmethod
    def _of_rules(cls, root: Root, topics: Sequence[str]) -> Workbench | None:
        try:
            base = prepare(root, drafts=True).knowledge
        except (KnowledgeError, ProgramError):
            return None
        places = [place for tests in (False, True) for place in find(root, tests=tests).places if _is_of(place.key, topics)]
        files = parse(read(Found(tuple(places), ())))
        report = Report()
        tested = [file for file in files.files if file.key.endswith(_TEST)]
        tests = _tests(tested, report)
        _report_strays(base, tests, tested, report)
        problems = tuple(sorted({*files.problems, *report.problems}))
        about = frozenset(rule_id for rule_id in base.rules if _chosen(rule_id, topics))
        return cls(base, {file.key: file for file in files.files}, tests, problems, about) if about else None

    @classmethod
    def _whole(cls, root: Root) -> Workbench:
        files = parse(read_raw(root))
        base, report, conditions, derived = build(files)
        found = parse(read_raw(root, tests=True))
        tests = _tests(found.files, report)
        by_key = {file.key: file for file in (*files.files, *found.files)}
        if base is None:
            for finding in early(files.files, conditions, tests, derived):
                report.at(by_key[finding.key], finding.path, finding.message)
        else:
            _report_uncompilable(base, {file.key: file for file in files.files}, report)
            _report_strays(base, tests, found.files, report)
        return cls(base, by_key, tests, tuple(sorted({*files.problems, *found.problems, *report.problems})))

    def lint(self) -> tuple[list[Problem], list[Problem]]:
        """What loads and still should be mended, at its place; and what should be looked at, for it may be meant."""
        if self.base is None:
            return [], []
        found, doubtful = Report(), Report()
        for finding in lint(self.subject):
            if finding.key in self.files:
                (doubtful if finding.is_warning else found).at(self.files[finding.key], finding.path, finding.message)
        return sorted(set(found.problems)), sorted(set(doubtful.problems))

    @property
    def subject(self) -> Subject:
        """What the linter looks at."""
        assert self.base is not None  # noqa: S101 - asked for only when it loads
        return Subject(self.base, self.tests, self._homes, self.about)

    @property
    def _homes(self) -> Mapping[str, str]:
        homes: dict[str, str] = {}
        for key, file in self.files.items():
            facts = file.data.get("facts") if key.startswith("kb/facts/") and isinstance(file.data, dict) else None
            homes |= dict.fromkeys(facts if isinstance(facts, dict) else (), key)
        return homes

    def check_known(self, topics: Sequence[str]) -> None:
        """Make sure that there is a rule for each of these.

        Raises:
            UnknownNameError: There is none; the nearest is suggested.
        """
        rules = [_rule_of(key) for key in self.files if key.startswith("rules/")]
        for topic in topics:
            if not any(_chosen(rule_id, [topic]) for rule_id in rules):
                known = dict.fromkeys([*rules, *(rule_id.rpartition("/")[0] for rule_id in rules)])
                raise unknown_name(f"there is no rule or topic `{topic}`", topic, known)

    def concerns(self, problem: Problem, topics: Sequence[str]) -> bool:
        """Whether a problem is about one of these rules."""
        keys = (file.key for file in self.files.values() if file.path == problem.file)
        return any(_chosen(_rule_of(key), topics) for key in keys)

    @cached_property
    def _advisor(self) -> Advisor:
        assert self.base is not None  # noqa: S101 - asked for only when it loads
        return Advisor(self.base, engine=MANY_PLANS, drafts=True)

    def run_tests(self, topics: Sequence[str] = ()) -> tuple[int, list[Problem]]:
        """Run the tests of the rules.

        Args:
            topics: Rule ids or their beginnings; none means every rule.

        Returns:
            How many tests ran, and every expectation that was not met.
        """
        report = Report()
        count = 0
        for rule_id in sorted(self.tests):
            if self.base is None or rule_id not in self.base.rules or not _chosen(rule_id, topics):
                continue
            for index, case in enumerate(self.tests[rule_id].tests):
                count += 1
                self._run(rule_id, index, case, self.base, report)
        return count, sorted(set(report.problems))

    def _run(self, rule_id: str, index: int, case: Case, base: KnowledgeBase, report: Report) -> None:
        file = self.files[_test_key(rule_id)]
        try:
            found = self._advisor.examine(case.facts, given=case.given())
        except FactsError as error:
            for problem in error.problems:
                report.at(file, ("tests", index, "facts"), f"{case.name}: {problem.message}")
            return
        for mismatch in compare(case, base.rules[rule_id], found):
            report.at(file, ("tests", index, *mismatch.path), f"{case.name}: {mismatch.message}")
        for message in contradictions(found) if case.fires is True else ():
            report.at(file, ("tests", index, "facts"), f"{case.name}: the plan contradicts itself: {message}")


def _chosen(rule_id: str, topics: Sequence[str]) -> bool:
    return not topics or any(rule_id == topic or rule_id.startswith(f"{topic}/") for topic in topics)


def _rule_of(key: str) -> str:
    return rule_id_of(key).removesuffix(".test")


def _is_of(key: str, topics: Sequence[str]) -> bool:
    return key.startswith("rules/") and _chosen(_rule_of(key), topics)


def _test_key(rule_id: str) -> str:
    return f"rules/{rule_id}{_TEST}"


def _tests(files: Sequence[SourceFile], report: Report) -> dict[str, RuleTests]:
    tests: dict[str, RuleTests] = {}
    for file in files:
        try:
            shaped = RULE_TESTS.validate_python(file.data)
        except ValidationError as error:
            report.shape(file, error, RULE_TESTS)
            continue
        if _test_key(shaped.rule) != file.key:
            report.at(file, ("rule",), f"these are tests beside `{file.key.removeprefix('rules/').removesuffix('.test.yaml')}`, not `{shaped.rule}`")
        tests[shaped.rule] = shaped
    return tests


def _report_uncompilable(base: KnowledgeBase, files: Mapping[str, SourceFile], report: Report) -> None:
    try:
        compile_program(list(base.implications(drafts=True)))
    except ProgramError as error:
        for fault in error.faults:
            for file, path in _places(fault.key, files):
                report.at(file, path, fault.message)


def _places(key: str, files: Mapping[str, SourceFile]) -> Iterator[tuple[SourceFile, tuple[str | int, ...]]]:
    if key.startswith("veto:"):
        name, index = key.removeprefix("veto:").split("#")
        yield files["kb/decisions.yaml"], ("decisions", name, "forbidden_when", int(index), "when")
    elif key.startswith("erratum:"):
        yield files["kb/errata.yaml"], ("errata", key.removeprefix("erratum:"), "when")
    else:
        yield files[rule_key(key.partition("#")[0])], ("when",)


def _report_strays(base: KnowledgeBase, tests: Mapping[str, RuleTests], files: Sequence[SourceFile], report: Report) -> None:
    by_key = {file.key: file for file in files}
    for rule_id in tests:
        if rule_id not in base.rules and _test_key(rule_id) in by_key:
            report.at(by_key[_test_key(rule_id)], ("rule",), f"there is no rule `{rule_id}`", tuple(base.rules), rule_id)
