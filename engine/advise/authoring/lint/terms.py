"""One word for one thing: no text uses a form that the glossary forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from advise.authoring.lint.every_text import every_text
from advise.authoring.lint.finding import Finding, Subject
from advise.text import LANGUAGES, Language


def terms_kept(subject: Subject) -> Iterator[Finding]:
    """Every text says what `kb/terms.yaml` calls things."""
    forms = list(_forms(subject))
    for key, path, text in every_text(subject):
        for language, pattern, instead in forms:
            found = pattern.search(text.in_language(language))
            if found:
                yield Finding(key, (*path, language), f"`{found[0]}` is called `{instead}` here (kb/terms.yaml)")


def _forms(subject: Subject) -> Iterator[tuple[Language, re.Pattern[str], str]]:
    for term in subject.base.terms.values():
        for language in LANGUAGES:
            written = term.forbidden.en if language == "en" else term.forbidden.zh
            if written:
                alternatives = "|".join(map(re.escape, written))
                # English words are whole ones; Chinese has no such borders.
                pattern = rf"(?<!\w)(?:{alternatives})(?!\w)" if language == "en" else alternatives
                yield language, re.compile(pattern, re.IGNORECASE), term.en if language == "en" else term.zh
