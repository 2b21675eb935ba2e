"""The callbacks in the real trainers: a small training each, whose record is read and judged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import advise
from advise.plan.model import Plan

torch = pytest.importorskip("torch", reason="PyTorch is not installed: make test-live")
nn = torch.nn
# What the trainers warn of is theirs.
pytestmark = pytest.mark.filterwarnings("default")
FEATURES, CLASSES, SAMPLES = 20, 5, 512


def data(seed: int = 0) -> tuple[Any, Any]:
    x = torch.randn(SAMPLES, FEATURES, generator=torch.Generator().manual_seed(seed))
    return x, (x @ torch.randn(FEATURES, CLASSES, generator=torch.Generator().manual_seed(9))).argmax(1)


def plan_of(path: Path) -> Plan:
    return advise.Advisor().advise(str(path))


def rules(plan: Plan) -> set[str]:
    return {item.rule for item in plan.diagnoses}


@pytest.mark.parametrize("fault", [None, "softmax"])
def test_transformers(tmp_path: Path, fault: str | None) -> None:
    transformers = pytest.importorskip("transformers")
    from advise.live.transformers import AdviseCallback

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Sequential(nn.Linear(FEATURES, 32), nn.ReLU(), nn.Linear(32, CLASSES), *([nn.Softmax(-1)] if fault else []))

        def forward(self, x: Any, labels: Any = None) -> dict[str, Any]:
            out = self.inner(x)
            return {"loss": nn.functional.cross_entropy(out, labels), "logits": out}

    def items(seed: int) -> list[dict[str, Any]]:
        return [{"x": x, "labels": y} for x, y in zip(*data(seed), strict=True)]

    arguments = transformers.TrainingArguments(
        output_dir=str(tmp_path), max_steps=40, logging_steps=5, eval_steps=20, eval_strategy="steps", per_device_train_batch_size=32,
        learning_rate=1e-2, report_to=[], use_cpu=True, save_strategy="no", disable_tqdm=True,
    )  # fmt: skip
    transformers.Trainer(Model(), arguments, train_dataset=items(0), eval_dataset=items(1), callbacks=[AdviseCallback()]).train()
    plan = plan_of(tmp_path / "advise.jsonl")
    assert ("learning/activation-before-logit-loss" in rules(plan)) is bool(fault)
    assert plan.facts["batch.per_device"] == 32
    assert plan.facts["optimizer.name"] == "adamw"
    assert plan.facts["gradient.missing_parameters"] == 0
    assert plan.facts["eval.mode_set"] is True
    assert plan.facts["run.state"] == "finished"
    assert plan.facts["loss.dev"] > 0


@pytest.mark.parametrize("fault", [None, "outside"])
def test_lightning(tmp_path: Path, fault: str | None) -> None:
    lightning = pytest.importorskip("lightning.pytorch")
    from torch.utils.data import DataLoader, TensorDataset

    from advise.live.lightning import AdviseCallback

    class Module(lightning.LightningModule):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Sequential(nn.Linear(FEATURES, 32), nn.ReLU(), nn.Linear(32, CLASSES))

        def forward(self, x: Any) -> Any:
            return self.inner(x)

        def training_step(self, batch: Any, _: int) -> Any:
            return nn.functional.cross_entropy(self(batch[0]), batch[1])

        def validation_step(self, batch: Any, _: int) -> None:
            self.log("val_loss", nn.functional.cross_entropy(self(batch[0]), batch[1]))

        def configure_optimizers(self) -> Any:
            return torch.optim.AdamW(self.inner[-1].parameters() if fault else self.parameters(), 1e-2)

    trainer = lightning.Trainer(
        max_epochs=3, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False,
        default_root_dir=str(tmp_path), callbacks=[AdviseCallback(tmp_path / "advise.jsonl")],
    )  # fmt: skip
    loaders = [DataLoader(TensorDataset(*data(seed)), batch_size=64) for seed in (0, 1)]
    trainer.fit(Module(), *loaders)
    plan = plan_of(tmp_path / "advise.jsonl")
    assert ("learning/parameters-outside-optimizer" in rules(plan)) is bool(fault)
    assert plan.facts["run.steps_done"] == 24
    assert plan.facts["loss.dev"] > 0
    assert plan.facts["run.state"] == "finished"


def test_keras(tmp_path: Path) -> None:
    os.environ["KERAS_BACKEND"] = "torch"
    keras = pytest.importorskip("keras")
    from advise.live.keras import AdviseCallback

    model = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dropout(0.1), keras.layers.Dense(CLASSES)])
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    (x, y), dev = data(0), data(1)
    held = tuple(part.numpy() for part in dev)
    model.fit(x.numpy(), y.numpy(), epochs=4, batch_size=64, validation_data=held, verbose=0, callbacks=[AdviseCallback(tmp_path / "a.jsonl")])
    plan = plan_of(tmp_path / "a.jsonl")
    assert (plan.facts["optimizer.name"], plan.facts["model.dropout"], plan.facts["update.applied"]) == ("adam", 0.1, True)
    assert plan.facts["run.epochs_done"] == 4
    assert plan.facts["dev.metric_last"] > 0.3
    assert not [item for item in plan.diagnoses if item.severity == "high"]
