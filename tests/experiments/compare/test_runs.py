"""The final score of a run out of its curves."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from advise.advisor import Advisor
from advise.errors import ScoresError
from advise.experiments.compare.read import Asked, read_sides
from advise.experiments.compare.runs import runs_in, score_of_run
from advise.facts.record import Observed
from advise.knowledge.comparison import ComparisonSpec
from advise.runlog.series.record import Curve, RunLog
from advise.terms import Direction

RISING = (0.1, 0.8, 0.9, 0.7)


class Logs:
    """Stands for an advisor that reads the logs of a run."""

    def __init__(self, values: tuple[float, ...], direction: Direction | None = "up", role: str = "dev.metric", **settings: Any) -> None:
        steps = np.arange(len(values), dtype=float)
        lines = np.arange(2, 2 + len(values))
        curve = Curve(role, "val/acc", "run/metrics.csv", "", steps, np.array(values), lines, direction)
        self.log = RunLog("step", {role: (curve,)}, settings={name: (value, "run/config.yaml") for name, value in settings.items()})
        self.columns: dict[str, str] = {}

    def observe(self, path: str, *, columns: dict[str, str]) -> Observed:
        self.columns = columns
        return Observed({}, log=self.log)


def score(logs: Logs, spec: ComparisonSpec, asked: Asked = Asked()) -> Any:  # noqa: B008 - frozen
    return score_of_run("run", cast(Advisor, logs), spec, asked.take, asked.metric, asked.direction)


def test_the_best_value_counts_with_its_line(spec: ComparisonSpec) -> None:
    metric, direction, found = score(Logs(RISING), spec)
    assert (metric, direction, found.value, found.origin) == ("val/acc", "up", 0.9, "run/metrics.csv:4")
    assert score(Logs(RISING, "down"), spec)[2].value == 0.1
    assert score(Logs(RISING), spec, Asked(direction="down"))[2].value == 0.1


def test_or_the_last(spec: ComparisonSpec) -> None:
    assert score(Logs(RISING), spec, Asked(take="last"))[2].value == 0.7


def test_a_loss_decides_where_there_is_nothing_else(spec: ComparisonSpec) -> None:
    assert score(Logs(RISING, "down", role="dev.loss"), spec)[2].value == 0.1


@pytest.mark.parametrize("name", ["seed", "train/seed", "args.random_seed", "Seed"])
def test_the_seed_is_a_setting(spec: ComparisonSpec, name: str) -> None:
    assert score(Logs(RISING, **{name: 7}), spec)[2].seed == "7"


def test_a_metric_of_the_users_choice_decides(spec: ComparisonSpec) -> None:
    logs = Logs(RISING)
    score(logs, spec, Asked(metric="val/dice"))
    assert logs.columns == {"dev.metric": "val/dice"}


@pytest.mark.parametrize(
    ("logs", "asked", "said"),
    [
        (Logs(RISING, role="train.loss"), Asked(), "logs no dev metric"),
        (Logs((float("nan"), float("inf"))), Asked(), "nowhere finite"),
        (Logs((0.9, float("nan"))), Asked(take="last"), "nowhere finite"),
        (Logs(RISING, None), Asked(), "nothing says whether more is better"),
    ],
)
def test_a_run_without_a_score_is_said(spec: ComparisonSpec, logs: Logs, asked: Asked, said: str) -> None:
    with pytest.raises(ScoresError, match=said):
        score(logs, spec, asked)


def test_a_directory_without_logs_is_a_directory_of_runs(tmp_path: Path) -> None:
    for name in ("seed1", "seed0"):
        (tmp_path / name).mkdir()
    (tmp_path / "elsewhere").symlink_to("/")
    assert runs_in(str(tmp_path)) == [str(tmp_path / "seed0"), str(tmp_path / "seed1")]
    assert runs_in(str(tmp_path / "seed0")) == [str(tmp_path / "seed0")]
    assert runs_in("metrics.csv") == ["metrics.csv"]


def test_runs_of_a_directory_are_the_scores_of_a_side(tmp_path: Path, spec: ComparisonSpec, advisor: Advisor) -> None:
    for name in ("seed0", "seed1"):
        (tmp_path / name).mkdir()

    class Both(Logs):
        knowledge = advisor.knowledge

        def observe(self, path: str, *, columns: dict[str, str]) -> Observed:
            return Observed({}, log=(self if path.endswith("0") else Logs((0.95,))).log)

    base, _, direction = read_sides([str(tmp_path)], ["0.9,0.91"], Asked(), cast(Advisor, Both(RISING)), spec)
    assert (base.values, base.metric, direction) == ((0.9, 0.95), "val/acc", "up")


def test_logs_are_read_as_they_lie(tmp_path: Path, spec: ComparisonSpec, advisor: Advisor) -> None:
    for side, gain in (("base", 0.0), ("new", 0.05)):
        for seed in range(2):
            folder = tmp_path / side / f"seed{seed}"
            folder.mkdir(parents=True)
            rows = [f"{step},{0.5 + step / 1000 + seed / 100 + gain - (0.02 if step == 90 else 0):.4f}" for step in range(0, 100, 10)]
            (folder / "metrics.csv").write_text("\n".join(["step,val/accuracy", *rows, ""]), encoding="utf-8")
    base, new, direction = read_sides([str(tmp_path / "base")], [str(tmp_path / "new")], Asked(), advisor, spec)
    assert (base.values, direction, base.metric) == (pytest.approx((0.58, 0.59)), "up", "val/accuracy")
    assert new.values == pytest.approx((0.63, 0.64))
    assert base.scores[0].origin == f"{tmp_path / 'base' / 'seed0' / 'metrics.csv'}:10"
    last = read_sides([str(tmp_path / "base")], [str(tmp_path / "new")], Asked(take="last"), advisor, spec)[0]
    assert last.values == pytest.approx((0.57, 0.58))


def test_a_log_that_names_its_run_in_every_line_is_one_run(tmp_path: Path, spec: ComparisonSpec, advisor: Advisor) -> None:
    paths = []
    for name, best in (("a", 0.7), ("b", 0.8)):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"run,step,val_acc\n{name},1,0.5\n{name},2,{best}\n{name},3,0.6\n", encoding="utf-8")
        paths.append(str(path))
    assert read_sides(paths, ["0.9,0.91"], Asked(), advisor, spec)[0].values == (0.7, 0.8)
