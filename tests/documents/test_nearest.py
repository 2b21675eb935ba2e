from __future__ import annotations

import pytest

from advise.documents.problems import nearest

NAMES = ["lr.peak", "lr.current", "optimizer.name", "optimizer.weight_decay", "metric.name", "clip.rate", "warmup.steps"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lr.peek", "lr.peak"),
        ("LR.Peak", "lr.peak"),
        ("lr_peak", "lr.peak"),
        ("optimiser.weight_decay", "optimizer.weight_decay"),
        ("weight_decay", "optimizer.weight_decay"),
        ("weightDecay", "optimizer.weight_decay"),
        ("clip.rat", "clip.rate"),
        ("name", None),  # two facts end so
        ("学习率", None),
        ("gradient.norm", None),
        ("", None),
        ("_", None),
        ("lr.peak" * 1000, None),
    ],
)
def test_the_name_that_was_meant(written: str, meant: str | None) -> None:
    assert nearest(written, NAMES) == meant


def test_no_names_at_all() -> None:
    assert nearest("x", []) is None
