from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.documents.problems import render
from advise.errors import FactsError
from advise.facts.read import facts_from_mapping
from advise.knowledge.vocabulary import Vocabulary

FINITE = "that something is not finite has a fact of its own"


def said(mapping: Mapping[str, object], vocabulary: Vocabulary) -> list[str]:
    with pytest.raises(FactsError) as caught:
        facts_from_mapping(mapping, vocabulary)
    return [str(problem) for problem in caught.value.problems]


def test_values(vocabulary: Vocabulary) -> None:
    mapping = {
        "run": "x",
        "lr": UserDict({"peak": Fraction(1, 2), "current": None}),
        "clip.rate": "unknown",
        "batch.size": 8.0,
        "early_stopping.enabled": "no",
        "schedule.kind": "cosine",
        "milestones": {"steps": (1, 2), "names": ["a"]},
    }
    observed = facts_from_mapping(mapping, vocabulary)
    assert observed.run == "x"
    assert {name: fact.value for name, fact in observed.facts.items()} == {
        "lr.peak": 0.5,
        "batch.size": 8,
        "early_stopping.enabled": False,
        "schedule.kind": "cosine",
        "milestones.steps": (1, 2),
        "milestones.names": ("a",),
    }
    assert {str(fact.origin) for fact in observed.facts.values()} == {"argument"}


def test_wrapped(vocabulary: Vocabulary) -> None:
    assert facts_from_mapping({"facts": {"lr.peak": 1}}, vocabulary).facts["lr.peak"].value == 1


class bool_:  # noqa: N801 - numpy's boolean goes by this name
    def __bool__(self) -> bool:
        return True


def test_booleans_of_numpy(vocabulary: Vocabulary) -> None:
    assert facts_from_mapping({"early_stopping.enabled": bool_()}, vocabulary).facts["early_stopping.enabled"].value is True


@pytest.mark.parametrize(
    ("mapping", "problems"),
    [
        ({"lr.peek": 1}, ["argument: unknown fact `lr.peek`"]),
        ({"lr.peak": 1, "lr": {"peak": 2}}, ["argument: `lr.peak` is given twice"]),
        ({"lr.peak": "0.1"}, ["argument: `lr.peak` must be a number, got the word `0.1`: leave the quotes out"]),
        ({"lr.peak": float("nan")}, [f"argument: `lr.peak` must be finite, got nan: {FINITE}"]),
        (
            {"batch.size": 10**5000},
            [f"argument: `batch.size` must be finite, got a number beyond all floats: {FINITE}"],
        ),
        ({1: 2}, ["argument: the name of a fact is a string, not 1"]),
        ({"lr.peak": {1, 2}}, ["argument: a fact is a number, a boolean, text or a list, not a set"]),
        ({"follows": "nope.json"}, ["argument: `follows` names no file: nope.json"]),
        ({"optimizer.name": "\ud800"}, ["argument: `optimizer.name` must be one line of printable text, got the character U+D800"]),
    ],
)
def test_problems(vocabulary: Vocabulary, mapping: dict[str, object], problems: list[str]) -> None:
    assert said(mapping, vocabulary) == problems


def test_a_mapping_inside_itself(vocabulary: Vocabulary) -> None:
    endless: dict[str, object] = {}
    endless["lr"] = endless
    assert said(endless, vocabulary) == ["argument: lists and mappings nest at most 64 deep"]


NAMES = st.sampled_from(["lr", "peak", "lr.peak", "run", "facts", "batch.size", "schedule.kind", "milestones", "steps"]) | st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(object()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_any_mapping_is_accepted_or_refused(vocabulary: Vocabulary, mapping: dict[str, object]) -> None:
    try:
        observed = facts_from_mapping(mapping, vocabulary)
    except FactsError as error:
        render(error.problems).encode()
    else:
        assert set(observed.facts) <= set(vocabulary.specs)
