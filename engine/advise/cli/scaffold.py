"""`advise kb new`: a rule and its test, with everything in place that has to be filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from advise.errors import AdviseError
from advise.knowledge.rule import RULE_ID


class ScaffoldError(AdviseError):
    """The scaffold cannot be written."""


_HEAD = """\
# yaml-language-server: $schema=../../kb/schema/rule.schema.json
id: {rule_id}
kind: {kind}
status: draft                      # stable once its tests pass and its alarm rate is known
concludes: {concludes}
{middle}why:
  en: "WHY, with the observed number: {{early_stopping.patience:d}}."
  zh: "原因，写上观察到的数值：{{early_stopping.patience:d}}。"
when:
  all:
    - early_stopping.patience: {{lt: 10}}   # replace by your own condition
thresholds:
  early_stopping.patience:
    en: WHY THIS NUMBER.
    zh: 为什么取这个数。
sources: [playnote#10.3]           # ids: advise kb list sources
{tail}"""
_MIDDLE: Mapping[str, str] = {
    "diagnosis": "severity: low                     # high | medium | low | info\ncertainty: possible               # certain | likely | possible\n"
    "title:\n  en: SYMPTOM IN A FEW WORDS\n  zh: 一句话写出症状\n",
    "decision": "priority: P2                      # P0 now | P1 next | P2 worth doing\n",
    "check": "",
    "derive": "",
}
_TAIL: Mapping[str, str] = {
    "decision": 'params:\n  patience: 10\nsteps:\n  - en: "Set the patience to {params.patience:d} evaluations."\n'
    '    zh: "把耐心值设为 {params.patience:d} 次评估。"\n'
    "config:\n  - key: early_stopping.patience\n    to: {param: patience}\n"
    "confirm:\n  en: WHAT TO LOOK AT, AND WHEN.\n  zh: 看什么，何时看。\n",
}
_TEST = """\
rule: {rule_id}
tests:
  - name: fires below the threshold
    facts:
      early_stopping.patience: 5
    {fires}
  - name: the threshold itself is not below it
    facts:
      early_stopping.patience: 10
    {rests}
  - name: nothing known
    facts: {{}}
    {waits}
"""
_OUTCOMES: Mapping[str, tuple[str, str, str]] = {
    "check": ("expect: {status: pass}", "expect: {status: fail}", "expect: {status: unknown}"),
}
_FIRING = ("fires: true", "fires: false", "fires: undecided\n    waits_for: [early_stopping.patience]")


def scaffold(kind: str, rule_id: str, concludes: str, folder: Path) -> list[Path]:
    """Write a new rule and its test.

    Args:
        kind: diagnosis, decision, check or derive.
        rule_id: `topic/name`.
        concludes: An id of the catalogue; empty takes the name of the rule.
        folder: The folder of rules.

    Raises:
        ScaffoldError: The id is malformed, or a file is there already.
    """
    if not re.fullmatch(RULE_ID, rule_id):
        raise ScaffoldError(f"`{rule_id}` is no rule id: write topic/name in small letters, words joined by hyphens")
    rule, test = folder / f"{rule_id}.yaml", folder / f"{rule_id}.test.yaml"
    for path in (rule, test):
        if path.exists():
            raise ScaffoldError(f"{path} exists already")
    name = concludes or rule_id.rsplit("/", 1)[1].replace("-", "_")
    concluded = f"{{{name}: true}}" if kind == "derive" else name
    fires, rests, waits = _OUTCOMES.get(kind, _FIRING)
    rule.parent.mkdir(parents=True, exist_ok=True)
    text = _HEAD.format(rule_id=rule_id, kind=kind, concludes=concluded, middle=_MIDDLE[kind], tail=_TAIL.get(kind, ""))
    rule.write_text(text, encoding="utf-8")
    test.write_text(_TEST.format(rule_id=rule_id, fires=fires, rests=rests, waits=waits), encoding="utf-8")
    return [rule, test]
