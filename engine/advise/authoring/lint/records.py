"""Certainty is measured: what a rule calls certain or likely has to be so on runs of which the truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.knowledge.rule import DiagnosisRule
from advise.statistics import share_bounds
from advise.terms import Certainty

# Chance may take a rule below its share, one in forty times.
_PROBABILITY = 0.975
# Of the runs that could judge it, a rule has to be right on this share.
REQUIRED: Mapping[Certainty, float] = {"certain": 0.95, "likely": 0.75}


def certainty_kept(subject: Subject) -> Iterator[Finding]:
    """No stable diagnosis is surer of itself than its record allows: a share that lies below the required one whatever chance had a part in it."""
    for rule in subject.rules:
        record = subject.base.calibration.record_of(rule.id)
        if record is None or rule.status != "stable" or not isinstance(rule.spec, DiagnosisRule):
            continue
        required, judged = REQUIRED.get(rule.spec.certainty, 0.0), record.right + record.wrong
        if share_bounds(record.right, judged, _PROBABILITY)[1] < required:
            told = f"right in {record.right} of the {judged} runs that could judge it (kb/calibration.yaml)"
            yield Finding(rule_key(rule.id), ("certainty",), f"`{rule.spec.certainty}` asks for {required:.0%}, and the rule was {told}")
