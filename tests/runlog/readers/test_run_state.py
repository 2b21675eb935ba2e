"""What a store of runs says of how a run stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise import observe


@pytest.mark.parametrize(("status", "state"), [(1, "running"), (3, "finished"), (4, "crashed"), (5, "killed"), (2, None)])
def test_mlflow_says_how_a_run_stands(tmp_path: Path, status: int, state: str | None) -> None:
    metrics = tmp_path / "metrics"
    metrics.mkdir()
    (tmp_path / "params").mkdir()
    (tmp_path / "meta.yaml").write_text(f"run_name: calm-owl\nrun_id: a1\nstart_time: 1700000000000\nstatus: {status}\nlifecycle_stage: active\n")
    (metrics / "train_loss").write_text("".join(f"{1700000000000 + step} {3 - step / 10} {step}\n" for step in range(10)))
    found = observe(tmp_path).facts.get("run.state")
    assert (None if found is None else found.value) == state
