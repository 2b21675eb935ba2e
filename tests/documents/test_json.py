from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advise.documents.json import read_json
from advise.documents.located import MappingNode, Read
from advise.documents.tree import MAX_DEPTH


def read(text: str | bytes) -> Read:
    return read_json(text if isinstance(text, bytes) else text.encode(), "f")


def plain(text: str) -> object:
    found = read(text)
    assert found.problems == ()
    assert found.document is not None
    return found.document.plain()


def said(text: str | bytes) -> list[str]:
    return [str(problem) for problem in read(text).problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_values(encoding: str) -> None:
    text = '\r\n{"a": [1, -2.5e-3, true, false, null, "x\\n\\u4e2d\\ud83d\\ude00"], "学习率": {}}\n'
    found = read(text.encode(encoding)).document
    assert found is not None
    assert found.plain() == {"a": [1, -0.0025, True, False, None, "x\n中😀"], "学习率": {}}


def test_not_finite() -> None:
    values = plain("[NaN, Infinity, -Infinity, 1e999]")
    assert isinstance(values, list)
    assert math.isnan(values[0])
    assert values[1:] == [math.inf, -math.inf, math.inf]


def test_positions() -> None:
    found = read('{\r\n  "学习率": "abc",\n\t"b": [10]}').document
    assert found is not None
    assert isinstance(found.root, MappingNode)
    (key, value), (_, items) = found.root.pairs
    assert (key.line, key.column, key.width) == (2, 3, 5)
    assert (value.line, value.column, value.width) == (2, 10, 5)
    assert (items.line, items.column) == (3, 7)


PROBLEMS = {
    "": "f:1:1: the file is empty: JSON needs a value",
    " \n": "f:1:1: the file is empty: JSON needs a value",
    '{"a": 1,}': "f:1:8: nothing follows this `,`: leave it out",
    "[1,\n]": "f:1:3: nothing follows this `,`: leave it out",
    '{"a": 1 "b": 2}': "f:1:9: a `,` is missing before this",
    '{"a" 1}': "f:1:6: a `:` is missing before this",
    '{"a": }': "f:1:7: a value is needed here",
    "[,]": "f:1:2: a value or `]` is needed here",
    "{,}": "f:1:2: a key in double quotes or `}` is needed here",
    '{"a": 1,, "b": 2}': "f:1:9: a key in double quotes is needed here",
    "{a: 1}": "f:1:2: a key in double quotes or `}` is needed here",
    "{'a': 1}": "f:1:2: JSON takes double quotes",
    "// x\n{}": "f:1:1: JSON has no comments",
    '{"a": 1} # x': "f:1:10: JSON has no comments",
    '{"a": [1, 2}': "f:1:12: the `[` above is not closed before this",
    '{"a": 1]': "f:1:8: the `{` above is not closed before this",
    '{"a": 1}}': "f:1:9: something follows after the end",
    "1 2": "f:1:3: something follows after the end",
    '\n [1, {"a": 2}': "f:2:2: this `[` is never closed",
    '{"a': "f:1:2: this quote is not closed on its line",
    '{"a": "x\n"}': "f:1:7: this quote is not closed on its line",
    '["x\ty"]': "f:1:4: the control character U+0009 is not allowed in text: write it as an escape",
    '["x\\q"]': "f:1:4: this is no escape in JSON: a backslash itself is written `\\\\`",
    '["\\u12"]': "f:1:3: this is no escape in JSON: a backslash itself is written `\\\\`",
    '["\\ud800"]': "f:1:2: half of a surrogate pair is no character",
    "[01]": "f:1:2: this is no number in JSON",
    "[+1]": "f:1:2: this is no number in JSON",
    "[.5]": "f:1:2: this is no number in JSON",
    "[1.]": "f:1:2: this is no number in JSON",
    "[1e]": "f:1:2: this is no number in JSON",
    "[1_000]": "f:1:2: this is no number in JSON",
    "[True]": "f:1:2: `True` is no value in JSON: JSON writes `true`",
    "[None]": "f:1:2: `None` is no value in JSON: JSON writes `null`",
    "[abc]": "f:1:2: `abc` is no value in JSON: text needs double quotes",
    "[\x00]": "f:1:2: the character `␀` is not allowed here",
    '{"a": 1,\n "a": 2}': "f:2:2: `a` is given twice; the first is on line 1",
    '{"a": {"b": 1, "b": 2}}': "f:1:16: `b` is given twice; the first is on line 1",
    "[" * 100_000: f"f:1:{MAX_DEPTH + 1}: lists and mappings nest at most {MAX_DEPTH} deep",
    '{"a":' * 100_000: f"f:1:{5 * MAX_DEPTH + 1}: lists and mappings nest at most {MAX_DEPTH} deep",
    f"[{'9' * 70_000}]": "f:1:2: a single value has at most 64 Ki characters, this one has 70,000",
}


@pytest.mark.parametrize(("text", "problem"), PROBLEMS.items())
def test_problems(text: str, problem: str) -> None:
    assert said(text) == [problem]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), inner, max_size=4),
    max_leaves=15,
)


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_reads_what_json_writes(value: object, indent: int | None, ascii_only: bool) -> None:
    assert plain(json.dumps(value, indent=indent, ensure_ascii=ascii_only)) == value


@given(st.text(st.sampled_from('{}[]:,"\\/bu0123dae.+-NItrufls \n'), max_size=40))
@settings(max_examples=500)
def test_accepts_what_json_accepts(text: str) -> None:
    try:
        expected: object = json.loads(text)
    except ValueError:
        assert read(text).document is None
        return
    found = read(text)
    if not found.problems:
        assert found.document is not None
        assert json.dumps(found.document.plain()) == json.dumps(expected)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    found = read(data)
    assert found.document is not None or found.problems
