"""The curves that a plan speaks of, drawn in one line each."""

from __future__ import annotations

from collections.abc import Sequence

from advise.plan.model import Plan
from advise.render.page import Block, Code, Line, Plain, bullets
from advise.terms import Sketch
from advise.text import show

_LEVELS = "▁▂▃▄▅▆▇█"
_NOT_FINITE = "×"


def curves(plan: Plan) -> tuple[Block, ...]:
    """Each curve from its first value to its last."""
    return (bullets([_line(sketch) for sketch in plan.curves]),) if plan.curves else ()


def sparkline(points: Sequence[float | None]) -> str:
    """Points as bars between their lowest and highest; a cross where nothing is finite."""
    finite = [point for point in points if point is not None]
    if not finite:
        return _NOT_FINITE * len(points)
    low, high = min(finite), max(finite)
    # Halves, since the difference of two floats may be beyond all floats.
    span = high / 2 - low / 2
    shares = (None if point is None else (point / 2 - low / 2) / span if span > 0 else 0.0 for point in points)
    return "".join(_NOT_FINITE if share is None else _LEVELS[round(share * (len(_LEVELS) - 1))] for share in shares)


def _line(sketch: Sketch) -> Line:
    ends = f"{rounded(sketch.first)} → {rounded(sketch.last)}"
    return (Code(sketch.column), Plain(" "), Code(sparkline(sketch.points)), Plain(f" {ends} — "), Code(sketch.origin))


def rounded(value: float | None) -> str:
    """A value to four digits; None is not finite."""
    return "NaN" if value is None else show(float(f"{value:.4g}"))
