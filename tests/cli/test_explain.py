"""`advise explain` and `advise whatif` as a user meets them: arguments, formats, languages, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from advise.cli.main import main


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepared_once: None) -> Run:
    """Runs `advise` in a folder with a facts file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.yaml").write_text("clip.rate: 1.0\nclip.threshold: 0.5\n", encoding="utf-8")

    def invoke(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as end:
            main([*arguments, "--engine", "plain"] if arguments[0] in ("explain", "whatif") else arguments)
        captured = capsys.readouterr()
        return Result(int(end.value.code or 0), captured.out, captured.err)

    return invoke


def test_a_proof_goes_down_to_the_line_of_the_facts_file(run: Run) -> None:
    result = run("explain", "facts.yaml", "clipping_saturated", "--lang", "en")
    assert (result.code, result.err) == (0, "")
    assert "stability/clipping-saturated" in result.out
    assert "`clip.rate = 1 (> 0.5)` — `facts.yaml:1:1`" in result.out
    assert "Withdrawn if: `clip.rate ≤ 0.5`" in result.out


def test_each_language_and_both(run: Run) -> None:
    english, chinese, both = (run("explain", "facts.yaml", "clipping_saturated", "--lang", language).out for language in ("en", "zh", "both"))
    assert "推导过程" not in english
    assert "Proof" not in chinese
    assert "推导过程" in both
    assert "Proof" in both


def test_what_is_missing_is_asked_for(run: Run) -> None:
    (result,) = [run("explain", "facts.yaml", "overfitting", "--lang", "en", "--format", "text")]
    assert result.code == 0
    assert "Open: too little is known to tell." in result.out
    assert "Nearest rule" in result.out


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("clipping_saturated", "diagnosis"),
        ("loosen_clip", "decision"),
        ("stability/clipping-saturated", "rule"),
        ("clip.rate", "fact"),
        ("g2_instability_order", "check"),
        ("playnote-fitting-sweep", "erratum"),
    ],
)
def test_every_kind_of_id_as_json(name: str, kind: str, run: Run) -> None:
    result = run("explain", "facts.yaml", name, "--format", "json")
    explained = json.loads(result.out)
    assert (explained["schema"], explained["id"], explained["kind"]) == ("advise/explanation@1", name, kind)


def test_an_unknown_id_suggests_the_nearest_one(run: Run) -> None:
    result = run("explain", "facts.yaml", "clipping_satured")
    assert (result.code, result.out) == (2, "")
    assert "nothing is called `clipping_satured`; did you mean `clipping_saturated`?" in result.err


@pytest.mark.parametrize("arguments", [("explain", "facts.yaml"), ("whatif", "facts.yaml"), ("whatif", "lr.peak=1")])
def test_what_is_missing_on_the_command_line_is_said_with_an_example(arguments: tuple[str, ...], run: Run) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert f"advise {arguments[0]} facts.yaml" in result.err


def test_wrong_facts_are_located(run: Run) -> None:
    Path("wrong.yaml").write_text("clip.rat: 1\n", encoding="utf-8")
    for command in (("explain", "wrong.yaml", "overfitting"), ("whatif", "wrong.yaml", "clip.rate=1")):
        result = run(*command)
        assert result.code == 2
        assert "wrong.yaml:1:1: unknown fact `clip.rat`" in result.err


def test_the_output_file_chooses_the_format_and_html_is_refused(run: Run) -> None:
    assert run("explain", "facts.yaml", "clip.rate", "-o", "out.json").out == ""
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))["id"] == "clip.rate"
    assert run("explain", "facts.yaml", "clip.rate", "-o", "out.html").code == 2
    assert not Path("out.html").exists()


def test_drafts_speak_only_when_asked_to(run: Run) -> None:
    source = Path(__file__).parents[2] / "rules" / "stability" / "clipping-saturated.yaml"
    rule = Path("more/topic/draft.yaml")
    rule.parent.mkdir(parents=True)
    text = (
        source.read_text(encoding="utf-8").replace("id: stability/clipping-saturated", "id: topic/draft").replace("status: stable", "status: draft")
    )
    rule.write_text(text, encoding="utf-8")
    silent = json.loads(run("explain", "facts.yaml", "topic/draft", "--rules", "more", "--format", "json").out)
    spoken = json.loads(run("explain", "facts.yaml", "topic/draft", "--rules", "more", "--drafts", "--format", "json").out)
    assert (silent["outcome"], spoken["outcome"]) == ("silent", "fired")


def test_what_would_vanish_and_what_would_appear(run: Run) -> None:
    result = run("whatif", "facts.yaml", "clip.rate=0.1", "--lang", "en")
    assert result.code == 0
    assert "- clip.rate: 1\n+ clip.rate: 0.1" in result.out
    assert "clipping_saturated" in result.out
    difference = json.loads(run("whatif", "facts.yaml", "clip.rate=0.1", "--format", "json").out)
    assert difference["schema"] == "advise/difference@1"
    assert [item["id"] for item in difference["diagnoses"]["vanished"]] == ["clipping_saturated"]


def test_forgetting_a_fact(run: Run) -> None:
    difference = json.loads(run("whatif", "facts.yaml", "clip.rate=unknown", "--format", "json").out)
    assert {"name": "clip.rate", "before": 1.0, "after": None} in difference["facts"]


def test_wrong_changes_point_into_their_arguments(run: Run) -> None:
    result = run("whatif", "facts.yaml", "clip.rat=1", "clip.rate=3")
    assert (result.code, result.out) == (2, "")
    assert "argument:1:1: unknown fact `clip.rat`\n  1 | clip.rat=1\n    | ^^^^^^^^" in result.err
    assert "argument:1:11: `clip.rate` must be in [0, 1], got 3" in result.err


def test_a_folder_with_an_equals_sign_is_a_path(run: Run) -> None:
    Path("lr=3e-4").mkdir()
    Path("lr=3e-4/facts.yaml").write_text("clip.rate: 1.0\n", encoding="utf-8")
    assert run("whatif", "lr=3e-4/facts.yaml", "clip.rate=0.1").code == 0


def test_the_gates_of_an_earlier_plan_are_answered_here_too(run: Run) -> None:
    case = Path(__file__).parents[2] / "examples" / "supernet"
    plan = json.loads((case / "plan.json").read_text(encoding="utf-8"))
    sets = plan["gates"][0]["sets"]
    facts = "".join(line for line in (case / "followup-pass.yaml").read_text(encoding="utf-8").splitlines(True) if not line.startswith("follows"))
    Path("followup.yaml").write_text(facts, encoding="utf-8")
    without, with_plan = (run("explain", "followup.yaml", sets, "--format", "json", *after) for after in ((), ("--after", str(case / "plan.json"))))
    assert json.loads(without.out)["outcome"] == "unknown"
    (node,) = json.loads(with_plan.out)["proofs"]
    assert (node["value"], node["origin"]) == (True, "plan")


@pytest.mark.parametrize("forgotten", ["gate.passed", "resume.second_epochs"])
def test_what_an_earlier_plan_brings_can_be_forgotten(run: Run, forgotten: str) -> None:
    case = Path(__file__).parents[2] / "examples" / "supernet"
    arguments = (str(case / "followup-pass.yaml"), "--after", str(case / "plan.json"), "--format", "json")
    difference = json.loads(run("whatif", *arguments, f"{forgotten}=unknown").out)
    assert [(item["name"], item["after"]) for item in difference["facts"]] == [(forgotten, None)]
    assert [item["id"] for item in difference["decisions"]["vanished"]] == ["continue"]
