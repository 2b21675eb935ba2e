"""When a proposal is what an earlier round tried."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.knowledge.ledger import LedgerSpec
from advise.plan.attempts import Tried, tried_before
from advise.text import Value

SPEC = LedgerSpec(
    same_within=0.1, reasons={}, tried={"clip": "threshold", "change_optimizer": "optimizer", "adapt_domain": None}, results={}, gives={}
)
POSITIVE = st.floats(1e-6, 1e6)


def same(decision: str, before: dict[str, Value], now: dict[str, Value]) -> bool:
    return tried_before(decision, now, [Tried(decision, before, 1)], SPEC) is not None


@pytest.mark.parametrize(
    ("decision", "before", "now", "expected"),
    [
        ("clip", {"threshold": 1.0}, {"threshold": 1.1}, True),
        ("clip", {"threshold": 1.0}, {"threshold": 1.2}, False),
        ("clip", {"threshold": 1.0, "window": 5}, {"threshold": 1.0, "window": 500}, True),
        ("clip", {}, {"threshold": 1.0}, False),
        ("clip", {}, {}, True),
        ("clip", {"norm": 2}, {"norm": 4}, False),
        ("change_optimizer", {"optimizer": "adamw"}, {"optimizer": "adamw"}, True),
        ("change_optimizer", {"optimizer": "adamw"}, {"optimizer": "lion"}, False),
        ("change_optimizer", {"optimizer": "adamw"}, {"optimizer": 1.0}, False),
        ("adapt_domain", {"weight": 1}, {"weight": 9}, True),
        ("rerun_seeds", {}, {}, False),
    ],
)
def test_the_main_number_decides(decision: str, before: dict[str, Value], now: dict[str, Value], expected: bool) -> None:
    assert same(decision, before, now) is expected


@given(POSITIVE, POSITIVE)
def test_it_does_not_matter_which_came_first(one: float, other: float) -> None:
    assert same("clip", {"threshold": one}, {"threshold": other}) is same("clip", {"threshold": other}, {"threshold": one})


def test_the_last_attempt_is_named_and_without_knowledge_there_is_none() -> None:
    tried = [Tried("clip", {"threshold": 1.0}, number) for number in (1, 2)]
    found = tried_before("clip", {"threshold": 1.0}, tried, SPEC)
    assert found is not None
    assert found.round == 2
    assert tried_before("clip", {"threshold": 1.0}, tried, None) is None
