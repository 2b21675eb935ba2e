"""`advise study` on studies whose truth is planted."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from advise import Advisor
from advise.errors import StudyError
from advise.experiments.study.read import Asked, read_study
from advise.experiments.study.report import as_json, report_of
from advise.experiments.study.run import observed
from advise.facts.record import Observed
from advise.plan.model import Plan


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def table(path: Path, trials: int, best_at: float, *, fails_above: float = math.inf, seed: int = 0) -> Path:
    """Trials of a learning rate from 1e-5 to 1e-1, whose loss is a bowl in its logarithm, and a hyperparameter that does nothing."""
    generator = np.random.default_rng(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["trial", "lr", "dropout", "val_loss"])
        for number in range(trials):
            rate = 10 ** generator.uniform(-5, -1)
            loss = 0.3 + 0.1 * (math.log10(rate) - math.log10(best_at)) ** 2 + 0.01 * generator.normal()
            writer.writerow([number, rate, generator.uniform(0, 0.5), "nan" if rate > fails_above else loss])
    return path


def planned(path: Path, advisor: Advisor, asked: Asked | None = None) -> tuple[dict[str, object], Plan, str]:
    read = read_study(str(path), asked or Asked("val_loss", "down", None, None, ()), advisor.knowledge)
    known = observed(read, Observed({}), advisor.knowledge)
    plan = advisor.examine(known).plan
    return {name: fact.value for name, fact in known.facts.items()}, plan, as_json(report_of(read, plan, advisor.knowledge))


@pytest.mark.parametrize("seed", range(5))
def test_a_best_point_at_the_edge_is_found_with_its_side(tmp_path: Path, advisor: Advisor, seed: int) -> None:
    facts, plan, _ = planned(table(tmp_path / "trials.csv", 60, 1e-1, seed=seed), advisor)
    assert (facts["search.best_at_edge"], facts["search.edge_parameter"], facts["search.edge_side"]) == (True, "lr", "high")
    assert "expand_search_space" in [decision.id for decision in plan.decisions]


@pytest.mark.parametrize("seed", range(5))
def test_a_best_point_inside_is_not_at_the_edge(tmp_path: Path, advisor: Advisor, seed: int) -> None:
    facts, plan, _ = planned(table(tmp_path / "trials.csv", 60, 1e-3, seed=seed), advisor)
    assert facts.get("search.best_at_edge") is not True
    assert "expand_search_space" not in [decision.id for decision in plan.decisions]


def test_an_infeasible_side_is_found(tmp_path: Path, advisor: Advisor) -> None:
    facts, _, _ = planned(table(tmp_path / "trials.csv", 80, 1e-3, fails_above=1e-2), advisor)
    assert float(str(facts["search.infeasible_share"])) > 0.1
    assert facts["search.infeasible_side"] == "high"


def test_the_report_as_json_names_the_study(tmp_path: Path, advisor: Advisor) -> None:
    _, _, written = planned(table(tmp_path / "trials.csv", 60, 1e-3), advisor)
    assert json.loads(written)


def test_the_page_is_one_file_that_needs_no_network(tmp_path: Path) -> None:
    path = table(tmp_path / "trials.csv", 60, 1e-1)
    page = tmp_path / "study.html"
    subprocess.run([sys.executable, "-m", "advise", "study", str(path), "--objective", "val_loss", "--direction", "min", "-o", str(page)], check=True)
    html = page.read_text(encoding="utf-8")
    assert "<svg" in html
    assert "<script src" not in html
    assert "<link" not in html


def test_an_objective_that_is_missing_is_an_error(tmp_path: Path, advisor: Advisor) -> None:
    with pytest.raises(StudyError):
        planned(table(tmp_path / "trials.csv", 20, 1e-3), advisor, Asked("val_acc", "up", None, None, ()))
