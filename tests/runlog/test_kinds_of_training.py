"""Logs in the forms of TRL, Stable-Baselines3 and loops of one's own, made here: the log alone tells what is wrong, and nothing where nothing is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from advise.advisor import Advisor

Columns = Mapping[str, Sequence[float]]
COUNT = 120
TIME = np.linspace(0, 1, COUNT)


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor()


def noisy(values: np.ndarray, scale: float, seed: int = 0) -> list[float]:
    return [round(float(value), 5) for value in values + scale * np.random.default_rng(seed).normal(size=len(values))]


def share(values: np.ndarray, scale: float, seed: int = 0) -> list[float]:
    return [min(1.0, max(0.0, value)) for value in noisy(values, scale, seed)]


def trainer_state(path: Path, columns: Columns, evaluations: Columns | None = None, every: int = 10, epochs: float = 1) -> Path:
    """`trainer_state.json`, as the trainers of Transformers and TRL write it."""
    rows = [
        {"step": (place + 1) * every, "epoch": round(epochs * (place + 1) / COUNT, 4), **{name: values[place] for name, values in columns.items()}}
        for place in range(COUNT)
    ]
    for name, values in (evaluations or {}).items():
        for place, value in enumerate(values):
            at = round((place + 1) * COUNT / len(values))
            rows.append({"step": at * every, "epoch": round(epochs * at / COUNT, 4), name: value})
    state = {
        "global_step": COUNT * every,
        "max_steps": COUNT * every,
        "num_train_epochs": epochs,
        "log_history": sorted(rows, key=lambda row: row["step"]),
    }
    file = path / "trainer_state.json"
    file.write_text(json.dumps(state), encoding="utf-8")
    return file


def progress(path: Path, columns: Columns) -> Path:
    """`progress.csv`, as Stable-Baselines3 writes it."""
    file = path / "progress.csv"
    names = [*columns, "time/total_timesteps"]
    rows = [[*(columns[name][place] for name in columns), (place + 1) * 2048] for place in range(COUNT)]
    file.write_text("\n".join([",".join(names), *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return file


def found(advisor: Advisor, log: Path) -> dict[str, str]:
    return {each.id: each.severity for each in advisor.advise(log).diagnoses}


def grpo(reward: np.ndarray, entropy: np.ndarray, equal: np.ndarray, cut: np.ndarray) -> Columns:
    return {
        "loss": noisy(0 * TIME, 0.01, 1),
        "grad_norm": noisy(0 * TIME + 0.2, 0.02, 2),
        "learning_rate": [1e-6] * COUNT,
        "reward": noisy(reward, 0.03, 3),
        "reward_std": noisy(0 * TIME + 0.3, 0.02, 4),
        "frac_reward_zero_std": share(equal, 0.05, 5),
        "kl": noisy(0.05 * TIME + 0.01, 0.001, 6),
        "entropy": noisy(entropy, 0.005, 7),
        "completions/mean_length": noisy(300 + 200 * TIME, 10, 8),
        "completions/clipped_ratio": share(cut, 0.02, 9),
    }


def test_groups_that_die_and_answers_that_are_cut_off(advisor: Advisor, tmp_path: Path) -> None:
    log = trainer_state(tmp_path, grpo(0.3 + 0.3 * TIME, 0.6 * np.exp(-4 * TIME), 0.2 + 0.7 * TIME, 0.8 * TIME))
    assert {"groups_without_signal", "entropy_collapse", "answers_truncated"} <= found(advisor, log).keys()


def test_a_healthy_grpo_run_is_left_alone(advisor: Advisor, tmp_path: Path) -> None:
    plan = advisor.advise(trainer_state(tmp_path, grpo(0.3 + 0.5 * TIME, 0.5 - 0.1 * TIME, 0.2 + 0 * TIME, 0.03 + 0 * TIME)))
    assert not [each.id for each in plan.diagnoses if each.severity in ("medium", "high")]
    assert "continue" in [each.id for each in plan.decisions]


def ppo(reward: np.ndarray, kl: float, clipped: float, explained: np.ndarray, entropy: np.ndarray) -> Columns:
    return {
        "rollout/ep_rew_mean": noisy(reward, 4, 1),
        "train/approx_kl": noisy(0 * TIME + kl, kl / 10, 2),
        "train/clip_fraction": share(0 * TIME + clipped, clipped / 20, 3),
        "train/entropy_loss": noisy(-entropy, 0.005, 4),
        "train/explained_variance": noisy(explained, 0.02, 5),
        "train/learning_rate": [3e-4] * COUNT,
        "train/loss": noisy(20 + 0 * TIME, 2, 6),
        "train/policy_gradient_loss": noisy(0 * TIME - 0.01, 0.003, 7),
        "train/value_loss": noisy(40 + 0 * TIME, 4, 8),
    }


def test_updates_that_go_too_far_and_lose_the_reward(advisor: Advisor, tmp_path: Path) -> None:
    log = progress(tmp_path, ppo(200 - 160 * TIME, 0.13, 0.55, 0.4 + 0 * TIME, 0.6 - 0.4 * TIME))
    assert {"policy_update_too_large", "reward_collapse"} <= found(advisor, log).keys()


def test_a_critic_that_explains_nothing(advisor: Advisor, tmp_path: Path) -> None:
    log = progress(tmp_path, ppo(50 + 0 * TIME, 0.0005, 0.001, 0 * TIME, 1.38 + 0 * TIME))
    assert {"value_function_not_learning", "not_learning"} <= found(advisor, log).keys()


def test_a_healthy_ppo_run_is_left_alone(advisor: Advisor, tmp_path: Path) -> None:
    log = progress(tmp_path, ppo(20 + 180 * TIME, 0.01, 0.12, 0.2 + 0.6 * TIME, 0.68 - 0.3 * TIME))
    assert not [name for name, severity in found(advisor, log).items() if severity in ("medium", "high")]


def dpo(chosen: np.ndarray, rejected: np.ndarray) -> Columns:
    return {
        "loss": noisy(0.69 - 0.3 * TIME, 0.01, 1),
        "learning_rate": [5e-7] * COUNT,
        "rewards/chosen": noisy(0.1 * (chosen - chosen[0]), 0.02, 2),
        "rewards/rejected": noisy(0.1 * (rejected - rejected[0]), 0.02, 3),
        "rewards/accuracies": share(0.5 + 0.3 * TIME, 0.02, 4),
        "rewards/margins": noisy(0.1 * (chosen - rejected), 0.02, 5),
        "logps/chosen": noisy(chosen, 2, 6),
        "logps/rejected": noisy(rejected, 2, 7),
    }


def test_both_answers_become_less_likely(advisor: Advisor, tmp_path: Path) -> None:
    log = trainer_state(tmp_path, dpo(-250 - 120 * TIME, -250 - 260 * TIME), {"eval_loss": [0.66, 0.6, 0.56, 0.54]})
    assert found(advisor, log).get("answers_less_likely") == "low"


def test_a_healthy_dpo_run_is_left_alone(advisor: Advisor, tmp_path: Path) -> None:
    log = trainer_state(tmp_path, dpo(-250 - 4 * TIME, -250 - 30 * TIME), {"eval_loss": [0.66, 0.6, 0.56, 0.54]})
    assert not [name for name, severity in found(advisor, log).items() if name == "answers_less_likely" or severity in ("medium", "high")]


def test_instructions_that_are_learned_by_heart(advisor: Advisor, tmp_path: Path) -> None:
    stairs = np.select([TIME < 1 / 3, TIME < 2 / 3], [1.3, 0.85], 0.42)
    columns = {
        "loss": noisy(stairs, 0.03, 1),
        "learning_rate": noisy(2e-5 * (1 - TIME) + 1e-7, 0, 1),
        "grad_norm": noisy(1 + 0 * TIME, 0.1, 2),
        "mean_token_accuracy": share(1 - stairs / 4, 0.01, 3),
        "num_tokens": [float(1000 * (place + 1)) for place in range(COUNT)],
    }
    log = trainer_state(tmp_path, columns, {"eval_loss": [1.18, 1.15, 1.22, 1.3, 1.42, 1.54]}, epochs=3)
    plan = advisor.advise(log)
    assert "overfitting" in [each.id for each in plan.diagnoses]
    assert "shorten_training" in [each.id for each in plan.decisions]
    assert "regularize" not in [each.id for each in plan.decisions]


def test_a_discriminator_that_has_won(advisor: Advisor, tmp_path: Path) -> None:
    lost, won = noisy(5 + 4 * TIME, 0.3, 1), share(0.02 + 0 * TIME, 0.005, 2)
    lines = [f"[Epoch {place}/200] [D loss: {won[place]:.5f}] [G loss: {lost[place]:.5f}]" for place in range(COUNT)]
    file = tmp_path / "train.log"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert found(advisor, file).get("discriminator_dominates") == "medium"


def test_a_posterior_that_has_collapsed(advisor: Advisor, tmp_path: Path) -> None:
    kld = 3 * np.exp(-12 * TIME) + 0.001
    rows = [
        {"epoch": place + 1, "loss": 90 + kld[place], "recon_loss": 90.0 - 5 * TIME[place], "kld": round(float(kld[place]), 6)}
        for place in range(COUNT)
    ]
    file = tmp_path / "metrics.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    assert found(advisor, file).get("posterior_collapse") == "medium"


@pytest.mark.parametrize(
    "line",
    [
        "Episode {0}\tAverage Score: {1:.2f}",
        "Episode: {0}, Score: {1:.1f}, Epsilon: 0.100",
        "episode {0} reward {1:.1f} length 200",
        "Game number: {0:06d}  Frame number: {2:08d}  Average reward: {1:.1f}  Time taken: 61.2s",
    ],
)
def test_the_score_of_an_episode_is_its_reward(advisor: Advisor, tmp_path: Path, line: str) -> None:
    file = tmp_path / "train.log"
    scores = noisy(10 + 80 * TIME, 3, 1)
    file.write_text("\n".join(line.format(place + 1, scores[place], 200 * (place + 1)) for place in range(COUNT)) + "\n", encoding="utf-8")
    observed = advisor.advise(file)
    assert observed.facts["training.kind"] == "reinforcement"
    assert observed.facts["reward.trend"] == "improving"
