"""A slow call gets an answer in time, and takes nothing from the others."""

from __future__ import annotations

from threading import Event

import pytest

from advise.agent.call_limits import MAX_OVERDUE, CallLimiter
from advise.errors import CallLimitError


def test_a_result_and_an_error_come_through() -> None:
    limiter = CallLimiter(5)
    assert limiter.wait(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        limiter.wait(lambda: 1 // 0)
    with pytest.raises(TimeoutError, match="of its own"):
        limiter.wait(_times_out)


def _times_out() -> None:
    raise TimeoutError("of its own")


def test_slow_calls_are_left_behind_and_others_go_on() -> None:
    limiter, release = CallLimiter(0.05, at_once=1), Event()
    for _ in range(3):
        with pytest.raises(CallLimitError, match=r"longer than 0\.05 s"):
            limiter.wait(release.wait)
        assert limiter.wait(lambda: "well") == "well"
    release.set()


def test_not_any_number_is_left_behind() -> None:
    limiter, release = CallLimiter(0.01), Event()
    for _ in range(MAX_OVERDUE):
        with pytest.raises(CallLimitError):
            limiter.wait(release.wait)
    with pytest.raises(CallLimitError, match="still run"):
        limiter.wait(lambda: 1)
    release.set()
    while any(thread.is_alive() for thread in limiter._overdue):
        pass
    assert limiter.wait(lambda: 1) == 1
