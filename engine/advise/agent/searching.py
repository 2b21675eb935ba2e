"""`search_knowledge`: rules, facts, diagnoses, decisions, checklist items, sources and errata by words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from advise.agent.answers import Hit, SearchAnswer
from advise.agent.arguments import SearchArguments
from advise.agent.fitting import fitting
from advise.agent.pages import cursor_at, start_of
from advise.agent.reply import Reply
from advise.agent.resources import address_of
from advise.agent.toolbox import Toolbox
from advise.authoring.search import Entry
from advise.render.voice import Voice
from advise.untrusted import shorten

_PORTIONS = (12, 10, 8, 6, 4, 2, 1)
_EXCERPT = 160
# The texts of rules name facts; outside a run these have no values.
_PLACEHOLDER = re.compile(r"\{([a-z0-9_.]+)(?::[^{}]*)?\}")


def search_knowledge(toolbox: Toolbox, asked: SearchArguments) -> Reply:
    """Search the knowledge base."""
    found = toolbox.index.search(asked.query, asked.kind)
    names = [f"{entry.kind} {entry.id}" for entry in found]
    start = start_of(asked.cursor, names)
    voice = toolbox.voice(asked.lang)
    answer = fitting(_PORTIONS, lambda count: _answer(found, names, start, count, voice), _text)
    return Reply(answer, _text(answer))


def _answer(found: Sequence[Entry], names: Sequence[str], start: int, count: int, voice: Voice) -> SearchAnswer:
    shown = found[start : start + count]
    return SearchAnswer(hits=[_hit(entry, voice) for entry in shown], total=len(found), next=cursor_at(start + len(shown), names))


def _hit(entry: Entry, voice: Voice) -> Hit:
    excerpt = shorten(_PLACEHOLDER.sub(r"<\1>", voice.joined(entry.body)), _EXCERPT)
    return Hit(kind=entry.kind, id=entry.id, title=voice.joined(entry.title), excerpt=excerpt, address=address_of(entry.kind, entry.id))


def _text(answer: SearchAnswer) -> str:
    lines = [f"{answer.total} found"]
    lines += [f"- {hit.kind} {hit.id}: {hit.title}" + (f" — {hit.excerpt}" if hit.excerpt else "") for hit in answer.hits]
    return "\n".join([*lines, f"next: {answer.next}"] if answer.next else lines)
