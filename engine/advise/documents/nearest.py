"""Which name was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 100
_CUTOFF = 0.7
_SEPARATORS = str.maketrans("", "", "._-/ ")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant, if one is near enough.

    Separators and case count for nothing (`LR_Peak` is `lr.peak`), and the last parts of a dotted name stand for it where only one name ends so
    (`weight_decay` is `optimizer.weight_decay`).

    Args:
        name: What was written.
        names: What would have been accepted.
    """
    if not name or len(name) > _LONGEST:
        return None
    by_folded: dict[str, str] = {}
    for candidate in names:
        by_folded.setdefault(_folded(candidate), candidate)
    folded = _folded(name)
    if folded in by_folded:
        return by_folded[folded]
    ending = [candidate for candidate in by_folded.values() if _folded(candidate.partition(".")[2]) == folded]
    if folded and len(ending) == 1:
        return ending[0]
    import difflib  # only a mistake needs it

    close = difflib.get_close_matches(folded, by_folded, n=1, cutoff=_CUTOFF)
    return by_folded[close[0]] if close else None


def _folded(name: str) -> str:
    return name.casefold().translate(_SEPARATORS)
