"""Loading a knowledge base: what comes of sound files, and that every problem of every file comes in one pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advise.advisor import Advisor
from advise.conditions import Concluded, ConclusionKind, FactValue, Op, Predicate
from advise.documents.problems import Problem
from advise.errors import KnowledgeError
from advise.knowledge.derived import compute
from advise.knowledge.files import RawFiles, Root, packaged_root, root_with
from advise.knowledge.load import knowledge_of, load_knowledge
from advise.terms import SEVERITIES

Make = Callable[[dict[str, bytes | str] | None], RawFiles]
RULE = "rules/stability/clipping-saturated.yaml"


def problems(raw: RawFiles) -> tuple[Problem, ...]:
    with pytest.raises(KnowledgeError) as caught:
        knowledge_of(raw)
    return caught.value.problems


def test_a_rule_is_what_its_file_says(files_of: Make) -> None:
    rule = knowledge_of(files_of(None)).rules["stability/clipping-saturated"]
    assert (rule.kind, rule.concludes, rule.weight, rule.path) == ("diagnosis", "clipping_saturated", "medium", RULE)
    assert rule.spec.why.zh == "{clip.rate:.0%} 的更新被裁剪。"
    assert [*rule.spec.thresholds] == ["clip.rate"]


def test_a_wrong_field_hides_no_other_mistake_of_its_file(files_of: Make, small: dict[str, str]) -> None:
    wrong = (
        small[RULE]
        .replace("severity: medium", "severity: medum")
        .replace("concludes: clipping_saturated", "concludes: clipping_saturatd")
        .replace("clip.rate: {gt: 0.5}", "clip.rat: {gt: 0.5}")
        + "colour: red\n"
    )
    told = [problem.message for problem in problems(files_of({RULE: wrong}))]
    assert len(told) == 4
    for part in ("unknown diagnosis `clipping_saturatd`", "got the word `medum`", "unknown fact `clip.rat`", "unknown key `colour`"):
        assert any(part in message for message in told)


@pytest.mark.parametrize("kind", ["diagnsis", "42", "[]"])
def test_a_wrong_kind_hides_no_other_mistake_of_its_file(kind: str, files_of: Make, small: dict[str, str]) -> None:
    wrong = small[RULE].replace("kind: diagnosis", f"kind: {kind}").replace("clip.rate: {gt: 0.5}", "clip.rat: {gt: 0.5}")
    told = [problem.message for problem in problems(files_of({RULE: wrong}))]
    assert any("unknown fact `clip.rat`" in message for message in told)
    assert len(told) == 2, told


def test_a_derived_fact_is_a_fact_of_the_vocabulary(files_of: Make) -> None:
    base = knowledge_of(files_of(None))
    assert base.vocabulary["clip.doubled"].title.en == "Twice the threshold"
    assert base.derived["clip.doubled"].expression.value({"clip.threshold": 1.5}) == 3.0


def test_derived_facts_stand_after_what_they_read(files_of: Make, small: dict[str, str]) -> None:
    first = "  clip.fourfold:\n    unit: 1\n    expr: 2 * clip.doubled\n    title: {en: Four times, zh: 四倍}\n"
    text = small["kb/derived.yaml"].replace("derived:\n", f"derived:\n{first}")
    assert [*knowledge_of(files_of({"kb/derived.yaml": text})).derived] == ["clip.doubled", "clip.fourfold"]


def test_a_draft_speaks_only_when_asked_to_and_a_deprecated_rule_never(files_of: Make, small: dict[str, str]) -> None:
    for status, with_drafts in (("stable", True), ("draft", True), ("deprecated", False)):
        base = knowledge_of(files_of({RULE: small[RULE].replace("status: stable", f"status: {status}")}))
        keys = {item.key for item in base.implications()}, {item.key for item in base.implications(drafts=True)}
        assert ["stability/clipping-saturated" in found for found in keys] == [status == "stable", with_drafts]


def test_a_check_passes_fails_or_does_not_apply(files_of: Make) -> None:
    made = {item.key: item.concludes for item in knowledge_of(files_of(None)).implications() if item.key.startswith("checklist/")}
    assert made == {
        "checklist/a-clip-known#pass": Concluded(ConclusionKind.CHECK_PASSED, "a_clip_known"),
        "checklist/a-clip-known#fail": Concluded(ConclusionKind.CHECK_FAILED, "a_clip_known"),
        "checklist/a-clip-known#idle": Concluded(ConclusionKind.CHECK_IDLE, "a_clip_known"),
    }


DERIVE = """\
id: stability/used
kind: derive
status: stable
concludes: {clip.used: true}
why: {en: It follows., zh: 由此得出。}
when:
  clip.rate: {le: 0.5}
