from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.documents.display import WINDOW, cells
from advise.documents.problems import MAX_PROBLEMS, Problem, Problems, render
from advise.errors import TooManyProblemsError
from advise.untrusted import shorten, verbatim


def caret_under(line: str, column: int, width: int = 1) -> str:
    """What the terminal shows above the carets, cell by cell; a wide character fills two cells."""
    _, shown, carets = render([Problem("f", 1, column, "m", line, width)]).split("\n")
    grid = "".join(character * cells(character) for character in shown)
    return "".join(above for above, mark in zip(grid.ljust(len(carets)), carets, strict=False) if mark == "^")


def test_str_is_one_line() -> None:
    assert str(Problem("facts.yaml", 7, 3, "unknown fact `x`", "  x: 1")) == "facts.yaml:7:3: unknown fact `x`"
    assert str(Problem("argument", 0, 0, "unknown fact `x`", "")) == "argument: unknown fact `x`"


def test_report() -> None:
    problem = Problem("f.yaml", 12, 4, "must be a kind", "a: kosine", 6, accepted="constant, cosine", nearest="cosine")
    assert render([problem]).split("\n") == [
        "f.yaml:12:4: must be a kind",
        "  12 | a: kosine",
        "     |    ^^^^^^",
        "    accepted: constant, cosine",
        "    did you mean `cosine`?",
    ]


def test_no_line_to_show() -> None:
    assert render([Problem("f", 1, 1, "missing", "")]) == "f:1:1: missing"


@pytest.mark.parametrize(
    ("line", "column", "width", "meant"),
    [
        ("lr: x", 5, 1, "x"),
        ("学习率: 高 # 注", 6, 1, "高高"),
        ("学习率: abc", 6, 3, "abc"),
        ("ａｂ: x", 5, 1, "x"),
        ("\tlr:\tx", 6, 1, "x"),
        ("e\u0301e\u0301: x", 7, 1, "x"),
        ("🙂: x", 4, 1, "x"),
        ("a: x\u202ey", 6, 1, "y"),
    ],
)
def test_carets_stand_under_what_is_meant(line: str, column: int, width: int, meant: str) -> None:
    assert caret_under(line, column, width) == meant


def test_caret_at_the_end_of_the_line() -> None:
    assert render([Problem("f", 1, 4, "m", "a: ")]).split("\n")[2] == "    |    ^"


def test_long_lines_are_cut_around_the_place() -> None:
    line = "x" * 5000 + "HERE" + "y" * 5000
    assert caret_under(line, 5001, 4) == "HERE"
    shown = render([Problem("f", 1, 5001, "m", line, 4)]).split("\n")[1]
    assert "…" in shown
    assert len(shown) < WINDOW + 20


@pytest.mark.parametrize("nasty", ["\x1b[31m", "\u202e", "\u2028", "\r", "\x00", "\x9b", "\u200b", "\ud800"])
def test_nothing_unsafe_reaches_the_terminal(nasty: str) -> None:
    text = render([Problem(f"f{nasty}", 1, 1, f"unknown `{nasty}`", f"a{nasty}b", accepted=nasty, nearest=nasty)])
    assert nasty not in text
    text.encode()


@given(st.text(), st.integers(-2, 300), st.integers(0, 300))
def test_any_line_can_be_shown(line: str, column: int, width: int) -> None:
    text = render([Problem("f", 1, column, "m", line, width)])
    assert all(character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in text)
    assert len(text.split("\n")) == (3 if line else 1)


@given(st.text())
def test_neutral_text_stays_neutral(text: str) -> None:
    assert verbatim(verbatim(text)) == verbatim(text)


def test_problems_sort_by_file_and_position() -> None:
    problems = [Problem("b", 1, 1, "m", ""), Problem("a", 10, 1, "m", ""), Problem("a", 2, 9, "m", ""), Problem("a", 2, 9, "m", "", nearest="x")]
    assert [str(problem) for problem in sorted(problems)] == ["a:2:9: m", "a:2:9: m", "a:10:1: m", "b:1:1: m"]


def test_the_collector_has_an_end() -> None:
    problems = Problems()
    problems.extend(Problem("f", line, 1, "m", "") for line in range(1, MAX_PROBLEMS + 1))
    with pytest.raises(TooManyProblemsError):
        problems.add(Problem("f", 1, 1, "m", ""))
    assert len(problems.sorted()) == MAX_PROBLEMS
    assert render(problems.sorted()).endswith("there may be more.")


def test_shorten() -> None:
    assert shorten("abc", 3) == "abc"
    assert shorten("abcd", 3) == "abc…"
