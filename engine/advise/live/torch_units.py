"""Units that are dead or saturated, over the batches that were looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from torch.utils.hooks import RemovableHandle

    from advise.knowledge.live import LiveFile

Reading = bool | int | float | str
# Of so many samples at least a unit has to be silent to be called dead.
_FEWEST = 256
# Nearer to a bound than this share of the distance between both, a unit passes no gradient to speak of.
_NEAR = 0.01
_CHANNELS = 1


class UnitWatch:
    """Watches the outputs of activations.

    Args:
        model: Its modules are watched; activations that are called as functions are not seen.
        knowledge: Which modules are activations.
    """

    def __init__(self, model: nn.Module, knowledge: LiveFile) -> None:
        self._bounds = knowledge.saturating
        self._alive: dict[nn.Module, Tensor] = {}
        self._free: dict[nn.Module, tuple[int, int]] = {}
        self._samples = 0
        self._is_looking = False
        kinds = {*knowledge.rectifiers, *knowledge.saturating}
        watched = [module for module in model.modules() if type(module).__name__ in kinds]
        self._first = watched[0] if watched else None
        self._hooks: list[RemovableHandle] = [module.register_forward_hook(self._after) for module in watched]

    def look(self) -> None:
        """Look at the next pass."""
        self._is_looking = True

    @torch.no_grad()
    def _after(self, module: nn.Module, _: Any, output: Any) -> None:
        if not self._is_looking or (not torch.is_grad_enabled() and not module.training) or not isinstance(output, Tensor) or output.dim() < 2:
            return
        values = output.detach()
        if type(module).__name__ in self._bounds:
            low, high = self._bounds[type(module).__name__]
            margin = _NEAR * (high - low)
            near = int(((values < low + margin) | (values > high - margin)).sum())
            known = self._free.get(module, (0, 0))
            self._free[module] = (known[0] + near, known[1] + values.numel())
            return
        # Images have their channels behind the batch, sequences at the end.
        axis = _CHANNELS if values.dim() == 4 else values.dim() - 1
        others = [place for place in range(values.dim()) if place != axis]
        alive = (values > 0).sum(dim=others) > 0
        before = self._alive.get(module)
        self._alive[module] = alive if before is None or before.shape != alive.shape else before | alive
        if module is self._first or self._first not in self._alive:
            self._samples += int(values.shape[0])

    def readings(self) -> dict[str, Reading]:
        """The shares of dead and of saturated units, once enough samples were seen."""
        self._is_looking = False
        found: dict[str, Reading] = {}
        if self._samples >= _FEWEST and self._alive:
            units = sum(alive.numel() for alive in self._alive.values())
            found["dead"] = 1 - sum(int(alive.sum()) for alive in self._alive.values()) / max(1, units)
            self._alive, self._samples = {}, 0
        if self._free:
            found["saturated"] = sum(near for near, _ in self._free.values()) / max(1, sum(count for _, count in self._free.values()))
            self._free = {}
        return found

    def remove(self) -> None:
        """Let go of the modules."""
        for hook in self._hooks:
            hook.remove()
        self._hooks.clear()
