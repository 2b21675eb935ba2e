"""From a plan to a page: every section, in the order of reading."""

from __future__ import annotations

from collections.abc import Mapping

from advise.plan.model import Plan
from advise.render.actions import decisions, gate_results, gates, set_aside
from advise.render.appendix import checklist, facts, sources
from advise.render.curves import curves
from advise.render.grounds import diagnoses, errata, findings, first_findings, unknown
from advise.render.page import Banner, Block, Code, Heading, Page, Paragraph, Plain, Strong, Tone
from advise.render.voice import Voice, codes
from advise.terms import VerdictId

VERDICT_TONES: Mapping[VerdictId, Tone] = {
    "continue": "good",
    "finished": "good",
    "continue_with_changes": "notice",
    "resume_with_gates": "warning",
    "stop": "danger",
    "fix_first": "danger",
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
    because = (Paragraph((voice.entry("because", codes(verdict.because)),)),) if verdict.because else ()
    return (Heading(1, (title_of(plan, voice),)), *first_findings(plan, voice), banner, *because)


def _section(key: str, blocks: tuple[Block, ...], voice: Voice) -> tuple[Block, ...]:
    return (Heading(2, (Plain(voice.joined_phrase(key)),)), *blocks) if blocks else ()
