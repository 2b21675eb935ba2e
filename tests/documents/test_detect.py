from __future__ import annotations

import pytest

from advise.documents.detect import read_document


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('{"a": 1}', "f", {"a": 1}),
        ("{a: 1}", "f", {"a": 1}),
        ("{a: 1}", "f.json", None),
        ("a: 1", "f.json", None),
        ("a: 1", "f.JSON", None),
        ('{"a": no, "b": x}', "f.yaml", {"a": "no", "b": "x"}),
        ('\n {"a": "\\ud83d\\ude00"}', "f.yaml", {"a": "😀"}),  # YAML has no such escapes
        ("a: 1", "f.txt", {"a": 1}),
    ],
)
def test_by_name_and_contents(text: str, name: str, value: object) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        found = read_document(text.encode(encoding), name).document
        assert (None if found is None else found.plain()) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1,, "b": 2}', "f:1:9: a key in double quotes is needed here"),
        ("{a: 1, b: @x}", "f:1:11: text that begins with `@` needs quotes"),
    ],
)
def test_where_both_fail_the_one_that_read_further_speaks(text: str, problem: str) -> None:
    assert [str(item) for item in read_document(text.encode(), "f").problems] == [problem]
