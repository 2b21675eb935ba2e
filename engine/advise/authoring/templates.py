"""What `advise kb new` writes: everything in place, and marked where an author has something to say."""

from __future__ import annotations

from collections.abc import Mapping

RULE = """\
# yaml-language-server: $schema=../../kb/schema/rule.schema.json
id: {rule_id}
kind: {kind}
status: draft                      # stable once its tests pass and its alarm rate is known
concludes: {concludes}
{middle}why:
  en: "FILL IN: why, with the observed number: {{early_stopping.patience:d}}."
  zh: "待填：原因，写上观察到的数值：{{early_stopping.patience:d}}。"
when:
  all:
    - early_stopping.patience: {{lt: 10}}   # replace by your own; facts: advise kb list facts
thresholds:
  early_stopping.patience:
    en: "FILL IN: why this number."
    zh: 待填：为什么取这个数。
sources: [playnote#10.3]           # replace by your own; ids: advise kb list sources
{tail}"""
MIDDLE: Mapping[str, str] = {
    "diagnosis": """\
severity: low                      # high | medium | low | info
certainty: possible                # certain | likely | possible
title:
  en: "FILL IN: the symptom in a few words"
  zh: 待填：一句话写出症状
""",
    "decision": "priority: P2                       # P0 now | P1 next | P2 worth doing\n",
}
TAIL: Mapping[str, str] = {
    "decision": """\
params:
  patience: 10                     # a number, or {fact: name}
steps:
  - en: "FILL IN: what to do: set the patience to {params.patience:d} evaluations."
    zh: "待填：做什么：把耐心值设为 {params.patience:d} 次评估。"
# config:                        # the setting to change, where there is one
#   - key: early_stopping.patience
#     to: {param: patience}
confirm:
  en: "FILL IN: what to look at, and when."
  zh: 待填：看什么，何时看。
""",
}
TEST = """\
# yaml-language-server: $schema=../../kb/schema/rule-test.schema.json
rule: {rule_id}
tests:
  - name: below the threshold
    facts: {{early_stopping.patience: 5}}
    {below}
  - name: at the threshold
    facts: {{early_stopping.patience: 10}}
    {at}
  - name: nothing known
    facts: {{}}
    {unknown}
"""
OUTCOMES: Mapping[str, Mapping[str, str]] = {
    "check": {"below": "expect: {status: pass}", "at": "expect: {status: fail}", "unknown": "expect: {status: unknown}"},
}
FIRING: Mapping[str, str] = {
    "below": "fires: true",
    "at": "fires: false",
    "unknown": "fires: undecided\n    waits_for: [early_stopping.patience]",
}
FACT = """\
  {name}:
    type: {type}
{values}    cost: lookup        # lookup in a config or log | measure | experiment | judgement
    title:
      en: "FILL IN: what it is"
      zh: 待填：它是什么
    prompt:
      en: "FILL IN: the question to a person?"
      zh: 待填：要问的问题？
    observe:
      en: "FILL IN: how to find it out, step by step."
      zh: 待填：具体怎样查出。
"""
VALUES = """\
    values:
      first:
        en: "FILL IN: the first value"
        zh: 待填：第一个值
      other:
        en: another one
        zh: 其他
"""
UNIT = "    unit: 1             # ratio, steps, epochs, samples, seconds, samples/second, …\n"
SOURCE = """\
  {name}:
    kind: {kind}
{url}    title:
      en: "FILL IN: author, title, year"
      zh: 待填：作者、标题、年份
    sections:
      {section}:
        title:
          en: "FILL IN: what stands there, in a few words"
          zh: 待填：一句话写出那里讲什么
"""
SECTION = """\
      {section}:
        title:
          en: "FILL IN: what stands there, in a few words"
          zh: 待填：一句话写出那里讲什么
"""
DECISION = """\
  {name}:
    title:
      en: "FILL IN: the choice in a few words"
      zh: 待填：一句话写出决策
    slot: {slot}
"""
DIAGNOSIS = """\
  {name}:
    group: {group}
    title:
      en: "FILL IN: the symptom in a few words"
      zh: 待填：一句话写出症状
"""
