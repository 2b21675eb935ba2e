"""`advise kb …` as an author meets it: checking, looking up, generating and scaffolding."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from advise.authoring.insertion import insert_entry
from advise.authoring.lint.texts import UNFILLED
from advise.authoring.workbench import Workbench
from advise.cli.main import main
from advise.knowledge.files import Root, packaged_root
from advise.knowledge.load import load_knowledge

BASE = Path(__file__).parents[1] / "bad" / "base"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@cache
def packaged() -> Workbench:
    return OPEN(packaged_root())


OPEN = Workbench.open


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    # What came with the package is read once for all tests.
    monkeypatch.setattr(Workbench, "open", lambda root, topics=(): packaged() if root == packaged_root() else OPEN(root, topics))

    def invoke(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as end:
            main(["kb", *arguments])
        captured = capsys.readouterr()
        return Result(int(end.value.code or 0), captured.out, captured.err)

    return invoke


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """A further folder of rules, with one rule that is a copy of a packaged one, under another id."""
    text = (packaged_root().rules[0] / "stability" / "clipping-saturated.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "more" / "own"
    folder.mkdir(parents=True)
    (folder / "copied.yaml").write_text(text.replace("id: stability/clipping-saturated", "id: own/copied"), encoding="utf-8")
    return tmp_path / "more"


# ---- lint and test --------------------------------------------------------------------------------------------------------------------------------


def test_lint_says_what_is_wrong_with_a_rule_of_ones_own_and_exits_with_one(run: Run, more: Path) -> None:
    result = run("lint", "own", "--rules", str(more))
    assert (result.code, result.out) == (1, "")
    assert "no tests: write rules/own/copied.test.yaml" in result.err
    assert "wherever this holds, `stability/clipping-saturated` holds too and goes before" not in result.err
    # No run of the laboratory could judge a rule of one's own.
    assert "no run could judge it" in result.err
    assert "0 rule tests, 2 problems" in result.err


def test_lint_of_a_topic_leaves_other_topics_alone(run: Run, more: Path) -> None:
    assert "own/copied" not in run("lint", "pipeline", "--rules", str(more)).err


def test_lint_reports_what_does_not_load_and_what_else_its_file_lacks(run: Run, more: Path) -> None:
    rule = more / "own" / "copied.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("concludes: clipping_saturated", "concludes: clipped"), encoding="utf-8")
    result = run("lint", "--rules", str(more))
    assert result.code == 1
    assert "copied.yaml:5:12: unknown diagnosis `clipped`" in result.err
    assert "no tests: write rules/own/copied.test.yaml" in result.err
    assert ", 0 rule tests, 2 problems" in result.err


def test_the_tests_of_one_rule(run: Run, more: Path) -> None:
    result = run("test", "stability/clipping-saturated")
    assert result.code == 0
    assert result.err.endswith("rule tests, 0 failed\n")
    (more / "own" / "copied.test.yaml").write_text(
        "rule: own/copied\ntests:\n  - {name: never, facts: {clip.rate: 1.0}, fires: false}\n", encoding="utf-8"
    )
    failed = run("test", "own", "--rules", str(more))
    assert failed.code == 1
    assert "never: expected false, got true" in failed.err


@pytest.mark.parametrize("command", ["lint", "test"])
def test_a_rule_that_is_not_there_is_no_green_rule(command: str, run: Run) -> None:
    assert run(command, "stability/clipping-saturate") == Result(
        2, "", "advise: there is no rule or topic `stability/clipping-saturate`; did you mean `stability/clipping-saturated`?\n"
    )
    assert "did you mean `stability`?" in run(command, "stabillity").err


# ---- looking up and generating --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shelf", "entry"),
    [
        ("rules", "stability/clipping-saturated\tdiagnosis\t"),
        ("facts", "clip.rate\tnumber\tratio\t"),
        ("decisions", "loosen_clip\tclipping\t"),
        ("diagnoses", "clipping_saturated\tstability\t"),
        ("checklist", "c1_scalar_metric\t"),
        ("sources", "playbook#gradient-clipping\t"),
        ("errata", "playnote-fitting-sweep\t"),
    ],
)
def test_each_shelf_is_listed_line_by_line(shelf: str, entry: str, run: Run) -> None:
    result = run("list", shelf)
    assert (result.code, result.err) == (0, "")
    assert any(line.startswith(entry) for line in result.out.splitlines())


@pytest.mark.parametrize("name", ["stability/clipping-saturated", "clip.rate", "loosen_clip", "clipping_saturated", "playbook#gradient-clipping"])
def test_everything_about_one_name(name: str, run: Run) -> None:
    result = run("show", name)
    assert result.code == 0
    assert name in result.out


@pytest.mark.parametrize(
    ("words", "first"), [(("gradient", "clipping"), "gradient-clipping"), (("裁剪", "阈值"), "clip.threshold"), (("clip.rate",), "clip.rate")]
)
def test_words_find_the_entries_that_fit_best(words: tuple[str, ...], first: str, run: Run) -> None:
    found = run("search", *words, "--count", "5")
    assert found.code == 0
    lines = found.out.splitlines()
    assert len(lines) == 5
    assert any(first in line.split("\t")[1] for line in lines)


def test_nothing_found_is_told_by_the_exit_code(run: Run) -> None:
    assert run("search", "zzzxxyy") == Result(1, "", "0 found\n")


def test_a_derived_fact_shows_its_formula_and_what_is_computed_from_it(run: Run) -> None:
    assert "= lr.current / lr.peak\n" in run("show", "lr.current_to_peak").out
    shown = run("show", "lr.peak").out
    assert "\n  lr.current_to_peak\n" in shown.partition("facts are computed from it:")[2]


def test_an_unknown_name_suggests_the_nearest(run: Run) -> None:
    result = run("show", "clip.rte")
    assert result.code == 2
    assert "did you mean `clip.rate`" in result.err


def test_coverage_lists_every_item_of_the_checklist(run: Run) -> None:
    result = run("coverage")
    assert len(result.out.splitlines()) == len(load_knowledge().checklist)
    assert (result.code == 0) is ("HOLE" not in result.out)


def test_coverage_of_the_symptoms_counts_those_with_a_rule_that_fires_on_facts_alone(run: Run) -> None:
    result = run("coverage", "--symptoms")
    lines = [line.split("\t") for line in result.out.splitlines()]
    assert [int(number) for _, number, _, _ in lines] == [*range(1, 99)]
    assert all((status == "ok") is (rules != "no rule") for status, _, _, rules in lines)
    covered = sum(status == "ok" for status, *_ in lines)
    assert covered >= 85
    assert result.err == f"98 symptoms, {covered} with a rule that fires on facts alone\n"


@pytest.mark.parametrize("command", ["schema", "docs"])
def test_what_is_generated_is_written_checked_and_rid_of_strays(command: str, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "stray.txt").write_text("", encoding="utf-8")
    assert run(command, "--to", str(folder)).code == 0
    assert not (folder / "stray.txt").exists()
    assert run(command, "--to", str(folder), "--check").code == 0
    first = next(path for path in sorted(folder.rglob("*")) if path.is_file())
    first.write_text("stale", encoding="utf-8")
    result = run(command, "--to", str(folder), "--check")
    assert result.code == 1
    assert f"{first} is stale: run `advise kb {command}`" in result.err
    assert first.read_text(encoding="utf-8") == "stale"


# ---- scaffolding ----------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The packaged catalogues, and no rules yet, as the working directory."""
    shutil.copytree(packaged_root().kb, tmp_path / "kb")
    (tmp_path / "rules").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def opened() -> Workbench:
    return Workbench.open(Root(Path("kb"), (Path("rules"),)))


