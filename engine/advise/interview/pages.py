"""What the interview shows: questions, help, what follows from an answer, and the end."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from advise.errors import AnswerError
from advise.facts.written import written
from advise.interview.accepted import accepted
from advise.interview.agenda import Question
from advise.interview.interview import Answered, Interview
from advise.interview.standing import Effects, Named
from advise.knowledge.vocabulary import FactSpec
from advise.render.grounds import SEVERITY_TONES
from advise.render.outline import VERDICT_TONES
from advise.render.page import Badge, Banner, Block, Code, Items, Line, Page, Paragraph, Plain, Strong
from advise.render.voice import Voice, codes, reading
from advise.terms import CheckStatus
from advise.text import Text, Value

_TITLES_SHOWN = 4
_FACTS_SHOWN = 6
_MARKS: dict[CheckStatus, str] = {"pass": "✓", "fail": "✗", "not_applicable": "–", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one interview, in one voice."""

    interview: Interview
    voice: Voice

    def opening(self) -> Page:
        """Where answers go, and what can be typed."""
        known = len(self.interview.examination.stated)
        return (
            Paragraph(
                (
                    *self._says("ask_opening", path=str(self.interview.store.answers)),
                    *(self._says("ask_known_already", count=known) if known else ()),
                    *self._says("ask_commands"),
                )
            ),
        )

    def question(self, question: Question) -> Page:
        """A question: what is asked, what is accepted, and why it is asked."""
        spec = self._spec(question.fact)
        head = (Code(question.fact), Plain(f" {self.voice.joined(spec.title)}"))
        item = question.item
        asked_for = self.voice.labelled("ask_checklist_item", _prefixed(item.section, item.title)) if item else ()
        blocks: list[Block] = [Paragraph((head, *map(_strong, self.voice.lines(spec.prompt)), *asked_for))]
        if spec.values:
            blocks.append(
                Items(tuple((Paragraph(((Code(name), Plain(f" {self.voice.joined(title)}")),)),) for name, title in spec.values.items()), True)
            )
        blocks.append(Paragraph((*self._answer(spec), *self._could_tell(question.could_tell))))
        return tuple(blocks)

    def help(self, question: Question) -> Page:
        """How to find the fact out."""
        spec = self._spec(question.fact)
        lines = (
            *self.voice.labelled("ask_observe", spec.observe),
            *self.voice.labelled("ask_effort", self._phrase(f"ask_cost_{spec.cost}")),
            *self._answer(spec),
            *self._says("ask_commands"),
        )
        return (Paragraph(lines),)

    def rejected(self, question: Question, rejected: AnswerError) -> Page:
        """Why an answer is not accepted, and what is."""
        close = self._says("ask_nearest", name=rejected.nearest) if rejected.nearest else ()
        return (Paragraph((*self.voice.lines(rejected.reason), *close, *self._answer(self._spec(question.fact)))),)

    def answered(self, answered: Answered) -> Page:
        """What was understood, and what it makes true."""
        reloaded = self._says("ask_reloaded") if answered.reloaded else ()
        understood = [(Strong("✓"), Plain(" "), Code(self._stated(fact, value))) for fact, value in answered.values.items()]
        follows = tuple(self._follows(answered.effects)) or self._says("ask_nothing_changed")
        return (Paragraph((*reloaded, *understood, *follows)),)

    def remark(self, key: str, **values: Value | Text) -> Page:
        """A remark."""
        return (Paragraph(self._says(key, **values)),)

    def ending(self) -> Page:
        """The verdict, what was saved, and how to go on."""
        store = self.interview.store
        saved = self._says("ask_answers_saved", path=str(store.answers), count=len(store.saved))
        plan = self.voice.entry("ask_see_plan", (Code(shlex.join(["advise", str(store.path)])),))
        go_on = self.voice.entry("ask_go_on", (Code(shlex.join(["advise", "ask", str(store.path)])),))
        return (self._verdict(), Paragraph((*saved, plan, go_on)))

    def disagreement(self, path: Path, lost: Sequence[tuple[str, Value]]) -> Page:
        """That the file was changed, and which answers are not in it."""
        lines = [(Code(f"{fact}: {written(value)}"),) for fact, value in lost]
        label = (self.voice.entry("ask_not_in_file", ()),) if lines else ()
        return (Paragraph((*self._says("ask_changed_outside", path=str(path)), *label, *lines)),)

    def _phrase(self, key: str, **values: Value | Text) -> Text:
        return self.interview.words.phrase(key, **values)

    def _says(self, key: str, **values: Value | Text) -> tuple[Line, ...]:
        return self.voice.lines(self._phrase(key, **values))

    def _spec(self, fact: str) -> FactSpec:
        return self.interview.base.vocabulary[fact]

    def _answer(self, spec: FactSpec) -> Sequence[Line]:
        return self.voice.labelled("ask_answer", accepted(spec, self.interview.words))

    def _could_tell(self, titles: Sequence[Text]) -> Sequence[Line]:
        if not titles:
            return ()
        shown = list(titles[:_TITLES_SHOWN])
        if len(titles) > _TITLES_SHOWN:
            shown.append(self._phrase("more", count=len(titles) - _TITLES_SHOWN))
        return self.voice.labelled("ask_settles_now", Text(en="; ".join(text.en for text in shown), zh="；".join(text.zh for text in shown)))

    def _stated(self, fact: str, value: Value) -> str:
        unit = self._spec(fact).unit
        shown = "" if unit in ("1", "ratio") else f" {self.interview.words.shown(unit, self.voice.language)}"
        return f"{fact} = {written(value)}{shown}"

    def _verdict(self) -> Block:
        verdict = self.interview.verdict
        return Banner(VERDICT_TONES[verdict.id], self.voice.each(lambda language: (Strong(verdict.title.in_language(language)),)))

    def _follows(self, effects: Effects) -> Iterator[Line]:
        for found in effects.diagnoses:
            certainty = self.voice.joined_phrase(f"certainty_{found.certainty}")
            severity = Badge(self.voice.joined_phrase(f"severity_{found.severity}"), SEVERITY_TONES[found.severity])
            yield self._line("+", "ask_diagnosis", found, severity, Plain(f" {certainty}"))
        for gone in effects.withdrawn:
            yield self._line("−", "ask_withdrawn", gone)
        for decided in effects.decisions:
            yield self._line("+", "ask_decision", decided, Badge(decided.priority, "notice"))
        for gone in effects.dropped:
            yield self._line("−", "ask_dropped", gone)
        for turned in effects.checklist:
            yield self._line(_MARKS[turned.status], f"ask_check_{turned.status}", turned)
        for contradicted in effects.contradicted:
            yield self._line("!", "ask_contradicted", contradicted, Code(contradicted.id))
        yield from self._facts("ask_derived", [f"{item.id} = {reading(item.value)}" for item in effects.derived])
        yield from self._facts("ask_forgotten", [item.id for item in effects.forgotten])
        if effects.verdict:
            title = self.voice.joined(effects.verdict.title)
            yield (Strong("→"), Plain(" "), *self.voice.entry("ask_verdict", (Badge(title, VERDICT_TONES[effects.verdict.id]),)))

    def _facts(self, key: str, facts: Sequence[str]) -> Iterator[Line]:
        if facts:
            more = len(facts) - _FACTS_SHOWN
            rest = (Plain(self.voice.joined_phrase("more", count=more)),) if more > 0 else ()
            yield (Strong("="), Plain(" "), *self.voice.entry(key, (*codes(facts[:_FACTS_SHOWN]), *rest)))

    def _line(self, mark: str, key: str, named: Named, *rest: Badge | Plain | Code) -> Line:
        tail = (Plain(" "), *rest) if rest else ()
        return (Strong(mark), Plain(" "), *self.voice.entry(key, (Plain(self.voice.joined(named.title)),)), *tail)


def _strong(line: Line) -> Line:
    return tuple(Strong(run.text) if isinstance(run, Plain) else run for run in line)


def _prefixed(prefix: str, text: Text) -> Text:
    return Text(en=f"{prefix} {text.en}", zh=f"{prefix} {text.zh}")
