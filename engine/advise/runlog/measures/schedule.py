"""The shape of the learning rate: its warmup, its decay, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
# What is known to a quarter of itself at best is no number to go by.
_KNOWN = 0.25
# The standard deviation of what lies anywhere within one unit.
_UNIFORM = 1 / np.sqrt(12)


def learning_rate(curve: Curve, *, budget: float | None = None, tiny: float, rise: float) -> Readings:
    """The learning rate's peak, its present value, its warmup and its tail; what its few digits do not tell is left out.

    Args:
        curve: The logged rate.
        budget: The planned steps; the decay is compared with forms that end there.
        tiny: Below which share of the peak the tail begins.
        rise: By which share of the peak a rate must come up again to have risen.
    """
    whole = finite(curve)
    if not len(whole) or np.min(whole.values) < 0:
        return {}
    values, peak, unit = whole.values, float(np.max(whole.values)), curve.resolution
    top = _top(values, peak)
    highest = _rounded(over(whole, peak, top, top + 1), unit)
    # The peak may be stated otherwise; what the log shows is told beside it.
    found: dict[str, Reading] = {"peak": highest, "highest": highest}
    for name, place in (("current", len(whole) - 1), ("initial", 0)):
        if unit / 2 <= _KNOWN * values[place]:
            found[name] = _rounded(over(whole, float(values[place]), place, place + 1), unit)
    if len(whole) < _FEWEST or peak <= 0:
        return found
    if unit <= _NEAR * peak:
        if values[0] < peak * (1 - _NEAR):
            found["warmup"] = over(whole, round(float(whole.steps[top])), 0, top + 1)
        elif top == 0 and whole.steps[0] <= whole.steps[1] - whole.steps[0]:
            found["warmup"] = over(whole, 0, 0, 1)
    after = part(whole, slice(top, None))
    if unit <= tiny * peak:
        found["tail"] = over(after, float(np.mean(after.values < tiny * peak)))
    # Of a rate that still rises, or has only begun to fall, the form is to come.
    form = kind(whole, top, budget) if top == 0 or len(after) >= _FEWEST else None
    if form is not None:
        found["kind"] = over(whole, form)
    risen = after.values - np.minimum.accumulate(after.values)
    found["rises"] = over(after, bool(np.max(risen) > rise * peak + unit))
    return found


def _rounded(reading: Reading, unit: float) -> Reading:
    """A value that was printed in whole units, with its standard error."""
    return replace(reading, error=unit * _UNIFORM) if unit else reading


def _top(values: Floats, peak: float) -> int:
    """Where the warmup ends: at the peak where the rate rises all the way to it, else where it has come near."""
    exact = int(np.argmax(values >= peak * (1 - _SAME)))
    if np.all(np.diff(values[: exact + 1]) >= 0):
        return exact
    return int(np.argmax(values >= peak * (1 - _NEAR)))


def kind(curve: Curve, top: int, budget: float | None) -> Kind | None:
    """The form of a schedule; None where the digits of the rate leave several open.

    Args:
        curve: The rate, finite.
        top: The index of its first maximum.
        budget: The planned steps, where they are known.
    """
    peak = float(curve.values[top])
    steps, values = curve.steps[top:] - curve.steps[top], curve.values[top:] / peak
    unit = curve.resolution / peak
    if np.ptp(values) <= _SAME + unit:
        return None if unit else "constant"
    falls = np.diff(values)
    if np.any(falls > 1e-3 + unit):
        return "cosine_restarts" if np.any(falls > 0.3) else "other"
    if top >= 0.2 * len(curve) and len(values) > _FEWEST:
        return "one_cycle"
    if not unit and np.mean(falls < -_SAME) <= 0.2 and float(-falls.min()) >= 0.05:
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
    near = [name for name, distance in distances.items() if distance <= _FIT + unit]
    if unit:
        return near[0] if len(near) == 1 else None
    if near:
        return min(near, key=lambda form: distances[form])
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
