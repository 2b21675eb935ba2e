"""Units of facts: products and quotients of named base units, checked, never converted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_UNIT = re.compile(r"(?:1|[a-z]+)(?:[*/](?:1|[a-z]+))*")
_PART = re.compile(r"([*/]?)([a-z0-9]+)")
# Shares and counts without a kind of their own carry no dimension: adding 1 to a ratio is meant.
_DIMENSIONLESS = frozenset({"1", "ratio"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of base units, e.g. `samples/second`; no powers at all is dimensionless."""

    powers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Unit:
        """Read `samples/second`, `ratio` or `1`; singular and plural are one unit.

        Raises:
            ValueError: The text is no unit expression.
        """
        if not _UNIT.fullmatch(text):
            raise ValueError(f"`{text}` is no unit: write names joined by * and /, such as samples/second")
        powers: Counter[str] = Counter()
        for operator, name in _PART.findall(text):
            if name not in _DIMENSIONLESS:
                powers[name.removesuffix("s")] += -1 if operator == "/" else 1
        return cls._of(powers)

    @classmethod
    def _of(cls, powers: Counter[str]) -> Unit:
        return cls(tuple(sorted((name, power) for name, power in powers.items() if power)))

    def __mul__(self, other: Unit) -> Unit:
        powers = Counter(dict(self.powers))
        for name, power in other.powers:
            powers[name] += power
        return self._of(powers)

    def __truediv__(self, other: Unit) -> Unit:
        return self * Unit(tuple((name, -power) for name, power in other.powers))

    def __str__(self) -> str:
        above = [name for name, power in self.powers for _ in range(power)]
        below = [name for name, power in self.powers for _ in range(-power)]
        return "*".join(above or ["1"]) + "".join(f"/{name}" for name in below)


DIMENSIONLESS = Unit()
