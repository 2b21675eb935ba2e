"""A page as CommonMark, with `<details>` for what folds."""

from __future__ import annotations

import html

from advise.render.page import (
    Address,
    Badge,
    Banner,
    Block,
    Code,
    Fold,
    Heading,
    Items,
    Line,
    Listing,
    Page,
    Paragraph,
    Plain,
    Run,
    Strong,
    Table,
    as_items,
    runs_of,
)
from advise.untrusted import at_line_start, code, escaped, fence_around, trimmed, verbatim, web_address

_BREAK = "\\\n"


def as_markdown(page: Page) -> str:
    """The page as Markdown, ending in a line break."""
    return _blocks(page) + "\n"


def _blocks(blocks: tuple[Block, ...], gap: str = "\n\n") -> str:
    return gap.join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Heading(level, line):
            return f"{'#' * level} {as_line(line)}"
        case Paragraph(lines):
            return _BREAK.join(map(as_line, lines))
        case Banner(_, lines):
            return _indented(_BREAK.join(map(as_line, lines)), "> ", "> ")
        case Listing(kind, lines):
            return _listing(kind, lines)
        case Items():
            return _items(block)
        case Table():
            return _items(as_items(block))
        case Fold(summary, blocks):
            return f"<details>\n<summary>{html.escape(trimmed(summary), quote=False)}</summary>\n\n{_blocks(blocks)}\n\n</details>"


def _listing(kind: str, lines: tuple[str, ...]) -> str:
    body = "\n".join(verbatim(line).rstrip() for line in lines)
    fence = fence_around(body)
    return f"{fence}{kind}\n{body}\n{fence}"


def _items(items: Items) -> str:
    gap = "\n" if _tight(items) else "\n\n"
    markers = (f"{number}. " for number in range(1, len(items.items) + 1)) if items.ordered else ("- " for _ in items.items)
    return gap.join(_indented(_blocks(item, gap), marker, " " * len(marker)) for marker, item in zip(markers, items.items, strict=True))


def _tight(items: Items) -> bool:
    return all(isinstance(first, Paragraph) and all(isinstance(block, Items) and _tight(block) for block in rest) for first, *rest in items.items)


def _indented(text: str, first: str, rest: str) -> str:
    head, *tail = text.split("\n")
    return "\n".join([first + head, *(f"{rest}{line}".rstrip() if line else rest.rstrip() for line in tail)])


def as_line(line: Line) -> str:
    """One line of a page as Markdown, to stand at the start of a line."""
    runs = runs_of(line)
    written = "".join(map(_run, runs))
    return at_line_start(written) if isinstance(runs[0], Plain) else written


def _run(run: Run) -> str:
    match run:
        case Plain(text):
            return escaped(text)
        case Strong(text):
            return f"**{escaped(trimmed(text))}**"
        case Code(text) | Badge(text, _):
            return code(text)
        case Address(url):
            address = web_address(url)
            return escaped(trimmed(url)) if address is None else f"<{address}>"
