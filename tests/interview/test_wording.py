"""What the interview says by itself."""

from __future__ import annotations

import unicodedata

from advise.interview.wording import Wording
from advise.knowledge.load import load_knowledge
from advise.text import Text

PHRASES = {key: text for key, text in load_knowledge().strings.items() if key.startswith("ask_")}
WORDS = Wording(frozenset(), PHRASES)


def test_every_phrase_is_in_both_languages() -> None:
    for key, text in PHRASES.items():
        assert text.en.isascii(), key
        assert any("\u4e00" <= character <= "\u9fff" for character in text.zh), key
        assert sorted(_placeholders(text.en)) == sorted(_placeholders(text.zh)), key
        assert unicodedata.normalize("NFC", text.zh) == text.zh


def _placeholders(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]


def test_what_nobody_has_vetted_is_shown_harmlessly() -> None:
    said = WORDS.phrase("ask_no_number", text="`a`\x1b[31m\u202e{text}" + "x" * 1000)
    assert said.en.startswith("`'a'␛[31m<U+202E>{text}xxx")
    assert len(said.en) < 300


def test_what_is_said_in_the_readers_language_is_put_in_that_language() -> None:
    assert WORDS.phrase("ask_in_unit", unit=Text(en="steps", zh="步")) == Text(en="in steps", zh="以 步 为单位")
