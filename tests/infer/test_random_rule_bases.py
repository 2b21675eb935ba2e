"""Both chainers agree on random rule bases, with each other and with direct evaluation; `bench/random_rule_bases.py` runs more of them."""

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

pytest.importorskip("durable_rules_engine", exc_type=ImportError)

CHUNKS, CHUNK = 22, 100


def load() -> ModuleType:
    path = Path(__file__).parents[2] / "bench" / "random_rule_bases.py"
    spec = importlib.util.spec_from_file_location("random_rule_bases", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["random_rule_bases"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BASES = load()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_chainers_and_oracle_agree(chunk: int) -> None:
    tally: Counter[str] = Counter()
    for number in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        rng = Random(f"tests/{number}")
        BASES.check(BASES.random_case(rng), rng, tally)
    # Every kind of thing that can happen does.
    assert set(tally) >= {"groups", "fired", "undecided", "derived", "contradictions", "with given conclusions"}
    assert min(tally.values()) >= 5
    assert not [name for name in tally if name.startswith("refused")]


def test_large_rule_bases_agree_too() -> None:
    for number in range(10):
        rng = Random(f"large/{number}")
        BASES.check(BASES.random_case(rng, conclusions=100, implications=800), rng, Counter())
