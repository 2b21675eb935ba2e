"""A format that is taught with one line, and which column is what, said on the command line or in `advise.yaml`."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise import Advisor
from advise.errors import LogError, MappingError, PatternError, RunChoiceError, TeachingError

LINES = "".join(f"00:{number:02} k{number} tr {1 + 5 / number:.4f} de {2 + 5 / number:.4f} [done]\n" for number in range(1, 60))
PATTERN = "k{step} tr {train.loss} de {dev.loss}"


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "strange.log"
    path.write_text(LINES, encoding="utf-8")
    return path


def test_one_line_teaches_a_format(advisor: Advisor, log: Path) -> None:
    observed = advisor.observe(log, patterns=[PATTERN])
    assert observed.facts["run.steps_done"].value == 59
    assert observed.facts["loss.train_initial"].value == pytest.approx(6, abs=2)
    assert observed.facts["loss.dev_best"].value == pytest.approx(2 + 5 / 59, abs=1e-3)
    assert str(observed.facts["loss.dev_best"].origin) == f"{log}:59"


def test_lines_of_two_forms(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "strange.log"
    rows = [f"k{number} tr {1 / number}\n" + (f"--> {2 / number}\n" if number % 10 == 0 else "") for number in range(1, 61)]
    path.write_text("".join(rows), encoding="utf-8")
    observed = advisor.observe(path, patterns=["k{step} tr {train.loss}", "--> {dev.loss}"])
    assert observed.facts["eval.count"].value == 6
    assert observed.facts["eval.interval_steps"].value == 10


def test_what_fits_no_pattern_is_counted(advisor: Advisor, log: Path) -> None:
    log.write_text(LINES + "a last line with 3 numbers 4 5\n")
    said = [finding for finding in advisor.observe(log, patterns=[PATTERN]).findings if "fit no pattern" in finding.text.en]
    assert said[0].text.en.startswith("1 lines with numbers")
    assert said[0].origin == f"{log}:60"


def test_a_file_beside_the_log_teaches_the_same(advisor: Advisor, log: Path) -> None:
    (log.parent / "advise.yaml").write_text(f"patterns:\n  - {PATTERN}\n", encoding="utf-8")
    taught = advisor.observe(log, patterns=[PATTERN]).facts
    for path in (log, log.parent):
        assert {name: fact.value for name, fact in advisor.observe(path).facts.items()} == {name: fact.value for name, fact in taught.items()}


def test_a_file_says_which_column_and_which_run(advisor: Advisor, tmp_path: Path) -> None:
    for run in ("a", "b"):
        (tmp_path / run).mkdir()
        rows = "".join(f"{step},{1 / step},{2 / step}\n" for step in range(1, 60))
        (tmp_path / run / "m.csv").write_text(f"step,loss,score_{run}\n{rows}")
    (tmp_path / "advise.yaml").write_text("map: {dev.loss: score_a}\nrun: a\n", encoding="utf-8")
    observed = advisor.observe(tmp_path)
    assert observed.facts["loss.dev"].value == pytest.approx(2 / 58, abs=0.01)
    with pytest.raises(RunChoiceError):
        advisor.observe(tmp_path, run="c")


@pytest.mark.parametrize(
    ("content", "place", "message", "meant"),
    [
        ("patterns:\n  - k{step} tr {train.los}\n", (2, 16), "`train.los` is no role", "train.loss"),
        ("patterns: 'k{step} tr {train.loss'\n", (1, 23), "this brace has no other", None),
        ("patterns: [[a]]\n", (1, 12), "a pattern is a text", None),
        ("mapp: {}\n", (1, 1), "unknown key `mapp`", None),
        ("map: [a]\n", (1, 6), "`map` gives roles their columns", None),
        ("- a\n", (1, 1), "this says what", None),
        ("run: [a]\n", (1, 6), "`run` is the name of a run", None),
    ],
)
def test_what_is_wrong_with_the_file_is_told_at_its_place(
    content: str, place: tuple[int, int], message: str, meant: str | None, advisor: Advisor, log: Path
) -> None:
    (log.parent / "advise.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(TeachingError) as raised:
        advisor.observe(log)
    problem = raised.value.problems[0]
    assert message in problem.message
    assert (problem.file, problem.line, problem.column, problem.nearest) == (str(log.parent / "advise.yaml"), *place, meant)


def test_a_column_that_the_file_names_and_no_log_has(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("step,loss\n" + "".join(f"{step},{1 / step}\n" for step in range(1, 60)))
    (tmp_path / "advise.yaml").write_text("map: {dev.loss: los}\n", encoding="utf-8")
    with pytest.raises(MappingError) as raised:
        advisor.observe(tmp_path)
    assert (raised.value.problems[0].line, raised.value.problems[0].nearest) == (1, "loss")


def test_a_pattern_that_no_line_fits(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("step,loss\n" + "".join(f"{step},{1 / step}\n" for step in range(1, 60)))
    with pytest.raises(PatternError, match="no line of the logs fits this pattern"):
        advisor.observe(tmp_path, patterns=[PATTERN])


def test_a_role_that_is_none(advisor: Advisor, log: Path) -> None:
    with pytest.raises(PatternError) as raised:
        advisor.observe(log, patterns=["k{step} tr {train.los}"])
    assert (raised.value.problems[0].column, raised.value.problems[0].nearest) == (12, "train.loss")


def details(error: LogError) -> str:
    return "\n".join((error.problems[0].message, *error.problems[0].details))


def test_a_log_of_no_known_form_is_answered_as_one(advisor: Advisor, log: Path) -> None:
    with pytest.raises(LogError) as raised:
        advisor.observe(log)
    said = details(raised.value)
    assert "no log of a format that is known" in said
    assert "00:01 k1 tr 6.0000 de 7.0000 [done]" in said
    assert "59 × k# tr # de # [done]" in said
    assert "looked for: CSV" in said
    assert "--pattern 'k{step} tr {tr} de {de}'" in said
    assert "YAML" not in said


def test_the_pattern_that_is_proposed_is_one_that_fits(advisor: Advisor, log: Path) -> None:
    with pytest.raises(LogError) as raised:
        advisor.observe(log)
    pattern = details(raised.value).partition("--pattern '")[2].partition("'")[0]
    observed = advisor.observe(log, patterns=[pattern.replace("{tr}", "{train.loss}")])
    assert observed.facts["run.steps_done"].value == 59


def test_numbers_of_no_known_name_are_told_with_their_names(advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("step,foo,bar\n" + "".join(f"{step},{1 / step},2\n" for step in range(1, 60)))
    with pytest.raises(LogError) as raised:
        advisor.observe(path)
    assert "none of the names is known" in details(raised.value)
    assert "names found: foo, bar" in details(raised.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no log here: the file is empty"),
        (b" \n\t\n", "no log here: the file is empty"),
        (b"PK\x03\x04step 1 loss 2\nstep 2 loss 1\n", "a ZIP archive"),
        (b"\x80\x02}q\x00.", "a pickle"),
        (bytes(range(256)) * 40, "this is a binary file"),
        (b"some words\nand others\n", "no log of a format that is known"),
    ],
    ids=["empty", "blank", "zip", "pickle", "bytes", "prose"],
)
def test_what_is_no_log_at_all(data: bytes, message: str, advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "thing"
    path.write_bytes(data)
    with pytest.raises(LogError) as raised:
        advisor.observe(path)
    assert message in details(raised.value)
    assert "UTF-8" not in details(raised.value)
