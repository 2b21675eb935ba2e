"""Explaining a run: the proof of one verdict or why it was not reached, and what would be otherwise under other facts.

    explain(advisor.examine(facts), "overfitting")
    difference(advisor.examine(observed), advisor.examine(changed(observed, {"lr.peak": 5e-5})))

Everything here is pure.
"""

from advise.errors import UnknownNameError
from advise.explain.changes import read_changes
from advise.explain.difference import Difference, changed, difference
from advise.explain.explanation import explain
from advise.explain.records import Explanation

__all__ = ["Difference", "Explanation", "UnknownNameError", "changed", "difference", "explain", "read_changes"]
