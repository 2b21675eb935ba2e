"""From a plan to a page: every section, in the order of reading."""

from __future__ import annotations

from collections.abc import Mapping

from advise.knowledge.head import LINES
from advise.plan.model import Plan
from advise.render.actions import decisions, gate_results, gates, set_aside
from advise.render.appendix import checklist, facts, sources
from advise.render.curves import curves
from advise.render.grounds import diagnoses, errata, findings, first_findings, unknown
from advise.render.page import Banner, Block, Code, Heading, Items, Page, Paragraph, Plain, Strong, Tone
from advise.render.voice import Voice
from advise.terms import VerdictId
from advise.text import Text

VERDICT_TONES: Mapping[VerdictId, Tone] = {
    "continue": "good",
    "continue_with_changes": "notice",
    "resume_with_gates": "warning",
    "stop": "danger",
    "fix_first": "danger",
    "finished": "good",
    "cannot_tell": "muted",
}


def page_of(plan: Plan, voice: Voice) -> Page:
    """The whole page; a section with nothing in it is left out."""
    return (
        *_opening(plan, voice),
        *_section("section_actions", decisions(plan, voice), voice),
        *_section("section_set_aside", set_aside(plan, voice), voice),
        *_section("section_gates", gates(plan, voice), voice),
        *_section("section_gate_results", gate_results(plan, voice), voice),
        *_section("section_curves", curves(plan), voice),
        *_section("section_diagnoses", diagnoses(plan, voice), voice),
        *_section("section_unknown", unknown(plan, voice), voice),
        *_section("section_findings", findings(plan, voice), voice),
        *_section("section_appendix", (*errata(plan, voice), *checklist(plan, voice), *facts(plan, voice), *sources(plan, voice)), voice),
    )


def title_of(plan: Plan, voice: Voice) -> Code | Plain:
    """The name of the run, or what the page is where the run has none."""
    return Code(plan.run) if plan.run and plan.run.strip() else Plain(voice.joined_phrase("title"))


def _opening(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    verdict = plan.verdict
    banner = Banner(VERDICT_TONES[verdict.id], voice.each(lambda language: (Strong(verdict.title.in_language(language)),)))
    return (Heading(1, (title_of(plan, voice),)), *first_findings(plan, voice), banner, *head(plan, voice))


def head(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """The six lines, but for those that only say that there is nothing to say."""
    if plan.head is None:
        return ()
    lines: Mapping[str, Text] = {line: getattr(plan.head, line) for line in LINES if line not in plan.idle_lines}
    return (Items(tuple((Paragraph(voice.labelled(f"line_{line}", text)),) for line, text in lines.items() if text.en)),)


def _section(key: str, blocks: tuple[Block, ...], voice: Voice) -> tuple[Block, ...]:
    return (Heading(2, (Plain(voice.joined_phrase(key)),)), *blocks) if blocks else ()
