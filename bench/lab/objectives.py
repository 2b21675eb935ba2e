"""What is minimised and what is evaluated, by the kind of training."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch
from spec import Spec
from torch import Tensor, nn
from torch.nn import functional

Values = dict[str, float]
_BETA, _TEMPERATURE, _GROUP = 0.2, 0.2, 8


class Objective:
    """A supervised loss; `spec` says what is wrong with it, and a clean spec evaluates as it should be."""

    def __init__(self, spec: Spec, model: nn.Module) -> None:
        self.spec = spec

    def loss(self, model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Values]:
        raise NotImplementedError

    def evaluate(self, model: nn.Module, x: Tensor, y: Tensor) -> Values:
        loss, values = self.loss(model, x, y)
        return {"loss": float(loss)} | values


class Classify(Objective):
    def loss(self, model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Values]:
        out = model(x)
        if self.spec.double_softmax:
            loss = functional.cross_entropy(out.softmax(1), y)
        elif self.spec.logits_as_log_probabilities:
            loss = functional.nll_loss(out, y)
        else:
            loss = functional.cross_entropy(out, y)
        values = {} if y.dim() > 1 else {"accuracy": float((out.detach().argmax(1) == y).float().mean())}
        return loss, values


class Regress(Objective):
    def loss(self, model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Values]:
        out = model(x)
        return functional.mse_loss(out, y), {"mae": float((out.detach() - y).abs().mean())}


class Vae(Objective):
    def loss(self, model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Values]:
        out, mean, spread = model(x)
        reconstruction = 0.5 * (out - y).square().sum(1).mean() / 0.25
        divergence = -0.5 * (1 + spread - mean.square() - spread.exp()).sum(1).mean()
        return reconstruction + divergence, {"recon_loss": float(reconstruction.detach()), "kl_loss": float(divergence.detach())}


class Contrast(Objective):
    def loss(self, model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Values]:
        first, second = functional.normalize(model(x), dim=1), functional.normalize(model(y), dim=1)
        scores = first @ second.T / _TEMPERATURE
        wanted = torch.arange(len(x))
        loss = 0.5 * (functional.cross_entropy(scores, wanted) + functional.cross_entropy(scores.T, wanted))
        return loss, {"top1": float((scores.detach().argmax(1) == wanted).float().mean())}

    def evaluate(self, model: nn.Module, x: Tensor, y: Tensor) -> Values:
        size = min(self.spec.batch, len(x))
        parts = [self.loss(model, x[at : at + size], y[at : at + size]) for at in range(0, len(x) - size + 1, size)]
        return {"loss": sum(float(loss) for loss, _ in parts) / len(parts), "top1": sum(values["top1"] for _, values in parts) / len(parts)}


class Prefer(Objective):
    """DPO against the policy as it was before the first step."""

    def __init__(self, spec: Spec, model: nn.Module) -> None:
        super().__init__(spec, model)
        import copy

        self.reference = copy.deepcopy(model).eval().requires_grad_(False)

    def loss(self, model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Values]:
        chosen, rejected = _log_probability(model, x), _log_probability(model, y)
        with torch.no_grad():
            chosen_before, rejected_before = _log_probability(self.reference, x), _log_probability(self.reference, y)
        good, bad = _BETA * (chosen - chosen_before), _BETA * (rejected - rejected_before)
        loss = -functional.logsigmoid(good - bad).mean()
        if self.spec.inputs_zeroed:
            loss = loss + 0.0 * chosen.sum()
        return loss, {
            "rewards/chosen": float(good.detach().mean()),
            "rewards/rejected": float(bad.detach().mean()),
            "rewards/accuracies": float((good > bad).float().mean()),
            "rewards/margins": float((good - bad).detach().mean()),
            "logps/chosen": float(chosen.detach().mean()),
            "logps/rejected": float(rejected.detach().mean()),
        }


def _log_probability(model: nn.Module, x: Tensor) -> Tensor:
    scores = model(x)[:, :, :-1].log_softmax(1)
    return scores.gather(1, x[:, None, 1:]).squeeze(1).sum(1)


class GroupPolicy(Objective):
    """GRPO: a group of answers a prompt, each against the mean of its group."""

    def loss(self, model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Values]:
        scores = model(x).log_softmax(1)
        with torch.no_grad():
            answers = torch.multinomial(scores.exp().clamp_min(1e-9), _GROUP, replacement=True)
            rewards = (y.gather(1, answers) >= y.max(1, keepdim=True).values).float()
            spread = rewards.std(1, keepdim=True)
            advantages = (rewards - rewards.mean(1, keepdim=True)) / (spread + 1e-4)
        chosen = scores.gather(1, answers)
        loss = -(advantages * (chosen - chosen.detach()).exp()).mean()
        entropy = -(scores.exp() * scores).sum(1).mean()
        return loss, {
            "reward": float(rewards.mean()),
            "reward_std": float(spread.mean()),
            "frac_reward_zero_std": float((spread < 1e-6).float().mean()),
            "entropy": float(entropy.detach()),
        }

    def evaluate(self, model: nn.Module, x: Tensor, y: Tensor) -> Values:
        best = model(x).argmax(1)
        return {"loss": 0.0, "reward": float((y.gather(1, best[:, None]) >= y.max(1, keepdim=True).values).float().mean())}


class ProximalPolicy(Objective):
    """PPO on one-step episodes; the policy that acted is the one of `_LAG` updates ago."""

    _LAG = 4

    def __init__(self, spec: Spec, model: nn.Module) -> None:
        super().__init__(spec, model)
        import copy

        self.acting, self.updates = copy.deepcopy(model), 0

    def loss(self, model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Values]:
        if self.updates % self._LAG == 0:
            self.acting.load_state_dict(model.state_dict())
        self.updates += 1
        with torch.no_grad():
            before = self.acting(x)[:, :-1].log_softmax(1)
            actions = torch.multinomial(before.exp().clamp_min(1e-9), 1)
            returns = y.gather(1, actions)[:, 0] + 0.1 * torch.randn(len(x))
        out = model(x)
        scores, value = out[:, :-1].log_softmax(1), out[:, -1]
        advantages = returns - value.detach()
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-6)
        ratio = (scores.gather(1, actions)[:, 0] - before.gather(1, actions)[:, 0]).exp()
        policy = -torch.minimum(ratio * advantages, ratio.clamp(0.8, 1.2) * advantages).mean()
        value_loss = (returns - value).square().mean()
        entropy = -(scores.exp() * scores).sum(1).mean()
        log_ratio = ratio.detach().log()
        explained = 1 - (returns - value.detach()).var() / (returns.var() + 1e-9)
        return policy + 0.5 * value_loss - 0.01 * entropy, {
            "ep_rew_mean": float(returns.mean()),
            "approx_kl": float((ratio.detach() - 1 - log_ratio).mean()),
            "clip_fraction": float(((ratio.detach() - 1).abs() > 0.2).float().mean()),
            "entropy_loss": -float(entropy.detach()),
            "explained_variance": float(explained),
            "policy_gradient_loss": float(policy.detach()),
            "value_loss": float(value_loss.detach()),
        }

    def evaluate(self, model: nn.Module, x: Tensor, y: Tensor) -> Values:
        best = model(x)[:, :-1].argmax(1)
        return {"loss": 0.0, "ep_rew_mean": float(y.gather(1, best[:, None]).mean())}


OBJECTIVES: dict[str, type[Objective]] = {
    "classify": Classify,
    "regress": Regress,
    "vae": Vae,
    "contrast": Contrast,
    "prefer": Prefer,
    "group_policy": GroupPolicy,
    "proximal_policy": ProximalPolicy,
}

# How good an evaluation is, one number, higher is better; without an entry it is the loss that counts.
_QUALITY: Mapping[str, Callable[[Mapping[str, float]], float]] = {
    "classify": lambda values: values.get("accuracy", -values["loss"]),
    "prefer": lambda values: values["rewards/accuracies"],
    "contrast": lambda values: values["top1"],
    "group_policy": lambda values: values["reward"],
    "proximal_policy": lambda values: values["ep_rew_mean"],
}


def quality(objective: str, values: Mapping[str, float]) -> float:
    """Higher is better; NaN where the evaluation is not finite."""
    found = _QUALITY.get(objective, lambda given: -given["loss"])(values)
    return found if math.isfinite(found) else math.nan
