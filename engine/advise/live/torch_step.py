"""What an update shows: gradients before it, weights before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Reading = bool | int | float | str
# A weight matrix: what has one dimension is a bias or a gain, whose gradients are of another kind.
_MATRIX = 2


@dataclass(frozen=True, slots=True)
class Layer:
    """A parameter by name."""

    name: str
    parameter: nn.Parameter


def layers_of(model: nn.Module) -> list[Layer]:
    """The parameters that learn, in the order of the model."""
    # A tensor on the meta device has a shape and no values.
    return [Layer(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad and not parameter.is_meta]


@torch.no_grad()
def gradients(layers: Sequence[Layer]) -> tuple[float | None, dict[str, Reading]]:
    """The global norm of the gradient, and what is seen of its parts.

    Args:
        layers: The parameters that learn.

    Returns:
        The norm, None where no parameter has a gradient; and the readings.
    """
    if not layers:
        return None, {}
    found: dict[str, Reading] = {"missing_gradients": sum(layer.parameter.grad is None for layer in layers)}
    having = [layer for layer in layers if layer.parameter.grad is not None]
    if not having:
        return None, found
    dense = [(layer, _dense(layer.parameter.grad)) for layer in having if layer.parameter.grad is not None]
    norms = torch.stack([grad.abs().square().sum(dtype=torch.float64).sqrt().cpu() for _, grad in dense])
    norm = float(norms.square().sum().sqrt())
    found["zero_gradient"] = bool((norms == 0).all())
    matrices = [(layer, grad, float(own)) for (layer, grad), own in zip(dense, norms, strict=True) if layer.parameter.dim() >= _MATRIX]
    if matrices and norm == norm and norm > 0:
        # What is sparse by nature, as the gradient of an embedding, is no sign.
        plain = [(grad, own) for layer, grad, own in matrices if not layer.parameter.grad.is_sparse]  # type: ignore[union-attr]
        sizes = [own / max(1, grad.numel()) ** 0.5 for grad, own in plain]
        if len(sizes) > 1 and sizes[-1] > 0:
            found["first_to_last"] = sizes[0] / sizes[-1]
        if sizes:
            found["smallest_rms"] = min(sizes)
        total = sum(grad.numel() for grad, _ in plain)
        if total:
            found["zero_share"] = sum(int((grad == 0).sum()) for grad, _ in plain) / total
    return norm, found


def _dense(grad: Tensor) -> Tensor:
    return grad.coalesce().values() if grad.is_sparse else grad


@torch.no_grad()
def are_left(layers: Sequence[Layer]) -> bool:
    """Whether any gradient of an earlier step is there and not zero."""
    return any(layer.parameter.grad is not None and bool(_dense(layer.parameter.grad).any()) for layer in layers)


@torch.no_grad()
def copied(layers: Sequence[Layer], most: int) -> list[Tensor]:
    """The weights as they are, of each layer at most so many."""
    return [layer.parameter.detach().reshape(-1)[:most].clone() for layer in layers]


@torch.no_grad()
def updates(layers: Sequence[Layer], before: Sequence[Tensor]) -> dict[str, Reading]:
    """How far an update moved the weights.

    Args:
        layers: The parameters that learn.
        before: Their weights before it, see `copied`.
    """
    if not layers:
        return {}
    ratios: list[float] = []
    moved, finite = False, True
    for layer, old in zip(layers, before, strict=True):
        new = layer.parameter.detach().reshape(-1)[: old.numel()]
        step = float((new - old).abs().square().sum(dtype=torch.float64).sqrt())
        size = float(old.abs().square().sum(dtype=torch.float64).sqrt())
        moved |= step != 0
        finite &= step == step and bool(torch.isfinite(new).all())
        if layer.parameter.dim() >= _MATRIX and size > 0 and step == step:
            ratios.append(step / size)
    found: dict[str, Reading] = {"update_applied": moved, "weights_nonfinite": not finite}
    if ratios and finite:
        ordered = sorted(ratios)
        found |= {"update_ratio": ordered[len(ordered) // 2], "update_smallest": ordered[0], "update_largest": ordered[-1]}
    return found
