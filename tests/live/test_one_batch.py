"""A few seconds before the run: go or no-go, and everything back as it was."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: make test-live")
import numpy as np  # noqa: E402

from advise.live import Preflight, preflight  # noqa: E402

nn = torch.nn
FEATURES, CLASSES, SAMPLES = 20, 5, 64


@pytest.fixture
def batch() -> tuple[Any, Any]:
    torch.manual_seed(0)
    x = torch.randn(SAMPLES, FEATURES)
    return x, (x @ torch.randn(FEATURES, CLASSES)).argmax(1)


def network(*more: Any) -> Any:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(FEATURES, 32), nn.ReLU(), nn.Linear(32, CLASSES), *more)


def tried(model: Any, batch: Any, loss: Callable[[Any, Any], Any] | None = None, rate: float = 1e-3) -> Preflight:
    return preflight(model, torch.optim.AdamW(model.parameters(), rate), loss or nn.CrossEntropyLoss(), batch)


def test_a_sound_set_up_may_start(batch: Any) -> None:
    found = tried(network(), batch)
    assert found.go
    assert (found.facts["smoke.one_batch_fits"], found.facts["gradient.missing_parameters"]) == (True, 0)
    assert 1e-4 <= (found.lr_suggested or 0) <= 0.1
    assert 1.3 <= float(found.facts["loss.train_initial"]) <= 2.0
    assert float(found.facts["smoke.zeroed_input_similarity"]) < 0.5
    assert str(found).startswith("Go: ")
    assert "建议峰值学习率" in found.to_text("zh")


def test_softmax_twice_may_not(batch: Any) -> None:
    found = tried(network(nn.Softmax(dim=-1)), batch)
    assert not found.go
    assert "learning/activation-before-logit-loss" in {item.rule for item in found.plan.diagnoses}


def test_labels_beyond_the_classes_may_not(batch: Any) -> None:
    found = tried(network(), (batch[0], batch[1] + 1))
    assert not found.go
    assert "IndexError" in (found.error or "")
    assert "labels_out_of_range" in {item.id for item in found.plan.diagnoses}


def test_shapes_that_do_not_fit_may_not(batch: Any) -> None:
    found = tried(network(), (batch[0][:, 1:], batch[1]))
    assert not found.go
    assert "shapes cannot be multiplied" in (found.error or "")


def test_a_rate_that_no_network_stands_may_not(batch: Any) -> None:
    found = tried(network(), batch, rate=50.0)
    assert not found.go
    assert "lr_too_high" in {item.id for item in found.plan.diagnoses}


def test_a_loss_that_forgets_the_inputs_may_not(batch: Any) -> None:
    class Blind(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = network()

        def forward(self, x: Any) -> Any:
            return self.inner(torch.zeros_like(x))

    found = tried(Blind(), batch)
    assert not found.go
    assert float(found.facts["smoke.zeroed_input_similarity"]) == pytest.approx(1.0, abs=0.02)


def test_a_part_that_gets_no_gradient_may_not(batch: Any) -> None:
    class Cut(nn.Module):
        def forward(self, x: Any) -> Any:
            return x.detach()

    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(FEATURES, 32), Cut(), nn.Linear(32, CLASSES))
    assert not tried(model, batch).go


def test_a_model_that_gives_its_loss_itself(batch: Any) -> None:
    class Made:
        def __init__(self, loss: Any) -> None:
            self.loss = loss

    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = network()

        def forward(self, x: Any, labels: Any) -> Made:
            return Made(nn.functional.cross_entropy(self.inner(x), labels))

    model = Own()
    found = preflight(model, torch.optim.AdamW(model.parameters(), 1e-3), None, {"x": batch[0], "labels": batch[1]})
    assert found.go
    assert found.facts["task.num_classes"] == CLASSES


def test_everything_comes_back_as_it_was(batch: Any) -> None:
    model = network(nn.BatchNorm1d(CLASSES), nn.Dropout(0.5))
    model[0].eval()
    optimizer = torch.optim.AdamW(model.parameters(), 1e-2)
    nn.functional.cross_entropy(model(batch[0]), batch[1]).backward()
    optimizer.step()
    state = {name: value.clone() for name, value in model.state_dict().items()}
    moments = [{name: torch.as_tensor(value).clone() for name, value in optimizer.state[parameter].items()} for parameter in model.parameters()]
    grads = [parameter.grad.clone() for parameter in model.parameters()]
    generators = random.getstate(), np.random.get_state()[1].copy(), torch.get_rng_state()
    preflight(model, optimizer, nn.CrossEntropyLoss(), batch)
    assert all(torch.equal(state[name], value) for name, value in model.state_dict().items())
    assert all(torch.equal(one, parameter.grad) for one, parameter in zip(grads, model.parameters(), strict=True))
    for before, parameter in zip(moments, model.parameters(), strict=True):
        assert all(torch.equal(value, torch.as_tensor(optimizer.state[parameter][name])) for name, value in before.items())
    assert optimizer.param_groups[0]["lr"] == 1e-2
    assert [module.training for module in model] == [False, True, True, True, True]
    assert random.getstate() == generators[0]
    assert (np.random.get_state()[1] == generators[1]).all()
    assert torch.equal(torch.get_rng_state(), generators[2])


def test_it_ends_in_time(batch: Any) -> None:
    import time

    class Slow(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = network()

        def forward(self, x: Any) -> Any:
            time.sleep(0.02)
            return self.inner(x)

    model = Slow()
    found = preflight(model, torch.optim.AdamW(model.parameters(), 1e-3), nn.CrossEntropyLoss(), batch, seconds=1.0)
    assert found.seconds < 5
    assert found.go
