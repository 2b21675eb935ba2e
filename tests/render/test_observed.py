"""The page of `observe`: a row for each role, what was left out, and the facts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise import Advisor
from advise.facts.record import Observed
from advise.render.observations import as_facts_file, as_json
from advise.render.observed import page_of_observed
from advise.render.page import Plain, Table
from advise.render.text import as_text, columns_within
from advise.render.voice import LanguageChoice, Voice


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def observed(advisor: Advisor, path: Path, columns: str = "step,loss,val_loss,weird") -> Observed:
    rows = "".join(f"{step},{2 - step / 40},{1.5 + abs(step - 12) / 20},{step % 3}\n" for step in range(1, 21))
    path.write_text(f"{columns}\n{rows}", encoding="utf-8")
    return advisor.observe([str(path)])


def text(advisor: Advisor, seen: Observed, width: int, language: LanguageChoice = "en") -> str:
    return as_text(page_of_observed(seen, Voice(advisor.knowledge.strings, language)), width, colour=False)


def test_a_row_for_each_role(advisor: Advisor, tmp_path: Path) -> None:
    lines = text(advisor, observed(advisor, tmp_path / "log.csv"), 100).splitlines()
    row = next(index for index, line in enumerate(lines) if line.startswith("dev.loss"))
    assert lines[row].split() == ["dev.loss", "val_loss", "1–20", "2.05", "→", "1.9", "█▇▅▄▃▂▂▁▂▂▃▄▄▅▆▆"]
    assert "called `loss`, on dev" in lines[row + 1]
    assert "20 values" in lines[row + 1]
    assert "best 1.5 at 12" in lines[row + 1]


def test_what_was_left_out_and_the_facts(advisor: Advisor, tmp_path: Path) -> None:
    page = text(advisor, observed(advisor, tmp_path / "log.csv"), 100)
    assert "No role is known for 1 columns: `weird`." in page
    assert "dev.best_step" in page
    assert "log.csv:13 — from 1 evaluation" in page


def test_it_says_so_where_everything_was_read(advisor: Advisor, tmp_path: Path) -> None:
    assert "每一列都识别出了角色" in text(advisor, observed(advisor, tmp_path / "log.csv", "step,loss,val_loss,lr"), 100, "zh")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_no_line_is_wider_than_asked(advisor: Advisor, tmp_path: Path, width: int, language: LanguageChoice) -> None:
    from rich.cells import cell_len

    page = text(advisor, observed(advisor, tmp_path / "log.csv"), width, language)
    assert max(map(cell_len, page.splitlines())) <= width


def test_names_of_columns_are_harmless(advisor: Advisor, tmp_path: Path) -> None:
    page = text(advisor, observed(advisor, tmp_path / "log.csv", "step,loss,val_loss,\x1b[2Jx\u202ey"), 100)
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_facts_alone_have_no_curves(advisor: Advisor) -> None:
    page = text(advisor, advisor.observe({"lr.peak": 0.1}), 80)
    assert "lr.peak" in page
    assert "Column" not in page


def test_the_facts_file_and_the_json_show_the_same(advisor: Advisor, tmp_path: Path) -> None:
    seen = observed(advisor, tmp_path / "log.csv")
    assert "# dev.loss = val_loss\n#     step 1–20, n = 20: 2.05 → 1.9, 1.5 @ 12  █" in as_facts_file(seen)
    found = json.loads(as_json(seen))
    curve = next(curve for curve in found["curves"] if curve["role"] == "dev.loss")
    assert (curve["start"], curve["end"], curve["count"], curve["best"], curve["best_at"]) == (1, 20, 20, 1.5, 12)
    assert found["unmapped"] == ["weird"]


def test_the_facts_file_is_read_again(advisor: Advisor, tmp_path: Path) -> None:
    seen = observed(advisor, tmp_path / "log.csv")
    (tmp_path / "facts.yaml").write_text(as_facts_file(seen), encoding="utf-8")
    again = advisor.observe([str(tmp_path / "facts.yaml")])
    assert again.facts.keys() == seen.facts.keys()


@given(st.integers(60, 200), st.lists(st.integers(0, 300), min_size=1, max_size=6))
def test_columns_fit_beside_each_other(width: int, wanted: list[int]) -> None:
    found = columns_within(width, wanted)
    assert sum(found) + 2 * (len(found) - 1) <= width
    assert all(got == want or got == max(found) for got, want in zip(found, wanted, strict=True))


def test_a_table_is_a_list_where_there_are_no_columns() -> None:
    from advise.render.markdown import as_markdown

    row = (((Plain("x"),),), ((Plain("y"),), (Plain("z"),)))
    assert as_markdown((Table(("a", "b"), (row,)),)) == "- x\\\n  y\\\n  z\n"
