"""What a model and its optimizer say before the first step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from torch import nn

if TYPE_CHECKING:
    from torch.optim import Optimizer

    from advise.knowledge.live import LiveFile

Reading = bool | int | float | str


def settings_of(optimizers: Iterable[Optimizer], knowledge: LiveFile) -> dict[str, object]:
    """Hyperparameters of the optimizer, by the names that trainers use; of several groups the one with the largest rate.

    Args:
        optimizers: The first one counts.
        knowledge: What attributes of a group are called.
    """
    optimizer = next(iter(optimizers), None)
    if optimizer is None:
        return {}
    group = max(optimizer.param_groups, key=lambda each: float(each.get("lr", 0.0)))
    found: dict[str, object] = {"optimizer": type(optimizer).__name__}
    for attribute, name in knowledge.settings.items():
        value = group.get(attribute)
        if isinstance(value, tuple | list):
            found |= {f"{name}.{place}": float(each) for place, each in enumerate(value)}
        elif value is not None:
            found[name] = value if isinstance(value, bool) else float(value)
    return found


def readings_of(model: nn.Module, optimizers: Iterable[Optimizer], knowledge: LiveFile) -> dict[str, Reading]:
    """What is seen of a model and its optimizer.

    Args:
        model: It.
        optimizers: All of them.
        knowledge: What modules and types are called.
    """
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    held = {id(parameter) for optimizer in optimizers for group in optimizer.param_groups for parameter in group["params"]}
    found: dict[str, Reading] = {"params": sum(parameter.numel() for parameter in model.parameters())}
    if held or not trainable:
        found["holds_all_parameters"] = all(id(parameter) in held for parameter in trainable)
    found |= _of_modules(model, knowledge)
    kinds = Counter(str(parameter.dtype).removeprefix("torch.") for parameter in trainable)
    if kinds:
        (kind, _), *_ = kinds.most_common(1)
        if kind in knowledge.precisions:
            found["weights_precision"] = knowledge.precisions[kind]
    return found


def _of_modules(model: nn.Module, knowledge: LiveFile) -> Mapping[str, Reading]:
    found: dict[str, Reading] = {}
    names = Counter(kind for module in model.modules() if (kind := knowledge.normalizations.get(type(module).__name__)) is not None)
    if names:
        found["normalization"] = names.most_common(1)[0][0]
    kinds = Counter(kind for module in model.modules() if (kind := knowledge.units.get(type(module).__name__)) is not None)
    if kinds:
        found["activation"] = kinds.most_common(1)[0][0]
    rates = [module.p for module in model.modules() if isinstance(module, nn.modules.dropout._DropoutNd)]
    if rates:
        found["dropout"] = float(max(rates))
    return found


def normalises_by_batch(model: nn.Module, knowledge: LiveFile) -> bool:
    """Whether statistics of the batch are used."""
    return any(knowledge.normalizations.get(type(module).__name__) == "batch" for module in model.modules())
