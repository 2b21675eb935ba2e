from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from advise.documents import yaml as reader
from advise.documents.decode import MAX_BYTES
from advise.documents.located import Document, MappingNode, Read, ScalarNode
from advise.documents.scalars import resolve
from advise.documents.tree import MAX_DEPTH, MAX_NODES, MAX_SCALAR
from advise.documents.yaml import read_yaml


def read(text: str | bytes) -> Read:
    return read_yaml(text if isinstance(text, bytes) else text.encode(), "f")


def document(text: str) -> Document:
    found = read(text)
    assert found.problems == ()
    assert found.document is not None
    return found.document


def plain(text: str) -> object:
    return document(text).plain()


def said(text: str | bytes) -> list[str]:
    return [str(problem) for problem in read(text).problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", {}),
        ("# only a comment\n", {}),
        ("---\n", {}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 1e-5\nb: no\nc: '1'\nd:\n", {"a": 1e-5, "b": "no", "c": "1", "d": None}),
        ("a: [1, {b: 2}]\nc:\n  - x\n  - y: 1\n", {"a": [1, {"b": 2}], "c": ["x", {"y": 1}]}),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}),
        ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
        ("&k a: 1\nb: *k\n", {"a": 1, "b": "a"}),
        ("1: a\nno: b\n9.10: c\n'': d", {"1": "a", "no": "b", "9.10": "c", "": "d"}),
        ("学习率: 余弦\n", {"学习率": "余弦"}),
        ("[1, 2]", [1, 2]),
        ("'<<': 1", {"<<": 1}),
        ("a: ''", {"a": ""}),
        ("%YAML 1.1\n---\na: yes\n...\n", {"a": "yes"}),
    ],
)
def test_values(text: str, value: object) -> None:
    assert plain(text) == value


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    found = read("学习率: 1".encode(encoding)).document
    assert found is not None
    assert found.plain() == {"学习率": 1}


def test_positions_count_characters_from_one() -> None:
    root = document("学习率:\n  峰值: 'abc'\n  b: &x 12\n  c: *x\n").root
    assert isinstance(root, MappingNode)
    key, inner = root.pairs[0]
    assert (key.line, key.column, key.width) == (1, 1, 3)
    assert isinstance(inner, MappingNode)
    (peak, value), (_, anchored), (_, alias) = inner.pairs
    assert (peak.line, peak.column, peak.width) == (2, 3, 2)
    assert (value.line, value.column, value.width) == (2, 7, 5)
    assert (anchored.line, anchored.column, anchored.width) == (3, 6, 5)
    assert (alias.line, alias.column, alias.width) == (4, 6, 2)


def test_what_is_kept_of_a_scalar() -> None:
    root = document("a: 1.50\nb: '1.50'\n").root
    assert isinstance(root, MappingNode)
    (_, number), (_, text) = root.pairs
    assert isinstance(number, ScalarNode)
    assert isinstance(text, ScalarNode)
    assert (number.value, number.text, number.quoted) == (1.5, "1.50", False)
    assert (text.value, text.text, text.quoted) == ("1.50", "1.50", True)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028"])
def test_line_ends(line_end: str) -> None:
    assert said(f"a: 1{line_end}b: 2{line_end}a: 3") == ["f:3:1: `a` is given twice; the first is on line 1"]


