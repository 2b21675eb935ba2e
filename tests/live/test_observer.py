"""The observer in real loops: it sees what no log holds, is silent about sound ones, and never stands in the way."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import advise
from advise.plan.model import Plan

torch = pytest.importorskip("torch", reason="PyTorch is not installed: make test-live")
nn = torch.nn

CLASSES, FEATURES, SAMPLES, STEPS = 5, 20, 512, 60


def data(seed: int) -> tuple[Any, Any]:
    x = torch.randn(SAMPLES, FEATURES, generator=torch.Generator().manual_seed(seed))
    teacher = torch.randn(FEATURES, CLASSES, generator=torch.Generator().manual_seed(99))
    return x, (x @ teacher).argmax(1)


class Loop:
    """A loop of a person's own, whole, with one place for each thing that can be wrong."""

    def __init__(self, path: Path) -> None:
        torch.manual_seed(0)
        self.path = path
        self.x, self.y = data(0)
        self.dev = data(1)
        self.model = nn.Sequential(nn.Linear(FEATURES, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, CLASSES))
        self.optimizer: Any = torch.optim.AdamW(self.model.parameters(), 1e-2)
        self.criterion: Callable[[Any, Any], Any] = nn.CrossEntropyLoss()
        self.clears = self.evaluates_in_eval_mode = True
        self.observed: Any = None

    def run(self, steps: int = STEPS) -> None:
        from advise.live import Observer

        with Observer(self.model, self.optimizer, self.path) as watch:
            self.observed = watch
            for step in range(steps):
                chosen = torch.randint(0, SAMPLES, (64,))
                loss = self.criterion(self.model(self.x[chosen]), self.y[chosen])
                loss.backward()
                self.optimizer.step()
                if self.clears:
                    self.optimizer.zero_grad()
                watch.step(loss)
                if step % 20 == 19:
                    watch.evaluated(self.evaluate())

    def evaluate(self) -> dict[str, float]:
        self.model.train(not self.evaluates_in_eval_mode)
        with torch.no_grad():
            out = self.model(self.dev[0])
        self.model.train()
        return {"loss": float(nn.functional.cross_entropy(out, self.dev[1])), "accuracy": float((out.argmax(1) == self.dev[1]).float().mean())}

    @property
    def plan(self) -> Plan:
        return advise.Advisor().advise(str(self.path))


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    return Loop(tmp_path / "run" / "advise.jsonl")


def named(plan: Plan) -> set[str]:
    return {item.id for item in plan.diagnoses if item.severity in ("high", "medium")}


def rules(plan: Plan) -> set[str]:
    return {item.rule for item in plan.diagnoses}


def test_a_sound_loop_is_left_in_peace(loop: Loop) -> None:
    loop.run()
    assert named(loop.plan) == set()
    facts = loop.plan.facts
    assert (facts["optimizer.name"], facts["lr.peak"], facts["batch.per_device"], facts["model.dropout"]) == ("adamw", 0.01, 64, 0.1)
    assert (facts["task.num_classes"], facts["labels.min"], facts["labels.max"], facts["loss.expects"]) == (5, 0, 4, "logits")
    assert (facts["gradient.cleared"], facts["eval.mode_set"], facts["run.state"]) == (True, True, "finished")
    assert facts["dev.metric_last"] > 0.5


def test_softmax_before_a_loss_that_has_its_own(loop: Loop) -> None:
    loop.model.append(nn.Softmax(dim=-1))
    loop.run()
    assert "learning/activation-before-logit-loss" in rules(loop.plan)


def test_a_loss_that_is_called_as_a_function(loop: Loop) -> None:
    loop.model.append(nn.Softmax(dim=-1))
    loop.criterion = lambda out, y: nn.functional.cross_entropy(out.view(-1, CLASSES), y)
    loop.run()
    assert "learning/activation-before-logit-loss" in rules(loop.plan)


def test_logits_where_log_probabilities_are_expected(loop: Loop) -> None:
    loop.criterion = nn.NLLLoss()
    loop.run()
    assert "loss_setup_wrong" in named(loop.plan)


def test_parameters_that_no_optimizer_holds(loop: Loop) -> None:
    loop.optimizer = torch.optim.AdamW(loop.model[-1].parameters(), 1e-2)
    loop.run()
    assert "learning/parameters-outside-optimizer" in rules(loop.plan)
    assert "gradients_add_up" not in named(loop.plan)


