"""What was tried before without success, so that it is not advised again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advise.text import Text, Value

if TYPE_CHECKING:
    from advise.knowledge.ledger import LedgerSpec


@dataclass(frozen=True, slots=True)
class Tried:
    """A decision that a finished round tried, and that was not adopted.

    Attributes:
        decision: Its id.
        params: The numbers it was tried with.
        round: The round.
        why: Why it was not adopted; None where that is not on record.
    """

    decision: str
    params: Mapping[str, Value]
    round: int
    why: str | None = None

    def reason(self, strings: Mapping[str, Text]) -> Text:
        """Why the decision is not advised again."""
        numbers = ", ".join(f"{name} = {value}" for name, value in self.params.items()) or strings["tried_no_number"]
        return strings["tried_before"].filled({"round": self.round, "params": numbers, "why": self.why or strings["tried_without_reason"]})


def tried_before(decision: str, params: Mapping[str, Value], tried: Iterable[Tried], spec: LedgerSpec | None) -> Tried | None:
    """The last attempt that was the same: the same decision, with about the same main number.

    Args:
        decision: What is proposed.
        params: With which numbers.
        tried: What was tried, in the order of the rounds.
        spec: Which decisions can be tried out, and when two attempts are the same.
    """
    if spec is None or decision not in spec.tried:
        return None
    same = [item for item in tried if item.decision == decision and _is_same(item.params, params, spec.tried[decision], spec.same_within)]
    return same[-1] if same else None


def _is_same(before: Mapping[str, Value], now: Mapping[str, Value], main: str | None, within: float) -> bool:
    if main is None:
        return True
    # A rule that gives no main number is told from another by what it does give.
    names = {main} if main in before or main in now else before.keys() | now.keys()
    return all(_is_close(before.get(name), now.get(name), within) for name in names)


def _is_close(before: Value | None, now: Value | None, within: float) -> bool:
    if isinstance(before, int | float) and isinstance(now, int | float):
        return abs(before - now) <= within * max(abs(before), abs(now))
    return before == now
