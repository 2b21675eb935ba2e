"""What a person sees of a fleet: the page, the tables, the HTML."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import zlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from tests.experiments.fleet.conftest import HERE, write_run

from advise.errors import InputError
from advise.experiments.fleet import Fleet, Row, fleet
from advise.experiments.fleet.html import as_html
from advise.experiments.fleet.page import fleet_page
from advise.experiments.fleet.tables import as_csv, as_parquet, json_lines
from advise.render.markdown import as_markdown
from advise.render.text import as_text
from advise.render.voice import Voice
from advise.text import LanguageChoice


def text(found: Fleet, language: LanguageChoice = "en", width: int = 100, top: int = 0, sort: str | None = None) -> str:
    return as_text(fleet_page(found, Voice(found.base.strings, language), top=top, sort=sort), width, colour=False)


def data(page: str) -> Any:
    packed = re.search(r'<script id="data" type="text/plain">([^<]*)</script>', page)
    assert packed is not None
    return json.loads(zlib.decompress(base64.b64decode(packed[1])))


def test_the_worst_run_comes_first(judged: Fleet) -> None:
    said = text(judged)
    assert said.startswith("Fleet of 12 runs\n4 of 12 have a fault of medium or high severity.\n")
    assert "4 of these 4 have `lr.peak` ≥ 0.1, of the others 0 of 8" in said
    table = said[said.index("Runs, the worst first") :]
    assert table.index("lr0.1-w64-s1") < table.index("lr0.001-w64-s1")


def test_it_speaks_chinese(judged: Fleet) -> None:
    said = text(judged, "zh")
    assert said.startswith("12 次训练总览\n12 次训练中有 4 次存在中等或严重故障。\n")
    assert "自第" in said


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_too_wide(judged: Fleet, width: int) -> None:
    assert max(map(len, text(judged, width=width).splitlines())) <= width


def test_rows_that_are_left_out_are_counted(judged: Fleet) -> None:
    assert "9 more rows: `--top 0` shows all" in text(judged, top=3, width=200)


def test_a_column_sorts_both_ways(judged: Fleet) -> None:
    rising, falling = (text(judged, sort=column).rpartition(f"Runs, by {column}")[2] for column in ("rate", "-rate"))
    assert rising.index("lr0.001-w64-s1") < rising.index("lr0.003-w64-s1")
    assert falling.index("lr0.003-w64-s1") < falling.index("lr0.001-w64-s1")


def test_a_column_that_is_none_is_refused_with_the_nearest(judged: Fleet) -> None:
    with pytest.raises(InputError) as caught:
        text(judged, sort="rates")
    assert caught.value.problems[0].nearest == "rate"


def test_markdown_has_a_table(judged: Fleet) -> None:
    said = as_markdown(fleet_page(judged, Voice(judged.base.strings, "both"), top=5, sort=None))
    assert "12 次训练总览 · Fleet of 12 runs" in said


def test_json_lines_hold_everything(judged: Fleet) -> None:
    rows = [json.loads(line) for line in json_lines(judged)]
    assert [Row.of_record(row).run for row in rows] == [row.run for row in judged]
    assert rows[0]["facts"]["lr.peak"] == 0.001


def test_csv_goes_on_to_a_study(judged: Fleet, tmp_path: Path) -> None:
    rows = list(csv.DictReader(StringIO(as_csv(judged))))
    assert len(rows) == 12
    assert {row["params_width"] for row in rows} == {"64", "128"}
    from advise.experiments.study.read import Asked, read_study

    path = tmp_path / "fleet.csv"
    path.write_text(as_csv(judged), encoding="utf-8")
    read = read_study(str(path), Asked("best", "down", None, None, ()), judged.base)
    assert len(read.trials) == 12


def test_a_formula_in_a_name_stays_a_text(tmp_path: Path) -> None:
    write_run(tmp_path / "x" / "a", 0.001, 1, note="=HYPERLINK(1)")
    (row,) = csv.DictReader(StringIO(as_csv(fleet(tmp_path / "x", work=HERE))))
    assert row["params_note"] == "'=HYPERLINK(1)"


def test_parquet(judged: Fleet, tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    (tmp_path / "fleet.parquet").write_bytes(as_parquet(judged))
    frame = polars.read_parquet(tmp_path / "fleet.parquet")
    assert frame.shape[0] == 12
    assert frame["params_width"].to_list().count(64) == 6


def test_html_holds_every_row_and_both_languages(judged: Fleet) -> None:
    page = as_html(judged, "both")
    held = data(page)
    assert [row["order"] for row in held["rows"]] == list(range(12))
    first = held["rows"][0]
    assert {first["tone"], first["verdict"]} <= {"danger", "stop", "fix_first"}
    assert held["texts"][first["told"]["en"]["head"][0]]
    assert held["texts"][first["finding"]["zh"]]
    assert held["phrases"]["zh"]["title"] == "12 次训练总览"


def test_the_script_is_the_one_that_the_policy_names(judged: Fleet) -> None:
    page = as_html(judged, "en")
    script = page[page.rindex("<script>") + len("<script>") : page.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert "http" not in re.sub(r"http-equiv|http://www\.w3\.org/2000/svg", "", page.split('<script id="data"')[0] + script)


def test_what_a_log_says_is_no_markup(tmp_path: Path) -> None:
    write_run(tmp_path / "x" / "<img src=x onerror=alert(1)>", 0.1, 1, note="</script><script>alert(1)</script>")
    page = as_html(fleet(tmp_path / "x", work=HERE), "en")
    assert "<img" not in page
    assert page.count("<script") == 2
