"""The families of which runs are sampled, without what trains them: tasks, networks and optimizers, each in its half."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """A problem.

    Attributes:
        inputs: `vector`, `image` or `tokens`: which networks can learn it.
        half: `tuned`, on which rules may be tuned, or `score`.
        kind: What a user would call it (`task.kind`), and `training` likewise (`training.kind`).
        metric: Name of what is evaluated beside the loss; higher is better but for those in `LOWER`.
    """

    inputs: str
    half: str
    kind: str
    training: str
    metric: str | None


LOWER = {"mae"}

TASKS: dict[str, Task] = {
    "clusters": Task("vector", "tuned", "classification", "supervised", "accuracy"),
    "digits": Task("image", "tuned", "classification", "supervised", "accuracy"),
    "friedman": Task("vector", "tuned", "regression", "supervised", "mae"),
    "words": Task("tokens", "tuned", "language_modeling", "language_model", None),
    "denoise": Task("vector", "tuned", "regression", "supervised", None),
    "preferences": Task("tokens", "tuned", "language_modeling", "preference", "rewards/accuracies"),
    "arms": Task("vector", "tuned", "reinforcement", "reinforcement", "reward"),
    "gratings": Task("image", "score", "classification", "supervised", "accuracy"),
    "interactions": Task("vector", "score", "classification", "supervised", "accuracy"),
    "waves": Task("vector", "score", "regression", "supervised", "mae"),
    "chain": Task("tokens", "score", "language_modeling", "language_model", None),
    "motifs": Task("tokens", "score", "classification", "supervised", "accuracy"),
    "codes": Task("vector", "score", "other", "vae", None),
    "views": Task("vector", "score", "other", "contrastive", "top1"),
    "choices": Task("vector", "score", "reinforcement", "reinforcement", "ep_rew_mean"),
}

# Name → what it reads, and its half.
NETWORKS: dict[str, tuple[str, str]] = {
    "mlp": ("vector", "tuned"),
    "mlp_batch_norm": ("vector", "tuned"),
    "cnn": ("image", "tuned"),
    "resnet": ("image", "tuned"),
    "gru": ("tokens", "tuned"),
    "transformer": ("tokens", "tuned"),
    "mlp_layer_norm": ("vector", "score"),
    "mlp_residual": ("vector", "score"),
    "cnn_group_norm": ("image", "score"),
    "vit": ("image", "score"),
    "lstm": ("tokens", "score"),
    "causal_convolution": ("tokens", "score"),
}

# Whether train and eval mode differ by what they normalise with.
BATCH_NORMALISED = {"mlp_batch_norm", "mlp_residual", "resnet"}
NORMALISATION = (
    dict.fromkeys(BATCH_NORMALISED, "batch") | dict.fromkeys(("mlp_layer_norm", "transformer", "vit"), "layer") | {"cnn_group_norm": "group"}
)
