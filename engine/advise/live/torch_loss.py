"""What a loss gets: calls of PyTorch's loss functions are looked at on their way, those of modules too."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor

    from advise.knowledge.live import LiveFile

Reading = bool | int | float | str
_NOTHING = "none"
_MOST_CLASSES = 1_000_000
_IGNORED = -100
# So far up the graph an activation is looked for, past what only gives values another shape.
_DEEPEST = 12


class LossWatch:
    """Sees calls of loss functions: `torch.nn.functional.cross_entropy` and its like, which the modules call too.

    While it is installed, each of these names of `torch.nn.functional` stands for a function that looks first and then calls the one that was there.

    Args:
        knowledge: What each loss function expects.
    """

    def __init__(self, knowledge: LiveFile) -> None:
        self._knowledge = knowledge
        self._originals: dict[str, Callable[..., Any]] = {}
        self._counted: dict[int, int] = {}
        self.readings: dict[str, Reading] = {}
        self.is_looking = False

    def install(self) -> None:
        """Begin to watch."""
        for name in self._knowledge.losses:
            original = getattr(functional, name, None)
            if original is not None:
                self._originals[name] = original
                setattr(functional, name, self._watching(name, original))

    def remove(self) -> None:
        """Put everything back; what somebody else has put there since stays."""
        for name, original in self._originals.items():
            if getattr(getattr(functional, name), "_watch", None) is self:
                setattr(functional, name, original)
        self._originals.clear()

    def _watching(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def call(*args: Any, **kwargs: Any) -> Any:
            if self.is_looking and not torch.compiler.is_compiling():
                # Whatever is strange about the arguments is for the loss function to say.
                with contextlib.suppress(Exception):
                    self._look(name, args, kwargs)
            return original(*args, **kwargs)

        call._watch = self  # type: ignore[attr-defined]
        return call

    def _look(self, name: str, args: Any, kwargs: Any) -> None:
        given = args[0] if args else kwargs.get("input")
        target = args[1] if len(args) > 1 else kwargs.get("target")
        if not isinstance(given, torch.Tensor) or not isinstance(target, torch.Tensor) or not torch.is_grad_enabled():
            return
        self.readings["loss_expects"] = self._knowledge.losses[name]
        self.readings["before_loss"] = self._activation(given)
        if name in self._knowledge.classed and not target.is_floating_point():
            self._labels(given, target, int(kwargs.get("ignore_index", _IGNORED)))

    def _activation(self, given: Tensor) -> str:
        """What was computed last, by the graph; where that is not known, by the values."""
        node, depth = given.grad_fn, 0
        while node is not None and depth < _DEEPEST:
            name = type(node).__name__.removesuffix("0").removesuffix("Backward")
            if name in self._knowledge.activations:
                return self._knowledge.activations[name]
            if name not in self._knowledge.passes:
                return _NOTHING
            following = node.next_functions
            node, depth = (following[0][0] if following else None), depth + 1
        return _NOTHING

    @torch.no_grad()
    def _labels(self, given: Tensor, target: Tensor, ignored: int) -> None:
        classes = given.shape[1] if given.dim() > 1 else given.shape[0]
        flat = target.detach().reshape(-1)
        kept = flat[flat != ignored]
        self.readings["classes"] = int(classes)
        self.readings["labels_counted"] = kept.numel() / max(1, flat.numel())
        if not kept.numel():
            return
        low, high = int(kept.min()), int(kept.max())
        self.readings["label_min"] = min(low, int(self.readings.get("label_min", low)))
        self.readings["label_max"] = max(high, int(self.readings.get("label_max", high)))
        if low >= 0 and high < classes <= _MOST_CLASSES:
            counts = torch.bincount(kept.cpu(), minlength=1)
            for label in counts.nonzero().reshape(-1).tolist():
                self._counted[label] = self._counted.get(label, 0) + int(counts[label])

    def imbalance(self, fewest: int) -> float | None:
        """How many times as frequent the largest class is as the smallest that was seen; None before enough labels were.

        Args:
            fewest: So many labels a class, on the average.
        """
        if len(self._counted) < 2 or sum(self._counted.values()) < fewest * len(self._counted):
            return None
        return max(self._counted.values()) / min(self._counted.values())
