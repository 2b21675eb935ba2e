"""What a fired decision rule proposes: its numbers, the steps that can be said, the settings it would change, and what it would have to ask first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from advise.knowledge.base import KnowledgeBase
from advise.knowledge.catalog import Move
from advise.knowledge.rule import DecisionRule, FactOperand, ParamOperand, ParamValue, Said, Scalar
from advise.text import Text, Value, is_number, union_of_placeholders


@dataclass(frozen=True, slots=True)
class Setting:
    """What a setting is and what it is to be.

    Attributes:
        key: The fact that holds it.
        before: None where it is unknown.
    """

    key: str
    before: Value | None
    after: Value

    @property
    def changes(self) -> bool:
        """Whether it is not so already."""
        return self.after != self.before


@dataclass(frozen=True, slots=True)
class Candidate:
    """A decision that a rule proposes, with its numbers.

    Attributes:
        missing: Params whose fact is unknown, and without which something is left unsaid.
        steps: What can be said: a step of which a number is unknown is said otherwise, or not at all.
        settings: The settings that it speaks of, as far as their numbers are known.
        waits_for: The facts without which it is no instruction but a question; empty where it can be said.
    """

    rule: DecisionRule
    params: Mapping[str, Value]
    missing: tuple[str, ...]
    steps: tuple[Text, ...] = ()
    settings: tuple[Setting, ...] = ()
    waits_for: tuple[str, ...] = ()


def candidate(rule: DecisionRule, facts: Mapping[str, Value]) -> Candidate:
    """A rule's proposal with its params looked up."""
    params = {name: operand(value, facts) for name, value in rule.params.items()}
    known = {name: value for name, value in params.items() if value is not None}
    shown = {*facts, *(f"params.{name}" for name in known)}
    steps = [said(step, shown) for step in rule.steps]
    unsaid = [step for step, told in zip(rule.steps, steps, strict=True) if told is None]
    asks = bool(unsaid) and (len(unsaid) == len(steps) or (bool(params) and not known))
    ungated = _ungated(rule, facts)
    return Candidate(
        rule,
        known,
        tuple(name for name in params if name not in known and _is_missed(name, rule, unsaid)),
        tuple(step for step in steps if step is not None),
        tuple(_settings(rule, known, facts)),
        tuple(dict.fromkeys([*(_lacking(unsaid, rule, shown) if asks else ()), *ungated])),
    )


def _is_missed(param: str, rule: DecisionRule, unsaid: Collection[Said]) -> bool:
    """Whether something is left unsaid without a param, or no step would say it anyway."""
    name = f"params.{param}"
    return name in union_of_placeholders(unsaid) or name not in union_of_placeholders([form for step in rule.steps for form in _forms(step)])


def said_of(text: Said, values: Mapping[str, Value | Text]) -> Text:
    """A text filled with what is known, in the form that can be said; the first where none can."""
    return (said(text, values.keys()) or text).filled(values)


def said(text: Said, known: Collection[str]) -> Text | None:
    """A text whose numbers are known, else what is said otherwise; None where that is nothing."""
    return next((form for form in _forms(text) if union_of_placeholders([form]).issubset(known)), None)


def _forms(text: Said) -> Iterator[Said]:
    form: Said | None = text
    while form is not None:
        yield form
        form = form.otherwise


def operand(value: ParamValue | Scalar, facts: Mapping[str, Value]) -> Value | None:
    """A number or word of a rule, or the value of the fact that it names; None where that is unknown."""
    if isinstance(value, FactOperand):
        return facts.get(value.fact)
    return tuple(value) if isinstance(value, list) else value


def astray(proposal: Candidate, base: KnowledgeBase) -> tuple[str, Text] | None:
    """The setting that a proposal would move beyond what can be, or against the title of its decision, and why that does not do."""
    moves = base.decisions[proposal.rule.concludes].moves
    promised = [item for item in proposal.settings if item.key in moves]
    for item in proposal.settings:
        spec = base.vocabulary[item.key]
        if is_number(item.after) and not spec.contains(item.after):
            return item.key, base.strings["beyond_bounds"].filled({"fact": spec.title})
    for item in promised:
        # What is so already does no harm beside something that moves.
        stands_still = not any(other.changes for other in promised)
        if stands_still or (item.changes and not _moves(item, moves[item.key])):
            return item.key, base.strings["against_title"].filled({"fact": base.vocabulary[item.key].title})
    return None


def _moves(setting: Setting, move: Move) -> bool:
    before, after = setting.before, setting.after
    if not is_number(before) or not is_number(after):
        return True
    onwards = after > before if move.to == "up" else after < before
    return onwards and (move.least is None or after >= move.least * before) and (move.most is None or after <= move.most * before)


def _settings(rule: DecisionRule, params: Mapping[str, Value], facts: Mapping[str, Value]) -> Iterator[Setting]:
    for line in rule.config:
        after = params.get(line.to.param) if isinstance(line.to, ParamOperand) else operand(line.to, facts)
        if after is not None:
            yield Setting(line.key, facts.get(line.key), after)


def _lacking(unsaid: Collection[Said], rule: DecisionRule, known: Collection[str]) -> Iterator[str]:
    """The facts for want of which steps cannot be said, each once."""
    asked = {f"params.{name}": value.fact for name, value in rule.params.items() if isinstance(value, FactOperand)}
    for name in sorted(union_of_placeholders(unsaid).difference(known)):
        yield asked.get(name, name)


def _ungated(rule: DecisionRule, facts: Mapping[str, Value]) -> Iterator[str]:
    """The facts for want of which a required test of a gate has no number."""
    for test in (test for gate in rule.gates for test in gate.of if test.required):
        if isinstance(test.value, FactOperand) and test.value.fact not in facts:
            yield test.value.fact
