"""The optimizer in the name of a column."""

from pathlib import Path

import pytest

from advise import Advisor


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


@pytest.mark.parametrize(
    ("columns", "optimizer"),
    [
        (("lr-AdamW",), "adamw"),
        (("lr-AdamW/pg1", "lr-AdamW/pg2"), "adamw"),
        (("lr-SGD",), "sgd"),
        (("lr-Adam",), "adam"),
        (("lr",), None),
        (("lr-Adam", "lr-SGD"), None),
        (("lr-backbone",), None),
    ],
)
def test_the_optimizer_stands_in_the_name_of_its_rate(columns: tuple[str, ...], optimizer: str | None, advisor: Advisor, tmp_path: Path) -> None:
    rows = "".join(f"{step},{1 + 5 / step}" + f",{0.001}" * len(columns) + "\n" for step in range(10, 310, 10))
    (tmp_path / "metrics.csv").write_text(f"step,train_loss,{','.join(columns)}\n{rows}")
    fact = advisor.observe(tmp_path / "metrics.csv").facts.get("optimizer.name")
    assert (None if fact is None else fact.value) == optimizer


def test_what_a_file_of_the_set_up_says_goes_before_it(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("step,train_loss,lr-Adam\n" + "".join(f"{step},{1 / step},0.001\n" for step in range(1, 40)))
    (tmp_path / "hparams.yaml").write_text("optimizer: AdamW\n")
    assert advisor.observe(tmp_path).facts["optimizer.name"].value == "adamw"
