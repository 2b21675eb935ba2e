"""Whether dev samples are in the training set: by digests of their contents."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sized
from hashlib import blake2b
from typing import Any

import torch

Reading = bool | int | float | str
_SECONDS = 3.0
_MOST_DEV = 512
_MOST_TRAIN = 200_000
# What is shared is told where it is this many times what repeats by itself.
_BY_CHANCE = 4


def overlap(train: Any, dev: Any) -> dict[str, Reading]:
    """The sizes of both sets, the share of dev samples that are in the training set as well, and of training samples that are there twice.

    The shares are told only where the whole training set could be looked through in a few seconds; random augmentation hides copies.

    Args:
        train: The training set, with a length and samples by number; None where it is not known.
        dev: The dev set.
    """
    found: dict[str, Reading] = {}
    for name, data in (("train_size", train), ("dev_size", dev)):
        if isinstance(data, Sized):
            found[name] = len(data)
    if not isinstance(train, Sized) or not isinstance(dev, Sized) or not len(dev) or not 0 < len(train) <= _MOST_TRAIN:
        return found
    end = time.perf_counter() + _SECONDS
    known: Counter[bytes] = Counter()
    # Reading a sample may draw random numbers, which the run would then miss.
    with torch.random.fork_rng(devices=[]):
        for digest in _digests(train, len(train)):
            if time.perf_counter() > end:
                return found
            known[digest] += 1
        seen = list(_digests(dev, min(len(dev), _MOST_DEV)))
    found["duplicates"] = sum(count - 1 for count in known.values()) / len(train)
    shared = sum(digest in known for digest in seen) / len(seen)
    # Short sequences and few distinct inputs bring the same samples into both parts by chance, as often as they repeat within one.
    dev_samples = set(seen)
    others = {digest: count for digest, count in known.items() if digest not in dev_samples}
    repeated = sum(count for count in others.values() if count > 1) / max(1, sum(others.values()))
    if shared == 0 or shared > _BY_CHANCE * repeated:
        found["overlap"] = shared
    return found


def _digests(data: Any, count: int) -> Iterator[bytes]:
    for index in range(count):
        sample = data[index]
        first = sample[0] if isinstance(sample, tuple | list) else next(iter(sample.values())) if isinstance(sample, dict) else sample
        if isinstance(first, torch.Tensor):
            first = first.detach().cpu().contiguous().numpy().tobytes()
        yield blake2b(first if isinstance(first, bytes) else repr(first).encode(), digest_size=16).digest()
