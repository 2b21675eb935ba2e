"""The names of checkpoints: what trainers call them is read by its words and numbers, and nothing is opened or followed out of the folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from advise import Advisor
from advise.facts.record import Observed
from advise.runlog.places.checkpoints import Checkpoint, CheckpointReader, checkpoints_beside
from advise.runlog.places.names import Names


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


@pytest.fixture(scope="module")
def reader(advisor: Advisor) -> CheckpointReader:
    return CheckpointReader(advisor.knowledge.places.checkpoints)


def beside(folder: Path, advisor: Advisor) -> dict[str, Checkpoint]:
    places = advisor.knowledge.places
    found = checkpoints_beside([str(folder)], str(folder), CheckpointReader(places.checkpoints), Names(places).is_part)
    return {item.name: item for item in found}


@pytest.mark.parametrize(
    ("name", "numbers", "word"),
    [
        ("epoch=9-step=1000.ckpt", {"epoch": 9, "step": 1000}, ""),
        ("epoch=3-val_loss=0.21.ckpt", {"epoch": 3}, ""),
        ("model-epoch=02-val_acc=1.ckpt", {"epoch": 2}, ""),
        ("last.ckpt", {}, "last"),
        ("best-v1.ckpt", {}, "best"),
        ("best.pt", {}, "best"),
        ("epoch10.pt", {"epoch": 10}, ""),
        ("step_1000.pt", {"step": 1000}, ""),
        ("model_12.pth", {"count": 12}, ""),
        ("model_0004999.pth", {"count": 4999}, ""),
        ("model_final.pth", {}, "last"),
        ("checkpoint-12.pth.tar", {"count": 12}, ""),
        ("model_best.pth.tar", {}, "best"),
        ("epoch_12.pth", {"epoch": 12}, ""),
        ("iter_4000.pth", {"step": 4000}, ""),
        ("best_coco_bbox_mAP_epoch_11.pth", {"epoch": 11}, "best"),
        ("checkpoint_best.pt", {}, "best"),
        ("checkpoint12.pt", {"count": 12}, ""),
        ("checkpoint_3_5000.pt", {"count": 5000}, ""),
        ("weights.05-0.23.h5", {"count": 5}, ""),
        ("rl_model_10000_steps.zip", {"step": 10000}, ""),
        ("12epoch.pth", {"epoch": 12}, ""),
        ("valid.acc.best.pth", {}, "best"),
        ("model_step_10000.pt", {"step": 10000}, ""),
        ("model.iter10000.npz", {"step": 10000}, ""),
        ("12.pdparams", {"count": 12}, ""),
        ("ep1-ba100-rank0.pt", {"epoch": 1, "step": 100}, ""),
        ("state_step001000.pt", {"step": 1000}, ""),
        ("model_00001000.bin", {"count": 1000}, ""),
        ("model.ckpt-1000.index", {"count": 1000}, ""),
        ("0001000.pt", {"count": 1000}, ""),
        ("ckpt_2026-12-01_12-30-11_step500.pt", {"step": 500}, ""),
        ("模型_epoch_7.pth", {"epoch": 7}, ""),
    ],
)
def test_file(name: str, numbers: Mapping[str, int], word: str, tmp_path: Path, advisor: Advisor) -> None:
    (tmp_path / name).touch()
    found = beside(tmp_path, advisor)[name]
    assert (dict(found.numbers), found.is_best, found.is_last) == (numbers, word == "best", word == "last")


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("checkpoint-500", {"count": 500}),
        ("iter_0001000", {"step": 1000}),
        ("global_step100", {"step": 100}),
        ("step-1000", {"step": 1000}),
        ("epoch_0", {"epoch": 0}),
        ("checkpoint_000010", {"count": 10}),
        ("model-best", {}),
    ],
)
def test_folder(name: str, numbers: Mapping[str, int], tmp_path: Path, advisor: Advisor) -> None:
    (tmp_path / name).mkdir()
    assert dict(beside(tmp_path, advisor)[name].numbers) == numbers


@pytest.mark.parametrize(
    "name",
    [
        "resnet18-5c106cde.pth",
        "vgg16-397923af.pth",
        "yolov8n.pt",
        "00001.tar",
        "optimizer_12.pt",
        "predictions_epoch_3.npz",
        "valid.acc.ave_10best.pth",
        "ckpt.pt",
        "epoch_12.png",
        ".step_12.pt",
    ],
)
def test_no_checkpoint(name: str, tmp_path: Path, advisor: Advisor) -> None:
    (tmp_path / name).touch()
    assert not beside(tmp_path, advisor)


@pytest.mark.parametrize("name", ["version_0", "run_12", "model_12", "tmp-checkpoint-500", "1000", "latest", "best"])
def test_folder_of_something_else(name: str, tmp_path: Path, advisor: Advisor) -> None:
    (tmp_path / name).mkdir()
    assert not beside(tmp_path, advisor)


def test_below_parts_of_the_run_alone(tmp_path: Path, advisor: Advisor) -> None:
    for place in ("weights", "other_run", "checkpoint-500", "weights/deeper"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "best.pt").touch()
    assert set(beside(tmp_path, advisor)) == {"weights/best.pt", "checkpoint-500"}


def test_a_link_within_the_folder_says_which_it_is(tmp_path: Path, advisor: Advisor) -> None:
    (tmp_path / "epoch=4-step=50.ckpt").touch()
    (tmp_path / "best.ckpt").symlink_to("epoch=4-step=50.ckpt")
    found = beside(tmp_path, advisor)["best.ckpt"]
    assert found.is_best
    assert found.numbers == {"epoch": 4, "step": 50}


def test_links_that_lead_elsewhere_are_left_alone(tmp_path: Path, advisor: Advisor) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "step_10.pt").touch()
    (outside / "step_20.pt").touch()
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "best.pt").symlink_to(outside / "step_10.pt")
    (folder / "weights").symlink_to(outside)
    (folder / "last.pt").symlink_to("gone.pt")
    assert not beside(folder, advisor)


def test_many_files_end(tmp_path: Path, reader: CheckpointReader) -> None:
    for number in range(2_500):
        (tmp_path / f"step_{number}.pt").touch()
    assert len(checkpoints_beside([str(tmp_path)], str(tmp_path), reader, lambda name: False)) == 2_000


LOG = "step,loss,val_loss\n" + "".join(f"{step},{2 - step / 2000},{1.5 + abs(step - 1200) / 2000}\n" for step in range(100, 2001, 100))


def observed(path: Path, advisor: Advisor) -> Observed:
    return advisor.observe([str(path)])


def values(seen: Observed) -> dict[str, object]:
    return {name: fact.value for name, fact in seen.facts.items() if name.startswith("checkpoint.")}


def test_beside_a_log_that_is_named(tmp_path: Path, advisor: Advisor) -> None:
    (tmp_path / "log.csv").write_text(LOG)
    for step in (500, 1000, 1500, 2000):
        (tmp_path / f"checkpoint-{step}").mkdir()
    found = observed(tmp_path / "log.csv", advisor)
    assert values(found) | {"checkpoint.newest_written": ""} == {
        "checkpoint.found": 4,
        "checkpoint.newest_written": "",
        "checkpoint.best_name": "checkpoint-1000",
        "checkpoint.best_step": 1000,
        "checkpoint.best_metric": pytest.approx(1.6),
        "checkpoint.keeps_best": False,
        "checkpoint.last_name": "checkpoint-2000",
        "checkpoint.last_step": 2000,
    }
    assert found.facts["checkpoint.best_name"].origin.file == str(tmp_path / "checkpoint-1000")


def test_beside_the_checkpoint_that_holds_the_log(tmp_path: Path, advisor: Advisor) -> None:
    for step in (1200, 2000):
        (tmp_path / f"checkpoint-{step}").mkdir()
    (tmp_path / "checkpoint-2000" / "log.csv").write_text(LOG)
    found = values(observed(tmp_path / "checkpoint-2000" / "log.csv", advisor))
    assert (found["checkpoint.best_name"], found["checkpoint.keeps_best"]) == ("checkpoint-1200", True)


def test_beside_the_logs_of_a_folder(tmp_path: Path, advisor: Advisor) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "log.csv").write_text(LOG)
    (tmp_path / "ckpts").mkdir()
    (tmp_path / "ckpts" / "step_1200.pt").touch()
    assert values(observed(tmp_path, advisor))["checkpoint.best_name"] == os.path.join("ckpts", "step_1200.pt")


def test_of_several_runs_its_own(tmp_path: Path, advisor: Advisor) -> None:
    for run, step in (("run_1", 1200), ("run_2", 1300)):
        (tmp_path / run / "logs").mkdir(parents=True)
        (tmp_path / run / "logs" / "log.csv").write_text(LOG)
        (tmp_path / run / "weights").mkdir()
        (tmp_path / run / "weights" / f"step_{step}.pt").touch()
    (tmp_path / "step_100.pt").touch()
    assert values(observed(tmp_path, advisor))["checkpoint.best_name"] == os.path.join("run_2", "weights", "step_1300.pt")


def test_plan_names_what_was_saved(tmp_path: Path, advisor: Advisor) -> None:
    (tmp_path / "log.csv").write_text(LOG)
    for step in (1000, 2000):
        (tmp_path / f"step_{step}.pt").touch()
    plan = advisor.examine(observed(tmp_path, advisor)).plan
    assert plan.head is not None
    assert plan.head.checkpoint.en.startswith("`step_1000.pt` (step 1,000, val_loss 1.6). The best evaluation, 1.5 at step 1,200, was not saved.")
    chosen = next(item for item in plan.decisions if item.id == "select_best_checkpoint")
    assert chosen.params["saved"] == "step_1000.pt"
    assert "`step_1000.pt`" in chosen.steps[0].zh


def test_a_killed_run_has_to_go_on_from_what_was_saved(tmp_path: Path, advisor: Advisor) -> None:
    rows = "".join(f"step {step} loss: {2 - step / 2000:.4f} lr: 0.001\n" for step in range(10, 201, 10))
    (tmp_path / "train.log").write_text(f"{rows}slurmstepd: error: *** JOB 12345 ON node01 CANCELLED AT 2026-11-30T12:00:00 ***\n")
    (tmp_path / "checkpoint-150").mkdir()
    plan = advisor.examine(observed(tmp_path, advisor)).plan
    assert plan.head is not None
    assert "50 steps since `checkpoint-150`, the last checkpoint that was saved, have to be done again." in plan.head.cost.en
    assert plan.head.checkpoint.zh.startswith("最后保存的是 `checkpoint-150`")
    assert any("`checkpoint-150`" in step.en for item in plan.decisions if item.id == "resume_run" for step in item.steps)
