"""`advise compare` as a person meets it: the decision, the numbers, every format, and errors without a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from advise.cli.compare import spelled_out
from advise.cli.main import main

ADOPT = ("0.912,0.915,0.913,0.914,0.910", "--with", "0.921,0.918,0.922,0.917,0.920", "--metric", "accuracy")
VOID = {"meta", "input", "line", "rect", "circle", "path"}


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def invoke(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as end:
            main(["compare", *arguments])
        captured = capsys.readouterr()
        return Result(int(end.value.code or 0), captured.out, captured.err)

    return invoke


def test_an_established_gain_is_adopted(run: Run) -> None:
    found = run(*ADOPT, "--format", "json").json
    assert (found["schema"], found["decision"], found["metric"]) == ("advise/comparison@1", "adopt", "accuracy")
    assert found["gain"] == pytest.approx(0.0068)
    assert found["low"] > 0
    (diagnosis,) = found["plan"]["diagnoses"]
    assert diagnosis["id"] == "gain_established"
    assert "Welch" not in diagnosis["why"]["en"]
    assert all(evidence["how"] for evidence in diagnosis["evidence"] if evidence["fact"] == "adoption.gain")


@pytest.mark.parametrize(
    ("new", "decision"),
    [("0.911,0.913,0.912,0.914,0.910", "keep_baseline"), ("0.914,0.913,0.917,0.911,0.912", "keep_baseline"), ("0.9151,0.9171,0.9131", "rerun_seeds")],
    ids=["no better", "far within the noise", "a few more seeds would tell"],
)
def test_what_is_not_established_is_not_adopted(run: Run, new: str, decision: str) -> None:
    assert run(ADOPT[0], "--with", new, "--metric", "accuracy", "--format", "json").json["decision"] == decision


def test_more_seeds_are_asked_for_with_their_number(run: Run) -> None:
    found = run("0.912,0.915,0.913", "--with", "0.9145,0.9175,0.9155", "--metric", "accuracy", "--format", "json").json
    (decision,) = [item for item in found["plan"]["decisions"] if item["id"] == "rerun_seeds"]
    assert decision["params"] == {"seeds_each": found["seeds_needed"], "more_base": found["seeds_needed"] - 3, "more_new": found["seeds_needed"] - 3}


def test_the_dev_set_may_be_too_small_for_the_gain(run: Run) -> None:
    found = run(*ADOPT, "--n-dev", "2000", "--format", "json").json
    assert found["decision"] is None
    assert found["variances"]["sampling"] == pytest.approx((0.9162 * 0.0838 / 2000) ** 0.5)
    assert [item["id"] for item in found["plan"]["decisions"]] == ["widen_evaluation"]
    assert run(*ADOPT, "--n-dev", "200000", "--format", "json").json["decision"] == "adopt"


def test_the_sampling_error_of_a_percentage_is_in_percent(run: Run) -> None:
    found = run("91.2,91.5,91.3", "--with", "92.1,91.8,92.2", "--metric", "accuracy", "--n-dev", "10000", "--format", "json").json
    assert found["variances"]["sampling"] == pytest.approx(100 * (0.91683 * 0.08317 / 10000) ** 0.5, rel=1e-3)


def test_the_sampling_error_of_a_loss_is_not_made_up(run: Run) -> None:
    found = run("0.31,0.32", "--with", "0.21,0.22", "--metric", "val_loss", "--n-dev", "10000", "--format", "json").json
    assert found["variances"]["sampling"] is None
    assert any("no share of samples" in finding["text"]["en"] for finding in found["plan"]["findings"])


def test_a_cost_that_is_too_high_and_a_gain_too_small_keep_the_baseline(run: Run, tmp_path: Path) -> None:
    assert run(*ADOPT, "--worth", "0.01", "--format", "json").json["decision"] == "keep_baseline"
    assert run(*ADOPT, "--worth", "0.005", "--format", "json").json["decision"] == "adopt"
    assert run(*ADOPT, "--complexity", "low", "--format", "json").json["decision"] == "adopt"
    undecided = run(*ADOPT, "--complexity", "high", "--format", "json").json
    assert undecided["decision"] is None
    assert "adoption.worth_complexity" in {item["fact"] for item in undecided["plan"]["unknown"]}
    judged = tmp_path / "judged.yaml"
    judged.write_text("adoption.worth_complexity: true\n", encoding="utf-8")
    assert run(*ADOPT, "--complexity", "high", "--facts", str(judged), "--format", "json").json["decision"] == "adopt"


def test_what_is_stated_wins_over_what_was_measured_and_that_is_said(run: Run, tmp_path: Path) -> None:
    stated = tmp_path / "facts.yaml"
    stated.write_text("adoption.trial_std: 0.02\nsearch.rerun_std: 0.004\n", encoding="utf-8")
    found = run(*ADOPT, "--facts", str(stated), "--format", "json").json
    assert found["variances"] == {"trial": 0.02, "search": 0.004, "sampling": None}
    assert any("adoption.trial_std" in finding["text"]["en"] for finding in found["plan"]["findings"])


@pytest.mark.parametrize("form", ["md", "text"])
def test_the_page_names_the_three_variances_and_how_to_find_those_that_are_missing(run: Run, form: str) -> None:
    page = run(*ADOPT, "--lang", "both", "--format", form).out
    for said in ("Trial variance", "Search variance", "Sampling variance", "试验方差", "搜索方差", "抽样方差", "采用新配置", "Welch"):
        assert said in page


def test_the_languages_keep_apart(run: Run) -> None:
    assert not re.search(r"[\u4e00-\u9fff]", run(*ADOPT, "--lang", "en", "--format", "md").out)
    assert "The gain" not in run(*ADOPT, "--lang", "zh", "--format", "md").out


class Nested(HTMLParser):
    """Checks that elements nest, and keeps what was seen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def test_the_html_page_is_whole_and_needs_no_network(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    assert run(*ADOPT, "--worth", "0.002", "-o", str(path)).code == 0
    page = path.read_text(encoding="utf-8")
    tags = Nested(page).tags
    assert [tag for tag, _ in tags].count("svg") == 6
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe"}
    assert not any(name in {"src", "onload", "onclick"} for _, attributes in tags for name in attributes)
    assert "default-src 'none'" in page
    assert page.count('class="worthwhile"') == 3


def test_names_of_columns_and_seeds_cannot_become_markup(run: Run, tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script>"<b>'
    for name, first in (("a.csv", 0.91), ("b.csv", 0.93)):
        rows = "".join(f"{seed},{first + seed / 1000}\n" for seed in range(3))
        (tmp_path / name).write_text(f'seed,"{hostile.replace(chr(34), chr(34) * 2)}"\n{rows}', encoding="utf-8")
    page = run(str(tmp_path / "a.csv"), "--with", str(tmp_path / "b.csv"), "--direction", "max", "--format", "html").out
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    Nested(page)


def test_scores_of_equal_seeds_are_joined_in_the_picture(run: Run) -> None:
    base = ",".join(f"{seed}:{score}" for seed, score in enumerate((0.90, 0.94, 0.92, 0.96, 0.98)))
    new = ",".join(f"{seed}:{score}" for seed, score in enumerate((0.906, 0.945, 0.926, 0.964, 0.985)))
    page = run(base, "--with", new, "--metric", "accuracy", "--format", "html").out
    assert page.count('class="pair"') == 15
    assert run(base, "--with", new, "--metric", "accuracy", "--format", "json").json["pairs"] == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("0.9", "--with", "0.91,0.92", "--metric", "accuracy"), "a single run shows no spread"),
        (("0.9,0.91", "--metric", "accuracy"), "the new configuration is missing"),
        (("0.9,0.91", "--with", "0.91,nan", "--metric", "accuracy"), "NEW:1:6: is not finite"),
        (("0.9,0.91", "--with", "0.91,0.92"), "accepted: --direction max or min"),
        (("0.9,0.91", "--with", "nowhere.csv", "--metric", "accuracy"), "neither a file nor a directory nor numbers"),
        (("0.9,0.91", "--with", "0.91,0.92", "--metric", "accuracy", "--ledger", "nowhere.db"), "there is no ledger"),
        (("0.9,0.91", "--with", "0.91,0.92", "--metric", "accuracy", "--n-dev", "0"), "--n-dev"),
        (("0.9,0.91", "--with", "0.91,0.92", "--metric", "accuracy", "--worth", "inf"), "a gain is a finite number"),
    ],
)
def test_what_is_wrong_is_said_with_exit_code_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("arguments", "plain"),
    [
        (["1,2", "--with", "a", "b", "--metric", "x"], ["1,2", "--with=a", "--with=b", "--metric", "x"]),
        (["--with", "a", "--lang", "en", "1,2"], ["--with=a", "--lang", "en", "1,2"]),
        (["-0.5,-0.6", "--with", "-0.4,-0.3", "-o", "x.md"], ["--with=-0.4,-0.3", "-o", "x.md", "--", "-0.5,-0.6"]),
        (["1,2", "--with", "a", "--worth", "-3"], ["1,2", "--with=a", "--worth", "-3"]),
        (["1,2", "--with=a"], ["1,2", "--with=a"]),
    ],
)
def test_with_takes_all_up_to_the_next_option(arguments: list[str], plain: list[str]) -> None:
    assert spelled_out(arguments) == plain


def test_negative_scores_are_scores(run: Run) -> None:
    found = run("-0.5,-0.6,-0.55", "--with", "-0.2,-0.25,-0.3", "--direction", "max", "--format", "json").json
    assert found["gain"] == pytest.approx(0.3)
