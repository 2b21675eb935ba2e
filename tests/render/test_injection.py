"""No text, whatever it is, turns into markup."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from advise.plan.model import Plan
from advise.render import Format, LanguageChoice, Terminal, render
from advise.render.markdown import as_markdown
from advise.render.page import Code, Fold, Heading, Paragraph, Plain, Strong, bullets, prose
from advise.text import Text
from advise.untrusted import at_line_start, code, escaped, literal, trimmed

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
BLOCKS = "# - > --- === |- :- -|- 1. 12) ``` ~~~ <b> </details> <details> <summary> <!-- <? [a]: [ ] [^1]"
SPANS = "`` ** __ &amp; &#35; https://a.b http:// www.a.b a@b.co <https://a.b> ![a](b) $x$ [red] [/] [link=x] lr_peak P0"
SINGLE = [*"*_`~[]()<>!&#|\\$@^:;=+-.'\"{}a7中。（\u202e\u200b\x1b\x00\ud800 \t\n\r\u2028", "    ", "\n\n", "\x1b[31m"]
HOSTILE = st.lists(st.sampled_from([*BLOCKS.split(), *SPANS.split(), *SINGLE]), min_size=1, max_size=12).map("".join)
ANY = (HOSTILE | st.text()).filter(lambda text: bool(text.strip()))
SINGLE_SPACED = ANY.map(lambda text: " ".join(text.split())).filter(bool)
HARMLESS = "harmless"
WIDE = Terminal(width=10_000)
Rendered = Callable[..., str]
TITLES = {"title", "could_tell"}
SENTENCES = {"why", "steps", "confirm", "reason", "passed", "failed", "observe", "claim", "correction", "text"}
LETTERS = {"origin", "asked", "by", "rule", "after", "before", "id", "run"}
KEPT_IDS = {"resume_with_gates", "continue", "cannot_tell"}


def poisoned(value: Any, text: str, key: str = "") -> Any:
    """The plan's data with the text wherever text from outside may stand; the two languages differ, so that neither is left out."""
    if isinstance(value, Mapping) and key in TITLES | SENTENCES:
        said = text if key in TITLES else without_backticks(text)
        return {"en": said, "zh": f"{said}."}
    if isinstance(value, Mapping):
        return {name: poisoned(item, text, name) for name, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, text, "" if key in ("of", "tests") else key) for item in value]
    if isinstance(value, str) and (key in LETTERS or key == "value") and value not in KEPT_IDS:
        return text
    return value


def without_backticks(text: str) -> str:
    """A pair of backticks makes code in a sentence of the knowledge base: the one mark that means something, with a test of its own."""
    return text.replace("`", "'")


@pytest.fixture(scope="session")
def rendered(plan: Plan, strings: dict[str, Text]) -> Rendered:
    """Renders the sample plan with a text in every place."""
    data = plan.model_dump(by_alias=True)

    @cache
    def render_with(text: str, fmt: Format, language: LanguageChoice = "both", terminal: Terminal = WIDE) -> str:
        return render(Plan.model_validate(poisoned(data, text)), strings, fmt, language, terminal)

    return render_with


def flat(tokens: list[Token]) -> list[Token]:
    parts = [part for token in tokens for part in (token, *(token.children or []))]
    return [part for part in parts if part.type != "text" or part.content]


def structure(markdown: str) -> list[tuple[str, str, int, str]]:
    """Everything about the document but its text; the lines of our own folds are compared letter by letter."""
    return [(token.type, token.tag, token.level, token.content if token.type == "html_block" else "") for token in flat(PARSER.parse(markdown))]


def visible_text(markdown: str) -> list[str]:
    """What a reader sees, line by line, the list of all facts apart."""
    shown: list[str] = []
    for token in PARSER.parse(markdown):
        if token.type == "inline":
            parts = ["\n" if child.type == "hardbreak" else child.content for child in token.children or []]
            shown += "".join(parts).split("\n")
        elif token.type == "fence" and token.info == "diff":
            shown += token.content.splitlines()
    return shown


def as_names(text: str) -> str:
    """The documented normalisation of text that has single spaces only."""
    hidden = ("Cc", "Cf", "Cs", "Co", "Cn")
    return "".join(name_of(char) if unicodedata.category(char) in hidden else char for char in text)


def name_of(char: str) -> str:
    return chr(0x2400 + ord(char)) if ord(char) < 0x20 else f"<U+{ord(char):04X}>"