MISFIT = "this does not fit what is above it: check the indentation; text that goes on after a closing quote needs quotes as a whole"
FULL = "a file has at most 100,000 values, aliases counted each time they are used"
SYNTAX = {
    "a:\n\tb: 1": "f:2:1: indentation is made of spaces; this is a tab",
    "a: 1\n\tb: 1": "f:2:1: indentation is made of spaces; this is a tab",
    "a: b: c": "f:1:5: a `:` is not allowed here: text with `: ` in it needs quotes, and each key stands on a line of its own",
    "a: 1\n b: 2": "f:2:3: a `:` is not allowed here: text with `: ` in it needs quotes, and each key stands on a line of its own",
    "a: 1\nfoo\nb: 2": "f:2:1: this line has no `:` after its key",
    "a: 'x\nb: 1\n": "f:1:4: this quote is never closed",
    'a: "x': "f:1:4: this quote is never closed",
    "a: [1, 2\nb: 3": "f:1:4: this `[` is not closed, or a `,` is missing before line 2, column 2",
    "a: {b: 1": "f:1:4: this `{` is never closed",
    "a: [1, [2], [\n\n": "f:1:13: this `[` is never closed",
    "a: {b: 1\nc d: 2}": "f:1:4: this `{` is not closed, or a `,` is missing before line 2, column 4",
    "a: @x": "f:1:4: text that begins with `@` needs quotes",
    "a: %x": "f:1:4: text that begins with `%` needs quotes",
    'a: "\\q"': "f:1:5: in double quotes `\\` begins an escape: write `\\\\`, or use single quotes",
    'a: "\\xZZ"': "f:1:7: in double quotes `\\` begins an escape: write `\\\\`, or use single quotes",
    'a: "\\ud800"': "f:1:7: this escape is no character",
    "a: 'x' y": f"f:1:8: {MISFIT}",
    "a:\n  - x\n y: 1": f"f:3:2: {MISFIT}",
    " a: 1\nb: 2": "f:2:1: something follows after the end: check the indentation",
    "{a: 1}}": "f:1:7: something follows after the end: check the indentation",
    "a: 1\n- b": "f:2:1: a list item stands where a key is needed: check the indentation",
    "- a\nb: 1": "f:2:1: the list above goes on with `- `, and this is no item of it",
    ": x": "f:1:1: a name is missing before `:`",
    "{: x}": "f:1:2: a name is missing before `:`",
    "a: - b": "f:1:4: a list cannot begin here: put its first `- ` on the next line",
    "a: ? b": "f:1:4: a key cannot stand here: text that begins with `? ` needs quotes",
    "a: }": "f:1:4: a value is missing here: text that begins with one of , ] } needs quotes",
    "a: *.yaml": "f:1:5: a name is needed after `*` or `&`: text that begins with one of them needs quotes",
    "a: |x\n b": "f:1:5: nothing may stand here but a comment: text that begins with `|` or `>` needs quotes",
    "a: 'x\n---\n'": "f:2:1: a line of three dashes or dots ends the document inside this text",
    "a: !x!y z": "f:1:4: tags are not supported: text that begins with `!` needs quotes",
    "a: !<x y": "f:1:7: tags are not supported: text that begins with `!` needs quotes",
    "a: |0\n b": "f:1:5: after `|` or `>` the indentation is a digit from 1 to 9",
    "%YAML x": "f:1:7: a line that begins with `%` is a directive to YAML: leave it out, or put the text in quotes",
    "%YAML 3.0\n---\na: 1": "f:1:1: this version of YAML is not supported: leave the %YAML line out",
    "a: 1\nb: \0": "f:2:4: the control character U+0000 is not allowed here",
    "a: 1\nb: x\x1b[31m": "f:2:5: the control character U+001B is not allowed here",
}


@pytest.mark.parametrize(("text", "problem"), SYNTAX.items())
def test_syntax_errors_in_plain_words(text: str, problem: str) -> None:
    assert said(text) == [problem]


REFUSED = {
    "a: &x [*x]": "f:1:8: `*x` stands inside what it refers to",
    "a: &x {b: {c: *x}}": "f:1:15: `*x` stands inside what it refers to",
    "a: *x": "f:1:4: `*x` refers to no anchor `&x` above it (text that begins with * needs quotes)",
    "a: 1\n---\nb: 2": "f:2:1: a second document begins here: one file holds one document",
    "? [a]\n: 1": "f:1:3: a key is a name, not a list or a mapping (text that begins with { or [ needs quotes)",
    "a: {{x}}": "f:1:5: a key is a name, not a list or a mapping (text that begins with { or [ needs quotes)",
    "a: &x [1]\n*x : 1": "f:2:1: a key is a name; this alias stands for something else",
    "%TAG !a! tag:x,1:\n" * 40 + "---\na: 1": "f:17:1: more than 16 lines begin with `%`",
    f"a: {'x' * (MAX_SCALAR + 1)}": "f:1:4: a single value has at most 64 Ki characters, this one has 65,537",
}


@pytest.mark.parametrize(("text", "problem"), REFUSED.items())
def test_what_is_refused(text: str, problem: str) -> None:
    assert said(text) == [problem]
    assert read(text).document is None


MENDABLE = {
    "a: 1\nb: 2\n'a': 3": ["f:3:1: `a` is given twice; the first is on line 1"],
    "x: {a: 1, a: 2}\ny: {a: 1}": ["f:1:11: `a` is given twice; the first is on line 1"],
    "<<: {a: 1}\nb: 2": ["f:1:1: merge keys (`<<`) are not supported: write the keys out"],
    "b: !!python/object:os.system x": ["f:1:4: tags such as `!!python/object:os.system` are not supported: write the plain value"],
    "b: !x {c: 1}": ["f:1:4: tags such as `!x` are not supported: write the plain value"],
    "!!str b: ! c": [
        "f:1:1: tags such as `!!str` are not supported: write the plain value",
        "f:1:10: tags such as `!` are not supported: write the plain value",
    ],
}


@pytest.mark.parametrize(("text", "problems"), MENDABLE.items())
def test_mistakes_that_leave_the_rest_readable(text: str, problems: list[str]) -> None:
    assert said(text) == problems
    assert read(text).document is not None


