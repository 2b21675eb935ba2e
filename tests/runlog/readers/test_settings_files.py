"""Files of hyperparameters beside a log."""

from pathlib import Path

import pytest

from advise import Advisor
from advise.facts.record import Observed
from advise.text import Value

LOG = "step,train_loss,val_loss\n" + "".join(f"{step},{3 - step / 100},{3.1 - step / 100}\n" for step in range(10, 110, 10))


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def observed(advisor: Advisor, folder: Path, name: str, content: str) -> Observed:
    (folder / "metrics.csv").write_text(LOG)
    (folder / name).write_text(content)
    return advisor.observe([folder])


def values(found: Observed) -> dict[str, Value]:
    return {name: fact.value for name, fact in found.facts.items()}


def test_lightning(advisor: Advisor, tmp_path: Path) -> None:
    found = observed(advisor, tmp_path, "hparams.yaml", "learning_rate: 3.0e-3\noptimizer: AdamW\nmax_epochs: 20\nmodel:\n  dropout: 0.2\n")
    facts = values(found)
    assert (facts["lr.peak"], facts["optimizer.name"], facts["budget.epochs"], facts["model.dropout"]) == (0.003, "adamw", 20, 0.2)
    assert found.facts["optimizer.name"].origin.file == str(tmp_path / "hparams.yaml")


def test_lightning_command_line(advisor: Advisor, tmp_path: Path) -> None:
    config = """
trainer: {max_steps: 5000, gradient_clip_val: 1.0, precision: bf16-mixed}
optimizer: {class_path: torch.optim.AdamW, init_args: {lr: 0.0004, weight_decay: 0.1}}
lr_scheduler: {class_path: torch.optim.lr_scheduler.ReduceLROnPlateau, init_args: {patience: 3}}
"""
    facts = values(observed(advisor, tmp_path, "config.yaml", config))
    assert (facts["budget.steps"], facts["clip.threshold"], facts["precision.kind"]) == (5000, 1.0, "bf16")
    assert (facts["optimizer.name"], facts["lr.peak"], facts["optimizer.weight_decay"]) == ("adamw", 0.0004, 0.1)
    assert "early_stopping.patience" not in facts


def test_ultralytics(advisor: Advisor, tmp_path: Path) -> None:
    facts = values(observed(advisor, tmp_path, "args.yaml", "epochs: 100\npatience: 50\nlr0: 0.01\nlrf: 0.01\nmomentum: 0.937\noptimizer: SGD\n"))
    assert (facts["budget.epochs"], facts["early_stopping.patience"], facts["lr.peak"]) == (100, 50, 0.01)
    assert (facts["optimizer.name"], facts["optimizer.momentum"]) == ("sgd", 0.937)


def test_weights_and_biases(advisor: Advisor, tmp_path: Path) -> None:
    config = "wandb_version: 1\n_wandb:\n  value: {cli_version: 0.17}\nlr_scheduler_type:\n  desc: null\n  value: cosine_with_restarts\n"
    assert values(observed(advisor, tmp_path, "config.yaml", config))["schedule.kind"] == "cosine_restarts"


def test_json(advisor: Advisor, tmp_path: Path) -> None:
    facts = values(observed(advisor, tmp_path, "training_args.json", '{"optim": "adamw_torch_fused", "lr_scheduler_type": "constant_with_warmup"}'))
    assert (facts["optimizer.name"], facts["schedule.kind"]) == ("adamw", "constant")


@pytest.mark.parametrize(("labels", "classes"), [('{"0": "cat", "1": "dog", "2": "cow"}', 3), ('{"1": "cat", "2": "dog"}', None)])
def test_the_labels_of_transformers_are_the_classes(advisor: Advisor, tmp_path: Path, labels: str, classes: int | None) -> None:
    facts = values(observed(advisor, tmp_path, "config.json", f'{{"model_type": "bert", "id2label": {labels}}}'))
    assert facts.get("task.num_classes") == classes


def test_two_rates_that_differ_are_none(advisor: Advisor, tmp_path: Path) -> None:
    facts = values(observed(advisor, tmp_path, "config.yaml", "generator: {lr: 0.1}\ndiscriminator: {lr: 0.2}\nseed: {dropout: 0.1}\n"))
    assert "lr.peak" not in facts