class Tags(HTMLParser):
    """The tags of a page with their attributes, where a link leads and which language a line is in apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name if name in ("href", "lang") else f"{name}={value}" for name, value in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}",))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment",))

    def handle_decl(self, decl: str) -> None:
        self.found.append((decl,))


@settings(deadline=None, max_examples=200)
@given(ANY)
def test_a_line_reads_as_the_text(text: str) -> None:
    for markdown, kind, expected in [(at_line_start(escaped(trimmed(text))), "text", trimmed(text)), (code(text), "code_inline", literal(text))]:
        tokens = PARSER.parse(markdown)
        assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
        assert [(child.type, child.content) for child in tokens[1].children or []] == [(kind, expected)]


@settings(deadline=None, max_examples=200)
@given(SINGLE_SPACED, SINGLE_SPACED)
@example("a | b", ":--")
@example("a", "===")
@example("&am", "p;")
@example("a #", "# ##")
def test_texts_side_by_side_make_no_markup_together(one: str, other: str) -> None:
    line = (Plain(f"{one} "), Code(other), Plain(f" {one}"), Plain(other), Plain(" "), Strong(one))
    two_lines = Paragraph(((Plain(one),), (Plain(other),)))
    written = as_markdown((Heading(2, (Plain(one),)), two_lines, Fold(one, (bullets([(Plain(one),), line]),))))
    assert [token.type for token in flat(PARSER.parse(written))] == [
        *("heading_open", "inline", "text", "heading_close", "paragraph_open", "inline", "text", "hardbreak", "text", "paragraph_close"),
        *("html_block", "bullet_list_open", "list_item_open", "paragraph_open", "inline", "text", "paragraph_close", "list_item_close"),
        *("list_item_open", "paragraph_open", "inline", "text", "code_inline", "text", "strong_open", "text", "strong_close"),
        *("paragraph_close", "list_item_close", "bullet_list_close", "html_block"),
    ]
    shown, beside = as_names(one), as_names(other)
    assert visible_text(written) == [shown, shown, beside, shown, f"{shown} {beside} {shown}{beside} {shown}"]


@settings(deadline=None, max_examples=200)
@given(SINGLE_SPACED)
@example("see `type(x).__name__`, then `a|b`")
@example("`<b>`")
def test_a_pair_of_backticks_in_a_sentence_makes_code_and_nothing_else(text: str) -> None:
    tokens = PARSER.parse(as_markdown((Paragraph((prose(text),)),)))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children or []} <= {"text", "code_inline"}
    shown = "".join(child.content for child in tokens[1].children or [])
    assert shown.replace("`", "") == as_names(text).replace("`", "")


def test_code_in_a_sentence() -> None:
    line = (Plain("See "), Code("type(x).__name__"), Plain(", then "), Code("a|b"), Plain("; ` alone, `` and ` ` stay."))
    assert prose("See `type(x).__name__`, then `a|b`; ` alone, `` and ` ` stay.") == line


@settings(deadline=None)
@given(ANY)
def test_a_fold_shows_its_summary_and_nothing_else(text: str) -> None:
    assert Tags(as_markdown((Fold(text, ()),))).found == [("details",), ("summary",), ("/summary",), ("/details",)]


@settings(deadline=None, max_examples=60)
@given(text=ANY, language=st.sampled_from(["both", "zh", "en"]))
@example(text="- a\n---", language="both")
@example(text="a | b", language="both")
@example(text=":--", language="both")
@example(text="</details>\n\n# a", language="en")
@example(text="```\n# a", language="en")
def test_markdown_keeps_its_structure(rendered: Rendered, text: str, language: LanguageChoice) -> None:
    written = rendered(text, "md", language)
    assert structure(written) == structure(rendered(HARMLESS, "md", language))


@settings(deadline=None, max_examples=60)
@given(text=SINGLE_SPACED, language=st.sampled_from(["both", "zh", "en"]))
def test_markdown_shows_the_text_itself(rendered: Rendered, text: str, language: LanguageChoice) -> None:
    written = visible_text(rendered(text, "md", language))
    expected = visible_text(rendered(HARMLESS, "md", language))
    assert [without_backticks(line) for line in written] == [line.replace(HARMLESS, without_backticks(as_names(text))) for line in expected]


@settings(deadline=None, max_examples=50)
@given(text=ANY)
@example(text="<script>alert(1)</script>")
@example(text='"><img src=x onerror=alert(1)>')
@example(text="</style></title><script>")
@example(text="P0")
def test_html_gains_no_element(rendered: Rendered, text: str) -> None:
    page = rendered(text, "html")
    assert Tags(page).found == Tags(rendered(HARMLESS, "html")).found


@settings(deadline=None, max_examples=80)
@given(text=SINGLE_SPACED, colour=st.booleans())
@example(text="[red]x[/red] :warning:", colour=True)
def test_a_terminal_gets_no_escape_from_the_text(rendered: Rendered, text: str, colour: bool) -> None:
    written = rendered(text, "text", "en", Terminal(10_000, colour))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", written)
    assert "\x1b" not in plain
    tick = "" if colour else "`"
    assert plain.split("\n")[0] == f"{tick}{as_names(text)}{tick}"


@settings(deadline=None)
@given(value=st.text(st.characters(exclude_categories=["Cs"])), name=st.text(min_size=1))
def test_the_listed_facts_can_be_read_back(plan: Plan, strings: dict[str, Text], value: str, name: str) -> None:
    written = render(plan.model_copy(update={"facts": {name: value}}), strings, "md", "en")
    (listing,) = [token.content for token in PARSER.parse(written) if token.type == "fence" and token.info == "yaml"]
    assert "\n" not in listing.rstrip("\n")
    if value.isprintable() and name.isprintable():
        assert json.loads("{" + re.sub(r"^([a-z][a-z0-9_.]*):", r'"\1":', listing) + "}") == {name: value}


def test_json_is_the_plan_itself(plan: Plan, strings: dict[str, Text]) -> None:
    assert Plan.model_validate_json(render(plan, strings, "json")) == plan


@pytest.mark.parametrize("name", [None, "", " \n"])
def test_a_run_without_a_name_has_a_title(plan: Plan, strings: dict[str, Text], name: str | None) -> None:
    nameless = plan.model_copy(update={"run": name})
    assert render(nameless, strings, "md", "en").startswith("# Training plan\n")
    assert "<title>Training plan</title>" in render(nameless, strings, "html", "en")
    assert io.StringIO(render(nameless, strings, "text", "en")).readline() == "Training plan\n"