def test_a_part_that_is_cut_off_from_the_loss(loop: Loop) -> None:
    loop.model.insert(2, Detached())
    loop.run()
    assert "learning/gradients-missing" in rules(loop.plan)


class Detached(nn.Module):
    def forward(self, x: Any) -> Any:
        return x.detach()


def test_gradients_that_are_not_cleared(loop: Loop) -> None:
    loop.clears = False
    loop.run()
    plan = loop.plan
    assert "learning/gradients-not-cleared" in rules(plan)
    assert plan.verdict.id == "fix_first"


def test_accumulation_is_no_fault(loop: Loop) -> None:
    from advise.live import Observer

    with Observer(loop.model, loop.optimizer, loop.path) as watch:
        for _ in range(30):
            for _ in range(4):
                chosen = torch.randint(0, SAMPLES, (16,))
                loss = loop.criterion(loop.model(loop.x[chosen]), loop.y[chosen])
                (loss / 4).backward()
            loop.optimizer.step()
            loop.optimizer.zero_grad()
            watch.step(loss)
    assert loop.plan.facts["gradient.cleared"] is True
    assert loop.plan.facts["batch.accumulation_steps"] == 4


def test_evaluation_in_training_mode(loop: Loop) -> None:
    loop.evaluates_in_eval_mode = False
    loop.run()
    assert "learning/evaluated-in-train-mode" in rules(loop.plan) or "generalisation/evaluated-in-train-mode" in rules(loop.plan)


def test_labels_beyond_the_classes_are_named_though_the_loop_dies(loop: Loop) -> None:
    loop.y = loop.y + 1
    with pytest.raises(IndexError, match="out of bounds"):
        loop.run()
    plan = loop.plan
    assert "labels_out_of_range" in named(plan)
    assert plan.facts["run.state"] == "crashed"


def test_an_optimizer_that_moves_nothing(loop: Loop) -> None:
    import copy

    loop.optimizer = torch.optim.SGD(copy.deepcopy(loop.model).parameters(), 0.1)
    loop.run()
    assert {"learning/parameters-outside-optimizer", "learning/updates-not-applied"} & rules(loop.plan)


def test_dead_units(loop: Loop) -> None:
    with torch.no_grad():
        loop.model[0].bias.fill_(-100.0)
    loop.run()
    assert loop.plan.facts["activations.dead_fraction"] == 1.0
    assert "learning/units-never-active" in rules(loop.plan)


def test_dev_samples_in_the_training_set(loop: Loop, tmp_path: Path) -> None:
    from torch.utils.data import TensorDataset

    from advise.live import Observer

    train = TensorDataset(loop.x, loop.y)
    dev = TensorDataset(torch.cat([loop.dev[0][:64], loop.x[:64]]), torch.cat([loop.dev[1][:64], loop.y[:64]]))
    Observer(loop.model, loop.optimizer, loop.path, train=train, dev=dev).close()
    facts = advise.observe(str(loop.path)).facts
    assert (facts["split.overlap_share"].value, facts["data.train_size"].value, facts["data.dev_size"].value) == (0.5, SAMPLES, 128)


def test_what_repeats_by_chance_is_no_leak(loop: Loop) -> None:
    from torch.utils.data import TensorDataset

    from advise.live import Observer

    # Of 64 possible samples each is in both parts.
    torch.manual_seed(3)
    sets = [TensorDataset(torch.randint(0, 2, (count, 6)), torch.zeros(count)) for count in (400, 100)]
    Observer(loop.model, loop.optimizer, loop.path, train=sets[0], dev=sets[1]).close()
    assert "split.overlap_share" not in advise.observe(str(loop.path)).facts


def test_the_training_is_the_same_bit_for_bit(tmp_path: Path) -> None:
    def weights(watched: bool) -> list[Any]:
        loop = Loop(tmp_path / f"{watched}.jsonl")
        if watched:
            loop.run()
        else:
            for step in range(STEPS):
                chosen = torch.randint(0, SAMPLES, (64,))
                loss = loop.criterion(loop.model(loop.x[chosen]), loop.y[chosen])
                loss.backward()
                loop.optimizer.step()
                loop.optimizer.zero_grad()
                if step % 20 == 19:
                    loop.evaluate()
        return [parameter.detach().clone() for parameter in loop.model.parameters()]

    assert all(torch.equal(one, other) for one, other in zip(weights(True), weights(False), strict=True))


