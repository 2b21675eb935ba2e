from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser

import pytest

from advise.plan.model import Plan
from advise.render import LanguageChoice, render
from advise.render.html import html_of
from advise.render.voice import Voice
from advise.text import Text

Strings = Mapping[str, Text]
VOID = {"meta", "input"}
EXPECTED = {
    *("html", "head", "meta", "title", "style", "body", "input", "nav", "label", "main", "article"),
    *("h1", "h2", "p", "blockquote", "ol", "ul", "li", "strong", "code", "pre", "span", "a", "details", "summary"),
}


class Page(HTMLParser):
    """Checks that elements nest, and keeps what was seen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(plan: Plan, strings: Strings) -> str:
    return render(plan, strings, "html", "both")


def test_only_the_expected_elements_occur_and_nest(page: str) -> None:
    assert {tag for tag, _ in Page(page).tags} == EXPECTED


def test_nothing_is_fetched_and_nothing_runs(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.search(r"\bsrc=|url\(|@import|<script|<link|\bon[a-z]+=", page)
    links = [attrs for tag, attrs in Page(page).tags if tag == "a"]
    assert {attrs["rel"] for attrs in links} == {"noopener noreferrer"}
    assert all(str(attrs["href"]).startswith("https://") for attrs in links)


@pytest.mark.parametrize("language", ["both", "zh", "en"])
def test_the_page_opens_in_the_language_asked_for(plan: Plan, strings: Strings, language: LanguageChoice) -> None:
    tags = Page(render(plan, strings, "html", language)).tags
    assert [attrs["id"] for tag, attrs in tags if tag == "input" and "checked" in attrs] == [f"choose-{language}"]
    assert [attrs["lang"] for tag, attrs in tags if tag == "html"] == ["en" if language == "en" else "zh-CN"]


def test_every_language_choice_is_in_the_page(page: str) -> None:
    articles = page.split("<article ")[1:]
    assert [re.match(r'class="(\w+) tone-(\w+)" lang="([\w-]+)"', article).groups() for article in articles] == [  # type: ignore[union-attr]
        ("both", "warning", "zh-CN"),
        ("zh", "warning", "zh-CN"),
        ("en", "warning", "en"),
    ]
    assert "现在做什么 · What to do now" in articles[0]
    assert "What to do now" not in articles[1]
    assert "现在做什么" not in articles[2]


def test_lines_in_both_languages_are_marked_as_such(page: str) -> None:
    assert '<span class="line" lang="zh-CN"><strong>怎样确认有效</strong>：下一份日志里有这两列。</span>' in page
    assert '<span class="line" lang="en"><strong>How to see that it worked</strong>: Both columns are in the next log.</span>' in page


def test_priorities_severities_and_diffs_have_their_colours(page: str) -> None:
    assert '<code class="badge tone-danger">P0</code>' in page
    assert '<code class="badge tone-warning">中等 · medium</code>' in page
    assert '<span class="row removed">- lr.peak: 0.0001\n</span><span class="row added">+ lr.peak: 5e-05\n</span>' in page
    assert '<span class="row">lr.peak: 0.0001\n</span>' in page


def test_a_fact_that_reads_like_a_priority_is_no_badge(plan: Plan, strings: Strings) -> None:
    evidence = plan.diagnoses[0].evidence[0].model_copy(update={"fact": "P0", "value": None})
    diagnosis = plan.diagnoses[0].model_copy(update={"evidence": [evidence]})
    assert render(plan.model_copy(update={"diagnoses": [diagnosis]}), strings, "html").count('badge tone-danger">P0<') == 3


@pytest.mark.parametrize(
    "raw",
    [
        "<div>x</div>",
        "<b>x</b>",
        "<details open>\n<summary>x</summary>",
        "<details>\n<summary><b>x</b></summary>",
        "</details><b>",
        "<!-- x -->",
        "<?x?>",
    ],
)
def test_raw_html_is_shown_as_text(strings: Strings, raw: str) -> None:
    written = html_of(raw, Voice(strings, "en"))
    assert {tag for tag, _ in Page(written).tags} <= {"p"}
    assert unescape(re.sub("</?p>", "", written)).strip() == raw


def test_our_own_folds_are_html(strings: Strings) -> None:
    fold = "<details>\n<summary>a &amp; b</summary>\n\nx\n\n</details>\n"
    assert html_of(fold, Voice(strings, "en")) == "<details>\n<summary>a &amp; b</summary>\n<p>x</p>\n</details>\n"
