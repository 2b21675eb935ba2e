"""Both chainers agree on random rule bases, with each other and with direct evaluation; `bench/random_rule_bases.py` runs more of them."""

from collections import Counter
from collections.abc import Callable
from random import Random
from types import ModuleType

import pytest

pytest.importorskip("durable_rules_engine", exc_type=ImportError)

CHUNKS, CHUNK = 22, 100


@pytest.fixture(scope="module")
def bases(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("bench/random_rule_bases.py")


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_chainers_and_oracle_agree(chunk: int, bases: ModuleType) -> None:
    tally: Counter[str] = Counter()
    for number in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        rng = Random(f"tests/{number}")
        bases.check(bases.random_case(rng), rng, tally)
    # Every kind of thing that can happen does.
    assert set(tally) >= {
        "groups",
        "fired",
        "undecided",
        "derived",
        "contradictions",
        "alarms",
        "with given conclusions",
        "undecided for an interval",
    }
    assert min(tally.values()) >= 5
    assert not [name for name in tally if name.startswith("refused")]


def test_large_rule_bases_agree_too(bases: ModuleType) -> None:
    for number in range(10):
        rng = Random(f"large/{number}")
        bases.check(bases.random_case(rng, conclusions=100, implications=800), rng, Counter())
