"""Building SVG: every text and attribute is escaped where it enters, so no picture can carry markup of its data."""

from __future__ import annotations

from html import escape
from typing import NewType

from advise.untrusted import verbatim

Markup = NewType("Markup", str)
"""Finished, safe SVG or HTML. Made by `element` and `words` alone."""

Attribute = str | int | float | None


def element(tag: str, *children: Markup, **attributes: Attribute) -> Markup:
    """One element.

    Args:
        tag: Its name.
        children: What stands in it, in order.
        attributes: By name; `_` reads as `-`, and an underscore at the end keeps a name apart from Python's words (`class_`).
            Numbers are written with two digits after the point; None leaves the attribute out.
    """
    written = "".join(f' {_name(name)}="{_value(value)}"' for name, value in attributes.items() if value is not None)
    return Markup(f"<{tag}{written}>{''.join(children)}</{tag}>" if children else f"<{tag}{written}/>")


def words(text: str) -> Markup:
    """Text as itself: markup in it is shown, what does not print is an escape."""
    return Markup(escape(verbatim(text)))


def joined(*parts: Markup) -> Markup:
    """Several pieces after each other."""
    return Markup("".join(parts))


def number(value: float) -> str:
    """A coordinate: two digits after the point, no more than are needed."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: Attribute) -> str:
    if isinstance(value, float | int):
        return number(value)
    return escape(verbatim(value or ""))
