"""Pages that people read make sense as Markdown: lists count up, folds close, links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

REPOSITORY = Path(__file__).resolve().parent.parent
README = REPOSITORY / "README.md"
PAGES = sorted(page for pattern in ("*.md", "docs/*.md", "bench/*.md", "examples/**/*.md") for page in REPOSITORY.glob(pattern))
PARSER = MarkdownIt("commonmark").enable("table")


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def miscounted(text: str) -> list[list[int]]:
    """The numbers of each ordered list that are not 1, 2, 3, …; a list that goes on elsewhere begins anew, and so does not begin with 1."""
    lists: list[list[int]] = []
    open_lists: list[list[int] | None] = []
    for token in tokens(text):
        match token.type:
            case "ordered_list_open":
                lists.append([])
                open_lists.append(lists[-1])
            case "bullet_list_open":
                open_lists.append(None)
            case "ordered_list_close" | "bullet_list_close":
                open_lists.pop()
            case "list_item_open" if open_lists[-1] is not None:
                open_lists[-1].append(int(token.info))
    return [numbers for numbers in lists if numbers != list(range(1, len(numbers) + 1))]


def unbalanced(text: str) -> str:
    """What is left of the tags of folds once every one that opens has been closed; empty where all are."""
    html = "".join(token.content for token in tokens(text) if token.type in ("html_block", "html_inline"))
    left = "".join(re.findall(r"</?(?:details|summary)>", html))
    for tag in ("summary", "details"):
        while f"<{tag}></{tag}>" in left:
            left = left.replace(f"<{tag}></{tag}>", "")
    return left


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_lists_count_up_and_folds_close(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert miscounted(text) == []
    assert unbalanced(text) == ""


@pytest.mark.parametrize("page", [page for page in PAGES if "examples" not in page.parts], ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    links = [str(token.attrs["href"]) for token in tokens(page.read_text(encoding="utf-8")) if token.type == "link_open"]
    inside = [link.partition("#")[0] for link in links if "://" not in link and not link.startswith("#")]
    assert [link for link in inside if not (page.parent / link).exists()] == []


def test_the_readme_is_short_and_shows_a_plan() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    quoted = [token for token in tokens(text) if token.type == "ordered_list_open" and token.level]
    assert quoted, "the plan in it has no actions"


@pytest.mark.parametrize("text", ["1. a\n2. b\n3. c\n2. d\n", "1. a\n\n</details>\n\n2. b\n", "> 1. a\n>\n> text\n>\n> 3. b\n"])
def test_a_list_that_does_not_count_up_is_seen(text: str) -> None:
    assert miscounted(text)


@pytest.mark.parametrize("text", ["a\n\n</details>\n", "<details>\n<summary>a</summary>\n\nb\n", "> <details><summary>a</details></summary>\n"])
def test_a_fold_that_does_not_close_is_seen(text: str) -> None:
    assert unbalanced(text)