def test_a_second_value_of_a_key_is_left_out() -> None:
    found = read("a: 1\nb: 2\na: 3").document
    assert found is not None
    assert found.plain() == {"a": 1, "b": 2}


def test_a_bomb_of_aliases() -> None:
    layers = "".join(f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]\n" for number in range(1, 30))
    assert said(f"a0: &a0 [x, x, x, x, x, x, x, x, x]\n{layers}") == [f"f:6:10: {FULL}"]


def test_depth_counts_what_aliases_stand_for() -> None:
    half = MAX_DEPTH // 2 + 1
    text = f"a: &x {'[' * half}{']' * half}\nb: {'[' * half}*x{']' * half}"
    assert said(text) == [f"f:2:{4 + half}: lists and mappings nest at most {MAX_DEPTH} deep"]


# Its C loader stops by itself at a depth of its own from 6.0.4 on, its Python twin and older ones never do.
@pytest.mark.parametrize("loader", dict.fromkeys([yaml.SafeLoader, reader._LOADER]), ids=lambda loader: loader.__name__)
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "[{a: "])
def test_deep_nesting(opening: str, loader: type[yaml.SafeLoader], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_LOADER", loader)
    (problem,) = read(opening * 5_000).problems
    assert problem.message == f"lists and mappings nest at most {MAX_DEPTH} deep"


def failing(error: yaml.YAMLError) -> type[yaml.SafeLoader]:
    class Loader(yaml.SafeLoader):
        def check_event(self, *choices: object) -> bool:
            raise error

    return Loader


MARK = yaml.Mark("f", 6, 1, 0, None, None)


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (
            yaml.scanner.ScannerError("while scanning", MARK, "found too many gnomes", MARK),
            "f:2:1: this is no YAML that can be read; the YAML library says: found too many gnomes",
        ),
        (
            yaml.scanner.ScannerError(None, None, "found \x1b[31m" + "x" * 300, MARK),
            f"f:2:1: this is no YAML that can be read; the YAML library says: found ␛[31m{'x' * 189}…",
        ),
        (
            yaml.parser.ParserError("while parsing", MARK, None, MARK),
            'f:2:1: this is no YAML that can be read; the YAML library says: while parsing␊  in "f", line 2, column 1␊  in "f", line 2, column 1',
        ),
        (yaml.YAMLError("out of gnomes"), "f:1:1: this is no YAML that can be read; the YAML library says: out of gnomes"),
        (
            yaml.scanner.ScannerError("increasing flow level", MARK, "exceeded maximum nesting depth", MARK),
            "f:2:1: lists and mappings nest at most 64 deep",
        ),
        (
            yaml.scanner.ScannerError("while scanning a %TAG directive", MARK, "found no gnome", MARK),
            "f:2:1: a line that begins with `%` is a directive to YAML: leave it out, or put the text in quotes",
        ),
    ],
)
def test_what_the_library_says_in_other_words(error: yaml.YAMLError, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_LOADER", failing(error))
    assert said("a: 1\n\nb: 2\n") == [problem]


def test_the_deepest_nesting() -> None:
    assert plain("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None
    assert said("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == [f"f:1:{MAX_DEPTH + 1}: lists and mappings nest at most {MAX_DEPTH} deep"]


def test_the_most_values() -> None:
    assert read("- x\n" * (MAX_NODES - 1)).problems == ()
    assert said("- x\n" * MAX_NODES) == [f"f:{MAX_NODES}:3: {FULL}"]


def test_the_largest_file() -> None:
    assert read(b"#" * MAX_BYTES).problems == ()
    assert said(b"#" * (MAX_BYTES + 1)) == ["f:1:1: the file is larger than 4 MiB, which is the limit"]


@given(st.binary(max_size=200) | st.text(st.sampled_from("a1-:?[]{},&*!|>'\"%@`# \t\n\\<"), max_size=60).map(str.encode))
@settings(max_examples=400)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    found = read(data)
    assert found.document is not None or found.problems
    for problem in found.problems:
        assert problem.line >= 1
        assert problem.column >= 1


# PyYAML writes plain what looks like no number to YAML 1.1 and like one to 1.2.
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"))).filter(lambda text: not text or isinstance(resolve(text), str))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1), VALUES))
def test_what_pyyaml_writes_is_read_back(value: dict[str, object]) -> None:
    assert plain(yaml.safe_dump(value, allow_unicode=True)) == value


@given(st.text(st.sampled_from("a1-:?[]{},&*!|>'\"# \n"), max_size=40))
@settings(max_examples=200)
def test_the_python_parser_reads_the_same(text: str) -> None:
    fast = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_LOADER", yaml.SafeLoader)
        slow = read(text)
    if fast.document is not None and slow.document is not None:
        assert fast.document.plain() == slow.document.plain()
        assert fast.problems == slow.problems