def test_what_stands_at_the_top_counts_before_a_part(advisor: Advisor, tmp_path: Path) -> None:
    assert values(observed(advisor, tmp_path, "config.yaml", "lr: 0.1\nhead: {lr: 0.2}\n"))["lr.peak"] == 0.1


@pytest.mark.parametrize("line", ["bn_momentum: 0.1", "min_lr: 0.1", "noise_scheduler: linear", "optimizer: lion_of_ours", "lr: fast", "epochs: -3"])
def test_what_only_resembles_a_name_or_a_value_is_left_alone(advisor: Advisor, tmp_path: Path, line: str) -> None:
    facts = values(observed(advisor, tmp_path, "config.yaml", line))
    assert not facts.keys() & {"optimizer.momentum", "lr.peak", "schedule.kind", "optimizer.name", "budget.epochs"}


def test_a_facts_file_counts_before_it_whatever_it_is_called(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text("facts:\n  lr.peak: 0.5\n")
    found = observed(advisor, tmp_path, "hparams.yaml", "lr: 0.1\n")
    assert found.facts["lr.peak"].value == 0.5
    assert any("lr.peak" in finding.text.en for finding in found.findings)
    (tmp_path / "config.yaml").write_text("facts:\n  clip.threshold: 2\n")
    assert advisor.observe([tmp_path / "config.yaml"]).facts["clip.threshold"].value == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("lr: [0.1\n", ""),
        ("lr: 0.1\n" * 200_000, "1 MiB"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_finding(advisor: Advisor, tmp_path: Path, content: str, reason: str) -> None:
    found = observed(advisor, tmp_path, "hparams.yaml", content)
    told = [finding for finding in found.findings if "hyperparameters" in finding.text.en]
    assert len(told) == 1
    assert reason in told[0].text.en
    assert str(tmp_path / "hparams.yaml") in str(told[0].origin)
    assert "loss.train" in found.facts


def test_a_link_is_not_followed(advisor: Advisor, tmp_path: Path) -> None:
    run, elsewhere = tmp_path / "run", tmp_path / "elsewhere.yaml"
    run.mkdir()
    elsewhere.write_text("lr: 0.1\n")
    (run / "hparams.yaml").symlink_to(elsewhere)
    found = observed_only(advisor, run)
    assert "lr.peak" not in found.facts
    assert any("Links are not followed" in finding.text.en for finding in found.findings)


def observed_only(advisor: Advisor, folder: Path) -> Observed:
    (folder / "metrics.csv").write_text(LOG)
    return advisor.observe([folder])


def test_transformers_keeps_the_patience_of_early_stopping(advisor: Advisor, tmp_path: Path) -> None:
    rows = ",".join(f'{{"step": {step}, "eval_loss": {1 + step / 100}}}' for step in range(10, 60, 10))
    state = (
        f'{{"log_history": [{rows}], "max_steps": 1000, "stateful_callbacks": {{"EarlyStoppingCallback": '
        '{"args": {"early_stopping_patience": 3, "early_stopping_threshold": 0.0}, "attributes": {"early_stopping_patience_counter": 3}}}}'
    )
    (tmp_path / "trainer_state.json").write_text(state)
    facts = values(advisor.observe([tmp_path]))
    assert facts["early_stopping.patience"] == 3


def test_nothing_in_a_file_is_executed_and_the_rest_of_it_counts(advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = "lr: 0.1\nhook: !!python/object/apply:os.system ['touch pwned']\nact: !!python/name:torch.nn.ReLU ''\n"
    assert values(observed(advisor, tmp_path, "hparams.yaml", content))["lr.peak"] == 0.1
    assert not (tmp_path / "pwned").exists()


def test_what_the_log_contradicts_is_a_finding(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("step,train_loss,lr\n" + "".join(f"{step},{3 - step / 100},0.4\n" for step in range(10, 110, 10)))
    (tmp_path / "hparams.yaml").write_text("lr: 0.1\n")
    found = advisor.observe([tmp_path])
    assert any("`lr.peak` is stated as 0.1, and the log shows 0.4" in finding.text.en for finding in found.findings)
