"""What the numbers of all lines of one shape are: columns, counters, totals, or nothing that has a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from advise.runlog.lexicon import Lexicon
from advise.runlog.readers.text.gaps import Gap, understood
from advise.runlog.readers.text.terminal import DRAWN
from advise.runlog.words import words_of

# Counters that no word names, by where they stand.
BAR, BRACKET, LEADING = "progress bar", "bracketed number", "leading number"
# What stands behind the name of a value that is not the one of the record: what it was before, and over how many it was taken.
BEFORE, COUNTED = "(before)", "(over)"
_SCALES: Mapping[str, float] = {"%": 0.01, "ms": 1e-3, "msec": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "k": 1e3, "K": 1e3, "M": 1e6}
_THOUSANDS: Mapping[str, float] = {unit: _SCALES[unit] for unit in ("k", "K", "M")}
_RATES = frozenset({"s", "sec", "second"})
_TIMES = frozenset({"s", "sec", "secs", "seconds", "ms"})
_SECONDS = "seconds"
_DURATION = re.compile(r"[hm]\d{1,2}[ms]?(?:\d{1,2}s)?")
_STEPS = frozenset({"it", "iter", "step", "batch"})
_QUALIFIER = re.compile(r"\s*\(([^()]*)\)$")
_OPENS = {")": "(", "]": "["}
_ERROR = frozenset({"±", "+-", "+/-", "-+"})
_OF = frozenset({"/", "of", "／"})
# ` train.py:` behind the number of a thread.
_ONE_WORD = re.compile(r"\s{1,8}\S+")
_LABEL = re.compile(r"\{(\d{1,4})\}")
# What stands between the value before and the one now: `loss 0.5 -> 0.4`.
_BECAME = frozenset({"->", "-->", "--->", "=>", "==>", "→", "⇒", "➜", "降至", "升至", "变为"})
# `improved from 0.5 to 0.4`; and `learning rate of group 0 to 1e-4`, where the first number is a part of the name.
_FROM = re.compile(r"\bfrom\s{1,4}$", re.IGNORECASE)
_OF_GROUP = re.compile(r"\sof\s(?:param(?:eter)?\s)?group\s{1,4}$", re.IGNORECASE)
# `loss over 100 batches: 0.5`: the number behind the count is what is called so.
_OVER = re.compile(r"\b(?:over|across|of)\s{1,4}$")
_COUNT_OF = re.compile(r"\s{0,2}[A-Za-z]{3,20}\s{0,2}[:=]\s{0,4}$")


@dataclass(slots=True)
class Planned:
    """One number of a line.

    Attributes:
        token: Which of the line's tokens it is.
        name: The column.
        scale: What the number is multiplied by, as its unit demands.
        total: The token that says of how many it is, if one does.
        counts: Whether it is a counter.
    """

    token: int
    name: str
    scale: float = 1.0
    total: int | None = None
    counts: bool = False


@dataclass(slots=True)
class Plan:
    """What is done with lines of one shape.

    Attributes:
        numbers: The numbers that are kept.
        labels: The numbers that belong to names, so that lines that differ in them are of different columns: `AP @[IoU=0.5] = 0.2`.
        unnamed: How many of a line have no name.
        bar: The counter of the progress bar that the line is, if it is one.
        split: The split of the data that the line names in words of their own, if it names one.
        rank: The process that writes it, if a word says so.
    """

    numbers: list[Planned] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    unnamed: int = 0
    bar: Planned | None = None
    split: str | None = None
    rank: int | None = None

    @property
    def has_values(self) -> bool:
        """Whether it holds more than counters."""
        return any(not number.counts for number in self.numbers)


def plan_of(gaps: Sequence[Gap], tokens: Sequence[str], numbers: Sequence[bool], lexicon: Lexicon) -> Plan:
    """Find the names of the numbers of a line.

    Args:
        gaps: The texts around its tokens, one more than there are tokens.
        tokens: The tokens of one such line.
        numbers: Of each token, whether it is a number, not a date or a time.
        lexicon: The words that name counters and splits.
    """
    planner = _Planner(gaps, numbers, lexicon)
    for place, token in enumerate(tokens):
        if not numbers[place]:
            planner.skip(place)
        elif token[-1:].isalpha() and not gaps[place].is_direct:
            planner.word(place)
        else:
            planner.take(place)
    return planner.finished()


def labelled(name: str, tokens: Sequence[str]) -> str:
    """The name of a column in a line, with the numbers that are part of it in their places.

    Args:
        name: As the plan has it, `{3}` for the fourth token of the line.
        tokens: Those of the line.
    """
    return _LABEL.sub(lambda match: tokens[int(match[1])] if int(match[1]) < len(tokens) else match[0], name)


@dataclass(slots=True)
class _List:
    """A list that is open: `lr=[1e-4, 1e-4]`."""

    first: Planned
    base: str
    members: int = 1


class _Planner:
    def __init__(self, gaps: Sequence[Gap], numbers: Sequence[bool], lexicon: Lexicon) -> None:
        self._gaps, self._is_number, self._lexicon = gaps, numbers, lexicon
        self._plan = Plan()
        self._split: str | None = None
        self._list: _List | None = None
        self._percent: int | None = None
        self._taken: dict[str, int] = {}
        self._last: Planned | None = None
        self._word = False
        self._over: tuple[Gap, str | None] | None = None

    def skip(self, place: int) -> None:
        """Pass a date or a time; what stands before it may still say which data the line is about."""
        self._split = self._gaps[place].carries or self._split
        self._last = self._list = None

    def word(self, place: int) -> None:
        """Pass a `nan` that is a word of a sentence: `number of nan iterations: 0`."""
        self.skip(place)
        self._word = True

    def take(self, place: int) -> None:
        """Take the next number."""
        gap, unit = self._gaps[place], self._gaps[place + 1].unit
        before = gap.before or self._split
        self._split = gap.carries or self._split
        behind_a_word, self._word = self._word, False
        if gap.is_source or self._is_thread(place, gap):
            self._last = None
        elif behind_a_word and gap.name:
            self._keep(Planned(place, f"nan {gap.name}"))
        elif self._gaps[place + 1].text.startswith("%|") or self._is_bar_without_blocks(place):
            self._percent, self._last = place, None
        elif gap.name and _OVER.search(gap.text) and _COUNT_OF.fullmatch(self._gaps[place + 1].text) and place + 1 < len(self._is_number):
            self._over = (gap, before)
            self._keep(Planned(place, f"{gap.name} {COUNTED}"))
        elif self._over is not None:
            (gap, before), self._over = self._over, None
            self._named(place, gap, unit, before)
        elif gap.name and not self._is_bracket_of_a_split(place, gap):
            self._named(place, gap, unit, before)
        else:
            self._unnamed(place, gap, unit, before)

    def finished(self) -> Plan:
        """The plan, when all numbers were taken."""
        self._split = self._gaps[-1].carries or self._split
        plan = self._plan
        plan.split = self._split
        drawn = any(DRAWN in gap.text for gap in self._gaps)
        if self._percent is not None or drawn:
            # How far it is, the number of steps says; where it shows none, the percentage.
            percent = None if self._percent is None else Planned(self._percent, "")
            plan.bar = next((number for number in plan.numbers if number.name == BAR), percent)
        return plan

    def _named(self, place: int, gap: Gap, unit: str, split: str | None) -> None:
        self._list = None
        counter = self._counter(place, gap, unit)
        if counter is not None:
            # `step=12k`
            self._keep(Planned(place, counter, _THOUSANDS.get(unit, 1.0), counts=True))
            return
        if self._is_pair_of_splits(place, gap) or self._is_pair_with_a_counter(place, gap):
            return
        if self._is_epoch_of_a_split(place, gap):
            self._keep(Planned(place, "epoch", counts=True))
            return
        name, scale = _scaled(gap.name, unit)
        number = Planned(place, name if gap.own or split is None else f"{split}/{name}", scale)
        self._keep(number)
        if any(bracket in gap.joint for bracket in "[({"):
            self._list = _List(number, number.name)

    def _counter(self, place: int, gap: Gap, unit: str) -> str | None:
        """The name of the counter that a number with a name is; None for any other number."""
        # `Epoch(train)` is an epoch.
        counter = self._lexicon.counter_at_the_end(gap.words) or self._lexicon.counter_at_the_end(words_of(_QUALIFIER.sub("", gap.name)))
        if counter is not None:
            return counter
        # `train 100it`, `第 3 轮`: the name only leads to the unit.
        if not unit and self._has_total(place):
            # `第 3/50 轮`
            unit = self._gaps[place + 2].unit
        by_unit = self._of_unit(unit)
        return by_unit if by_unit is not None and (gap.name == "第" or self._only_splits(gap)) else None

    def _of_unit(self, unit: str) -> str | None:
        """The counter that a unit is: `1epoch`, `100it`, `3轮`. A single letter is a unit of measure."""
        return None if unit.isascii() and len(unit) < 2 else self._lexicon.counters.get(words_of(unit))

    def _only_splits(self, gap: Gap) -> bool:
        return bool(gap.words) and sum(end - start for start, end, _ in self._lexicon.splits_in(gap.words)) == len(gap.words)

    def _is_bracket_of_a_split(self, place: int, gap: Gap) -> bool:
        """`Test: [1/20]` is how far the evaluation is."""
        return gap.joint.rstrip().endswith("[") and self._has_total(place) and self._only_splits(gap)

    def _has_total(self, place: int) -> bool:
        return self._gaps[place + 1].rest in _OF and place + 1 < len(self._is_number) and self._is_number[place + 1]

    def _is_epoch_of_a_split(self, place: int, gap: Gap) -> bool:
        """`Train: 3 [120/500]` is the third epoch."""
        after = self._gaps[place + 1]
        return self._only_splits(gap) and after.rest == "[" and place + 1 < len(self._is_number) and self._has_total(place + 1)

    def _is_pair_with_a_counter(self, place: int, gap: Gap) -> bool:
        """`global_step/max_steps: 10/500` is a counter and its total."""
        first, slash, _ = gap.name.partition("/")
        counter = self._lexicon.counter_at_the_end(words_of(first)) if slash else None
        if counter is None or not self._has_total(place):
            return False
        self._keep(Planned(place, counter, counts=True))
        return True

    def _is_pair_of_splits(self, place: int, gap: Gap) -> bool:
        """`train/val loss: 0.5/0.6` is two numbers under two names."""
        found = list(self._lexicon.splits_in(gap.words))
        labels = [label for _, _, label in found]
        if len(set(labels)) != 2 or "/" not in gap.name or place + 1 >= len(self._is_number) or self._gaps[place + 1].rest != "/":
            return False
        used = {index for start, end, _ in found for index in range(start, end)}
        name = " ".join(word for index, word in enumerate(gap.words) if index not in used)
        for offset, label in enumerate(labels):
            self._keep(Planned(place + offset, f"{label} {name}".strip()))
        return True

    def _unnamed(self, place: int, gap: Gap, unit: str, split: str | None) -> None:
        rest, last = gap.rest, self._last
        if last is not None and rest in _OF and last.total is None and self._is_next(place, last):
            last.total = place
        elif (opening := self._opening(place, rest, gap)) is not None:
            self._labelled(opening, place, unit, split)
        elif last is not None and rest == "(" and self._is_next(place, last) and not last.counts and unit in ("", "%"):
            self._keep(Planned(place, f"{last.name} (avg)", _SCALES.get(unit, 1.0)), follows=last)
        elif last is not None and last.counts and last.total is not None and rest == "(" and unit == "%":
            # `[640/60000 (1%)]` says the same twice.
            self._last = None
        elif last is not None and last.counts and rest == "(" and unit in _TIMES and self._is_next(place, last):
            self._keep(Planned(place, _SECONDS, _SCALES.get(unit, 1.0)))
        elif last is not None and self._is_next(place, last) and self._goes_with(place, last, rest, unit):
            return
        elif last is not None and rest in _ERROR:
            self._keep(Planned(place, f"{last.name} ±"), follows=last)
        elif self._list is not None and not any(map(str.isalnum, rest)) and "|" not in rest:
            self._member(place, unit, self._list)
        else:
            self._list = None
            self._placed(place, gap, unit, split)

    def _goes_with(self, place: int, last: Planned, rest: str, unit: str) -> bool:
        """Keep a number that says with the one before it what it is; whether it does."""
        before = self._gaps[last.token].text
        if not last.counts and (rest in _BECAME or (rest == "to" and _FROM.search(before))):
            self._became(place, last, unit)
            return True
        group = _OF_GROUP.search(before) if rest == "to" else None
        if group:
            named = understood(before[: group.start()], self._lexicon, first=last.token == 0)
            self._keep(Planned(place, named.name or "group"))
            return True
        if last.name == BRACKET and rest == "," and self._gaps[place + 1].rest.startswith("]"):
            # `[3,  2000] loss: 0.5` of the tutorials.
            self._rename(last, "epoch")
            self._keep(Planned(place, "iter", counts=True))
            return True
        return False

    def _became(self, place: int, last: Planned, unit: str) -> None:
        """Of a value before and one now, the second has the name."""
        name = last.name
        self._rename(last, f"{name} {BEFORE}")
        self._list = None
        self._keep(Planned(place, name, _SCALES.get(unit, 1.0)))

    def _opening(self, place: int, rest: str, gap: Gap) -> int | None:
        """The gap in which the bracket opens that closes before the number's `=`: what is in it belongs to the name, numbers too."""
        if rest[:1] not in (")", "]") or not set(rest) <= set(")] =:") or not gap.is_strong:
            return None
        bracket = _OPENS[rest[0]]
        return next((earlier for earlier in range(place - 1, -1, -1) if bracket in self._gaps[earlier].text), None)

    def _labelled(self, opening: int, place: int, unit: str, split: str | None) -> None:
        bracket = _OPENS[self._gaps[place].rest[0]]
        inside = range(opening, place)
        self._plan.numbers = [number for number in self._plan.numbers if number.token not in inside]
        self._plan.labels += [earlier for earlier in inside if self._is_number[earlier]]
        head, _, tail = self._gaps[opening].text.rpartition(bracket)
        named = understood(head.rstrip(" @"), self._lexicon, first=opening == 0)
        pieces = [tail, *(self._gaps[earlier].text for earlier in range(opening + 1, place))]
        plain = (re.sub(r"[{}]", " ", piece) for piece in pieces)
        label = "".join(f"{text}{{{token}}}" for text, token in zip(plain, inside, strict=True))
        words = " ".join(word for word in re.split(r"[\s|,;]+", label) if word)
        own = named.own or named.before
        name = f"{named.name} {words}".strip()
        self._keep(Planned(place, name if own or split is None else f"{split}/{name}", _SCALES.get(unit, 1.0)))

    def _is_next(self, place: int, last: Planned) -> bool:
        """Whether nothing but the total of the last number stands between it and this one."""
        return place - 1 in (last.token, last.total)

    def _member(self, place: int, unit: str, members: _List) -> None:
        if members.members == 1:
            self._rename(members.first, f"{members.base}[0]")
        self._keep(Planned(place, f"{members.base}[{members.members}]", _SCALES.get(unit, 1.0)))
        members.members += 1

    def _placed(self, place: int, gap: Gap, unit: str, split: str | None) -> None:
        """A number that only its place or its unit tells: a bracket, a bar, the beginning of the line, `3.2it/s`."""
        if unit in _TIMES or _DURATION.fullmatch(unit):
            # `- 4s -`: how long something took is no place.
            self._keep(Planned(place, _SECONDS, _SCALES.get(unit, 1.0)))
            return
        counter = self._of_unit(unit)
        has_total = self._has_total(place)
        rate = _rate(unit)
        if counter is not None:
            self._keep(Planned(place, counter, counts=True))
        elif rate is not None:
            name, scale = rate
            self._keep(Planned(place, name if split is None else f"{split}/{name}", scale))
        elif gap.joint.rstrip().endswith("["):
            self._keep(Planned(place, self._bracketed(has_total), counts=True))
        elif self._percent is not None or has_total:
            self._keep(Planned(place, BAR, counts=True))
        elif not any(self._is_number[:place]) and not any(map(str.isalnum, gap.text)):
            self._keep(Planned(place, LEADING, counts=True))
        else:
            self._plan.unnamed += 1
            self._last = None

    def _is_bar_without_blocks(self, place: int) -> bool:
        """Whether a number is the percent of a progress bar that is too narrow for its blocks: `100% 10/10 [00:12<00:00]`."""
        behind = [gap.text.strip() for gap in self._gaps[place + 1 : place + 4]]
        return len(behind) == 3 and behind[:2] == ["%", "/"] and behind[2].startswith("[")

    def _is_thread(self, place: int, gap: Gap) -> bool:
        """Whether a number says which thread logs: it stands without a name directly before the line of code, as glog and absl write it."""
        return (
            not gap.name
            and place + 1 < len(self._is_number)
            and self._gaps[place + 1].is_source
            and _ONE_WORD.fullmatch(self._gaps[place + 1].text) is not None
        )

    def _bracketed(self, has_total: bool) -> str:
        """`[3][120/500]` behind an epoch is an iteration of it; `[120/1530]` alone is a step."""
        if not has_total:
            return BRACKET
        name = "iter" if "epoch" in self._taken else "step"
        return name if name not in self._taken else BRACKET

    def _keep(self, number: Planned, follows: Planned | None = None) -> None:
        self._name(number)
        self._plan.numbers.append(number)
        # `0.5 (0.6)` and `0.5/0.6` belong to the number that has the name.
        self._last = follows or number

    def _rename(self, number: Planned, name: str) -> None:
        self._taken.pop(number.name, None)
        number.name = name
        self._name(number)

    def _name(self, number: Planned) -> None:
        """Two values of one line never share a name."""
        name = number.name
        count = self._taken.get(name, 0)
        self._taken[name] = count + 1
        if count:
            number.name = f"{name}.{count}"
            self._taken[number.name] = 1


def _scaled(name: str, unit: str) -> tuple[str, float]:
    """The name without a unit in brackets behind it, and what the number is multiplied by: `elapsed time (ms): 8230` is in seconds."""
    qualifier = _QUALIFIER.search(name)
    if qualifier and qualifier[1] in _SCALES:
        return name[: qualifier.start()], _SCALES[qualifier[1]]
    return name, _SCALES.get(unit.partition("/")[0], 1.0)


def _rate(unit: str) -> tuple[str, float] | None:
    """The column of a number that its unit names: `it/s`, `tok/s`, `20ms/step`."""
    what, slash, each = unit.partition("/")
    if not slash:
        return None
    if each in _RATES:
        return unit, 1.0
    seconds = {"s": 1.0, "sec": 1.0}.get(what) or (_SCALES.get(what) if what.endswith("s") else None)
    return ("time per step", seconds) if each in _STEPS and seconds else None
