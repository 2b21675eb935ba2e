"""A slow call gets an answer in time, and takes nothing from the others."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from advise.agent import call_limits
from advise.agent.call import reads_files
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


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_work_that_takes_too_long_is_ended() -> None:
    limiter, ended = CallLimiter(0.05), Event()

    def work() -> None:
        try:
            while True:
                # As some readers do for each file.
                with contextlib.suppress(Exception):
                    time.sleep(0.001)
        finally:
            ended.set()

    for _ in range(3 * MAX_OVERDUE):
        ended.clear()
        with pytest.raises(CallLimitError, match="longer than"):
            limiter.wait(work)
        assert ended.wait(20)
    _until(lambda: not any(thread.is_alive() for thread in limiter._overdue))


def test_calls_without_files_pass_whatever_reads() -> None:
    limiter, release = CallLimiter(0.01), Event()
    for _ in range(MAX_OVERDUE):
        with pytest.raises(CallLimitError):
            limiter.wait(release.wait)
    assert limiter.wait(lambda: 1, reads=False) == 1
    release.set()


def test_waiting_counts() -> None:
    limiter, release = CallLimiter(0.3, at_once=1), Event()
    with ThreadPoolExecutor(8) as pool:
        begun = time.monotonic()
        calls = [pool.submit(limiter.wait, release.wait) for _ in range(8)]
        assert all(isinstance(one.exception(), CallLimitError) for one in calls)
        # One after the other they would take 2.4 s.
        assert time.monotonic() - begun < 2
    release.set()
    with pytest.raises(CallLimitError):
        limiter.wait(lambda: time.sleep(0.1), since=time.monotonic() - 0.3)


def test_equal_calls_share_one_reading() -> None:
    limiter, release, made = CallLimiter(20, at_once=1), Event(), []

    def work() -> int:
        made.append(1)
        assert release.wait(20)
        return len(made)

    with ThreadPoolExecutor(32) as pool:
        calls = [pool.submit(limiter.wait, work, same="a") for _ in range(32)]
        _until(lambda: limiter._waiting == 32)
        release.set()
        assert {one.result() for one in calls} == {1}
    assert limiter.wait(work, same="a") == 2


def test_more_than_wait_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_limits, "MAX_WAITING", 2)
    limiter, release = CallLimiter(20, at_once=1), Event()
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(limiter.wait, release.wait, reads=False) for _ in range(2)]
        _until(lambda: limiter._waiting == 2)
        with pytest.raises(CallLimitError, match="waiting already"):
            limiter.wait(lambda: 1)
        release.set()
        assert all(one.result() for one in calls)


def test_what_reads_files() -> None:
    assert reads_files({"paths": ["a.log"]})
    assert reads_files({"before_paths": ["a.log"]})
    assert reads_files({"after": "plan.json"})
    assert not reads_files({"paths": [], "facts": {"clip.rate": 0.9}, "after": "advise://reports/0"})
