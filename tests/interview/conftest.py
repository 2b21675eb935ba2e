"""A knowledge base of a few rules, and interviews about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from advise.advisor import Advisor
from advise.facts.answers import answers_of
from advise.interview.interview import Interview
from advise.interview.pages import Pages
from advise.interview.wording import Wording
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.files import RawFile, RawFiles, packaged_root
from advise.knowledge.load import knowledge_of
from advise.render.voice import Voice
from advise.text import LanguageChoice


def fact(name: str, kind: str, more: str = "") -> str:
    return f"""\
  {name}:
    type: {kind}
{more}    title: {{en: Title of {name}, zh: "{name} 的标题"}}
    prompt: {{en: "What is {name}?", zh: "{name} 是多少？"}}
    observe: {{en: "Look {name} up.", zh: "查 {name}。"}}
"""


KINDS = """\
    values:
      constant: {en: constant, zh: 恒定}
      cosine: {en: cosine decay, zh: 余弦退火}
"""
FACTS = "facts:\n" + "".join(
    [
        fact("clip.rate", "number", "    unit: ratio\n    min: 0\n    max: 1\n"),
        fact("clip.threshold", "number", "    above: 0\n"),
        fact("lr.peak", "number", "    above: 0\n    below: 10\n"),
        fact("batch.size", "integer", "    unit: samples\n    min: 1\n"),
        fact("budget.steps", "integer", "    unit: steps\n    min: 1\n"),
        fact("run.seconds", "number", "    unit: seconds\n    min: 0\n"),
        fact("pipeline.step_time", "number", "    unit: seconds/step\n    above: 0\n    cost: measure\n"),
        fact("memory.used", "integer", "    unit: bytes\n    min: 0\n"),
        fact("schedule.kind", "enum", KINDS),
        fact("clip.enabled", "boolean"),
        fact("run.notes", "text"),
        fact("milestones.steps", "integers", "    unit: steps\n    min: 0\n"),
        fact("milestones.names", "texts"),
        fact("run.odd", "boolean"),
    ]
)
RULE = """\
id: {id}
kind: {kind}
status: stable
concludes: {concludes}
{more}why: {{en: Because., zh: 因为。}}
when: {when}
sources: [note#1]
"""
DIAGNOSIS = "severity: {severity}\ncertainty: {certainty}\ntitle: {{en: Seen, zh: 看到}}\n"
DECISION = "priority: P1\nsteps:\n  - {en: Do it., zh: 去做。}\nconfirm: {en: Look., zh: 看。}\n"


def rule(rule_id: str, kind: str, concludes: str, when: str, more: str = "") -> str:
    return RULE.format(id=rule_id, kind=kind, concludes=concludes, more=more, when=when)


def diagnosis(rule_id: str, concludes: str, when: str, severity: str = "medium", certainty: str = "certain") -> str:
    return rule(rule_id, "diagnosis", concludes, when, DIAGNOSIS.format(severity=severity, certainty=certainty))


BASE = {
    "kb/facts/all.yaml": FACTS,
    "kb/derived.yaml": """\
derived:
  run.total_seconds: {unit: seconds, expr: budget.steps * pipeline.step_time, title: {en: Whole time, zh: 总时间}}
""",
    "kb/decisions.yaml": """\
slots:
  - {id: clipping, exclusive: true, title: {en: clipping, zh: 裁剪}}
decisions:
  loosen_clip: {title: {en: Loosen the clipping, zh: 放宽裁剪}, slot: clipping}
""",
    "kb/diagnoses.yaml": """\
diagnoses:
  clipping_saturated: {group: stability, title: {en: Clipping is saturated, zh: 裁剪饱和}}
  lr_too_high: {group: stability, title: {en: Rate is too high, zh: 学习率过高}}
  slow_input: {group: pipeline, title: {en: Input is slow, zh: 输入太慢}}
""",
    "kb/checklist.yaml": """\
items:
  - {id: batch_fixed, tag: MUST, section: D.3, title: {en: Batch is fixed, zh: 批量已固定}, sources: [note#1]}
  - {id: schedule_set, tag: MUST, section: D.1, title: {en: Schedule is set, zh: 调度已定}, sources: [note#1]}
  - {id: judged, tag: CHECK, section: F, title: {en: It was judged, zh: 已作判断}, sources: [note#1]}
  - {id: second, tag: CHECK, section: I, title: {en: The second, zh: 第二}, sources: [note#1], agent_order: 2}
  - {id: first, tag: CHECK, section: I, title: {en: The first, zh: 第一}, sources: [note#1], agent_order: 1}
""",
    "kb/playbook.yaml": """\
documents:
  note: {title: {en: A note, zh: 笔记}, kind: note, sections: {"1": {title: {en: One, zh: 一}}}}
""",
    "rules/stability/saturated.yaml": diagnosis("stability/saturated", "clipping_saturated", "{clip.rate: {gt: 0.5}}"),
    "rules/stability/high.yaml": diagnosis("stability/high", "lr_too_high", "{all: [lr.peak: {gt: 1}, clip.enabled: false]}", "high", "possible"),
    "rules/pipeline/slow.yaml": diagnosis("pipeline/slow", "slow_input", "{run.total_seconds: {gt: 1000}}", "low"),
    "rules/memory/heavy.yaml": diagnosis("memory/heavy", "slow_input", "{all: [clip.threshold: {lt: 1}, memory.used: {known: true}]}", "low"),
    "rules/stability/loosen.yaml": rule("stability/loosen", "decision", "loosen_clip", "{diagnosed: clipping_saturated}", DECISION),
    "rules/clip/odd.yaml": rule("clip/odd", "derive", "{run.odd: true}", "{clip.threshold: {gt: 100}}"),
    "rules/check/batch.yaml": rule("check/batch", "check", "batch_fixed", "{batch.size: {ge: 8}}"),
    "rules/check/schedule.yaml": rule("check/schedule", "check", "schedule_set", "{schedule.kind: cosine}"),
    "rules/check/judged.yaml": rule("check/judged", "check", "judged", "{run.notes: {known: true}}"),
    "rules/check/first.yaml": rule("check/first", "check", "first", "{all: [clip.enabled: true, clip.rate: {lt: 0.5}]}"),
    "rules/check/second.yaml": rule("check/second", "check", "second", "{run.odd: false}"),
}
UNITS = {
    "unit_steps": {"en": "steps, iterations, it", "zh": "步, 次迭代"},
    "unit_samples": {"en": "samples, images", "zh": "样本, 张"},
    "unit_seconds": {"en": "seconds", "zh": "秒"},
}


VERDICTS = "verdicts:\n" + "".join(
    f"  - {{id: {name}, title: {{en: '{name}.', zh: 结论。}}}}\n"
    for name in ("fix_first", "stop", "resume_with_gates", "continue_with_changes", "continue", "cannot_tell")
)


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    kb = packaged_root().kb
    said = yaml.safe_load((kb / "strings.yaml").read_text(encoding="utf-8"))["strings"]
    strings = yaml.safe_dump({"strings": {**said, **UNITS}}, allow_unicode=True)
    files = {**BASE, "kb/strings.yaml": strings, "kb/verdicts.yaml": VERDICTS}
    return knowledge_of(RawFiles(tuple(RawFile(key, key, text.encode()) for key, text in sorted(files.items())), ()))


@pytest.fixture(scope="session")
def advisor(knowledge: KnowledgeBase) -> Advisor:
    return Advisor(knowledge, engine="plain")


@pytest.fixture(scope="session")
def words(knowledge: KnowledgeBase) -> Wording:
    return Wording.of((spec.dimension for spec in knowledge.vocabulary.specs.values()), knowledge.strings)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "facts.yaml"


@pytest.fixture
def answers(path: Path) -> Path:
    """The answers file beside the facts file."""
    return Path(answers_of(str(path)))


@pytest.fixture
def answered(answers: Path) -> Callable[[], str]:
    """What was answered, as it stands in the answers file below its first line."""
    return lambda: answers.read_text(encoding="utf-8").partition("\n")[2]


@pytest.fixture
def interview(advisor: Advisor, path: Path) -> Interview:
    return Interview(advisor, path)


@pytest.fixture
def pages_of() -> Callable[[Interview, LanguageChoice], Pages]:
    return lambda interview, language: Pages(interview, Voice(interview.base.strings, language))
