"""The shape of the learning rate: its warmup, its decay, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.measures.noise import finite, part
from advise.runlog.measures.reading import Reading, Readings, over
from advise.runlog.series.record import Curve

Form = Callable[[Floats], Floats]
Kind = Literal["constant", "linear", "cosine", "cosine_restarts", "one_cycle", "step", "exponential", "inverse_sqrt", "warmup_stable_decay", "other"]
_SAME = 1e-6
# What has come this near to the peak is at the top of its warmup: a rate that rises again later may pass it by a little.
_NEAR = 0.02
_FEWEST = 8
# The largest distance of the logged curve from a form, as a share of the peak, for it to be that form.
_FIT = 0.01
_SAMPLED = 1000
# A rate whose peak is fewer units of its last decimal than this, and that takes most of the levels below it, each for three rows and more.
_COARSE = 20
_DENSE = 1.5
_LEVELS = 3
_REPEATED = 3
_DIGITS = 9


def learning_rate(curve: Curve, *, budget: float | None = None, tiny: float, rise: float) -> Readings:
    """The learning rate's peak, its present value, its warmup and its tail.

    Args:
        curve: The logged rate.
        budget: The planned steps; the decay is compared with forms that end there.
        tiny: Below which share of the peak the tail begins.
        rise: By which share of the peak a rate must come up again to have risen.
    """
    whole = finite(curve)
    if not len(whole) or np.min(whole.values) < 0:
        return {}
    values, peak = whole.values, float(np.max(whole.values))
    top = _top(values, peak)
    found: dict[str, Reading] = {"peak": over(whole, peak, top, top + 1)}
    if _is_coarse(values):
        return found
    found["current"] = over(whole, float(values[-1]), len(whole) - 1)
    found["initial"] = over(whole, float(values[0]), 0, 1)
    if len(whole) < _FEWEST or peak <= 0:
        return found
    if values[0] < peak * (1 - _NEAR):
        found["warmup"] = over(whole, round(float(whole.steps[top])), 0, top + 1)
    elif top == 0 and whole.steps[0] <= whole.steps[1] - whole.steps[0]:
        found["warmup"] = over(whole, 0, 0, 1)
    after = part(whole, slice(top, None))
    found["tail"] = over(after, float(np.mean(after.values < tiny * peak)))
    # Of a rate that still rises, or has only begun to fall, the form is to come.
    if top == 0 or len(after) >= _FEWEST:
        found["kind"] = over(whole, kind(whole, top, budget))
    risen = after.values - np.minimum.accumulate(after.values)
    found["rises"] = over(after, bool(np.max(risen) > rise * peak))
    return found


def _top(values: Floats, peak: float) -> int:
    """Where the warmup ends: at the peak where the rate rises all the way to it, else where it has come near."""
    exact = int(np.argmax(values >= peak * (1 - _SAME)))
    if np.all(np.diff(values[: exact + 1]) >= 0):
        return exact
    return int(np.argmax(values >= peak * (1 - _NEAR)))


def _is_coarse(values: Floats) -> bool:
    """Whether a rate was printed with so few decimals that its course is lost: it takes neighbouring steps of a few of them, each for many rows.

    Args:
        values: Shape (n,), not below 0.
    """
    levels = np.unique(values)
    if len(levels) < _LEVELS or len(values) < _REPEATED * len(levels):
        return False
    unit = next((10.0**-digits for digits in range(1, _DIGITS) if np.allclose(levels, np.round(levels, digits), rtol=0, atol=1e-12)), 0.0)
    return unit > 0 and levels[-1] < _COARSE * unit and (levels[-1] - levels[0]) < _DENSE * unit * len(levels)


def kind(curve: Curve, top: int, budget: float | None) -> Kind:
    """The form of a schedule.

    Args:
        curve: The rate, finite.
        top: The index of its first maximum.
        budget: The planned steps, where they are known.
    """
    peak = float(curve.values[top])
    steps, values = curve.steps[top:] - curve.steps[top], curve.values[top:] / peak
    if np.ptp(values) <= _SAME:
        return "constant"
    falls = np.diff(values)
    if np.any(falls > 1e-3):
        return "cosine_restarts" if np.any(falls > 0.3) else "other"
    if top >= 0.2 * len(curve) and len(values) > _FEWEST:
        return "one_cycle"
    if np.mean(falls < -_SAME) <= 0.2 and float(-falls.min()) >= 0.05:
        return "step"
    fall = values[-1]
    full = _length(steps, values) if budget is None else budget - float(curve.steps[top])
    begun, end = max(curve.steps[top], 1.0), steps[-1]
    forms: dict[Kind, Form] = {
        "linear": lambda steps: 1 + (fall - 1) * steps / end,
        "exponential": lambda steps: np.exp(np.log(max(fall, 1e-12)) * steps / end),
        "inverse_sqrt": lambda steps: np.sqrt(begun / (steps + begun)),
        "cosine": lambda steps: 0.5 * (1 + np.cos(np.pi * np.minimum(1, steps / full))) if full > 0 else np.ones_like(steps),
    }
    distances = {name: _distance(form, steps, values) for name, form in forms.items()}
    nearest = min(distances, key=lambda form: distances[form])
    if distances[nearest] <= _FIT:
        return nearest
    floor = float(fall)
    if _distance(lambda steps: floor + (1 - floor) * 0.5 * (1 + np.cos(np.pi * steps / end)), steps, values) <= _FIT:
        return "cosine"
    held = np.argmax(values < 1 - _SAME)
    return "warmup_stable_decay" if held > 0.3 * len(values) else "other"


def _distance(form: Form, steps: Floats, values: Floats) -> float:
    """The largest distance of values from a form; where a thousand of them are too far off already, theirs."""
    few = slice(None, None, max(1, len(steps) // _SAMPLED))
    far = float(np.max(np.abs(form(steps[few]) - values[few])))
    return far if far > _FIT else float(np.max(np.abs(form(steps) - values)))


def _length(steps: Floats, values: Floats) -> float:
    """How long a cosine is that has come as far as this one."""
    phase = float(np.arccos(np.clip(2 * values[-1] - 1, -1, 1)))
    return float(steps[-1]) * np.pi / phase if phase > 0 else 0.0
