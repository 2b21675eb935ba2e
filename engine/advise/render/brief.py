"""A plan in brief: what fits on one screen, the most important first; what does not fit is one option or one fold away.

The page is put together from parts in the order of their worth. As many are kept as fit: `fitting` asks the writer how long a page became.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from advise.plan.model import Decision, Diagnosis, Plan, SetAside, Unknown
from advise.render.actions import action, gate_lines, harmful
from advise.render.checks import checked
from advise.render.grounds import diagnosis
from advise.render.outline import details, head_lines, opening, section
from advise.render.page import Block, Code, Fold, Items, Line, Page, Paragraph, Plain, Strong, prose
from advise.render.voice import Voice, reading, spoken_languages
from advise.terms import Concerns
from advise.text import LANGUAGES, Language, LanguageChoice

HEALTHY_LINES, SICK_LINES, MARKDOWN_LINES = 8, 25, 60
_SCOPES: tuple[tuple[Concerns, str], ...] = (("this_run", "section_this_run"), ("next_run", "section_next_run"))
_MOST_QUESTIONS = 3
_SOUND = frozenset({"low", "info"})

Part = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Brief:
    """A plan, of which some parts are shown."""

    plan: Plan
    voice: Voice

    @property
    def parts(self) -> list[Part]:
        """Every part that may be left out, the one that is to stay the longest first."""
        plan = self.plan
        lines = [("line", number) for number in range(len(head_lines(plan)))]
        actions, findings = range(len(plan.decisions)), range(len(self._findings))
        return [
            *lines,
            *(("action", number) for number in actions[:3]),
            *(("settings", number) for number in actions[:3]),
            *(("finding", number) for number in findings[:2]),
            *(("gates", number) for number in range(len(plan.gates))),
            *(("question", number) for number in range(len(self._questions))),
            *(("steps", number) for number in actions[:1]),
            *(("why", number) for number in findings[:1]),
            *(("harm", number) for number in range(len(harmful(plan)))),
            *(part for number in actions[3:] for part in (("action", number), ("settings", number))),
            *(("finding", number) for number in findings[2:]),
            *(("steps", number) for number in actions[1:]),
            *(("why", number) for number in findings[1:]),
        ]

    def page(self, kept: frozenset[Part], *, more: Sequence[Block]) -> Page:
        """The page with these parts, and what stands below them."""
        return (
            *opening(self.plan, self.voice),
            *self._head(kept),
            *(block for scope, key in _SCOPES for block in section(key, self._actions(scope, kept), self.voice)),
            *section("section_gates", self._gates(kept), self.voice),
            *section("section_set_aside", self._harm(kept), self.voice),
            *section("section_diagnoses", self._diagnoses(kept), self.voice),
            *section("section_unknown", self._asked(kept), self.voice),
            *more,
        )

    @property
    def _findings(self) -> Sequence[Diagnosis]:
        return [item for item in self.plan.diagnoses if item.severity not in _SOUND] or self.plan.diagnoses[:1]

    @property
    def _questions(self) -> Sequence[Unknown]:
        return [item for item in self.plan.unknown if item.changes_plan][:_MOST_QUESTIONS]

    def _head(self, kept: frozenset[Part]) -> tuple[Block, ...]:
        lines = [(key, text) for number, (key, text) in enumerate(head_lines(self.plan)) if ("line", number) in kept]
        return (Items(tuple((Paragraph(self.voice.labelled(key, text)),) for key, text in lines)),) if lines else ()

    def _actions(self, scope: Concerns, kept: frozenset[Part]) -> tuple[Block, ...]:
        shown = [(number, item) for number, item in enumerate(self.plan.decisions) if item.concerns == scope and ("action", number) in kept]
        items = tuple(tuple(self._action(number, item, kept)) for number, item in shown)
        return (Items(items, ordered=True),) if items else ()

    def _action(self, number: int, item: Decision, kept: frozenset[Part]) -> Iterator[Block]:
        yield Paragraph(action(item, self.voice))
        if item.config and ("settings", number) in kept:
            yield Paragraph((_settings(item),))
        if item.steps and ("steps", number) in kept:
            yield Items(tuple((Paragraph(self.voice.lines(step)),) for step in item.steps), ordered=True)

    def _gates(self, kept: frozenset[Part]) -> tuple[Block, ...]:
        return tuple(block for number, gate in enumerate(self.plan.gates) if ("gates", number) in kept for block in gate_lines(gate, self.voice))

    def _harm(self, kept: frozenset[Part]) -> tuple[Block, ...]:
        items = tuple((Paragraph(_harm(item, self.voice)),) for number, item in enumerate(harmful(self.plan)) if ("harm", number) in kept)
        return (Items(items),) if items else ()

    def _diagnoses(self, kept: frozenset[Part]) -> tuple[Block, ...]:
        items = tuple(
            (Paragraph(diagnosis(item, self.voice)), *((Paragraph(self.voice.lines(item.why)),) if ("why", number) in kept else ()))
            for number, item in enumerate(self._findings)
            if ("finding", number) in kept
        )
        return (Items(items),) if items else ()

    def _asked(self, kept: frozenset[Part]) -> tuple[Block, ...]:
        items = tuple((Paragraph(_question(item, self.voice)),) for number, item in enumerate(self._questions) if ("question", number) in kept)
        return (Items(items, ordered=True),) if items else ()


def fitting(brief: Brief, limit: int, height: Callable[[Page], int], more: Sequence[Block] = ()) -> int:
    """How many parts of the brief page fit into so many lines.

    Args:
        brief: What to show.
        limit: The most lines.
        height: How many lines a page takes.
        more: What stands below, and counts.
    """
    parts = brief.parts
    lowest, highest = 0, len(parts)
    while lowest < highest:
        middle = (lowest + highest + 1) // 2
        if height(brief.page(frozenset(parts[:middle]), more=more)) <= limit:
            lowest = middle
        else:
            highest = middle - 1
    return lowest


def lines_allowed(plan: Plan, voice: Voice) -> int:
    """How many lines of text a plan takes at most: few where nothing is wrong, and twice as many in two languages."""
    is_sound = all(item.severity in _SOUND for item in plan.diagnoses) and all(item.priority == "P2" for item in plan.decisions)
    return (HEALTHY_LINES if is_sound else SICK_LINES) * len(spoken_languages(voice.choice))


def brief_text(plan: Plan, voice: Voice, height: Callable[[Page], int]) -> Page:
    """The page for a terminal, and how to see the rest."""

    def more(spoken: Voice) -> Sequence[Block]:
        return checked(plan, spoken, more=spoken.phrase("more_with_full"))

    # One language takes more room than the other; what is said must not hang on which of them is read.
    choices: Sequence[LanguageChoice] = LANGUAGES if voice.choice in LANGUAGES else (voice.choice,)
    voices = [Voice(voice.strings, choice) for choice in choices]
    count = min(fitting(Brief(plan, spoken), lines_allowed(plan, spoken), height, more(spoken)) for spoken in voices)
    brief = Brief(plan, voice)
    return brief.page(frozenset(brief.parts[:count]), more=more(voice))


def brief_markdown(plan: Plan, voice: Voice, height: Callable[[Page], int]) -> Page:
    """The page to hand on: what fits above, and everything below it, folded."""
    brief, more = Brief(plan, voice), checked(plan, voice)
    made = brief.page(frozenset(brief.parts[: fitting(brief, MARKDOWN_LINES, height, more)]), more=more)
    return (*made, *(Fold(voice.joined_phrase(key), blocks) for key, blocks in details(plan, voice) if blocks))


def _settings(item: Decision) -> Line:
    """The settings that an action changes, on one line."""
    line: list[Plain | Code] = []
    for change in item.config:
        before = "" if change.before is None else f"{reading(change.before)} "
        line += [Plain(" · " if line else ""), Code(change.key), Plain(f": {before}→ {reading(change.after)}")]
    return tuple(line)


def _harm(item: SetAside, voice: Voice) -> tuple[Line, ...]:
    return voice.each(lambda language: (Strong(item.title.in_language(language)), Plain(" — "), *prose(item.reason.in_language(language))))


def _question(item: Unknown, voice: Voice) -> tuple[Line, ...]:
    def line(language: Language) -> Line:
        return (*prose(item.prompt.in_language(language)), Plain(" "), Code(item.fact))

    return voice.each(line)
