"""Values on one scale: what is written in percent as a share, a perplexity as the loss whose exponential it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from advise.knowledge.roles import RolesFile, Scale
from advise.runlog.readers.table import Remark
from advise.runlog.series.record import Curve

_PERCENT = 0.01
# No share is above 1 but for rounding, and a percentage that never reaches 1.5 cannot be told from one.
_BEYOND_A_SHARE = 1.5
_MOST_PERCENT = 100.5


def on_one_scale(curves: Mapping[str, Sequence[Curve]], roles: RolesFile) -> tuple[dict[str, tuple[Curve, ...]], list[Remark]]:
    """The curves, those of shares and perplexities on the scale on which they can be compared.

    Args:
        curves: By role.
        roles: What is known of quantities.

    Returns:
        The curves, and what a person should know of them.
    """
    groups: dict[str, list[Curve]] = defaultdict(list)
    for each in curves.values():
        for curve in each:
            groups[curve.quantity].append(curve)
    scales: dict[str, Scale] = {}
    for quantity, members in groups.items():
        spec = roles.quantities.get(quantity)
        if spec is not None and spec.scale is not None and (spec.scale == "perplexity" or _in_percent(members)):
            scales[quantity] = spec.scale
    scaled = {role: tuple(_scaled(curve, scales.get(curve.quantity)) for curve in each) for role, each in curves.items()}
    remarks = [_remark(groups[quantity][0], scale) for quantity, scale in scales.items()]
    return scaled, remarks


def losses_of_perplexities(curves: Mapping[str, Sequence[Curve]]) -> dict[str, tuple[Curve, ...]]:
    """The losses of splits for which none was logged but a perplexity, which is the exponential of one.

    Args:
        curves: By role, on one scale.
    """
    found: dict[str, tuple[Curve, ...]] = {}
    for split in ("train", "dev", "test"):
        each = [curve for curve in curves.get(f"{split}.metric", ()) if curve.scale == "perplexity"]
        if each and f"{split}.loss" not in curves:
            found[f"{split}.loss"] = (replace(each[0], role=f"{split}.loss"),)
    return found


def rescaled(value: float, scale: Scale) -> float:
    """A number that a person states, on the scale of a curve that was put on another.

    Args:
        value: As it was stated.
        scale: What was done to the curve.
    """
    if scale == "perplexity":
        return float(np.log(value)) if value >= 1 else value
    return value * _PERCENT if value > _BEYOND_A_SHARE else value


def _in_percent(curves: Sequence[Curve]) -> bool:
    """Whether curves of one quantity are in percent: all lie in 0…100, and one of them is beyond any share."""
    finite = np.concatenate([curve.values[np.isfinite(curve.values)] for curve in curves])
    return len(finite) > 0 and finite.min() >= 0 and _BEYOND_A_SHARE < finite.max() <= _MOST_PERCENT


def _scaled(curve: Curve, scale: Scale | None) -> Curve:
    if scale is None:
        return curve
    if scale == "share":
        return replace(curve, values=curve.values * _PERCENT, scale=scale)
    with np.errstate(invalid="ignore", divide="ignore"):
        return replace(curve, values=np.where(curve.values > 0, np.log(curve.values), np.nan), scale=scale)


def _remark(curve: Curve, scale: Scale) -> Remark:
    return Remark(f"scale_{scale}", curve.file, {"column": curve.column})