sources: [note#1]
"""


def test_a_derive_rule_gives_a_fact_a_value(files_of: Make) -> None:
    fact = "facts:\n  clip.used:\n    type: boolean\n" + "".join(f"    {key}: {{en: Used, zh: 已使用}}\n" for key in ("title", "prompt", "observe"))
    base = knowledge_of(files_of({"kb/facts/used.yaml": fact, "rules/stability/used.yaml": DERIVE}))
    (made,) = [item for item in base.implications() if item.key == "stability/used"]
    assert made.concludes == FactValue("clip.used", True)
    assert made.when == Predicate("clip.rate", Op.LE, 0.5)


def test_every_problem_of_every_file_in_one_pass(files_of: Make, small: dict[str, str]) -> None:
    loosen = small["rules/stability/loosen.yaml"].replace("diagnosed: clipping_saturated", "diagnosed: clipping").replace("[note#1]", "[note#2]")
    found = problems(files_of({RULE: small[RULE].replace("clip.rate: {gt: 0.5}", "clip.rat: {gt: 0.5}"), "rules/stability/loosen.yaml": loosen}))
    assert [(problem.file, problem.source_line.strip()) for problem in found] == [
        (RULE, "- clip.rat: {gt: 0.5}"),
        ("rules/stability/loosen.yaml", "diagnosed: clipping"),
        ("rules/stability/loosen.yaml", "sources: [note#2]"),
    ]


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("kb/facts/clip.yaml", "type: number", "type: float"),
        ("kb/facts/clip.yaml", "facts:", "facts"),
        ("kb/derived.yaml", "2 *", "pow *"),
        ("kb/playbook.yaml", "kind: note", "kinds: note"),
        ("kb/diagnoses.yaml", "diagnoses:", "diagnoses: ["),
    ],
)
def test_what_a_broken_catalogue_defines_is_not_called_unknown_elsewhere(key: str, old: str, new: str, files_of: Make, small: dict[str, str]) -> None:
    found = problems(files_of({key: small[key].replace(old, new, 1)}))
    assert {problem.file for problem in found} == {key}


def test_a_broken_rule_keeps_no_problem_of_another_back(files_of: Make, small: dict[str, str]) -> None:
    loosen = small["rules/stability/loosen.yaml"].replace("clipping_saturated", "clipping")
    found = problems(files_of({RULE: "id: [", "rules/stability/loosen.yaml": loosen}))
    assert {problem.file for problem in found} == {RULE, "rules/stability/loosen.yaml"}


def test_a_rule_of_the_same_id_in_another_folder_is_refused(tmp_path: Path) -> None:
    name = next(iter(load_knowledge().rules))
    target = tmp_path / f"{name}.yaml"
    target.parent.mkdir(parents=True)
    target.write_bytes((packaged_root().rules[0] / f"{name}.yaml").read_bytes())
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(root_with([tmp_path]))
    assert [problem.message.partition(" is defined in ")[0] for problem in caught.value.problems] == [f"`{name}`"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(Root(packaged_root().kb, (tmp_path / "none",)))
    assert "this folder does not exist" in [problem.message for problem in caught.value.problems]


def test_the_real_base_loads() -> None:
    base = load_knowledge()
    assert base.verdicts[-1].id == "cannot_tell"
    assert {rule.kind for rule in base.rules.values()} == {"diagnosis", "decision", "check", "derive"}


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("asked", SEVERITIES)
def test_a_diagnosis_raises_the_alarms_that_are_asked_for_up_to_its_severity(
    files_of: Make, small: dict[str, str], severity: str, asked: str
) -> None:
    rule = small[RULE].replace("severity: medium", f"severity: {severity}")
    quiet = small["rules/stability/loosen.yaml"].replace("  diagnosed: clipping_saturated\n", f"  none:\n    - alarm: {asked}\n")
    base = knowledge_of(files_of({RULE: rule, "rules/stability/loosen.yaml": quiet}))
    raised = [item for item in base.implications() if isinstance(item.concludes, Concluded) and item.concludes.kind is ConclusionKind.ALARM]
    loud_enough = SEVERITIES.index(severity) <= SEVERITIES.index(asked)
    assert [(item.key, item.concludes, item.when) for item in raised] == [
        (f"stability/clipping-saturated#alarm:{asked}", Concluded(ConclusionKind.ALARM, asked), base.rules["stability/clipping-saturated"].when)
    ] * loud_enough
    plan = Advisor(base, engine="plain").advise({"clip.rate": 0.9, "clip.threshold": 1})
    assert bool(plan.decisions) is not loud_enough


def test_an_alarm_that_nobody_asks_for_is_not_raised(files_of: Make) -> None:
    assert not [item.key for item in knowledge_of(files_of(None)).implications() if "#alarm" in item.key]


def test_the_kind_of_a_value_is_a_derived_fact_with_words_of_its_own(files_of: Make, small: dict[str, str]) -> None:
    facts = (
        small["kb/facts/clip.yaml"]
        + """\
  clip.kind:
    type: enum
    values: {norm: {en: by norm, zh: 按范数}, agc: {en: adaptive, zh: 自适应}, value: {en: by value, zh: 按值}}
    title: {en: Kind of clipping, zh: 裁剪方式}
    prompt: {en: How is clipped?, zh: 如何裁剪？}
    observe: {en: Look it up., zh: 查配置。}
"""
    )
    grouped = (
        small["kb/derived.yaml"]
        + """\
  clip.scope:
    of: clip.kind
    title: {en: Scope of clipping, zh: 裁剪范围}
    kinds:
      whole: {title: {en: the whole gradient, zh: 整个梯度}, of: [norm]}
      parts: {title: {en: its parts, zh: 各个部分}, of: [agc, value]}
"""
    )
    base = knowledge_of(files_of({"kb/facts/clip.yaml": facts, "kb/derived.yaml": grouped}))
    spec = base.vocabulary["clip.scope"]
    assert (spec.type, [*spec.values], spec.values["parts"].zh) == ("enum", ["whole", "parts"], "各个部分")
    assert compute(base.derived, {"clip.kind": "agc"}) == {"clip.scope": "parts"}
    assert compute(base.derived, {}) == {}
    # What is stated stands.
    assert compute(base.derived, {"clip.kind": "agc", "clip.scope": "whole"}) == {}
