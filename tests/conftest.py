"""A knowledge base small enough to load thousands of times."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from advise.knowledge.files import RawFile, RawFiles, Root
from advise.knowledge.prepared import Prepared, prepare

# How long an example takes says something of the machine, not of the code. `make test` tries the same examples on any day;
# `make search` tries others.
settings.register_profile("advise", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "advise"))

SMALL = {
    "kb/facts/clip.yaml": """\
facts:
  clip.rate:
    type: number
    unit: ratio
    min: 0
    max: 1
    title: {en: Clip rate, zh: 裁剪率}
    prompt: {en: What share of the updates is clipped?, zh: 被裁剪的更新占多大比例？}
    observe: {en: Count them., zh: 数一数。}
  clip.threshold:
    type: number
    above: 0
    title: {en: Clip threshold, zh: 裁剪阈值}
    prompt: {en: At which norm is clipped?, zh: 裁剪阈值是多少？}
    observe: {en: Look it up., zh: 查配置。}
""",
    "kb/derived.yaml": """\
derived:
  clip.doubled:
    unit: 1
    expr: 2 * clip.threshold
    title: {en: Twice the threshold, zh: 阈值的两倍}
""",
    "kb/decisions.yaml": """\
slots:
  - {id: clipping, exclusive: true, title: {en: clipping, zh: 裁剪}}
decisions:
  loosen_clip:
    title: {en: Loosen the clipping, zh: 放宽裁剪}
    slot: clipping
""",
    "kb/diagnoses.yaml": """\
diagnoses:
  clipping_saturated: {group: stability, title: {en: Clipping is saturated, zh: 裁剪饱和}}
""",
    "kb/playbook.yaml": """\
documents:
  note:
    title: {en: A note, zh: 笔记}
    kind: note
    sections:
      "1": {title: {en: Clipping, zh: 裁剪}}
""",
    "kb/verdicts.yaml": """\
verdicts:
  - {id: continue_with_changes, title: {en: Go on with changes., zh: 做以下调整后继续。}}
  - {id: continue, title: {en: Go on., zh: 继续。}}
  - {id: cannot_tell, title: {en: Cannot tell., zh: 无法判断。}}
""",
    "kb/strings.yaml": """\
strings:
  slot_taken: {en: "{slot} is held by {decision}", zh: "{slot}已由{decision}占用"}
  other_numbers: {en: "{rule} has other numbers", zh: "{rule} 数值不同"}
  beyond_bounds: {en: "{fact} cannot be that", zh: "{fact}不可能如此"}
  against_title: {en: "{fact} would go the other way", zh: "{fact}方向相反"}
  contradiction: {en: "{fact} is contradicted by {rules}", zh: "{fact} 与 {rules} 矛盾"}
""",
    "kb/checklist.yaml": """\
items:
  - {id: a_clip_known, tag: CHECK, section: A, title: {en: The clip rate is moderate, zh: 裁剪率适中}, sources: [note#1]}
""",
    "rules/checklist/a-clip-known.yaml": """\
id: checklist/a-clip-known
kind: check
status: stable
concludes: a_clip_known
why: {en: It matters., zh: 有影响。}
applies:
  clip.threshold: {known: true}
when:
  clip.rate: {le: 0.5}
sources: [note#1]
""",
    "rules/stability/clipping-saturated.yaml": """\
id: stability/clipping-saturated
kind: diagnosis
status: stable
concludes: clipping_saturated
severity: medium
certainty: certain
title:
  en: Clipping cuts most updates
  zh: 裁剪作用于大多数更新
why:
  en: "{clip.rate:.0%} of the updates were clipped."
  zh: "{clip.rate:.0%} 的更新被裁剪。"
when:
  all:
    - clip.rate: {gt: 0.5}
thresholds:
  clip.rate:
    en: Above half.
    zh: 超过一半。
sources: [note#1]
""",
    "rules/stability/loosen.yaml": """\
id: stability/loosen
kind: decision
status: stable
concludes: loosen_clip
priority: P1
why: {en: Clipping hides the rate., zh: 裁剪掩盖了学习率。}
when:
  diagnosed: clipping_saturated
params:
  threshold: {fact: clip.doubled}
steps:
  - en: "Clip at {params.threshold:.3g}."
    zh: "阈值改为 {params.threshold:.3g}。"
config:
  - key: clip.threshold
    to: {param: threshold}
confirm: {en: Fewer updates are clipped., zh: 被裁剪的更新变少。}
sources: [note#1]
""",
}


def raw(changes: dict[str, bytes | str] | None = None) -> RawFiles:
    """The small base with some files replaced or added."""
    files = {**SMALL, **(changes or {})}
    contents = {key: text.encode() if isinstance(text, str) else text for key, text in files.items()}
    return RawFiles(tuple(RawFile(key, key, content) for key, content in sorted(contents.items())), ())


@pytest.fixture(scope="session")
def small() -> dict[str, str]:
    return dict(SMALL)


@pytest.fixture(scope="session")
def files_of() -> Callable[[dict[str, bytes | str] | None], RawFiles]:
    return raw


@cache
def _prepared(root: Root | None = None, *, drafts: bool = False) -> Prepared:
    return prepare(root, drafts=drafts)


@pytest.fixture
def prepared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The knowledge base is read once for all tests, also by the command line."""
    monkeypatch.setattr("advise.advisor.prepare", _prepared)


@cache
def _script(path: str) -> ModuleType:
    file = Path(__file__).parents[1] / path
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    # A dataclass looks its module up by name.
    module = sys.modules[file.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def script() -> Callable[[str], ModuleType]:
    """Loads a script of the repository that is no part of the package, by its path."""
    return _script
