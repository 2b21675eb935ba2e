"""A knowledge base with one of everything that can be explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from advise.advisor import Advisor
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.files import RawFile, RawFiles
from advise.knowledge.load import knowledge_of, load_knowledge
from advise.plan.examination import Examination

_NUMBERS = ("loss.train", "loss.dev", "lr.peak", "clip.threshold", "clip.norm", "noise.a", "noise.b", "noise.c")
_BOOLEANS = ("run.finished", "run.spent", "goal.met")


def _fact(name: str, more: str) -> str:
    texts = "".join(f"    {key}: {{en: The {key} of {name}, zh: 事实的说明}}\n" for key in ("title", "prompt", "observe"))
    return f"  {name}:\n{more}{texts}"


FACTS = "facts:\n" + "".join(
    [
        *(_fact(name, "    type: number\n    min: 0\n") for name in _NUMBERS),
        *(_fact(name, "    type: boolean\n") for name in _BOOLEANS),
        _fact(
            "run.kind",
            "    type: enum\n    values:\n      long: {en: long, zh: 长}\n      short: {en: short, zh: 短}\n      none: {en: none, zh: 无}\n",
        ),
    ]
)


def _rule(kind: str, concludes: str, when: str, more: str = "", status: str = "stable") -> str:
    extra = {
        "diagnosis": "severity: medium\ncertainty: likely\ntitle: {en: It is so, zh: 确实如此}\n",
        "decision": "priority: P1\nsteps:\n  - {en: Do it., zh: 执行。}\nconfirm: {en: Look., zh: 查看。}\n",
    }.get(kind, "")
    why = 'why: {en: "Because.", zh: "理由。"}\n'
    return f"kind: {kind}\nstatus: {status}\nconcludes: {concludes}\n{extra}{why}sources: [note#1]\nwhen:\n{when}{more}"


RULES = {
    # overfitting: two rules, one of them with alternatives
    "gap/wide": _rule(
        "diagnosis",
        "overfitting",
        """\
  all:
    - loss.gap: {gt: 0.5}
    - run.finished: true
    - any:
        - lr.peak: {gt: 0.1}
        - lr.peak: {lt: 0.01}
    - none:
        - diagnosed: divergence
""",
    ),
    "gap/noted": _rule("diagnosis", "overfitting", "  loss.dev: {gt: {fact: loss.train, times: 3}}\n"),
    "gap/draft": _rule("diagnosis", "overfitting", "  loss.dev: {gt: 100}\n", status="draft"),
    "run/diverged": _rule("diagnosis", "divergence", "  loss.train: {ge: 1000}\n"),
    "run/noisy": _rule(
        "diagnosis",
        "noisy",
        "  at_least:\n    count: 2\n    of:\n      - noise.a: {gt: 1}\n      - noise.b: {gt: 1}\n      - noise.c: {gt: 1}\n",
    ),
    "run/spent": _rule("derive", "{run.spent: true}", "  run.kind: long\n"),
    "run/unspent": _rule("derive", "{run.spent: false}", "  noise.a: {gt: 9}\n"),
    "run/sketched": _rule("diagnosis", "sketched", "  noise.a: {gt: 5}\n", status="draft"),
    "run/over": _rule("diagnosis", "over", "  all:\n    - run.spent: true\n    - run.kind: {known: true}\n"),
    "act/stop": _rule("decision", "stop", "  diagnosed: overfitting\n"),
    "act/extend": _rule("decision", "extend", "  all:\n    - diagnosed: overfitting\n    - run.finished: true\n"),
    "act/clip": _rule(
        "decision", "clip", "  all:\n    - clip.norm: {gt: 2}\n    - clip.threshold: {known: true}\n", "params:\n  at: {fact: clip.norm}\n"
    ),
    "act/go-on": _rule("decision", "go_on", "  all:\n    - run.finished: false\n    - none:\n        - alarm: medium\n"),
    "check/goal": _rule("check", "goal_met", "  goal.met: true\n", "applies:\n  run.finished: true\n"),
}
FILES: Mapping[str, str] = {
    "kb/facts/all.yaml": FACTS,
    "kb/derived.yaml": "derived:\n  loss.gap:\n    unit: 1\n    expr: loss.dev - loss.train\n    title: {en: Gap, zh: 差距}\n",
    "kb/decisions.yaml": """\
slots:
  - {id: control, exclusive: false, title: {en: control, zh: 控制}}
decisions:
  stop:
    title: {en: Stop, zh: 停止}
    slot: control
    supersedes:
      - decision: extend
        reason: {en: It is being stopped., zh: 已决定停止。}
  extend: {title: {en: Extend, zh: 延长}, slot: control}
  go_on: {title: {en: Go on, zh: 继续}, slot: control}
  clip:
    title: {en: Clip, zh: 裁剪}
    slot: control
    forbidden_when:
      - when:
          diagnosed: divergence
        reason: {en: Too late., zh: 太晚了。}
""",
    "kb/diagnoses.yaml": "diagnoses:\n"
    + "".join(
        f"  {name}: {{group: stability, title: {{en: '{name}', zh: 诊断}}}}\n" for name in ("overfitting", "divergence", "noisy", "over", "sketched")
    ),
    "kb/checklist.yaml": "items:\n  - {id: goal_met, tag: MUST, section: A, title: {en: The goal is met, zh: 目标达成}, sources: [note#1]}\n",
    "kb/playbook.yaml": "documents:\n  note: {title: {en: A note, zh: 笔记}, kind: note, sections: {'1': {title: {en: One, zh: 一}}}}\n",
    "kb/errata.yaml": """\
errata:
  lower-it:
    source: note#1
    claim: {en: Lower it., zh: 降低它。}
    correction: {en: Raise it., zh: 提高它。}
    when:
      lr.peak: {lt: 0.001}
""",
    "kb/verdicts.yaml": "verdicts:\n"
    + "".join(f"  - {{id: {name}, title: {{en: '{name}.', zh: 结论。}}}}\n" for name in ("continue_with_changes", "cannot_tell")),
    **{f"rules/{name}.yaml": f"id: {name}\n{text}" for name, text in RULES.items()},
}


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    strings = "strings:\n" + "".join(
        f"  {key}:\n    en: {text.en!r}\n    zh: {text.zh!r}\n" for key, text in load_knowledge().strings.items() if "'" not in text.en + text.zh
    )
    contents = {**FILES, "kb/strings.yaml": strings}
    return knowledge_of(RawFiles(tuple(RawFile(key, key, text.encode()) for key, text in sorted(contents.items())), ()))


@pytest.fixture(scope="session")
def advisor(base: KnowledgeBase) -> Advisor:
    return Advisor(base, engine="plain")


@pytest.fixture
def examine(advisor: Advisor) -> Callable[[Mapping[str, object]], Examination]:
    return advisor.examine
