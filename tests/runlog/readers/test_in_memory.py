"""What a program holds of a run."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

import advise
from advise import Advisor
from advise.errors import LogError

STEPS = list(range(10, 510, 10))
TRAIN = [1 + 5 / step for step in STEPS]
DEV = [2 + 5 / step for step in STEPS]
RECORDS = [{"step": step, "loss": train, "val_loss": dev} for step, train, dev in zip(STEPS, TRAIN, DEV, strict=True)]
COLUMNS = {"step": STEPS, "loss": TRAIN, "val_loss": DEV}


class Number:
    """As NumPy and PyTorch have them."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        return float(self.value)


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


@pytest.mark.parametrize(
    "history",
    [
        RECORDS,
        COLUMNS,
        (record for record in RECORDS),
        SimpleNamespace(log_history=RECORDS),
        [{name: Number(value) for name, value in record.items()} for record in RECORDS],
        {name: tuple(map(Number, values)) for name, values in COLUMNS.items()},
    ],
    ids=["records", "columns", "generator", "trainer state", "numbers", "columns of numbers"],
)
def test_a_history(history: object, advisor: Advisor) -> None:
    facts = advisor.observe(history=history).facts
    assert facts["run.steps_done"].value == 500
    assert facts["loss.dev_best"].value == pytest.approx(2.01)
    assert str(facts["loss.dev_best"].origin) == "history:50"


def test_the_history_of_keras(advisor: Advisor) -> None:
    kept = SimpleNamespace(history={"loss": TRAIN, "val_loss": DEV}, epoch=list(range(50)), params={"epochs": 60, "steps": 7, "verbose": 1})
    facts = advisor.observe(history=kept).facts
    assert (facts["run.epochs_done"].value, facts["budget.epochs"].value) == (50, 60)


def test_frames(advisor: Advisor) -> None:
    polars = pytest.importorskip("polars")
    assert advisor.observe(history=polars.DataFrame({**COLUMNS, "val_loss": [*DEV[:-1], None]})).facts["eval.count"].value == 49


class Frame:
    """As much of a pandas frame as is looked at."""

    def __init__(self, **columns: list[float]) -> None:
        self._columns, self.columns = columns, list(columns)

    def __getitem__(self, name: str) -> list[float]:
        return self._columns[name]

    def to_dict(self) -> dict[str, list[float]]:
        return self._columns


def test_nan_in_a_frame_is_what_was_not_logged(advisor: Advisor) -> None:
    sparse = [value if place % 10 == 9 else math.nan for place, value in enumerate(DEV)]
    facts = advisor.observe(history=Frame(step=list(map(float, STEPS)), loss=[*TRAIN[:-1], math.nan], val_loss=sparse)).facts
    assert facts["eval.count"].value == 5
    assert facts["loss.is_nonfinite"].value is False


def test_nan_to_the_end_of_a_frame_is_nan(advisor: Advisor) -> None:
    facts = advisor.observe(history=Frame(step=list(map(float, STEPS)), loss=[*TRAIN[:-10], *[math.nan] * 10])).facts
    assert facts["loss.is_nonfinite"].value is True
    assert facts["loss.first_nonfinite_step"].value == 410


def test_facts_stand_beside_a_history(advisor: Advisor) -> None:
    assert advisor.observe({"budget.steps": 500}, history=RECORDS).facts["run.finished"].value is True
    assert advise.advise({"budget.steps": 500}, history=RECORDS).facts["budget.steps"] == 500
    assert advise.observe(history=RECORDS, columns={"dev.loss": "loss"}).facts["loss.dev_best"].value == pytest.approx(1.01)


@pytest.mark.parametrize("history", [[], {}, "text", 5, [1, 2], {"loss": "text"}, {"loss": 3}, [{}], object()])
def test_what_is_no_history(history: object, advisor: Advisor) -> None:
    with pytest.raises(LogError) as raised:
        advisor.observe(history=history)
    assert raised.value.problems[0].file == "history"
