"""What the observer costs: `python bench/live.py`, with PyTorch (`make test-live` installs it).

Two networks train side by side in one process, step by step in turn, one watched and one not; the median of the steps' times is compared. A step of
about 50 ms on 10 million parameters, and one of about 5 ms.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn

from advise.live import Observer

STEPS = 200
CASES = (("10M parameters", 1500, 4, 256), ("a small one", 256, 3, 256))


def network(width: int, depth: int) -> nn.Module:
    layers: list[nn.Module] = [nn.Linear(256, width), nn.ReLU()]
    for _ in range(depth):
        layers += [nn.Linear(width, width), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(width, 10))


def step(model: nn.Module, optimizer: Any, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss


def measured(width: int, depth: int, batch: int, folder: Path) -> tuple[int, float, float, float]:
    torch.manual_seed(0)
    pairs = []
    for _ in range(2):
        model = network(width, depth)
        pairs.append((model, torch.optim.AdamW(model.parameters(), 1e-3)))
    x, y = torch.randn(batch, 256), torch.randint(0, 10, (batch,))
    spent: list[list[float]] = [[], []]
    (plain, plain_optimizer), (watched, watched_optimizer) = pairs
    watch = Observer(watched, watched_optimizer, folder / f"{width}.jsonl")
    for _ in range(STEPS):
        # The loss functions are watched for one network only: what they cost the other is a look at a flag.
        start = time.perf_counter()
        step(plain, plain_optimizer, x, y)
        middle = time.perf_counter()
        watch.step(step(watched, watched_optimizer, x, y))
        spent[0].append(middle - start)
        spent[1].append(time.perf_counter() - middle)
    watch.close()
    late = STEPS // 10
    medians = [statistics.median(times[late:]) for times in spent]
    totals = [sum(times[late:]) for times in spent]
    return sum(p.numel() for p in plain.parameters()), medians[0], medians[1] / medians[0] - 1, totals[1] / totals[0] - 1


def main() -> None:
    torch.set_num_threads(1)
    print("| network | parameters | step | cost of the observer: median step | all steps after the first tenth |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, width, depth, batch in CASES:
            parameters, plain, median, total = measured(width, depth, batch, Path(folder))
            print(f"| {name} | {parameters / 1e6:.1f}M | {plain * 1e3:.1f} ms | {median:+.2%} | {total:+.2%} |", flush=True)


if __name__ == "__main__":
    main()
