"""One more fact in a facts file: what stood there stands there still, and the file says what it said, and the fact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advise.facts.read import read_all
from advise.interview.store import Store
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.vocabulary import Vocabulary
from advise.text import Value


def saved(tmp_path: Path, vocabulary: Vocabulary, text: str | bytes | None, name: str = "facts.yaml", **answers: Value) -> str:
    """The facts file after some answers (a double underscore in a name is a dot)."""
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    store = Store(path, vocabulary)
    before = {fact: each.value for fact, each in store.open().facts.items()}
    given_answers = {fact.replace("__", "."): value for fact, value in answers.items()}
    for fact, value in given_answers.items():
        store.save({fact: value})
    assert not store.beside.exists()
    assert {fact: each.value for fact, each in read_all([path], vocabulary).facts.items()} == {**before, **given_answers}
    return path.read_bytes().decode()


@pytest.fixture
def vocabulary(knowledge: KnowledgeBase) -> Vocabulary:
    return knowledge.vocabulary


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "lr.peak: 0.001\n"),
        ("", "lr.peak: 0.001\n"),
        ("# only a comment", "# only a comment\nlr.peak: 0.001\n"),
        ("clip.rate: 0.5", "clip.rate: 0.5\nlr.peak: 0.001\n"),
        ("clip.rate: 0.5  # half\n\n# end\n", "clip.rate: 0.5  # half\n\n# end\nlr.peak: 0.001\n"),
        ("lr.peak: unknown  # later\nclip.rate: 0.5\n", "lr.peak: 0.001  # later\nclip.rate: 0.5\n"),
        ("lr.peak:\nclip.rate: 0.5\n", "lr.peak: 0.001\nclip.rate: 0.5\n"),
        ("lr.peak: ~\n", "lr.peak: 0.001\n"),
        ('lr.peak: "unknown"\n', "lr.peak: 0.001\n"),
        ("lr: {peak: unknown} # x\n", "lr: {peak: 0.001} # x\n"),
        ("lr:\n  peak: unknown # x\n", "lr:\n  peak: 0.001 # x\n"),
        ("lr:\n", "lr:\nlr.peak: 0.001\n"),
        ("run: a\nfacts:\n  clip.rate: 0.5 # half\n", "run: a\nfacts:\n  clip.rate: 0.5 # half\n  lr.peak: 0.001\n"),
        ("facts:\n    clip.rate: 0.5 # half\n\nrun: a # named\n", "facts:\n    clip.rate: 0.5 # half\n    lr.peak: 0.001\n\nrun: a # named\n"),
        (
            "facts:\n  milestones.steps:\n    - 1\n    - 2 # two\nrun: a\n",
            "facts:\n  milestones.steps:\n    - 1\n    - 2 # two\n  lr.peak: 0.001\nrun: a\n",
        ),
        ("facts:\n  run.notes: |\n    some\nrun: a\n", "facts:\n  run.notes: |\n    some\n  lr.peak: 0.001\nrun: a\n"),
        ("facts: # none yet\n", "facts: # none yet\n  lr.peak: 0.001\n"),
        ("facts: # none yet\nrun: a\n", "facts: # none yet\n  lr.peak: 0.001\nrun: a\n"),
        ("facts: unknown\n", "facts: \n  lr.peak: 0.001\n"),
        ("facts: {}\n", 'facts: {\n  "lr.peak": 0.001\n}\n'),
        ("facts: {clip.rate: 0.5} # flow\n", 'facts: {clip.rate: 0.5, "lr.peak": 0.001} # flow\n'),
        ("facts: {\n    clip.rate: 0.5, # half\n}\nrun: a\n", 'facts: {\n    clip.rate: 0.5,\n    "lr.peak": 0.001, # half\n}\nrun: a\n'),
        ("clip.rate: 0.5\r\n", "clip.rate: 0.5\r\nlr.peak: 0.001\r\n"),
        ("---\nclip.rate: 0.5\n...\n", "---\nclip.rate: 0.5\nlr.peak: 0.001\n...\n"),
        ("batch.size: &size 8 # 批量\nbudget.steps: *size\n", "batch.size: &size 8 # 批量\nbudget.steps: *size\nlr.peak: 0.001\n"),
        ('{"clip.rate": 0.5}', '{"clip.rate": 0.5, "lr.peak": 0.001}'),
        (
            '{\n  "run": "a",\n  "facts": {\n    "clip.rate": 0.5\n  }\n}\n',
            '{\n  "run": "a",\n  "facts": {\n    "clip.rate": 0.5,\n    "lr.peak": 0.001\n  }\n}\n',
        ),
    ],
)
def test_a_fact_is_added_and_the_rest_stands(tmp_path: Path, vocabulary: Vocabulary, before: str | None, after: str) -> None:
    assert saved(tmp_path, vocabulary, before, lr__peak=0.001) == after


def test_a_new_json_file_is_json(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = saved(tmp_path, vocabulary, None, "facts.json", lr__peak=1e-5, run__notes="改", milestones__steps=(1, 2), clip__enabled=True)
    assert json.loads(text) == {"lr.peak": 1e-5, "run.notes": "改", "milestones.steps": [1, 2], "clip.enabled": True}
    assert text.startswith('{\n  "lr.peak": 1e-05,\n  "run.notes": "改",\n')


def test_json_keeps_its_form(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = saved(tmp_path, vocabulary, '{\n\t"run.notes": "a\\/b",\n\t"lr": {"peak": null}\n}\n', "facts.json", lr__peak=0.5)
    assert text == '{\n\t"run.notes": "a\\/b",\n\t"lr": {"peak": 0.5}\n}\n'


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_the_encoding_stays(tmp_path: Path, vocabulary: Vocabulary, mark: bytes, encoding: str) -> None:
    path = tmp_path / "facts.yaml"
    path.write_bytes(mark + "clip.rate: 0.5 # 裁剪\n".encode(encoding))
    store = Store(path, vocabulary)
    store.open()
    store.save({"run.notes": "好"})
    assert path.read_bytes() == mark + "clip.rate: 0.5 # 裁剪\nrun.notes: 好\n".encode(encoding)


@pytest.mark.parametrize(
    "word",
    [
        "no",
        "true",
        "1",
        "null",
        "~",
        "- a",
        "a: b",
        "a #b",
        "a, b",
        '"quoted"',
        "'",
        "{x}",
        "*x",
        "#",
        "改 用 AdamW",
        "a  b",
        "日\u3000本",
        "😀",
        "x:",
    ],
)
def test_words_are_read_back_as_they_are(tmp_path: Path, vocabulary: Vocabulary, word: str) -> None:
    saved(tmp_path, vocabulary, "facts: {clip.rate: 0.5}\n", run__notes=word, milestones__names=(word, "x"))
    saved(tmp_path, vocabulary, "clip.rate: 0.5\n", "block.yaml", run__notes=word, milestones__names=(word, "x"))


COMMENTS = st.sampled_from(["", "  # 注释: {[", " # it's", "   "])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "clip.rate": st.floats(0, 1).map(lambda value: value + 0.0),
    "clip.threshold": st.floats(min_value=1e-300, max_value=1e300),
    "batch.size": st.integers(1, 2**62),
    "schedule.kind": st.sampled_from(["constant", "cosine"]),
    "clip.enabled": st.booleans(),
    "run.notes": st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12).filter(
        lambda word: word.strip() and word.strip() != "unknown"
    ),
    "milestones.steps": st.lists(st.integers(0, 10**6), max_size=4).map(tuple),
    "lr.peak": st.floats(min_value=1e-300, max_value=9.9),
}


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, list[str]]:
    """The text of a facts file, and the facts that it leaves open."""
    names = draw(st.permutations(sorted(VALUES)))
    given_count = draw(st.integers(0, len(names) - 1))
    wrapped, indent = draw(st.booleans()), draw(st.sampled_from(["  ", "    ", " "]))
    margin = indent if wrapped else ""
    lines = ["run: a # the run"] if draw(st.booleans()) else []
    lines += ["facts:"] if wrapped else []
    for name in names[:given_count]:
        value = draw(VALUES[name])
        form = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
        lines.append(f"{margin}{name}: {draw(st.sampled_from([form, 'unknown', '', '~']))}{draw(COMMENTS)}")
        lines += draw(st.sampled_from([[], [""], ["# 说明"], [f"{margin}# note: x"]]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return newline.join(lines) + draw(st.sampled_from(["", newline, newline * 2])), list(names)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheet=sheets(), data=st.data())
def test_comments_and_other_facts_survive_every_answer(
    tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary, sheet: tuple[str, list[str]], data: st.DataObject
) -> None:
    text, names = sheet
    path = tmp_path_factory.mktemp("sheet") / "facts.yaml"
    path.write_bytes(text.encode())
    store = Store(path, vocabulary)
    observed = store.open()
    known = {name: fact.value for name, fact in observed.facts.items()}
    for name in names:
        if name in known:
            continue
        known[name] = data.draw(VALUES[name])
        store.save({name: known[name]})
        again = read_all([path], vocabulary)
        assert {fact: each.value for fact, each in again.facts.items()} == known
        assert again.run == observed.run
    after = path.read_bytes().decode()
    comments = [line[line.index("#") :].rstrip() for line in text.splitlines() if "#" in line and '"' not in line]
    assert all(comment in after for comment in comments)
    for _ in range(len(store.saved)):
        store.undo()
    assert path.read_bytes() == text.encode()
