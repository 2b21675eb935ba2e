"""A folder of one's own, laid over the packaged knowledge: it adds to every catalogue, and replaces nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise.authoring.scaffold import Scaffold
from advise.authoring.workbench import Workbench
from advise.errors import KnowledgeError
from advise.knowledge.files import Root, described, packaged_root, parse, read_raw, root_with
from advise.knowledge.load import knowledge_of, load_knowledge
from advise.knowledge.prepared import prepare

FACT = """\
facts:
  {name}:
    type: number
    min: 0
    title: {{en: Ratio, zh: 比值}}
    prompt: {{en: Which ratio?, zh: 比值是多少？}}
    observe: {{en: Look it up., zh: 查配置。}}
"""
RULE = """\
id: own/ratio
kind: diagnosis
status: stable
concludes: own_ratio
severity: low
certainty: likely
title: {en: It is large, zh: 过大}
why: {en: "It is {own.ratio:g}.", zh: "比值为 {own.ratio:g}。"}
when:
  own.ratio: {gt: 4}
thresholds:
  own.ratio: {en: Four is usual., zh: 四是常用值。}
sources: [own-paper#scale]
"""
TESTS = """\
rule: own/ratio
tests:
  - {name: above, facts: {own.ratio: 8}, fires: true}
  - {name: at, facts: {own.ratio: 4}, fires: false}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    files = {
        "kb/facts/own.yaml": FACT.format(name="own.ratio"),
        "kb/diagnoses.yaml": "diagnoses:\n  own_ratio: {group: stability, title: {en: Ratio is large, zh: 比值过大}}\n",
        "kb/playbook.yaml": "documents:\n  own-paper:\n    kind: paper\n    title: {en: Paper, zh: 论文}\n    sections:\n"
        "      scale: {title: {en: Scale, zh: 缩放}}\n",
        "kb/roles.yaml": "quantities:\n  loss:\n    names: [my odd loss]\n",
        "rules/own/ratio.yaml": RULE,
        "rules/own/ratio.test.yaml": TESTS,
    }
    for name, text in files.items():
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "own"


def problems(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(root_with([folder]))
    return [(problem.file, problem.line, problem.message) for problem in caught.value.problems]


def test_it_adds_to_every_catalogue(own: Path) -> None:
    base, packaged = load_knowledge(root_with([own])), load_knowledge()
    assert base.rules.keys() - packaged.rules.keys() == {"own/ratio"}
    assert base.vocabulary.specs.keys() - packaged.vocabulary.specs.keys() == {"own.ratio"}
    assert "own-paper#scale" in base.sources
    assert base.roles.quantities["loss"].names == [*packaged.roles.quantities["loss"].names, "my odd loss"]
    assert described(root_with([own])) == f"what came with advise and {own / 'kb'} and {own / 'rules'}"


def test_what_is_given_twice_is_told_with_both_places(own: Path) -> None:
    file = own / "kb" / "diagnoses.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "  overfitting: {group: stability, title: {en: Mine, zh: 我的}}\n", encoding="utf-8")
    ((where, line, message),) = problems(own)
    assert (where, line) == (str(file), 3)
    assert message.startswith("`overfitting` is given in ")
    assert "kb/diagnoses.yaml:" in message


def test_a_fact_of_another_file_is_given_twice_too(own: Path) -> None:
    (own / "kb" / "facts" / "other.yaml").write_text(FACT.format(name="clip.rate"), encoding="utf-8")
    assert [(where, line) for where, line, _ in problems(own)] == [(str(own / "kb" / "facts" / "other.yaml"), 2)]


def test_a_mistake_is_told_in_the_file_in_which_it_stands(own: Path) -> None:
    file = own / "kb" / "diagnoses.yaml"
    file.write_text("diagnoses:\n  own_ratio: {group: stabilty, title: {en: Ratio is large, zh: 比值过大}}\n", encoding="utf-8")
    assert [(where, line) for where, line, _ in problems(own)] == [(str(file), 2)]


def test_a_change_of_it_is_seen_at_once(own: Path) -> None:
    assert "own.ratio" in prepare(root_with([own])).knowledge.vocabulary
    (own / "kb" / "facts" / "own.yaml").write_text(FACT.format(name="own.ratio") + FACT.format(name="own.other")[7:], encoding="utf-8")
    assert "own.other" in prepare(root_with([own])).knowledge.vocabulary


def test_a_checkout_of_the_packaged_knowledge_adds_nothing_and_a_whole_one_stands_in_its_place(tmp_path: Path) -> None:
    packaged = packaged_root()
    assert root_with([packaged.kb.parent]) == packaged
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / "verdicts.yaml").write_text("verdicts: []\n", encoding="utf-8")
    assert root_with([tmp_path]) == Root(tmp_path / "kb", (tmp_path / "rules",))
    assert root_with([tmp_path / "rules"]).rules == (*packaged.rules, tmp_path / "rules")


def test_new_entries_are_written_into_it_and_go_by_what_it_is_laid_over(own: Path) -> None:
    made = Scaffold(own / "kb", own / "rules")
    assert made.source("playnote#9999") == [own / "kb" / "playbook.yaml"]
    assert made.fact("own.flag", "boolean") == [own / "kb" / "facts" / "own.yaml"]
    assert made.rule("decision", "own/drop", "lr_drop") == [own / "rules" / "own" / "drop.yaml", own / "rules" / "own" / "drop.test.yaml"]
    base = knowledge_of(read_raw(root_with([own])))
    assert "playnote#9999" in base.sources
    assert not parse(read_raw(root_with([own]))).problems


def test_its_rules_are_linted_and_tested_with_the_rest(own: Path) -> None:
    workbench = Workbench.open(root_with([own]))
    assert workbench.problems == ()
    assert workbench.run_tests(["own"]) == (2, [])
