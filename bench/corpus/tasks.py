"""The data that the corpus trains on: scikit-learn's own small sets, and generated ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from sklearn import datasets
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Data:
    """Inputs and targets of both parts; `classes` is 0 where the target is a number."""

    kind: str
    classes: int
    train_x: Tensor
    train_y: Tensor
    dev_x: Tensor
    dev_y: Tensor


Source = Callable[[np.random.Generator], Data]


def digits(train: int = 1200, dev: int = 400, *, images: bool = False) -> Source:
    def load(rng: np.random.Generator) -> Data:
        x, y = datasets.load_digits(return_X_y=True)
        return _split(rng, "classification", 10, (x / 16.0).reshape(len(x), *((1, 8, 8) if images else (64,))), y, train, dev)

    return load


def cancer(train: int = 400, dev: int = 169) -> Source:
    def load(rng: np.random.Generator) -> Data:
        x, y = datasets.load_breast_cancer(return_X_y=True)
        return _split(rng, "classification", 2, _standard(x), y, train, dev)

    return load


def diabetes(train: int = 320, dev: int = 122) -> Source:
    def load(rng: np.random.Generator) -> Data:
        x, y = datasets.load_diabetes(return_X_y=True)
        return _split(rng, "regression", 0, _standard(x), _standard(y), train, dev)

    return load


def friedman(train: int = 1000, dev: int = 400, *, noise: float = 1.0, scale: float = 1.0) -> Source:
    """A smooth function of five of ten inputs. `scale` other than 1 leaves the targets, or the inputs, in their own units."""

    def load(rng: np.random.Generator) -> Data:
        x, y = datasets.make_friedman1(train + dev, noise=noise, random_state=_seed(rng))
        return _split(rng, "regression", 0, (x - 0.5) * 3.5 * scale, _standard(y) * scale, train, dev)

    return load


def clusters(train: int = 2000, dev: int = 500, *, classes: int = 4, features: int = 20, apart: float = 1.0, flipped: float = 0.01) -> Source:
    def load(rng: np.random.Generator) -> Data:
        x, y = datasets.make_classification(
            train + dev,
            features,
            n_informative=features // 2,
            n_classes=classes,
            class_sep=apart,
            flip_y=flipped,
            random_state=_seed(rng),
        )
        return _split(rng, "classification", classes, _standard(x), y, train, dev)

    return load


def rare_class(train: int = 2000, dev: int = 600, *, share: float = 0.03) -> Source:
    def load(rng: np.random.Generator) -> Data:
        x, y = datasets.make_classification(
            train + dev, 12, n_informative=3, n_redundant=0, weights=[1 - share], class_sep=0.35, flip_y=0.0, random_state=_seed(rng)
        )
        return _split(rng, "classification", 2, _standard(x), y, train, dev)

    return load


def spirals(train: int = 1200, dev: int = 400, *, turns: float = 1.75) -> Source:
    def load(rng: np.random.Generator) -> Data:
        count = train + dev
        y = rng.integers(0, 2, count)
        radius = np.sqrt(rng.random(count))
        angle = turns * 2 * np.pi * radius + np.pi * y
        x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1) * 2 + rng.normal(0, 0.04, (count, 2))
        return _split(rng, "classification", 2, x, y, train, dev)

    return load


def sums(train: int = 1500, dev: int = 300, *, length: int = 40) -> Source:
    """The adding problem: two of `length` numbers are marked, and their sum is the target."""

    def load(rng: np.random.Generator) -> Data:
        count = train + dev
        values = rng.random((count, length))
        marks = np.zeros((count, length))
        rows = np.arange(count)
        first, second = rng.integers(0, length // 2, count), rng.integers(length // 2, length, count)
        marks[rows, first] = marks[rows, second] = 1
        return _split(rng, "regression", 0, np.stack([values, marks], 2), values[rows, first] + values[rows, second], train, dev)

    return load


LETTERS = " .abcdefghijklmnopqrstuvwxyz"


def text(train: int = 1500, dev: int = 300, *, length: int = 16, lexicon: int = 60) -> Source:
    """Characters of sentences over an invented lexicon with Zipf-like frequencies; the target is the next character."""

    def load(rng: np.random.Generator) -> Data:
        consonants, vowels = "bcdfghklmnprstvwz", "aeiou"
        words = ["".join(rng.choice(list(part)) for part in (consonants, vowels) * int(rng.integers(1, 4))) for _ in range(lexicon)]
        weights = 1 / np.arange(1, lexicon + 1)
        needed = (train + dev) * (length + 1)
        chosen = rng.choice(words, needed // 3, p=weights / weights.sum())
        ends = rng.random(len(chosen)) < 0.12
        stream = "".join(word + (". " if end else " ") for word, end in zip(chosen, ends, strict=True))[:needed]
        codes = np.array([LETTERS.index(letter) for letter in stream]).reshape(-1, length + 1)
        cut = train
        x, y = torch.as_tensor(codes[:, :-1]), torch.as_tensor(codes[:, 1:])
        return Data("language_modeling", len(LETTERS), x[:cut], y[:cut], x[cut:], y[cut:])

    return load


def shapes(train: int = 500, dev: int = 120, *, size: int = 16) -> Source:
    """A disc and a bar on a noisy ground; the target is the class of every pixel (ground, disc, bar)."""

    def load(rng: np.random.Generator) -> Data:
        count = train + dev
        rows, columns = np.mgrid[0:size, 0:size]
        centre = rng.uniform(4, size - 4, (2, count, 1, 1))
        radius = rng.uniform(2, 4, (count, 1, 1))
        disc = (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 < radius**2
        top, left = rng.integers(0, size - 3, (count, 1, 1)), rng.integers(0, size - 8, (count, 1, 1))
        bar = (rows >= top) & (rows < top + 2) & (columns >= left) & (columns < left + 8)
        y = np.where(bar, 2, np.where(disc, 1, 0))
        x = 0.8 * (y == 1) + 0.6 * (y == 2) + rng.normal(0, 0.35, (count, size, size))
        return _split(rng, "segmentation", 3, x[:, None], y, train, dev)

    return load


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(0, 2**31))


def _standard(x: np.ndarray) -> np.ndarray:
    return (x - x.mean(0)) / x.std(0)


def _split(rng: np.random.Generator, kind: str, classes: int, x: np.ndarray, y: np.ndarray, train: int, dev: int) -> Data:
    order = rng.permutation(len(x))
    inputs = torch.as_tensor(x[order], dtype=torch.float32)
    targets = torch.as_tensor(y[order], dtype=torch.int64 if classes else torch.float32)
    return Data(kind, classes, inputs[:train], targets[:train], inputs[train : train + dev], targets[train : train + dev])
