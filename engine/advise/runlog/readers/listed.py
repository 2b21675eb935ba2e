"""Lists of numbers by name: the history of a training as people save or print it.

`{"loss": [0.9, 0.5], "val_loss": [1.0, 0.7]}` of a JSON file, the same as Python prints it, and `train_losses = [0.9, 0.5]` on a line of its own
are one form: a name, and behind it a list of nothing but numbers. What is in braces behind a name belongs to it: `{"train": {"loss": […]}}` is
`train/loss`. Nothing is evaluated; what is no number, or no list of numbers, is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from advise.runlog.lexicon import packaged
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_DEPTH, MAX_RECORDS
from advise.runlog.readers.records import Records
from advise.runlog.readers.refusal import unreadable
from advise.runlog.readers.table import Table
from advise.runlog.words import words_of

FORMAT = "lists"
# So few values are no course.
_FEWEST = 3
# A name and what opens behind it, or what closes: up to four words, or what is quoted. Every part is possessive or bounded, so that the time is that
# of the text's length.
_WORDS = r"(?<![\w.])(?:[^\W\d][\w.]{0,39}+ ){0,3}[^\W\d][\w.]{0,79}+"
_PART = re.compile(
    rf"(?:(?P<quote>['\"])(?P<quoted>[^'\"\n]{{1,80}}+)(?P=quote)|(?P<bare>{_WORDS}))\s{{0,4}}+[:=]\s{{0,8}}+(?P<open>\{{|\[|(?:np\.|numpy\.)?array\(\[)|(?P<close>\}})"
)
# A number may stand in what made it: `np.float64(0.5)`, `tensor(0.5, device='cuda:0')`.
_WRAPPED = re.compile(r"(?:[A-Za-z_][\w.]{0,30})\(\s{0,4}([-+.\w]{1,40})(?:,[^()\[\]]{0,80})?\)")
_NOTHING = frozenset(("None", "null", "''", '""'))
_WHOLE = re.compile(r"[-+]?\d+$")
_KEPT_IN = re.compile(r"[_ ]?(?:list|history|hist|values|log|curve)$")


class Listed(NamedTuple):
    """A list of numbers.

    Attributes:
        name: What it is called, with the names it is nested in.
        values: Its numbers; None where nothing was logged.
        line: The line on which it begins, from 1.
        is_whole: Whether all are whole numbers as they are written.
    """

    name: str
    values: Sequence[float | None]
    line: int
    is_whole: bool


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes holds the history of a training: lists of fractions, equally long or about a split of the data."""
    found = [one for one in lists_in(head.decode("utf-8", "replace"), cut_off=True) if not one.is_whole]
    lengths = [len(one.values) for one in found]
    return any(lengths.count(length) > 1 for length in lengths) or any(True for one in found for _ in packaged().splits_in(words_of(one.name)))


def read(text: str, shown: str) -> tuple[Table, ...]:
    """Read lists by name; what stands at the same place of each is one record.

    A list that is shorter by a factor is of what was done less often, as an evaluation is: its values stand where that part of the longest ends.

    Args:
        text: The file.
        shown: The file as the caller named it.

    Raises:
        LogError: There is no list of numbers in it.
    """
    found = {one.name: one for one in lists_in(text)}
    if not found:
        raise unreadable(shown, "there is no list of numbers with a name in it")
    longest = max(len(one.values) for one in found.values())
    columns = {one.name: _spread(one.values, longest) for one in list(found.values())[:MAX_COLUMNS]}
    line = min(one.line for one in found.values())
    records = Records()
    for place in range(longest):
        kept = {name: values[place] for name, values in columns.items() if place in values}
        if kept:
            records.add(line, kept)
    return (records.table(shown, FORMAT),)


def lists_in(text: str, *, cut_off: bool = False) -> Iterator[Listed]:
    """The lists of numbers of a text that have a name.

    Args:
        text: The text.
        cut_off: Whether it may end within a list, which then counts as it is.
    """
    within: list[str] = []
    line, looked = 1, 0
    for part in _PART.finditer(text):
        if part["close"]:
            del within[-1:]
            continue
        name = (part["quoted"] or part["bare"]).strip()
        if part["open"] == "{":
            # Of what is nested deeper, the depth is still counted.
            within.append(name if len(within) < MAX_DEPTH else "")
            continue
        nested = text.find("[", part.end())
        end = text.find("]", part.end(), nested if nested >= 0 else len(text))
        if end < 0 and (nested >= 0 or not cut_off):
            continue
        inner = text[part.end() : end if end >= 0 else text.rfind(",", part.end())]
        numbers = _numbers(inner)
        line, looked = line + text.count("\n", looked, part.start()), part.start()
        if numbers is not None and len(numbers) >= _FEWEST:
            yield Listed("/".join([*filter(None, within), _singular(name)]), numbers, line, _are_whole(inner))


def _numbers(inner: str) -> list[float | None] | None:
    """The numbers of a list; None where something else is in it."""
    plain = _WRAPPED.sub(r"\1", inner)
    items = plain.split(",") if "," in plain else plain.split()
    numbers: list[float | None] = []
    for item in items[:MAX_RECORDS]:
        word = item.strip()
        if not word and item is items[-1]:
            continue
        try:
            numbers.append(None if word in _NOTHING else float(word))
        except ValueError:
            return None
    return numbers


def _are_whole(inner: str) -> bool:
    return all(_WHOLE.match(word.strip()) for word in inner.split(",") if word.strip())


def _singular(name: str) -> str:
    """What each value is called: `train_losses` and `loss_history` are of losses."""
    name = _KEPT_IN.sub("", name)
    for plural, single in (("sses", "ss"), ("ies", "y"), ("cs", "c"), ("rs", "r"), ("hs", "h"), ("ps", "p"), ("es", "e")):
        if name.endswith(plural):
            return name.removesuffix(plural) + single
    return name


def _spread(values: Sequence[float | None], longest: int) -> dict[int, float]:
    """The values by the record in which they stand."""
    count = len(values)
    places = range(longest - count, longest) if 2 * count > longest else ((place + 1) * longest // count - 1 for place in range(count))
    return {place: value for place, value in zip(places, values, strict=True) if value is not None}
