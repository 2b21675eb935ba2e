r"""Makes any text harmless: in a terminal, in Markdown, and in the pages made from it.

Text comes from logs, facts files and rule files, and none of it may turn into markup. Two steps, always in this order:

1. A character that does not print (controls, line breaks, bidi overrides, zero-width and private-use characters, lone surrogates) is shown as an
   escape: `\x1b`, `\u202e`. In running text, where white space means nothing, a run of it is one space instead.
2. `escaped` and `at_line_start`, or `code`, put backslashes where CommonMark, GitHub's tables, strikethrough, mathematics and autolinks, or a
   linkifier would see markup, and nowhere else: `lr_peak` and `a < 5` stay as they are.

The one mark that a sentence of the knowledge base may use is a pair of backticks, and `page.prose` reads it before anything is written.
"""

from __future__ import annotations

import re

BLANK = "—"
_SPACE = re.compile(r"\s+")
_BACKTICKS = re.compile(r"`+")
_UNSAFE_IN_URL = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]")

_MARKUP = re.compile(
    r"""
      \\(?=[!-/:-@\[-`{-~]|$)          # a backslash that would escape what follows
    | [`*~|$\[]                        # code, emphasis, strikethrough, tables, mathematics, links and images
    | _(?![^\W_])                      # an underscore that could close emphasis: not one inside a word
    | <(?=[A-Za-z/!?])                 # a tag or an autolink
    | &(?=\#?[0-9A-Za-z]+;)            # an entity
    | (?<=[A-Za-z]):(?=//)             # https://
    | (?<=www)\. | (?<=WWW)\.          # www.
    | @(?=\w)                          # an e-mail address
    | (?<![^\s])\#(?=\#*$)             # hashes that would close a heading
    """,
    re.VERBOSE,
)
_LINE_START = re.compile(r"^(?:(?P<number>\d{1,9})(?=[.)](?:\s|$))|(?=[#>=:]|[-+](?:[\s:-]|$)))")


def verbatim(text: str) -> str:
    """The text on one line, letter by letter, with what does not print shown as an escape."""
    return text if text.isprintable() else "".join(char if char.isprintable() else _as_escape(char) for char in text)


def visible(text: str) -> str:
    """Running text on one line, with one space for any white space."""
    return verbatim(_SPACE.sub(" ", text))


def trimmed(text: str) -> str:
    """Visible text without white space around it; a dash where nothing is left."""
    return visible(text).strip() or BLANK


def literal(text: str) -> str:
    """Verbatim text without white space around it; a dash where nothing is left."""
    return verbatim(text.strip()) or BLANK


def escaped(text: str) -> str:
    """Visible text as Markdown that reads the same, to stand anywhere inside a line."""
    return _MARKUP.sub(r"\\\g<0>", text)


def at_line_start(markdown: str) -> str:
    """Escaped text so that it opens no heading, list, quote, table or underline at the start of a line."""
    return _LINE_START.sub(lambda match: (match["number"] or "") + "\\", markdown, count=1)


def code(text: str) -> str:
    """Text as a code span whose fence is longer than any run of backticks inside."""
    shown = literal(text)
    fence = fence_around(shown, shortest=1)
    pad = " " if "`" in (shown[0], shown[-1]) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def fence_around(text: str, shortest: int = 3) -> str:
    """Backticks that no run of backticks in the text can close."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(shortest, longest + 1)


def web_address(url: str) -> str | None:
    """The URL with every unsafe character percent-encoded, or None where it is no web address."""
    if not url.startswith(("https://", "http://")):
        return None
    return _UNSAFE_IN_URL.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), url)


def _as_escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
