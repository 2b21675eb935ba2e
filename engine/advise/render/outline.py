"""From a plan to a page: every section, in the order of reading."""

from __future__ import annotations

from collections.abc import Mapping

from advise.knowledge.head import LineName
from advise.plan.model import Plan
from advise.render.actions import decisions, gate_results, gates, not_taken, set_aside
from advise.render.appendix import checklist, facts, sources
from advise.render.checks import checked
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


_LABELS: Mapping[LineName, str] = {
    "finding": "line_finding",
    "cost": "line_cost",
    "checkpoint": "line_checkpoint",
    "cause": "line_cause",
    "next": "line_next",
    "would_change": "line_would_change",
}


def page_of(plan: Plan, voice: Voice) -> Page:
    """The whole page; a section with nothing in it is left out."""
    return (
        *opening(plan, voice),
        *_head(plan, voice),
        *(block for key, blocks in details(plan, voice) for block in section(key, blocks, voice)),
        *checked(plan, voice, named=None),
    )


def details(plan: Plan, voice: Voice) -> tuple[tuple[str, tuple[Block, ...]], ...]:
    """Every section below the head, with the key of its title."""
    return (
        ("section_actions", decisions(plan, voice)),
        ("section_set_aside", set_aside(plan, voice)),
        ("section_gates", gates(plan, voice)),
        ("section_gate_results", gate_results(plan, voice)),
        ("section_curves", curves(plan)),
        ("section_diagnoses", diagnoses(plan, voice)),
        ("section_unknown", unknown(plan, voice)),
        ("section_findings", findings(plan, voice)),
        (
            "section_appendix",
            (*not_taken(plan, voice), *errata(plan, voice), *checklist(plan, voice), *facts(plan, voice), *sources(plan, voice)),
        ),
    )


def title_of(plan: Plan, voice: Voice) -> Code | Plain:
    """The name of the run, or what the page is where the run has none."""
    return Code(plan.run) if plan.run and plan.run.strip() else Plain(voice.joined_phrase("title"))


def opening(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """The name of the run, what changes the meaning of everything else, and the verdict."""
    verdict = plan.verdict
    banner = Banner(VERDICT_TONES[verdict.id], voice.each(lambda language: (Strong(verdict.title.in_language(language)),)))
    return (Heading(1, (title_of(plan, voice),)), *first_findings(plan, voice), banner)


def head_lines(plan: Plan) -> list[tuple[str, Text]]:
    """The lines of the head with the keys of their labels, but for those that only say that there is nothing to say."""
    if plan.head is None:
        return []
    return [(label, getattr(plan.head, line)) for line, label in _LABELS.items() if line not in plan.idle_lines]


def _head(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    lines = head_lines(plan)
    return (Items(tuple((Paragraph(voice.labelled(key, text)),) for key, text in lines)),) if lines else ()


def section(key: str, blocks: tuple[Block, ...], voice: Voice) -> tuple[Block, ...]:
    """Blocks below their heading; nothing where there are none."""
    return (Heading(2, (Plain(voice.joined_phrase(key)),)), *blocks) if blocks else ()