@pytest.mark.parametrize(
    ("kind", "concludes"),
    [("diagnosis", "clipping_saturated"), ("decision", "loosen_clip"), ("check", "c1_scalar_metric"), ("derive", "early_stopping.enabled")],
)
def test_a_scaffolded_rule_loads_and_passes_its_tests_and_has_only_to_be_filled_in(kind: str, concludes: str, run: Run, checkout: Path) -> None:
    result = run("new", "rule", kind, "own/new-rule", "--concludes", concludes)
    assert (result.code, result.out) == (0, "")
    assert result.err.splitlines()[:2] == ["written: rules/own/new-rule.yaml", "written: rules/own/new-rule.test.yaml"]
    workbench = opened()
    assert workbench.problems == ()
    assert workbench.run_tests() == (3, [])
    about = [problem for problem in workbench.lint()[0] if problem.file.startswith("rules/")]
    assert about
    assert {problem.message for problem in about} == {"this is still to be filled in"}
    assert all(UNFILLED.en in problem.source_line or UNFILLED.zh in problem.source_line or problem.source_line.endswith(":") for problem in about)


def test_a_new_diagnosis_comes_into_the_catalogue(run: Run, checkout: Path) -> None:
    assert run("new", "rule", "diagnosis", "stability/odd-thing").code == 0
    base = opened().base
    assert base is not None
    assert base.diagnoses["odd_thing"].group == "stability"
    refused = run("new", "rule", "diagnosis", "own/odder-thing")
    assert refused.code == 2
    assert "say its group: --group, one of stability, learning" in refused.err
    assert not Path("rules/own/odder-thing.yaml").exists()
    assert run("new", "rule", "diagnosis", "own/odder-thing", "--group", "data").code == 0


def test_a_new_fact_stands_with_its_group_and_leaves_the_file_as_it_was(run: Run, checkout: Path) -> None:
    before = Path("kb/facts/clipping.yaml").read_text(encoding="utf-8")
    assert "written: kb/facts/clipping.yaml" in run("new", "fact", "clip.colour", "--type", "enum").err
    assert Path("kb/facts/clipping.yaml").read_text(encoding="utf-8").startswith(before.rstrip())
    assert "written: kb/facts/quite.yaml" in run("new", "fact", "quite.new", "--type", "integer").err
    base = opened().base
    assert base is not None
    assert (base.vocabulary["clip.colour"].type, base.vocabulary["quite.new"].type) == ("enum", "integer")


