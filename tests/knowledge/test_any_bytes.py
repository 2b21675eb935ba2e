"""Any bytes as a file of the knowledge base load, or are a located error; nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from advise.errors import KnowledgeError
from advise.knowledge.files import RawFiles
from advise.knowledge.load import knowledge_of

Make = Callable[[dict[str, bytes | str] | None], RawFiles]
FIXTURES = [HealthCheck.function_scoped_fixture]
RULE = "rules/stability/clipping-saturated.yaml"
FRAGMENTS = [
    ":",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!!python/object:os.system ",
    "<<: ",
    '"',
    "'",
    "\t",
    "\n",
    "\u202e",
    "\x00",
    "1e999",
    ".nan",
    "null",
    "~",
]
FRAGMENTS += ["all", "any", "none", "at_least", "when", "clip.rate", "{gt: 0.5}", "{fact: clip.threshold}", "中", "%", "---\n", "? ", "|", ">", "#"]


def loads_or_says_where(raw: RawFiles) -> None:
    try:
        knowledge_of(raw)
    except KnowledgeError as error:
        places = [(problem.line, problem.column) for problem in error.problems]
    else:
        return
    assert places
    assert min(min(place) for place in places) >= 1


@settings(suppress_health_check=FIXTURES, max_examples=150, deadline=None)
@given(
    data=st.binary(max_size=300),
    key=st.sampled_from([RULE, "kb/facts/clip.yaml", "kb/derived.yaml", "kb/decisions.yaml", "kb/playbook.yaml", "kb/errata.yaml"]),
)
def test_random_bytes(files_of: Make, data: bytes, key: str) -> None:
    loads_or_says_where(files_of({key: data}))


@settings(suppress_health_check=FIXTURES, max_examples=250, deadline=None)
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(FRAGMENTS)), min_size=1, max_size=5), which=st.integers(0, 10))
@example(edits=[(0.5625, 0, "1e999")], which=1)
def test_mutated_files(files_of: Make, small: dict[str, str], edits: list[tuple[float, int, str]], which: int) -> None:
    key = sorted(small)[which]
    text = small[key]
    for position, removed, inserted in edits:
        at = int(position * len(text))
        text = text[:at] + inserted + text[at + removed :]
    loads_or_says_where(files_of({key: text}))


def test_the_small_base_itself_is_sound(files_of: Make) -> None:
    assert set(knowledge_of(files_of(None)).rules) == {"checklist/a-clip-known", "stability/clipping-saturated", "stability/loosen"}


@pytest.mark.parametrize("data", ["[" * 20000, "when: " + "{all: [" * 40, "a: &a [*a]", "&a [" + "&b [*a,*a]," * 3 + "]"])
def test_nesting_and_aliases_are_bounded(files_of: Make, data: str) -> None:
    with pytest.raises(KnowledgeError):
        knowledge_of(files_of({RULE: data}))
