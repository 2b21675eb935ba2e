"""The shape of `kb/watch.yaml`: which facts watching a log makes known."""

from __future__ import annotations

from advise.knowledge.roles import KnownRole
from advise.knowledge.rule import Shape
from advise.knowledge.vocabulary import KnownFact


class WatchSpec(Shape):
    """The facts that watching a log makes known, beside what the log says.

    Attributes:
        finished: Whether the run has ended; false while it is watched, unless the log says otherwise.
        silence: For how many seconds nothing was logged.
        interval: How many seconds usually lie between two growths of the log.
        curves: The roles of the curves that are looked at, in this order.
    """

    finished: KnownFact
    silence: KnownFact
    interval: KnownFact
    curves: list[KnownRole]


class WatchFile(Shape):
    """`kb/watch.yaml`; without it the silence of a log means nothing."""

    watch: WatchSpec | None = None
