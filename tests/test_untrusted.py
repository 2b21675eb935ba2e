from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.untrusted import at_line_start, escaped, fence_around, is_unsafe, literal, trimmed, verbatim, visible, web_address


@pytest.mark.parametrize(
    "text",
    [
        "lr_peak",
        "a < 5 and b > 3",
        "C:\\runs\\exp7",
        "R&D, f(x) = x^2; 100 %",
        "1.5e-05",
        "-0.5",
        "+5 %",
        "#7 of 8",
        "2026-01-19 10:32:00",
        "学习率：从 1e-4 降到 5e-05（余弦）。",
    ],
)
def test_text_without_markup_stays_as_it_is(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("*bold*", "\\*bold\\*"),
        ("_a_", "_a\\_"),
        ("a_b __c", "a_b \\__c"),
        ("95~103", "95\\~103"),
        ("[x](y)", "\\[x](y)"),
        ("<b>", "&lt;b>"),
        ("&amp;", "\\&amp;"),
        ("a|b", "a\\|b"),
        ("$x$", "\\$x\\$"),
        ("https://a.b", "https\\://a.b"),
        ("www.a.b", "www\\.a.b"),
        ("a@b.co", "a\\@b.co"),
        ("a\\*", "a\\\\\\*"),
        ("ends in \\", "ends in \\\\"),
    ],
)
def test_markup_is_escaped(text: str, markdown: str) -> None:
    assert escaped(text) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("# a", "\\# a"),
        ("> a", "\\> a"),
        ("- a", "\\- a"),
        ("---", "\\---"),
        ("===", "\\==="),
        (":--", "\\:--"),
        ("12. a", "12\\. a"),
        ("1) a", "1\\) a"),
        ("1.5", "1.5"),
        ("-5", "-5"),
    ],
)
def test_the_start_of_a_line_opens_no_block(text: str, markdown: str) -> None:
    assert at_line_start(text) == markdown


@given(st.text("`a\n"))
def test_a_fence_is_longer_than_any_run_inside(text: str) -> None:
    assert len(fence_around(text)) >= 3
    assert fence_around(text) not in text


@given(st.text(st.characters(categories=None)))
def test_every_character_shown_prints(text: str) -> None:
    assert not any(map(is_unsafe, verbatim(text)))
    assert not any(map(is_unsafe, visible(text)))
    assert trimmed(text)


@pytest.mark.parametrize(
    ("text", "prose", "letters"),
    [
        ("a\n\n b\tc", "a b c", "a␊␊ b␉c"),
        ("\u202egnp.exe", "<U+202E>gnp.exe", "<U+202E>gnp.exe"),
        ("\x1b[31mred", "␛[31mred", "␛[31mred"),
        ("a\u200bb\ufeff", "a<U+200B>b<U+FEFF>", "a<U+200B>b<U+FEFF>"),
        ("\ud800\x00", "<U+D800>␀", "<U+D800>␀"),
        ("a\u3000b", "a b", "a\u3000b"),
        (" \n ", "—", "—"),
    ],
)
def test_normalisation(text: str, prose: str, letters: str) -> None:
    assert trimmed(text) == prose
    assert literal(text) == letters


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.b/c#d?e=f&g", "https://a.b/c#d?e=f&g"),
        ("https://a.b/ <x>\u202e中", "https://a.b/%20%3Cx%3E%E2%80%AE%E4%B8%AD"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("//a.b", None),
    ],
)
def test_only_web_addresses_become_links(url: str, address: str | None) -> None:
    assert web_address(url) == address
