"""Text in two languages: both there, each in its own language and punctuation, and shown only with facts that are known by then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set

from advise.authoring.lint.every_text import Placed, every_text
from advise.authoring.lint.finding import Finding, Subject, rule_key
from advise.authoring.lint.logic import always_known
from advise.knowledge.base import Rule
from advise.knowledge.links import texts
from advise.knowledge.parts import Path
from advise.knowledge.rule import DecisionRule, DiagnosisRule, FactOperand, Said
from advise.text import LANGUAGES, Language, Text, placeholders, stray_braces, union_of_placeholders

# What `kb new` writes where an author has something to say.
UNFILLED = Text(en="FILL IN", zh="待填")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN_WORDS = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,}+(?: [A-Za-z]{2,}+){7,}")
_TWO_WORDS = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,}+ [A-Za-z]{3,}")
_TYPOGRAPHY = {
    "half-width punctuation beside Chinese": re.compile(r"[\u4e00-\u9fff][,;:!?(]|[,;:!?)][\u4e00-\u9fff]"),
    "no space between Chinese and Latin letters or digits": re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9%][\u4e00-\u9fff]"),
}


def languages(subject: Subject) -> Iterator[Finding]:
    """Both languages of every text are written, each in its own language, with the same placeholders."""
    drafts = {rule_key(rule.id) for rule in subject.rules if rule.status == "draft"}
    yield from language_faults(every_text(subject), drafts)


def language_faults(texts: Iterable[Placed], drafts: Set[str] = frozenset()) -> Iterator[Finding]:
    """What is wrong with the languages of texts.

    Args:
        texts: What to look at.
        drafts: The files in which one language may still stand for both.
    """
    for key, path, text in texts:
        if key in drafts and text.en == text.zh:
            yield Finding(key, path, "this is in one language; a stable rule has both", is_warning=True)
            continue
        # A value of an enum may be called by a proper name, `OneCycle`.
        is_name = "values" in path and " " not in text.zh
        for language, message in _language_faults(text, is_name=is_name):
            yield Finding(key, (*path, language), message)
        if placeholders(text.en) != placeholders(text.zh):
            yield Finding(key, path, "the two languages have different placeholders")


def filled_in(subject: Subject) -> Iterator[Finding]:
    """Nothing is left as `kb new` wrote it."""
    yield from unfilled(every_text(subject))


def unfilled(texts: Iterable[Placed]) -> Iterator[Finding]:
    """The texts that are as `kb new` wrote them."""
    for key, path, text in texts:
        if text.en.startswith(UNFILLED.en) or text.zh.startswith(UNFILLED.zh):
            yield Finding(key, path, "this is still to be filled in")


def _language_faults(text: Text, *, is_name: bool) -> Iterator[tuple[Language, str]]:
    for language in LANGUAGES:
        written = text.in_language(language)
        if not written.strip():
            yield language, "the text is missing in this language"
        if stray_braces(written):
            yield language, "braces are for placeholders such as {clip.rate:.0%}"
    if _CHINESE.search(text.en):
        yield "en", "the English text contains Chinese"
    if text.zh.strip() and not _CHINESE.search(text.zh) and _TWO_WORDS.search(text.en) and not is_name:
        yield "zh", "the Chinese text contains no Chinese"
    if _LATIN_WORDS.search(text.zh):
        yield "zh", "the Chinese text contains an English sentence"
    for message, pattern in _TYPOGRAPHY.items():
        found = pattern.search(text.zh)
        if found:
            yield "zh", f"{message}: `{found[0]}`"


def placeholders_known(subject: Subject) -> Iterator[Finding]:
    """A text shows only what is known whenever its rule fires; a step of which a number is unknown is left out, and a title gives way."""
    for rule in subject.rules:
        known = _always_known(rule, subject)
        for path, text in texts(rule):
            if path[0] in ("why", "confirm") or (path[0] == "title" and isinstance(rule.spec, DiagnosisRule)):
                yield from _maybe_unknown(rule, path, text, known)


def _maybe_unknown(rule: Rule, path: Path, text: Text, known: frozenset[str]) -> Iterator[Finding]:
    if isinstance(text, Said) and text.otherwise is not None:
        return
    for name in sorted(union_of_placeholders([text]) - known):
        if path[-1] == "otherwise":
            remedy = "`otherwise` is what is said without it"
        elif path == ("confirm",):
            remedy = "say in `otherwise` what is said without it"
        else:
            remedy = f"ask for it in `when` ({name}: {{known: true}})"
        yield Finding(rule_key(rule.id), path, f"`{name}` may be unknown when the rule fires; {remedy}")


def _always_known(rule: Rule, subject: Subject) -> frozenset[str]:
    known = set(always_known(rule.when))
    for name, item in reversed(list(subject.base.derived.items())):
        if name in known:
            known |= item.expression.facts
    for name, item in subject.base.derived.items():
        if item.expression.facts <= known:
            known.add(name)
    params = rule.spec.params.items() if isinstance(rule.spec, DecisionRule) else ()
    return frozenset({*known, *(f"params.{name}" for name, value in params if not isinstance(value, FactOperand) or value.fact in known)})
