"""Many runs at once: find them, advise on each, and say what the fleet shows as a whole."""

from __future__ import annotations

from advise.experiments.fleet.fleet import Fleet, fleet
from advise.experiments.fleet.row import Row

__all__ = ["Fleet", "Row", "fleet"]
