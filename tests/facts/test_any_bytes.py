"""Whatever the bytes of a facts file: facts, or problems that can be shown."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advise.documents.problems import MAX_PROBLEMS, Problem, render
from advise.errors import FactsError
from advise.facts.read import read_all
from advise.knowledge.vocabulary import Vocabulary

GOOD = """\
run: supernet
facts:
  clip: {rate: 1.0, threshold: 0.5}
  lr.peak: &peak 1.0e-4
  lr.current: *peak
  optimizer:
    name: "AdamW"   # 优化器
    adam.beta1: 0.9
  schedule.kind: cosine
  batch.size: 1e3
  early_stopping.enabled: no
  milestones.steps: [100, 200]
  milestones.names:
    - 一
    - b
"""
SPLICES = [
    *("\t", "\n", ":", ": ", "- ", "[", "]", "{", "}", "'", '"', "? ", "|", ">", "#", "%", "---\n"),
    *("*peak", "&x ", "!!str ", "<<: *peak\n", "\0", "\u2028", "\ufeff", "中", "unknown", ".nan", "9" * 400),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("facts") / "facts"


def accept_or_refuse(data: bytes, path: Path, vocabulary: Vocabulary) -> tuple[Problem, ...]:
    path.write_bytes(data)
    problems: tuple[Problem, ...] = ()
    try:
        assert set(read_all([path], vocabulary).facts) <= set(vocabulary.specs)
    except FactsError as error:
        problems = error.problems or pytest.fail("refused without a reason")
    assert len(problems) <= MAX_PROBLEMS
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)
    render(problems).encode()
    return problems


def mutated(text: str, rng: Random) -> bytes:
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice((0, 0, 1, 1, 5, 30)))
        text = text[:start] + rng.choice([*SPLICES, "", text[end : end + 20]]) + text[end:]
    data = text.encode(rng.choice(("utf-8", "utf-8", "utf-8", "utf-16", "gb18030")))
    return data if rng.random() < 0.8 else data[: rng.randrange(len(data) + 1)]


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
@given(data=st.binary(max_size=300))
def test_any_bytes(data: bytes, suffix: str, path: Path, vocabulary: Vocabulary) -> None:
    accept_or_refuse(data, path.with_suffix(suffix), vocabulary)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_yaml(seed: int, path: Path, vocabulary: Vocabulary) -> None:
    accept_or_refuse(mutated(GOOD, Random(seed)), path.with_suffix(".yaml"), vocabulary)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_json(seed: int, path: Path, vocabulary: Vocabulary) -> None:
    text = json.dumps({"run": "x", "facts": {"lr": {"peak": 0.1, "current": None}, "milestones.steps": [1, 2]}}, indent=1)
    accept_or_refuse(mutated(text, Random(seed)), path.with_suffix(".json"), vocabulary)


def test_the_unmutated_file_is_accepted(path: Path, vocabulary: Vocabulary) -> None:
    path.write_text(GOOD, encoding="utf-8")
    assert len(read_all([path], vocabulary).facts) == 11


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"{a: " * 100_000,
        b'{"a":' * 100_000,
        b"- " * 100_000,
        b"lr:\n" + b"".join(b" " * depth + b"lr:\n" for depth in range(1, 500)),
        b"a0: &a0 [x,x]\n" + b"".join(b"a%d: &a%d [*a%d,*a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 60)),
        b"lr: &x {peak: *x}",
        b"%TAG !a! tag:x,1:\n" * 50_000 + b"---\na: 1",
        b"x" * 70_000 + b": 1",
        b"lr.peak: " + b"9" * 60_000,
        b"? " * 50_000,
        b"".join(b"k%d: 1\n" % number for number in range(20_000)),
        b"\xff\xfe" + b"\x00" * 1001,
    ],
    ids=["lists", "mappings", "json", "items", "indented", "aliases", "recursive", "directives", "key", "digits", "keys", "names", "utf-16"],
)
def test_bombs(data: bytes, path: Path, vocabulary: Vocabulary) -> None:
    problems = accept_or_refuse(data, path, vocabulary)
    assert problems
    assert len(render(problems)) < 60_000
