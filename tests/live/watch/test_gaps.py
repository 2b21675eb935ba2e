"""How often a log grows."""

from __future__ import annotations

from advise.live.watch.gaps import Gaps


def test_too_few_growths_tell_nothing() -> None:
    gaps = Gaps(0)
    for now in range(5):
        gaps.grown(now)
    assert gaps.usual is None


def test_the_usual_is_the_median() -> None:
    gaps = Gaps(0)
    for now in range(0, 100, 2):
        gaps.grown(now)
    assert gaps.usual == 2
    assert gaps.silence(110) == 12


def test_evaluations_take_their_time() -> None:
    gaps = Gaps(0)
    now = 0.0
    for number in range(200):
        now += 300 if number % 50 == 49 else 1
        gaps.grown(now)
    assert gaps.usual == 60
