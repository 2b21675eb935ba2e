from __future__ import annotations

import pytest

from advise.documents.located import Document
from advise.documents.yaml import read_yaml

TEXT = """\
why:
  en: text
  zh: 文字
steps:
  - en: one
  - two
empty:
"""


@pytest.fixture(scope="module")
def document() -> Document:
    found = read_yaml(TEXT.encode(), "f").document
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "unmatched", "place"),
    [
        (("why", "zh"), (), (3, 7)),
        (("why",), (), (1, 1)),  # the key says more than the first line below it
        (("steps", 0, "en"), (), (5, 9)),
        (("steps", 1), (), (6, 5)),
        (("steps", 2), (2,), (4, 1)),
        (("steps", -1), (-1,), (4, 1)),
        (("empty",), (), (7, 1)),
        (("diagnosis", "why", "Text", "en"), ("diagnosis", "Text"), (2, 7)),
        (("why", "missing"), ("missing",), (1, 1)),
        ((), (), (1, 1)),
    ],
)
def test_paths(document: Document, path: tuple[str | int, ...], unmatched: tuple[str | int, ...], place: tuple[int, int]) -> None:
    problem = document.problem(path, "m")
    assert document.find(path).unmatched == unmatched
    assert (problem.line, problem.column) == place


def test_a_problem_on_a_key(document: Document) -> None:
    problem = document.problem(("why", "zh"), "m", accepted="en", nearest="en", on_key=True)
    assert (problem.line, problem.column, problem.width, problem.source_line) == (3, 3, 2, "  zh: 文字")
    assert (problem.accepted, problem.nearest) == ("en", "en")


def test_plain(document: Document) -> None:
    assert document.plain() == {"why": {"en": "text", "zh": "文字"}, "steps": [{"en": "one"}, "two"], "empty": None}
