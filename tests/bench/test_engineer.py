"""The literal-minded engineer does what a plan says, and nothing else; PyTorch is not needed for that."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LAB = ROOT / "bench" / "lab"
REMEDIES: dict[str, Any] = yaml.safe_load((LAB / "remedies.yaml").read_text("utf-8"))
RULES = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "rules").rglob("*.yaml") if not path.name.endswith(".test.yaml")]
STEPS = [text for rule in RULES for step in rule.get("steps", []) for text in re.findall(r"'en': (?:'|\")(.*?)(?:'|\"), 'zh'", str(step))]


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    before = set(sys.modules)
    monkeypatch.syspath_prepend(LAB)
    import engineer
    import spec

    yield SimpleNamespace(engineer=engineer, spec=spec)
    for name in set(sys.modules) - before:
        if str(LAB) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def decision(*steps: str, config: tuple[tuple[str, Any, Any], ...] = (), **params: Any) -> dict[str, Any]:
    lines = [{"key": key, "before": before, "after": after} for key, before, after in config]
    return {"id": "any", "steps": [{"en": step} for step in steps], "config": lines, "params": params}


def done(lab: SimpleNamespace, asked: dict[str, Any], runs: Any = None, **fields: Any) -> Any:
    spec = lab.spec.Spec("clusters", "mlp", **fields)
    worker = lab.engineer.Engineer(runs or (lambda spec: {"columns": {}, "evaluations": []}), lambda objective, values: values["accuracy"])
    return worker.after(asked, lab.engineer.Attempt(spec))


@pytest.mark.parametrize("says", [remedy["says"] for remedy in REMEDIES["steps"]] + [REMEDIES["hands_on"]])
def test_each_sentence_is_one_of_a_rule(says: str) -> None:
    for part in says.split("|"):
        if "(" not in says:
            assert any(re.search(part, step) for step in STEPS), part
    assert any(re.search(says, step) for step in STEPS)


def test_fields_are_those_of_a_spec(lab: SimpleNamespace) -> None:
    fields = set(lab.spec.Spec.__dataclass_fields__)
    named = set(REMEDIES["settings"].values())
    for remedy in REMEDIES["steps"]:
        named |= {*remedy.get("sound", ()), *remedy.get("failing", ())}
        for key in ("set", "times", "param", "replace"):
            named |= remedy.get(key, {}).keys()
    assert named <= fields


def test_the_config_is_carried_over(lab: SimpleNamespace) -> None:
    asked = decision(config=(("lr.peak", 0.1, 0.01), ("clip.enabled", None, True), ("clip.threshold", None, 0.5), ("batch.size", 64, 128)))
    spec = done(lab, asked, lr=0.1, batch=16, accumulation=4).spec
    assert (spec.lr, spec.clip, spec.batch) == (0.01, 0.5, 32)


def test_epochs_stretch_the_steps(lab: SimpleNamespace) -> None:
    assert done(lab, decision(config=(("budget.epochs", 10, 15),)), steps=200).spec.steps == 300


def test_wrong_advice_is_followed_too(lab: SimpleNamespace) -> None:
    assert done(lab, decision(config=(("lr.peak", 0.1, 30.0),)), lr=0.1).spec.lr == 30.0


def test_a_check_repairs_what_it_finds_and_nothing_else(lab: SimpleNamespace) -> None:
    asked = decision("Look for no_grad, detach and .data between parameters and loss.")
    spec = done(lab, asked, loss_detached=True, labels_shuffled=True).spec
    assert (spec.loss_detached, spec.labels_shuffled) == (False, True)


def test_what_is_not_said_is_not_done(lab: SimpleNamespace) -> None:
    attempt = done(lab, decision("Log the gradient norm.", "Think about it."), loss_detached=True, lr=5.0)
    assert attempt.spec == lab.spec.Spec("clusters", "mlp", loss_detached=True, lr=5.0)


@pytest.mark.parametrize(("norm", "clip"), [(3.0, None), (0.5, 1.0)])
def test_clipping_goes_where_it_binds_on_most_updates(lab: SimpleNamespace, norm: float, clip: float | None) -> None:
    asked = decision("If they are more than half, switch clipping and skipping off for the first 100 steps.")
    assert done(lab, asked, lambda spec: {"columns": {"grad_norm": [norm] * 9}, "evaluations": []}, clip=1.0).spec.clip == clip


def test_the_rate_is_tripled_while_the_loss_ends_lower(lab: SimpleNamespace) -> None:
    def run(spec: Any) -> dict[str, Any]:
        return {"columns": {"loss": [1.0, abs(spec.lr - 0.09) if spec.lr < 0.2 else float("nan")]}, "evaluations": []}

    spec = done(lab, decision("If the loss falls faster and stays calm, triple again."), run, lr=0.01).spec
    assert spec.lr == pytest.approx(0.09)


def test_what_two_lower_rates_do_not_end_is_looked_for_elsewhere(lab: SimpleNamespace) -> None:
    asked = decision("If the same trouble returns, lower it by three once more.", config=(("lr.peak", 0.1, 0.03),))
    spec = done(lab, asked, lambda spec: {"columns": {"loss": [1.0, 9.0]}, "evaluations": []}, ascends=True, lr=0.1).spec
    assert (spec.ascends, spec.lr) == (False, 0.1)


def test_the_best_checkpoint_is_the_last_of_equal_bests(lab: SimpleNamespace) -> None:
    rows = [{"step": float(step), "dev/accuracy": value} for step, value in ((10, 0.5), (20, 0.7), (30, 0.7), (40, 0.6))]
    attempt = done(lab, decision("Take the checkpoint of step 20."), lambda spec: {"objective": "classify", "columns": {}, "evaluations": rows})
    assert attempt.checkpoint == 30
