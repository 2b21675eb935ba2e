"""How the formats write numbers and times."""

from __future__ import annotations

import datetime
import math

START = datetime.datetime(2025, 3, 4, 9, 12, 30, tzinfo=datetime.UTC)


def wall(seconds: float) -> float:
    """Seconds since the epoch."""
    return START.timestamp() + seconds


def stamp(seconds: float, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    return (START + datetime.timedelta(seconds=seconds)).strftime(form)


def short(value: float, digits: int = 4) -> str:
    """As a print statement of a training script shows it."""
    if not math.isfinite(value):
        return str(value)
    if value != 0 and (abs(value) < 10**-digits or abs(value) >= 1e6):
        return f"{value:.3e}"
    return f"{value:.{digits}f}"
