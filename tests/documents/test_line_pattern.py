import math
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.documents.line_pattern import line_pattern
from advise.documents.problems import Problem
from advise.errors import PatternError


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        ("step {step} trl {train.loss} val {dev.loss}", "[12:00] step   12 trl 0.5  val 1e-3 ok", {"step": 12, "train.loss": 0.5, "dev.loss": 0.001}),
        ("step {step}", "step 1,530 of many", {"step": 1530}),
        ("loss={loss}", "loss=-1.5E+2", {"loss": -150}),
        ("loss={loss}", "loss= nan", {"loss": math.nan}),
        ("loss={loss}", "loss=inf,", {"loss": math.inf}),
        ("acc {dev.metric}%", "acc 76.25%", {"dev.metric": 0.7625}),
        ("{step} {:word} {loss}", "7 abc 0.5", {"step": 7, "loss": 0.5}),
        ("{step} {} {loss}", "7 abc 0.5", {"step": 7, "loss": 0.5}),
        ("asked {asked:bytes} free {free:bytes}", "asked 2.00 GiB free 512 bytes", {"asked": 2 * 1024**3, "free": 512}),
        ("asked {asked:bytes}", "asked 20MB", {"asked": 20 * 1024**2}),
        ("signal {name:word} {what:text}", "signal SIGTERM at the end ", {"name": "SIGTERM", "what": "at the end"}),
        ("a {what:text} b {x}", "a one two b 3", {"what": "one two", "x": 3}),
        ("训练损失 {train.loss}，验证 {dev.loss}", "第 3 轮 训练损失 0.5，验证 0.7", {"train.loss": 0.5, "dev.loss": 0.7}),
        ("a.b(c)* {x}", "a.b(c)* 1", {"x": 1}),
    ],
)
def test_what_stands_in_the_gaps(source: str, line: str, found: dict[str, object]) -> None:
    result = line_pattern(source, "here").search(line)
    assert result is not None
    assert result == pytest.approx(found, nan_ok=True) if all(isinstance(value, float | int) for value in found.values()) else result == found


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("step {step} trl {x}", "step 12 val 0.5"),
        ("step {step}", "step twelve"),
        ("step {step} x", "step 12.5.7 x"),
        ("{step} of", "v12.3.4 of"),
        ("axb {x}", "a.b 1"),
        ("asked {asked:bytes}", "asked 2 apples"),
    ],
)
def test_what_does_not_fit(source: str, line: str) -> None:
    assert line_pattern(source, "here").search(line) is None


@pytest.mark.parametrize(
    ("source", "column", "width", "message"),
    [
        ("step {step", 6, 1, "this brace has no other"),
        ("step} {x}", 5, 1, "closes nothing"),
        ("{a}{b}", 4, 3, "nothing stands between"),
        ("plain", 1, 5, "no gap has a name"),
        ("{} {:text} x", 1, 12, "no gap has a name"),
        ("{a} {a}", 5, 3, "given twice"),
        ("{a:byts} x", 4, 4, "no kind of gap"),
        ("{a b} c", 2, 3, "is no name"),
        ("{a:text} x {b:text} y {c}", 12, 8, "at most 1 gap"),
        ("x" * 1001, 1, 1, "at most 1000 characters"),
        (" ".join(f"{{a{number}}} x" for number in range(65)), 503, 5, "at most 64 gaps"),
    ],
)
def test_what_is_no_pattern(source: str, column: int, width: int, message: str) -> None:
    with pytest.raises(PatternError) as raised:
        line_pattern(source, "here")
    problem = raised.value.problems[0]
    assert message in problem.message
    assert (problem.column, problem.width) == (column, width)


@pytest.mark.parametrize(
    "food",
    ["1" * 60_000, "1." * 30_000, "step " * 12_000, "step 1 trl " * 6_000, "1,111" * 12_000, "step 1" + " " * 60_000, "step 1 trl 2 va" * 4_000],
    ids=lambda food: food[:12],
)
@pytest.mark.parametrize(
    "source", ["step {step} trl {a} val {b}", "{a} x {b}", "step {:text} trl {b} val {c} {d:text}", "{a:bytes} x", "{a:word} {b:word} {c:word} x {d}"]
)
def test_hostile_lines_take_no_time(source: str, food: str) -> None:
    pattern = line_pattern(source, "here")
    start = time.perf_counter()
    pattern.search(food)
    assert time.perf_counter() - start < 1


def problems_of(source: str) -> Sequence[Problem]:
    try:
        line_pattern(source, "here").search("step 1 loss 0.5")
    except PatternError as error:
        return error.problems
    return ()


@given(st.text(max_size=60))
def test_every_text_is_a_pattern_or_told_what_is_wrong(source: str) -> None:
    assert all(1 <= problem.column <= len(source) + 1 for problem in problems_of(source))
