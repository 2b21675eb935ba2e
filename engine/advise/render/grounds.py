"""The sections about knowing: diagnoses with their proof, what could not be told, the input itself, and sources that are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from advise.plan.model import Diagnosis, Erratum, Evidence, Plan, Unknown, Unsure
from advise.render.page import Badge, Banner, Block, Code, Fold, Items, Line, Paragraph, Plain, Strong, Tone, bullets, prose
from advise.render.voice import Voice, codes, comparison, enumeration, reading
from advise.terms import Finding, Severity, Source
from advise.text import Language

SEVERITY_TONES: Mapping[Severity, Tone] = {"high": "danger", "medium": "warning", "low": "notice", "info": "muted"}
_UNKNOWNS_SHOWN = 5


def diagnoses(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """What is the case, why, on which evidence, and what would withdraw it."""
    return (Items(tuple(_diagnosis(item, voice) for item in plan.diagnoses)),) if plan.diagnoses else ()


def unknown(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """The few facts that would settle most, and how to find them out, the others folded; then what was measured too roughly to tell."""
    first, rest = plan.unknown[:_UNKNOWNS_SHOWN], plan.unknown[_UNKNOWNS_SHOWN:]
    shown = (Items(tuple((Paragraph(_unknown(item, voice)),) for item in first), ordered=True),) if first else ()
    folded = bullets([(Code(item.fact), Plain(" "), Plain(voice.joined(item.title))) for item in rest])
    folds = (Fold(voice.joined_phrase("more", count=len(rest)), (folded,)),) if rest else ()
    rough = (Items(tuple((Paragraph(_unsure(item, voice)),) for item in plan.unsure)),) if plan.unsure else ()
    return (*shown, *folds, *rough)


def findings(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """What was contradictory, repaired or overridden in the input, but for what the page begins with."""
    found = [finding for finding in plan.findings if not finding.first]
    return (Items(tuple((Paragraph(_finding(finding, voice)),) for finding in found)),) if found else ()


def first_findings(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """What changes the meaning of everything else, such as that one run of several was read."""
    return tuple(Banner("notice", _finding(finding, voice)) for finding in plan.findings if finding.first)


def errata(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """What a source claims here, and what holds instead, behind their count."""
    if not plan.errata:
        return ()
    items = Items(tuple((Paragraph(_erratum(erratum, voice)),) for erratum in plan.errata))
    return (Fold(voice.joined_phrase("errata", count=len(plan.errata)), (items,)),)


def evidence_line(evidence: Evidence, voice: Voice) -> Line:
    """A fact with its value, what was asked of it, and where it was read."""
    origin: Line = (Plain(" — "), Code(evidence.origin)) if evidence.origin else ()
    how: Line = (Plain(f" ({voice.joined(evidence.how)})"),) if evidence.how else ()
    return (Plain(f"{voice.joined(evidence.title)} "), *_observed(evidence, voice), *origin, *how)


def source_ids(sources: Sequence[Source]) -> tuple[Code, ...]:
    """The ids of the sources; their titles and addresses are listed once, at the end."""
    return codes(source.id for source in sources)


def _observed(evidence: Evidence, voice: Voice) -> Line:
    if evidence.value is None:
        return (Code(evidence.fact), Plain(f" {voice.joined_phrase('unknown_value')}"))
    asked = f" ({evidence.asked})" if evidence.asked else ""
    return (Code(f"{evidence.fact} = {reading(evidence.value, evidence.interval)}{asked}"),)


def _diagnosis(found: Diagnosis, voice: Voice) -> tuple[Block, ...]:
    return (
        Paragraph(diagnosis(found, voice)),
        Paragraph(voice.lines(found.why)),
        Fold(voice.joined_phrase("grounds"), (bullets(list(_proof(found, voice))),)),
    )


def diagnosis(found: Diagnosis, voice: Voice) -> tuple[Line, ...]:
    """The title of a diagnosis with its severity and certainty, in each language."""
    certainty = voice.phrase(f"certainty_{found.certainty}")

    def title(language: Language) -> Line:
        return (Strong(found.title.in_language(language)), Plain(f" — {certainty.in_language(language)} "))

    first, *rest = voice.each(title)
    badge = Badge(voice.joined_phrase(f"severity_{found.severity}"), SEVERITY_TONES[found.severity])
    return ((badge, Plain(" "), *first, Code(found.id)), *rest)


def _proof(diagnosis: Diagnosis, voice: Voice) -> Iterator[Line]:
    for evidence in diagnosis.evidence:
        yield evidence_line(evidence, voice)
    if diagnosis.because:
        yield voice.entry("because", codes(diagnosis.because))
    for key, tests in (("withdrawn_if", diagnosis.reversed_by), ("weakened_if", diagnosis.weakened_by)):
        if tests:
            yield voice.entry(key, codes(comparison(test.fact, test.op, test.value) for test in tests))
    yield voice.entry("rule", codes([diagnosis.rule, *diagnosis.supported_by]))
    if diagnosis.record is not None:
        yield voice.entry("record", (Plain(voice.joined(diagnosis.record)),))
    if diagnosis.sources:
        yield voice.entry("sources", source_ids(diagnosis.sources))


def _unknown(item: Unknown, voice: Voice) -> tuple[Line, ...]:
    def settles(language: Language) -> Line:
        titles = (Plain(title.in_language(language)) for title in item.could_tell)
        return (*voice.label("settles", language), *enumeration(titles, language))

    title = (Strong(voice.joined(item.title)), Plain(" "), Code(item.fact))
    return (title, *voice.lines(item.observe), *(voice.each(settles) if item.could_tell else ()))


def _unsure(item: Unsure, voice: Voice) -> tuple[Line, ...]:
    def settles(language: Language) -> Line:
        return (*voice.label("settles", language), *enumeration((Plain(title.in_language(language)) for title in item.could_tell), language))

    observed = Code(f"{item.fact} = {reading(item.value, item.interval)} ({item.asked}?)")
    return ((Strong(voice.joined(item.title)), Plain(" "), observed), *voice.lines(item.would_tell), *voice.each(settles))


def _finding(finding: Finding, voice: Voice) -> tuple[Line, ...]:
    lines = voice.lines(finding.text)
    return (*lines, (Code(finding.origin),)) if finding.origin else lines


def _erratum(erratum: Erratum, voice: Voice) -> tuple[Line, ...]:
    def line(language: Language) -> Line:
        claim, correction = prose(erratum.claim.in_language(language)), prose(erratum.correction.in_language(language))
        return (*voice.label("claim", language), *claim, Plain(" "), *voice.label("holds", language), *correction)

    return ((Code(erratum.source.id), Plain(f" {voice.joined(erratum.source.title)}")), *voice.each(line))
