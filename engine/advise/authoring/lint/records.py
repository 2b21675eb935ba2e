"""Certainty is measured: what a rule calls certain or likely has to be so on runs of which the truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from advise.authoring.lint.cases import cases
from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.conditions import Concluded
from advise.errors import TooManyCasesError
from advise.knowledge.base import Rule
from advise.knowledge.rule import DiagnosisRule
from advise.statistics import share_bounds
from advise.terms import Certainty

# Of the runs that could judge it, a rule has to be right on this share; `possible` promises nothing that a count could refute.
REQUIRED: Mapping[Certainty, float] = {"certain": 0.95, "likely": 0.75}
# Chance takes the share of a record below its lower bound one time in five: 3 of 3 runs show `likely`, 14 of 14 show `certain`. A stricter bound
# would ask for runs by the hundred of each rule, and a laxer one would take a single run for a proof.
_SHOWN = 0.8
# Chance takes it beyond its upper bound one time in forty: what lies below its share even so is refuted, whatever reason is given.
_REFUTED = 0.975


def certainty_kept(subject: Subject) -> Iterator[Finding]:
    """No stable diagnosis is surer of itself than its record shows, unless `kb/unrecorded.yaml` says what stands in for the record.

    A record that refutes the certainty is a finding in any case. A rule that a log alone can make speak, and that has no record, is one too.
    """
    on_logs = _measured(subject)
    for rule in subject.rules:
        if rule.status != "stable" or not isinstance(rule.spec, DiagnosisRule) or rule.spec.certainty not in REQUIRED:
            continue
        told = _told(subject, rule, rule.spec.certainty, on_logs)
        if told is not None:
            yield Finding(rule_key(rule.id), ("certainty",), told)


def reasons_for_rules(subject: Subject) -> Iterator[Finding]:
    """Each name in `kb/unrecorded.yaml` is that of a diagnosis rule."""
    known = [rule.id for rule, _ in subject.diagnosis_rules]
    for reason, entry in subject.base.unrecorded.unrecorded.items():
        for place, pattern in enumerate(entry.rules):
            if not any(fnmatchcase(rule, pattern) for rule in known):
                yield Finding("kb/unrecorded.yaml", ("unrecorded", reason, "rules", place), f"no diagnosis rule is called `{pattern}`")


def _told(subject: Subject, rule: Rule, certainty: Certainty, measured: frozenset[str]) -> str | None:
    """What is wrong with the certainty of a rule; None where nothing is."""
    record, required = subject.base.calibration.record_of(rule.id), REQUIRED[certainty]
    excused = subject.base.unrecorded.reason_of(rule.id) is not None
    if record is None:
        if excused or not _on_logs(subject, rule, measured):
            return None
        return f"`{certainty}` of what a log shows, and no run could judge it: say why in kb/unrecorded.yaml, or call it `possible`"
    judged = record.right + record.wrong
    counted = f"right in {record.right} of the {judged} runs that could judge it (kb/calibration.yaml)"
    if share_bounds(record.right, judged, _REFUTED)[1] < required:
        return f"`{certainty}` asks for {required:.0%}, and the rule was {counted}"
    shown = share_bounds(record.right, judged, _SHOWN)[0]
    if shown < required and not excused:
        advice = "say in kb/unrecorded.yaml what stands in for it, or be less sure"
        return f"`{certainty}` asks for {required:.0%}, and {counted} shows {shown:.0%}: {advice}"
    return None


def _measured(subject: Subject) -> frozenset[str]:
    """The facts that logs give, and what is computed from these alone."""
    base = subject.base
    found = {fact for measure in base.measures.measures for fact in measure.gives.values()}
    for name, derived in base.derived.items():
        if derived.expression.facts <= found:
            found.add(name)
    return frozenset(found)


def _on_logs(subject: Subject, rule: Rule, measured: frozenset[str]) -> bool:
    """Whether a log alone can make a rule speak."""
    try:
        ways = cases(rule.when, subject.base.vocabulary)
    except TooManyCasesError:
        return False
    return any(all(isinstance(item.leaf, Concluded) or item.leaf.fact in measured for item in way if item.holds) for way in ways)
