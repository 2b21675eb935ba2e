"""Whole reports, kept for whoever asks for more than the short answer; the oldest go first."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from advise.errors import ReportError
from advise.plan.model import Plan

PREFIX = "advise://reports/"
KEPT = 64


@dataclass(slots=True)
class Reports:
    """The last plans by their address.

    Attributes:
        kept: How many.
    """

    kept: int = KEPT
    _plans: OrderedDict[str, Plan] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, plan: Plan) -> str:
        """Keep a plan; the same plan has the same address, whoever asks."""
        text = plan.model_dump_json(by_alias=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        with self._lock:
            self._plans[name] = plan
            self._plans.move_to_end(name)
            while len(self._plans) > self.kept:
                self._plans.popitem(last=False)
        return PREFIX + name

    def get(self, address: str) -> Plan:
        """A plan by its address, or the last part of it.

        Raises:
            ReportError: It is not kept any more, or never was.
        """
        with self._lock:
            plan = self._plans.get(address.removeprefix(PREFIX))
        if plan is None:
            raise ReportError(f"there is no report of this address any more: the last {self.kept} are kept; ask for the plan again")
        return plan