def test_everything_is_put_back(loop: Loop) -> None:
    before = nn.functional.cross_entropy
    loop.run()
    assert nn.functional.cross_entropy is before
    assert not loop.model._forward_pre_hooks
    assert not loop.model[1]._forward_hooks
    assert not loop.optimizer._optimizer_step_pre_hooks


def test_a_fault_of_its_own_is_one_warning_and_then_silence(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    from advise.live import observer

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(observer, "gradients", broken)
    with pytest.warns(RuntimeWarning, match="advise watches no longer: RuntimeError: broken") as warned:
        loop.run()
    assert len(warned) == 1
    assert loop.observed.is_off
    assert not loop.model._forward_pre_hooks


def test_a_place_that_cannot_be_written_is_a_warning(loop: Loop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    loop.path = tmp_path / "file" / "advise.jsonl"
    with pytest.warns(RuntimeWarning, match="watches no longer"):
        loop.run()


def test_a_run_that_was_killed_is_read(loop: Loop) -> None:
    loop.run()
    text = loop.path.read_text(encoding="utf-8")
    loop.path.write_text(text[: len(text) * 2 // 3], encoding="utf-8")
    assert loop.plan.facts["gradient.missing_parameters"] == 0


def test_a_resumed_run_goes_on_in_its_record(loop: Loop) -> None:
    loop.run(10)
    with loop.path.open("a", encoding="utf-8") as file:
        file.write('{"step": 11, "train_lo')
    loop.run(10)
    lines = loop.path.read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith('{"schema"') for line in lines) == 2
    assert sum(1 for line in lines if not line.endswith("}")) == 1
    assert loop.plan.facts["optimizer.name"] == "adamw"


def unusual(kind: str) -> tuple[Any, Callable[[], Any], list[Any]]:
    """A model, what makes its loss, and its optimizers."""
    model: Any = {
        "sparse": lambda: nn.Embedding(50, 4, sparse=True),
        "complex": lambda: nn.Linear(4, 2, dtype=torch.complex64),
        "tied": lambda: nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4)),
        "meta": lambda: nn.Linear(4, 2, device="meta"),
    }.get(kind, lambda: nn.Linear(4, 2))()
    if kind == "tied":
        model[2].weight = model[0].weight
    kinds = {"complex": {"dtype": torch.complex64}, "meta": {"device": "meta"}}
    inputs = (lambda: torch.randint(0, 50, (8,))) if kind == "sparse" else (lambda: torch.randn(8, 4, **kinds.get(kind, {})))
    optimizers: dict[str, Callable[[], list[Any]]] = {
        "sparse": lambda: [torch.optim.SparseAdam(list(model.parameters()), 0.1)],
        "lbfgs": lambda: [torch.optim.LBFGS(model.parameters())],
        "several": lambda: [torch.optim.SGD([model.weight], 0.1), torch.optim.SGD([model.bias], 0.1)],
    }
    return model, lambda: model(inputs()).abs().square().mean(), optimizers.get(kind, lambda: [torch.optim.SGD(model.parameters(), 0.1)])()


@pytest.mark.parametrize("kind", ["lbfgs", "sparse", "complex", "tied", "several", "meta"])
def test_unusual_models_are_watched_without_a_warning(loop: Loop, kind: str, recwarn: pytest.WarningsRecorder) -> None:
    from advise.live import Observer

    model, make, optimizers = unusual(kind)

    def closure() -> Any:
        for each in optimizers:
            each.zero_grad()
        loss = make()
        loss.backward()
        return loss

    with Observer(model, optimizers, loop.path) as watch:
        for _ in range(8):
            loss = optimizers[0].step(closure) if kind == "lbfgs" else closure()
            for each in optimizers if kind != "lbfgs" else ():
                each.step()
            watch.step(None if kind == "meta" else loss)
    assert not [warning for warning in recwarn if "advise" in str(warning.message)]


def test_nothing_of_torch_is_imported_otherwise() -> None:
    program = "import sys, advise, advise.live, advise.cli.app; advise.advise({'clip.rate': 1.0}); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_row_holds_the_mean_loss_and_the_rate(loop: Loop) -> None:
    loop.run(200)
    rows = [row for row in map(json.loads, loop.path.read_text(encoding="utf-8").splitlines()) if "train_loss" in row]
    assert [row["step"] for row in rows[:3]] == [1, 2, 3]
    assert rows[-1]["step"] == 200
    assert {row["lr"] for row in rows} == {0.01}
    assert len(rows) < 130