def test_a_boolean_gets_no_unit(run: Run, checkout: Path) -> None:
    assert run("new", "fact", "clip.by_value", "--type", "boolean").code == 0
    assert "unit:" not in (checkout / "kb" / "facts" / "clipping.yaml").read_text(encoding="utf-8").partition("clip.by_value:")[2]


def test_a_new_source_is_a_document_or_a_section_of_one_that_is_there(run: Run, checkout: Path) -> None:
    assert run("new", "source", "wortsman-2023#spikes", "--kind", "paper", "--url", "https://arxiv.org/abs/2304.13013").code == 0
    assert run("new", "source", "wortsman-2023#stable-adamw").code == 0
    base = opened().base
    assert base is not None
    assert base.source("wortsman-2023#stable-adamw").url == "https://arxiv.org/abs/2304.13013"
    again = run("new", "source", "wortsman-2023#spikes")
    assert (again.code, again.err) == (2, "advise: there is a source `wortsman-2023#spikes` already\n")
    assert "say its kind: --kind, such as" in run("new", "source", "nobody-2024#x").err
    assert "is no source: write document#section" in run("new", "source", "nobody").err


def test_a_new_decision_comes_with_its_first_rule(run: Run, checkout: Path) -> None:
    before = Path("kb/decisions.yaml").read_text(encoding="utf-8")
    result = run("new", "decision", "paint_it", "own/paint-it", "--slot", "pipeline")
    assert [line for line in result.err.splitlines() if line.startswith("written")] == [
        "written: kb/decisions.yaml",
        "written: rules/own/paint-it.yaml",
        "written: rules/own/paint-it.test.yaml",
    ]
    assert Path("kb/decisions.yaml").read_text(encoding="utf-8").startswith(before.rstrip())
    base = opened().base
    assert base is not None
    assert base.decisions["paint_it"].slot == "pipeline"
    assert base.rules["own/paint-it"].concludes == "paint_it"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rule", "diagnosis", "NoTopic"), "`NoTopic` is no rule id"),
        (("rule", "check", "own/x", "--concludes", "c1_scalar_metrik"), "did you mean `c1_scalar_metric`"),
        (("rule", "decision", "own/x", "--concludes", "paint"), "first: advise kb new decision paint TOPIC/NAME --slot SLOT"),
        (("rule", "derive", "own/x", "--concludes", "run.paint"), "first: advise kb new fact run.paint --type boolean"),
        (("fact", "colour"), "`colour` is no name of a fact"),
        (("fact", "clip.rate"), "`clip.rate` is a fact already, in kb/facts/clipping.yaml"),
        (("fact", "clip.rate.mean"), "`clip.rate` is a fact already"),
        (("fact", "clip.colour", "--type", "float"), "there is no type `float`; the types are number, integer"),
        (("decision", "loosen_clip", "own/x", "--slot", "clipping"), "there is a decision `loosen_clip` already"),
        (("decision", "paint-it", "own/x", "--slot", "clipping"), "`paint-it` is no decision id"),
        (("decision", "paint_it", "own/x", "--slot", "paint"), "there is no slot `paint`; the slots are run_control"),
    ],
)
def test_what_cannot_be_scaffolded_is_said_and_nothing_is_written(arguments: tuple[str, ...], said: str, run: Run, checkout: Path) -> None:
    before = {path: path.read_bytes() for path in checkout.rglob("*") if path.is_file()}
    result = run("new", *arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert {path: path.read_bytes() for path in checkout.rglob("*") if path.is_file()} == before


def test_a_file_that_is_there_is_not_overwritten(run: Run, checkout: Path) -> None:
    assert run("new", "rule", "diagnosis", "own/x", "--concludes", "clipping_saturated").code == 0
    assert "rules/own/x.yaml exists already" in run("new", "rule", "diagnosis", "own/x", "--concludes", "clipping_saturated").err


def test_without_catalogues_at_hand_it_says_where_to_run(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("new", "fact", "clip.colour")
    assert result.code == 2
    assert "there is no folder kb; run this where kb/ and rules/ lie, or say --kb" in result.err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("first:\n  a: 1\n\n# about the second\nsecond:\n  b: 2\n", "first:\n  a: 1\n  new: 3\n\n# about the second\nsecond:\n  b: 2\n"),
        ("first:\n  a: 1  # why\n", "first:\n  a: 1  # why\n  new: 3\n"),
        ("first: {}\n", "first:\n  new: 3\n"),
        ("# head\nfirst:\n", "# head\nfirst:\n  new: 3\n"),
        ("", "first:\n  new: 3\n"),
        ("second:\n  b: 2\n", "second:\n  b: 2\nfirst:\n  new: 3\n"),
        ("first:\n  a: 1", "first:\n  a: 1\n  new: 3\n"),
    ],
)
def test_an_entry_comes_at_the_end_of_its_section(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(before, encoding="utf-8")
    insert_entry(path, "first", "  new: 3\n")
    assert path.read_text(encoding="utf-8") == after
