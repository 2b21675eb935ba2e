"""The first lines of a plan: what is the matter, what it cost, what can be used, why, what next, and what would change this.

What each line may say stands in `kb/head.yaml`. Here the words are found that it is filled with: the diagnosis that the plan begins with, where it
began, what it makes worthless, its likeliest cause, the changes with their numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from advise.conditions import evaluate
from advise.knowledge.head import LINES, Form
from advise.plan.extent import Extent, began, number, progress
from advise.plan.model import Decision, Diagnosis, Head, Reversal, Unknown
from advise.terms import ALARMING, CERTAINTIES
from advise.text import Language, Text, Value, placeholders, show

if TYPE_CHECKING:
    from advise.infer.inference import Inference
    from advise.knowledge.base import KnowledgeBase
    from advise.plan.evidence import Context

Words = Mapping[str, Value | Text]
_FIRST = "P0"
_SAID_AT_ONCE = 3
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
# What is known of a number that was measured or computed.
_DIGITS = ".4g"


def head(
    diagnoses: Sequence[Diagnosis], decisions: Sequence[Decision], unknown: Sequence[Unknown], inference: Inference, context: Context
) -> tuple[Head | None, list[str]]:
    """The head of the plan that these make up, and which of its lines only say that there is nothing to say; None where the knowledge has no head."""
    clauses = context.base.head.lines
    if not clauses:
        return None, []
    main = main_diagnosis(diagnoses, decisions, context.base)
    words_of = _Words(diagnoses, decisions, unknown, inference, context, main)
    words = {f"plan.{name}": word for name, word in words_of.all() if word is not None}
    known: Words = {**{name: words_of.spoken(name, value) for name, value in context.facts.items()}, **words}
    about = None if main is None else main.id

    def holds(form: Form) -> bool:
        if form.spec.about and about not in form.spec.about:
            return False
        if form.when is not None and evaluate(form.when, context.facts, inference.concluded.__contains__) is not True:
            return False
        return placeholders(form.spec.say.en) | placeholders(form.spec.say.zh) <= known.keys()

    said = {line: _said(clauses.get(line, ()), holds) for line in LINES}
    idle: list[str] = [line for line, forms in said.items() if all(form.spec.nothing for form in forms)]
    finding, cost, checkpoint, cause, following, would_change = (_line(said[line], known) for line in LINES)
    first = Head.model_construct(finding=finding, cost=cost, checkpoint=checkpoint, cause=cause, next=following, would_change=would_change)
    return first, idle


def _said(clauses: Iterable[Sequence[Form]], holds: Callable[[Form], bool]) -> list[Form]:
    """The first form of each clause that can be said; what says that there is nothing to say, only where nothing else is said."""
    said = [form for form in (next(filter(holds, clause), None) for clause in clauses) if form is not None]
    return [form for form in said if not form.spec.nothing] or said[:1]


def _line(said: Sequence[Form], known: Words) -> Text:
    texts = [form.spec.say.filled(known) for form in said]
    return Text.model_construct(en=" ".join(_sentence(text.en) for text in texts), zh="".join(text.zh for text in texts))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def main_diagnosis(diagnoses: Sequence[Diagnosis], decisions: Sequence[Decision], base: KnowledgeBase) -> Diagnosis | None:
    """The worst alarming diagnosis; where it is but the cause of another that is as bad, that other one.

    Where none alarms and something is to be done first all the same, it is what that rests on.

    Args:
        diagnoses: Of the plan, the worst first.
        decisions: Of the plan.
        base: What may lie behind what.
    """
    alarming = [item for item in diagnoses if item.severity in ALARMING]
    if not alarming:
        grounds = [name for item in decisions if item.priority == _FIRST for name in item.because]
        return next((item for item in diagnoses if item.id in grounds), None)
    order = list(base.diagnoses)
    first = min(alarming, key=lambda item: (ALARMING.index(item.severity), CERTAINTIES.index(item.certainty), order.index(item.id)))
    shown = (item for item in alarming if item.severity == first.severity and first.id in base.diagnoses[item.id].caused_by)
    return next(shown, first)


@dataclass(frozen=True)
class _Words:
    """Finds the words of one plan."""

    diagnoses: Sequence[Diagnosis]
    decisions: Sequence[Decision]
    unknown: Sequence[Unknown]
    inference: Inference
    context: Context
    main: Diagnosis | None

    def all(self) -> Iterator[tuple[str, Value | Text | None]]:
        """Every word by name; None where there is nothing to say."""
        yield "extent", self._extent()
        yield "remarks", self._listed([item.title for item in self.diagnoses if item.severity == "low"])
        yield from self._of_actions()
        yield from self._of_what_would_change()
        if self.main is not None:
            yield from self._of_finding(self.main)
            yield from self._of_cost(self.main)

    def spoken(self, name: str, value: Value) -> Value | Text:
        """A fact's value for a sentence: an enum's value in the reader's language."""
        return self.context.base.vocabulary[name].values.get(value, value) if isinstance(value, str) else value

    def _of_finding(self, main: Diagnosis) -> Iterator[tuple[str, Value | Text | None]]:
        causes = self._causes(main)
        cause = causes[0] if causes else None
        others = [item for item in self.diagnoses if item.severity in ALARMING and item is not main and item is not cause]
        yield "finding", main.title
        yield "certainty", self._phrase(f"certainty_{main.certainty}")
        yield "why", main.why
        yield "since", self._since(main)
        yield "also", self._listed([item.title for item in others])
        if cause is not None:
            yield "cause", cause.title
            yield "cause_certainty", self._phrase(f"certainty_{cause.certainty}")
        yield "candidates", self._listed(list(self._open_causes(main)))

    def _causes(self, main: Diagnosis) -> list[Diagnosis]:
        """The diagnoses that stand and may lie behind the main one, the surest first."""
        possible = self.context.base.diagnoses[main.id].caused_by
        standing = [item for item in self.diagnoses if item.id in possible]
        return sorted(standing, key=lambda item: (CERTAINTIES.index(item.certainty), possible.index(item.id)))

    def _open_causes(self, main: Diagnosis) -> Iterator[Text]:
        """What may lie behind it and is not decided yet."""
        base = self.context.base
        for name in base.diagnoses[main.id].caused_by:
            if any(rule.concludes == name and self.inference.is_open(rule.id) for rule in base.rules.values() if rule.kind == "diagnosis"):
                yield base.diagnoses[name].title

    def _of_cost(self, main: Diagnosis) -> Iterator[tuple[str, Value | Text | None]]:
        spoils = self.context.base.diagnoses[main.id].spoils
        extent = self._progress(main)
        if spoils is None or extent is None:
            return
        unit, done, _ = extent
        if spoils == "all":
            yield "spent", self._counted(unit, done)
            yield "spent_time", self._time(1.0)
            return
        start = began(main.id, self.context.facts, self.context.base, unit)
        if start is None or done <= start.number:
            return
        share = min((done - start.number) / done, 1.0)
        word = "lost" if spoils == "rest" else "unhelpful"
        yield word, self._counted(unit, done - start.number)
        yield f"{word}_share", share
        yield f"{word}_time", self._time(share)

    def _of_actions(self) -> Iterator[tuple[str, Value | Text | None]]:
        pressing = [item for item in self.decisions if item.priority != "P2"] or list(self.decisions)
        yield "now", self._listed([self._action(item) for item in pressing if item.concerns == "this_run"])
        yield "changes", self._listed([self._action(item) for item in pressing if item.concerns == "next_run"])
        yield "look_again", self.decisions[0].confirm if self.decisions else None

    def _of_what_would_change(self) -> Iterator[tuple[str, Value | Text | None]]:
        asked = next((item for item in self.unknown if item.changes_plan), None)
        if asked is not None:
            yield "question", asked.prompt
            yield "tells", self._listed(list(asked.could_tell)) if asked.could_tell else None
        if self.main is not None:
            yield "reversal", next(iter(map(self._reversal, self.main.reversed_by)), None)

    def _action(self, item: Decision) -> Text:
        """A decision with the settings that it changes."""
        # What the title says already, and that something is switched on, is not said again.
        values = [(line.key, self._value(line.key, line.after)) for line in item.config if not isinstance(line.after, bool)]
        settings = [self._setting(key, value) for key, value in values if value.en not in item.title.en]
        numbers = self._listed(settings)
        return item.title if numbers is None else self._phrase("head_with_numbers", title=item.title, numbers=numbers)

    def _setting(self, key: str, value: Text) -> Text:
        return self._phrase("head_setting", fact=self.context.base.vocabulary[key].title, value=value)

    def _reversal(self, item: Reversal) -> Text | None:
        spec = self.context.base.vocabulary.specs.get(item.fact)
        return None if spec is None else self._phrase("head_test", fact=spec.title, op=item.op, value=self._value(item.fact, item.value))

    def _value(self, fact: str, value: object) -> Text:
        """A value in both languages, to the digits that are known."""
        names = self.context.base.vocabulary[fact].values
        values = value if isinstance(value, list) else [value]

        def shown(one: object, language: Language) -> str:
            if isinstance(one, str) and one in names:
                return names[one].in_language(language)
            return show(one, _DIGITS if isinstance(one, float) else "", language)  # type: ignore[arg-type]

        return Text.model_construct(en=", ".join(shown(one, "en") for one in values), zh="、".join(shown(one, "zh") for one in values))

    def _extent(self) -> Text | None:
        extent = self._progress(self.main)
        if extent is None:
            return None
        unit, done, planned = extent
        if planned is None or planned < done:
            return self._counted(unit, done)
        return self._phrase("head_extent", done=_whole(done), all=self._counted(unit, planned))

    def _progress(self, main: Diagnosis | None) -> Extent | None:
        return progress(None if main is None else main.id, self.context.facts, self.context.base)

    def _since(self, main: Diagnosis) -> Text | None:
        """Where it began; None where that is not known, or its title says it."""
        found = began(main.id, self.context.facts, self.context.base)
        if found is None or _whole(found.number) in main.title.en:
            return None
        return self._phrase(f"head_since_{found.unit}", number=_whole(found.number))

    def _counted(self, unit: str, count: float) -> Text:
        return self._phrase(f"head_count_{unit}", count=_whole(count))

    def _time(self, share: float) -> Text | None:
        """The time that a share of the run took, and on several devices the time of all of them."""
        spec = self.context.base.head.spec
        elapsed = number(self.context.facts, spec.elapsed)
        if elapsed is None or elapsed <= 0:
            return None
        seconds = elapsed * share
        devices = number(self.context.facts, spec.devices)
        time = self._duration(seconds)
        if devices is None or devices <= 1:
            return time
        return self._phrase("head_device_time", time=time, hours=f"{seconds * devices / _HOUR:.3g}")

    def _duration(self, seconds: float) -> Text:
        for unit, length in (("head_days", _DAY), ("head_hours", _HOUR), ("head_minutes", _MINUTE)):
            if seconds >= 2 * length or (unit == "head_hours" and seconds >= length):
                return self._phrase(unit, count=f"{seconds / length:.0f}" if unit == "head_minutes" else f"{seconds / length:.2g}")
        return self._phrase("head_seconds", count=f"{seconds:.0f}")

    def _listed(self, texts: Sequence[Text]) -> Text | None:
        """Up to three, and how many more there are; each once."""
        unique = list({text.en: text for text in texts}.values())
        if not unique:
            return None
        shown, rest = unique[:_SAID_AT_ONCE], len(unique) - _SAID_AT_ONCE
        listed = Text.model_construct(en="; ".join(text.en for text in shown), zh="；".join(text.zh for text in shown))
        return self._phrase("head_and_more", listed=listed, count=rest) if rest > 0 else listed

    def _phrase(self, key: str, **values: Value | Text) -> Text:
        return self.context.base.strings[key].filled(values)


def _whole(number: float) -> str:
    """A count with thousands separated; of epochs also parts."""
    return f"{number:,.0f}" if number == int(number) or number >= 100 else f"{number:.3g}"
