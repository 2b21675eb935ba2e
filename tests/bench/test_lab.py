"""The laboratory draws what it says it draws, and what it calls a fault by is known; PyTorch is not needed for that."""

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from advise import Advisor

ROOT = Path(__file__).resolve().parents[2]
LAB = ROOT / "bench" / "lab"
SEED = 14


def ids(path: str, key: str) -> set[str]:
    return set(yaml.safe_load((ROOT / path).read_text("utf-8"))[key])


KNOWN = ids("kb/diagnoses.yaml", "diagnoses")
DECISIONS = ids("kb/decisions.yaml", "decisions")
VERDICTS = {entry["id"] for entry in yaml.safe_load((ROOT / "kb/verdicts.yaml").read_text("utf-8"))["verdicts"]}
NAMES: dict[str, dict[str, list[str]]] = yaml.safe_load((LAB / "faults.yaml").read_text("utf-8"))


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The modules of the laboratory that need no PyTorch."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(LAB)
    import families
    import faults
    import forms
    import habits
    import sampling
    import spec
    import stated
    import truth

    yield SimpleNamespace(families=families, faults=faults, forms=forms, habits=habits, sampling=sampling, spec=spec, stated=stated, truth=truth)
    for name in set(sys.modules) - before:
        if str(LAB) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def record(lab: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    """A record as `train.py` makes it, of a run that learns."""
    run = {
        "spec": lab.spec.Spec("clusters", "mlp", steps=400, eval_every=20, train_size=800, **changes).changed_fields(),
        "objective": "classify",
        "chance": math.log(8),
        "classes": 8,
        "train_size": 800,
        "params": 4000,
        "columns": {
            "loss": [0.3 + 1.7 * math.exp(-step / 80) for step in range(400)],
            "accuracy": [0.9 - 0.8 * math.exp(-step / 80) for step in range(400)],
            "lr": [1e-3] * 400,
            "grad_norm": [0.5 + math.exp(-step / 80) for step in range(400)],
        },
        "evaluations": [
            {"step": float(step), "dev/loss": 0.35 + 1.6 * math.exp(-step / 80), "dev/accuracy": 0.88 - 0.7 * math.exp(-step / 80), "train/loss": 0.3}
            for step in range(20, 401, 20)
        ],
        "ending": "finished",
        "untrained": 0.12,
        "quality": 0.87,
        "test": {"loss": 0.36, "accuracy": 0.87},
    }
    return {"number": 0, "half": "tuned", "habit": 3, "fault": None, "twin": run}


@pytest.mark.parametrize("fault", NAMES)
def test_a_fault_is_called_by_what_the_knowledge_base_knows(fault: str) -> None:
    entry = NAMES[fault]
    assert set(entry) == {"names", "fitting", "contradicts"}
    assert set(entry["names"]) <= KNOWN
    assert set(entry["fitting"]) <= DECISIONS
    assert set(entry["contradicts"]) <= KNOWN | DECISIONS | VERDICTS
    assert not set(entry["contradicts"]) & {*entry["names"], *entry["fitting"]}


def test_every_fault_has_its_names_and_there_are_enough_of_all(lab: SimpleNamespace) -> None:
    assert set(NAMES) == set(lab.faults.FAULTS)
    assert len(lab.faults.FAULTS) >= 45
    assert len(lab.families.TASKS) >= 12
    assert len(lab.families.NETWORKS) >= 10
    assert len(lab.forms.FORMS) >= 15


def test_no_family_is_in_both_halves_and_every_fault_is_drawn_in_each(lab: SimpleNamespace) -> None:
    seen: dict[str, set[str]] = {"tuned": set(), "score": set()}
    for number in range(2 * 80):
        draw = lab.sampling.drawn(SEED, number)
        assert lab.families.TASKS[draw.twin.task].half == draw.half
        assert lab.families.NETWORKS[draw.twin.network][1] == draw.half
        seen[draw.half].add(draw.fault)
    assert seen["tuned"] == seen["score"] == {None, *NAMES}


def test_a_run_is_the_same_each_time_it_is_drawn(lab: SimpleNamespace) -> None:
    twin = {"columns": {"grad_norm": [1.0]}}
    for number in (0, 2, 33):
        first, again = lab.sampling.drawn(SEED, number), lab.sampling.drawn(SEED, number)
        assert first == again
        assert lab.sampling.faulty(first, SEED, twin) == lab.sampling.faulty(again, SEED, twin)


def test_every_fault_changes_its_spec(lab: SimpleNamespace) -> None:
    twin = {"columns": {"grad_norm": [1.0]}}
    for number in range(160):
        draw = lab.sampling.drawn(SEED, number)
        if draw.fault is not None:
            assert lab.sampling.faulty(draw, SEED, twin) != draw.twin


@pytest.mark.parametrize("form", [
    "key_equals", "plain_csv", "hf_state", "keras_csv", "tqdm", "sentence", "nanogpt", "json_lines", "chinese",
    "key_colon", "lightning_csv", "hf_console", "keras_bar", "wandb", "mmengine", "pipe_table", "fastai", "imagenet",
])  # fmt: skip
def test_the_losses_of_every_form_are_read(lab: SimpleNamespace, form: str, tmp_path: Path) -> None:
    made = record(lab)
    habit = lab.habits.Habit(form, 20, True, 4, frozenset({"lr", "accuracy"}), 1.0)
    name, write = lab.forms.FORMS[form]
    (tmp_path / name).write_text(write(lab.habits.sheet_of(made["twin"], habit)), "utf-8")
    observed = Advisor(engine="plain").observe(tmp_path / name)
    assert observed.facts["loss.train"].value == pytest.approx(0.31, abs=0.02)
    assert observed.facts["loss.dev"].value == pytest.approx(0.36, abs=0.02)


def test_what_is_stated_is_in_the_vocabulary_and_names_no_fault(lab: SimpleNamespace) -> None:
    made = record(lab, double_softmax=True, label_out_of_range=True)
    facts = lab.stated.stated_of(made["twin"], lab.habits.habit_of(made, "tuned"))
    Advisor(engine="plain").observe(facts)
    assert not [name for name in facts if name.startswith(("loss.", "labels."))]


def test_a_run_that_learned_is_healthy_and_one_that_broke_is_not(lab: SimpleNamespace) -> None:
    run = record(lab)["twin"]
    assert lab.truth.is_healthy(run)
    assert not lab.truth.is_healthy({**run, "columns": {**run["columns"], "loss": [*run["columns"]["loss"][:-1], math.nan]}})
    rising = [{**row, "dev/loss": row["dev/loss"] * (1 + index / 20)} for index, row in enumerate(run["evaluations"])]
    assert not lab.truth.is_healthy({**run, "evaluations": rising})


def test_harm_is_what_the_fault_took_of_what_was_learned(lab: SimpleNamespace) -> None:
    made = record(lab) | {"fault": "lr_too_low"}
    made["run"] = {**made["twin"], "quality": 0.495}
    assert lab.truth.harm(made) == pytest.approx(0.5)
    assert lab.truth.is_harmful(made, {})
    made["run"] = {**made["twin"], "quality": 0.86}
    assert not lab.truth.is_harmful(made, {})


def test_a_rule_is_judged_once_a_run_by_what_the_truth_decides(lab: SimpleNamespace) -> None:
    import calibrate

    names = lab.truth.names_of_faults()
    about = {"number": 0, "half": "tuned", "fault": "lr_too_low", "healthy": False}
    said = [
        about | {"diagnoses": {"lr_too_low": ["medium", "likely", ["a/first"]], "plateau": ["low", "likely", ["a/second"]]}},
        about | {"diagnoses": {"lr_too_low": ["medium", "likely", ["a/first"]], "class_imbalance": ["low", "likely", ["a/third"]]}},
        {"number": 2, "half": "score", "fault": None, "healthy": True, "diagnoses": {"plateau": ["medium", "likely", ["a/second"]]}},
    ]
    runs, tallies = calibrate.tallied(said, names)
    assert {half: len(found) for half, found in runs.items()} == {"tuned": 1, "score": 1}
    assert tallies["a/first"]["tuned"] == {"spoke": 1, "right": 1}
    assert tallies["a/second"] == {"tuned": {"spoke": 1, "wrong": 1}, "score": {"spoke": 1, "wrong": 1}}
    assert tallies["a/third"]["tuned"] == {"spoke": 1, "beside": 1}
    assert yaml.safe_load(calibrate.written(runs, tallies))["rules"]["a/first"] == {"laboratory_tuned": {"spoke": 1, "right": 1, "wrong": 0}}
