"""What folds at the end of the page: the checklist, every fact, and the sources."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping

from advise.plan.model import CheckItem, Plan
from advise.render.page import Address, Block, Code, Fold, Line, Listing, Plain, bullets
from advise.render.voice import Voice, codes, enumeration
from advise.terms import CheckStatus, Source

_MARKS: Mapping[CheckStatus, str] = {"fail": "✗", "unknown": "?", "pass": "✓", "not_applicable": "–"}
_PLAIN_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


def checklist(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """The counts, and behind them the items: failed first, then open, passed and not applicable."""
    if not plan.checklist:
        return ()
    counts = Counter(item.status for item in plan.checklist)
    summary = voice.joined_phrase("checklist", **{status: counts[status] for status in _MARKS})
    ordered = sorted(plan.checklist, key=lambda item: list(_MARKS).index(item.status))
    return (Fold(summary, (bullets([_check(item, voice) for item in ordered]),)),)


def facts(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """Every fact as lines of a facts file."""
    lines = tuple(f"{_key(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in sorted(plan.facts.items()))
    return (Fold(voice.joined_phrase("all_facts", count=len(lines)), (Listing("yaml", lines),)),) if lines else ()


def sources(plan: Plan, voice: Voice) -> tuple[Block, ...]:
    """Every source cited anywhere, once, with its address."""
    cited = [
        *(source for decision in plan.decisions for source in decision.sources),
        *(source for diagnosis in plan.diagnoses for source in diagnosis.sources),
        *(erratum.source for erratum in plan.errata),
    ]
    unique = list({source.id: source for source in cited}.values())
    return (Fold(voice.joined_phrase("all_sources", count=len(unique)), (bullets([_source(source, voice) for source in unique]),)),) if unique else ()


def _check(item: CheckItem, voice: Voice) -> Line:
    because = voice.bracketed(enumeration(codes(item.because), voice.language)) if item.because else ()
    return (Plain(f"{_MARKS[item.status]} {voice.joined(item.title)} "), Code(item.id), *because)


def _key(name: str) -> str:
    return name if _PLAIN_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _source(source: Source, voice: Voice) -> Line:
    address = (Plain(" "), Address(source.url)) if source.url else ()
    return (Code(source.id), Plain(f" {voice.joined(source.title)}"), *address)
