"""What is said of a fact beside its value."""

from __future__ import annotations

import pytest

from advise.conditions import FactRef, Op, Predicate
from advise.plan.evidence import asked, required


@pytest.mark.parametrize(
    ("op", "operand", "holds", "needed", "said"),
    [
        (Op.GT, 0.5, True, "> 0.5", "> 0.5"),
        (Op.GT, 0.5, False, "≤ 0.5", "≤ 0.5"),
        (Op.EQ, 3, True, "= 3", ""),
        (Op.EQ, 3, False, "≠ 3", "≠ 3"),
        (Op.NE, 3, False, "= 3", ""),
        (Op.EQ, True, True, "= true", ""),
        (Op.EQ, True, False, "≠ true", ""),
        (Op.NE, False, True, "≠ false", ""),
        (Op.EQ, "cosine", True, "= cosine", ""),
        (Op.EQ, FactRef("b.c"), True, "= b.c", "= b.c"),
        (Op.IN, ("p", "q"), True, "in [p, q]", "in [p, q]"),
        (Op.IN, ("p", "q"), False, "not in [p, q]", "not in [p, q]"),
        (Op.IN, (True, False), True, "in [true, false]", "in [true, false]"),
        (Op.BETWEEN, (1, 5), True, "in [1, 5]", "in [1, 5]"),
        (Op.KNOWN, True, True, "known", ""),
        (Op.KNOWN, True, False, "unknown", ""),
        (Op.KNOWN, False, True, "unknown", ""),
        (Op.GT, FactRef("b.c", 2, 0), True, "> 2 × b.c", "> 2 × b.c"),
        (Op.GT, FactRef("b.c", 1, -0.5), True, "> b.c - 0.5", "> b.c - 0.5"),
        (Op.LE, FactRef("b.c", 0.5, 1), False, "> 0.5 × b.c + 1", "> 0.5 × b.c + 1"),
    ],
)
def test_what_was_asked(op: Op, operand: object, holds: bool, needed: str, said: str) -> None:
    leaf = Predicate("a.b", op, operand)  # type: ignore[arg-type]
    assert (required(leaf, holds), asked(leaf, holds)) == (needed, said)
