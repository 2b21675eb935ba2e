"""One line on what was checked, and what could not be for want of a column."""

from __future__ import annotations

from collections.abc import Sequence

from advise.plan.model import Check, Plan
from advise.render.page import Block, Line, Paragraph, prose
from advise.render.voice import Voice
from advise.text import Language, Text

_NAMED = 3


def checked(plan: Plan, voice: Voice, named: int | None = _NAMED, more: Text | None = None) -> tuple[Block, ...]:
    """The line, where logs were read.

    Args:
        plan: What was checked.
        voice: In which languages.
        named: How many are named that could not be checked; None for all.
        more: What is said behind it.
    """
    ran = [check for check in plan.checks if check.ran]
    missing = [check for check in plan.checks if not check.ran]
    if not plan.checks:
        return () if more is None else (Paragraph(voice.lines(more)),)

    def line(language: Language) -> Line:
        said = [
            voice.phrase(key, names=_named(checks, most, voice).in_language(language)).in_language(language)
            for key, checks, most in (("checks_ran", ran, None), ("checks_missing", missing, named))
            if checks
        ]
        said += [] if more is None else [more.in_language(language)]
        return prose(("" if language == "zh" else " ").join(said))

    return (Paragraph(voice.each(line)),)


def _named(checks: Sequence[Check], most: int | None, voice: Voice) -> Text:
    """The names, and how many more there are."""
    shown = [check.title for check in checks[:most]]
    rest = len(checks) - len(shown)
    listed = Text.model_construct(en=", ".join(title.en for title in shown), zh="、".join(title.zh for title in shown))
    return voice.strings["checks_more"].filled({"names": listed, "count": rest}) if rest > 0 else listed
