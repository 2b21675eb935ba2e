"""What is learned: small generated problems (and scikit-learn's digits), each of which trains in a second.

A task draws its data from a generator of random numbers; train, dev and test are alike and clean. What a fault spoils is spoiled afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from spec import Spec
from torch import Tensor

_TEST = 500


@dataclass(frozen=True, slots=True)
class Data:
    """Inputs and targets.

    Attributes:
        objective: How it is trained, in `objectives.py`.
        outputs: Width of the head.
        chance: Test loss of a constant answer.
        classes: 0 where the target is no class.
    """

    objective: str
    outputs: int
    classes: int
    chance: float
    train_x: Tensor
    train_y: Tensor
    dev_x: Tensor
    dev_y: Tensor
    test_x: Tensor
    test_y: Tensor


# Inputs, targets, objective, width of the head, classes.
Drawn = tuple[np.ndarray, np.ndarray, str, int, int]
Draw = Callable[[np.random.Generator, int], Drawn]


def _clusters(rng: np.random.Generator, count: int) -> Drawn:
    classes, size = int(rng.integers(4, 13)), int(rng.integers(10, 25))
    centres = rng.normal(0, 1, (classes, 2, size))
    y = rng.integers(0, classes, count)
    x = centres[y, rng.integers(0, 2, count)] + rng.normal(0, rng.uniform(0.9, 1.3), (count, size))
    return x, y, "classify", classes, classes


def _digits(rng: np.random.Generator, count: int) -> Drawn:
    from sklearn import datasets

    x, y = datasets.load_digits(return_X_y=True)
    order = rng.permutation(len(x))[:count]
    return (x[order] / 8.0 - 1.0).reshape(-1, 1, 8, 8), y[order], "classify", 10, 10


def _friedman(rng: np.random.Generator, count: int) -> Drawn:
    x = rng.random((count, 10))
    y = 10 * np.sin(math.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4] + rng.normal(0, 1, count)
    return (x - 0.5) * 3.46, ((y - 14.4) / 5.0)[:, None], "regress", 1, 0


def _words(rng: np.random.Generator, count: int) -> Drawn:
    letters, length = 24, 20
    lexicon = [rng.integers(1, letters, int(rng.integers(2, 7))) for _ in range(50)]
    weights = 1 / np.arange(1, 51)
    chosen = rng.choice(50, count * (length + 1) // 3, p=weights / weights.sum())
    stream = np.concatenate([np.append(lexicon[word], 0) for word in chosen])[: count * (length + 1)].reshape(count, length + 1)
    return stream[:, :-1], stream[:, 1:], "classify", letters, letters


def _denoise(rng: np.random.Generator, count: int) -> Drawn:
    codes = rng.normal(0, 1, (count, 4))
    clean = np.tanh(codes @ rng.normal(0, 0.8, (4, 24)))
    return clean + rng.normal(0, 0.4, clean.shape), clean, "regress", 24, 0


def _preferences(rng: np.random.Generator, count: int) -> Drawn:
    tokens, length = 16, 12
    liked = rng.random(tokens) < 0.5
    pair = rng.integers(0, tokens, (count, 2, length))
    scores = liked[pair].sum(2) + rng.normal(0, 0.7, (count, 2))
    first = scores.argmax(1)
    rows = np.arange(count)
    return pair[rows, first], pair[rows, 1 - first], "prefer", tokens, 0


def _arms(rng: np.random.Generator, count: int) -> Drawn:
    x = rng.normal(0, 1, (count, 8))
    return x, x @ rng.normal(0, 1, (8, 6)) + 0.4 * np.sin(2 * x[:, :6]), "group_policy", 6, 0


def _gratings(rng: np.random.Generator, count: int) -> Drawn:
    classes, size = 6, 8
    y = rng.integers(0, classes, count)
    rows, columns = np.mgrid[0:size, 0:size]
    angle = (math.pi * y / classes)[:, None, None] + rng.normal(0, 0.08, (count, 1, 1))
    phase = rng.uniform(0, 2 * math.pi, (count, 1, 1))
    waves = np.sin(1.6 * (np.cos(angle) * rows + np.sin(angle) * columns) + phase)
    return (waves + rng.normal(0, 0.6, waves.shape))[:, None], y, "classify", classes, classes


def _interactions(rng: np.random.Generator, count: int) -> Drawn:
    x = rng.normal(0, 1, (count, 12))
    score = x[:, 0] * x[:, 1] + x[:, 2] - 0.5 * x[:, 3] ** 2 + 0.5 + rng.normal(0, 0.25, count)
    return x, (score > 0).astype(np.int64), "classify", 2, 2


def _waves(rng: np.random.Generator, count: int) -> Drawn:
    x = rng.uniform(-1.7, 1.7, (count, 6))
    y = np.sin(x @ rng.normal(0, 0.8, (6, 3))).sum(1) + rng.normal(0, 0.15, count)
    return x, (y / 1.2)[:, None], "regress", 1, 0


def _chain(rng: np.random.Generator, count: int) -> Drawn:
    tokens, length = 12, 16
    table = rng.dirichlet(np.full(tokens, 0.15), (tokens, tokens)).cumsum(2)
    rows = np.empty((count, length + 1), dtype=np.int64)
    rows[:, :2] = rng.integers(0, tokens, (count, 2))
    for place in range(2, length + 1):
        rows[:, place] = (rng.random((count, 1)) > table[rows[:, place - 2], rows[:, place - 1]]).sum(1).clip(0, tokens - 1)
    return rows[:, :-1], rows[:, 1:], "classify", tokens, tokens


def _motifs(rng: np.random.Generator, count: int) -> Drawn:
    tokens, length, classes = 12, 16, 5
    y = rng.integers(0, classes, count)
    x = rng.integers(0, tokens, (count, length))
    motifs = rng.integers(0, tokens, (classes, 3))
    at = rng.integers(0, length - 2, count)
    for place in range(3):
        x[np.arange(count), at + place] = motifs[y, place]
    return x, y, "classify", classes, classes


def _codes(rng: np.random.Generator, count: int) -> Drawn:
    latent = rng.normal(0, 1, (count, 3))
    x = latent @ rng.normal(0, 1, (3, 20)) + rng.normal(0, 0.3, (count, 20))
    return x, x, "vae", 8, 0


def _views(rng: np.random.Generator, count: int) -> Drawn:
    latent = rng.normal(0, 1, (count, 6))
    mix = rng.normal(0, 1, (6, 20))
    return latent @ mix + rng.normal(0, 0.8, (count, 20)), latent @ mix + rng.normal(0, 0.8, (count, 20)), "contrast", 12, 0


def _choices(rng: np.random.Generator, count: int) -> Drawn:
    x = rng.normal(0, 1, (count, 6))
    return x, np.tanh(x @ rng.normal(0, 1, (6, 4))), "proximal_policy", 5, 0


DRAWS: dict[str, Draw] = {
    "clusters": _clusters,
    "digits": _digits,
    "friedman": _friedman,
    "words": _words,
    "denoise": _denoise,
    "preferences": _preferences,
    "arms": _arms,
    "gratings": _gratings,
    "interactions": _interactions,
    "waves": _waves,
    "chain": _chain,
    "motifs": _motifs,
    "codes": _codes,
    "views": _views,
    "choices": _choices,
}


def data_of(spec: Spec) -> Data:
    """The data of a run, with what its spec says is wrong with it."""
    rng = np.random.default_rng(spec.seed)
    needed = spec.train_size + spec.dev_size + _TEST
    x, y, objective, outputs, classes = DRAWS[spec.task](rng, needed)
    cuts = [min(spec.train_size, len(x) - spec.dev_size - 300), 0]
    cuts[1] = cuts[0] + spec.dev_size
    xs = [part.copy() for part in np.split(x, cuts)]
    ys = [part.copy() for part in np.split(y, cuts)]
    chance = _chance(ys[2], classes)
    _spoil_inputs(rng, spec, xs)
    _spoil_targets(rng, spec, xs, ys, classes)
    tensors = [tensor for pair in zip(map(_tensor, xs), map(_tensor, ys), strict=True) for tensor in pair]
    return Data(objective, outputs, classes, chance, *tensors)


def _chance(y: np.ndarray, classes: int) -> float:
    if not classes:
        return float(np.var(y))
    shares = np.bincount(y.ravel(), minlength=classes) / y.size
    return float(-(shares * np.log(np.maximum(shares, 1e-12))).sum())


def _tensor(values: np.ndarray) -> Tensor:
    return torch.as_tensor(values, dtype=torch.float32 if values.dtype.kind == "f" else torch.int64)


def _spoil_inputs(rng: np.random.Generator, spec: Spec, xs: list[np.ndarray]) -> None:
    if xs[0].dtype.kind != "f":
        if spec.inputs_zeroed:
            for part in xs:
                part[:] = 0
        return
    scale = 0.0 if spec.inputs_zeroed else spec.input_scale
    for index in range(len(xs)):
        xs[index] = xs[index] * scale + spec.input_offset
    # What the model will meet is what dev is like, so the test follows it.
    for index in (0, 1, 2) if spec.matched else (1, 2):
        xs[index] = xs[index] * spec.dev_scale + spec.dev_noise * rng.normal(0, 1, xs[index].shape)
    if spec.nan_inputs:
        xs[0][rng.random(len(xs[0])) < spec.nan_inputs] = np.nan


def _spoil_targets(rng: np.random.Generator, spec: Spec, xs: list[np.ndarray], ys: list[np.ndarray], classes: int) -> None:
    _spoil_labels(rng, spec, ys, classes)
    if spec.majority and classes:
        _unbalance(rng, spec.majority, xs, ys)
    if spec.label_out_of_range:
        ys[0][rng.integers(0, len(ys[0]), max(1, len(ys[0]) // 400))] = classes
    if spec.targets_unshifted:
        # The target is the token that is read; the test asks for the next one as it should be.
        ys[0], ys[1] = xs[0].copy(), xs[1].copy()
    if spec.dev_in_train:
        repeats = -(-len(ys[0]) // len(ys[1]))
        xs[0], ys[0] = np.concatenate([xs[1]] * repeats)[: len(xs[0])].copy(), np.concatenate([ys[1]] * repeats)[: len(ys[0])].copy()
    if spec.rewards_constant:
        for part in ys:
            part[:] = 1.0
    if not spec.shuffled and classes and ys[0].ndim == 1:
        order = np.argsort(ys[0], kind="stable")
        xs[0], ys[0] = xs[0][order], ys[0][order]


def _spoil_labels(rng: np.random.Generator, spec: Spec, ys: list[np.ndarray], classes: int) -> None:
    if spec.label_noise:
        _mix(rng, ys[0], spec.label_noise, classes)
    if spec.dev_label_noise:
        _mix(rng, ys[1], spec.dev_label_noise, classes)
    if spec.labels_shuffled:
        ys[0] = ys[0][rng.permutation(len(ys[0]))]
    if spec.label_shift and classes:
        ys[0] = (ys[0] + spec.label_shift) % classes


def _mix(rng: np.random.Generator, y: np.ndarray, share: float, classes: int) -> None:
    """A share of the targets becomes that of another sample."""
    chosen = rng.random(len(y)) < share
    y[chosen] = rng.integers(0, classes, y[chosen].shape) if classes else y[rng.permutation(len(y))[: chosen.sum()]]


def _unbalance(rng: np.random.Generator, share: float, xs: list[np.ndarray], ys: list[np.ndarray]) -> None:
    """In train and dev all but a share of the rows are of one class; the test stays balanced."""
    for part in (0, 1):
        zero, rest = np.flatnonzero(ys[part] == 0), np.flatnonzero(ys[part] != 0)
        count = len(ys[part])
        rare = max(2, int((1 - share) * count))
        chosen = np.concatenate([rng.choice(zero, count - rare), rng.choice(rest, rare)])
        rng.shuffle(chosen)
        xs[part], ys[part] = xs[part][chosen], ys[part][chosen]
