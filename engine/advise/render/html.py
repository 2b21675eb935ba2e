"""A plan as one self-contained HTML page: the Markdown of each language choice, behind a switch that needs no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from importlib.resources import files

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from advise.plan.model import Plan
from advise.render.actions import PRIORITY_TONES
from advise.render.grounds import SEVERITY_TONES
from advise.render.markdown import as_markdown
from advise.render.outline import VERDICT_TONES, page_of, title_of
from advise.render.page import Tone
from advise.render.voice import Voice
from advise.terms import SEVERITIES
from advise.text import LANGUAGE_CHOICES, LanguageChoice, Text
from advise.untrusted import trimmed

_CHOICE_LABELS: Mapping[LanguageChoice, str] = {"both": "中文 + English", "zh": "中文", "en": "English"}
DOCUMENT_LANGUAGES: Mapping[LanguageChoice, str] = {"both": "zh-CN", "zh": "zh-CN", "en": "en"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline';{scripts} base-uri 'none'; form-action 'none'"
_FOLD_OPENS = re.compile(r"<details>\n<summary>([^<>]*)</summary>\n*")
_FOLD_CLOSES = re.compile(r"</details>\n*")
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_ROW_CLASSES: Mapping[str, str] = {"+": "row added", "-": "row removed"}


def as_html(plan: Plan, strings: Mapping[str, Text], opens_with: LanguageChoice) -> str:
    """The page, printable and readable without a network; every language choice is in it, `opens_with` is shown first."""
    title = title_of(plan, Voice(strings, opens_with)).text
    return document(title, strings, opens_with, lambda voice: _article(plan, voice))


def document(title: str, strings: Mapping[str, Text], opens_with: LanguageChoice, article_of: Callable[[Voice], str], style: str = "") -> str:
    """A self-contained page with one article for each language choice, behind the switch.

    Args:
        title: As text.
        strings: The fixed phrases of `kb/strings.yaml`.
        opens_with: Which article is shown first.
        article_of: The article of a voice, see `article`; safe HTML.
        style: Further CSS.
    """
    label = escape(Voice(strings, opens_with).joined_phrase("language_choice"))
    return f"""<!doctype html>
<html lang="{DOCUMENT_LANGUAGES[opens_with]}">
{head(title, style)}
<body>
{"".join(_radio(choice, opens_with) for choice in LANGUAGE_CHOICES)}<nav aria-label="{label}">{"".join(map(_radio_label, LANGUAGE_CHOICES))}</nav>
<main>
{"".join(article_of(Voice(strings, choice)) for choice in LANGUAGE_CHOICES)}</main>
</body>
</html>
"""


def head(title: str, style: str = "", script: str = "") -> str:
    """The head of a self-contained page: nothing is loaded, and no script runs but the one that is named.

    Args:
        title: As text.
        style: Further CSS.
        script: The SHA-256 digest in base64 of the one script that stands in the page; empty where there is none.
    """
    policy = _POLICY.format(scripts=f" script-src 'sha256-{script}';" if script else "")
    return f"""<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(trimmed(title))}</title>
<style>
{files("advise.render").joinpath("page.css").read_text(encoding="utf-8")}{style}</style>
</head>"""


def article(body: str, tone: Tone, voice: Voice) -> str:
    """The article of one language choice around safe HTML, in the tone of its answer."""
    return f'<article class="{voice.choice} tone-{tone}" lang="{DOCUMENT_LANGUAGES[voice.choice]}">\n{body}</article>\n'


def html_of(markdown: str, voice: Voice) -> str:
    """The Markdown as HTML, raw HTML in it as the text it is but for our own folds."""
    # What the writer never writes is not even parsed.
    unused = ["image", "link", "html_inline", "reference", "lheading", "hr", "code"]
    parser = MarkdownIt("commonmark", {"html": True}, renderer_cls=_Renderer).disable(unused)
    return str(parser.render(markdown, {"badges": _badges(voice), "bilingual": voice.choice == "both"}))


def _radio(choice: LanguageChoice, chosen: LanguageChoice) -> str:
    checked = " checked" if choice == chosen else ""
    return f'<input class="choice" type="radio" name="language" id="choose-{choice}"{checked}>\n'


def _radio_label(choice: LanguageChoice) -> str:
    return f'<label for="choose-{choice}">{_CHOICE_LABELS[choice]}</label>'


def _article(plan: Plan, voice: Voice) -> str:
    return article(html_of(as_markdown(page_of(plan, voice)), voice), VERDICT_TONES[plan.verdict.id], voice)


def _badges(voice: Voice) -> Mapping[str, Tone]:
    severities = {voice.joined_phrase(f"severity_{severity}"): SEVERITY_TONES[severity] for severity in SEVERITIES}
    priorities = {str(priority): tone for priority, tone in PRIORITY_TONES.items()}
    return priorities | severities


class _Renderer(RendererHTML):
    """Renders what `markdown` writes; raw HTML passes only where it is a fold of ours, letter by letter."""

    def renderInline(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:  # noqa: N802 (the base class names it)
        lines = _split_at_breaks(tokens)
        rendered = [super(_Renderer, self).renderInline(line, options, env) for line in lines]
        if len(rendered) == 1:
            return rendered[0]
        return "".join(f'<span class="line"{_lang(line) if env["bilingual"] else ""}>{line}</span>' for line in rendered)

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A fold of ours; anything else as the text it is."""
        content = tokens[idx].content
        if opens := _FOLD_OPENS.fullmatch(content):
            return f"<details>\n<summary>{escape(unescape(opens[1]))}</summary>\n"
        return "</details>\n" if _FOLD_CLOSES.fullmatch(content) else escape(content)

    def code_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A code span; a priority or severity in front of its title, in its colour."""
        content = tokens[idx].content
        opens_title = idx == 0 and any(token.type == "strong_open" for token in tokens[1:3])
        tone = env["badges"].get(content) if opens_title else None
        attributes = f' class="badge tone-{tone}"' if tone else ""
        return f"<code{attributes}>{escape(content)}</code>"

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A link that tells its target nothing."""
        tokens[idx].attrSet("rel", "noopener noreferrer")
        return self.renderToken(tokens, idx, options, env)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A listing, each line of a diff in its colour."""
        is_diff = tokens[idx].info == "diff"
        lines = tokens[idx].content.splitlines()
        rows = "".join(f'<span class="{_ROW_CLASSES.get(line[:1], "row") if is_diff else "row"}">{escape(line)}\n</span>' for line in lines)
        return f"<pre><code>{rows}</code></pre>\n"


def _split_at_breaks(tokens: Sequence[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "hardbreak":
            lines.append([])
        else:
            lines[-1].append(token)
    return lines


def _lang(line: str) -> str:
    return ' lang="zh-CN"' if _CHINESE.search(line) else ' lang="en"'
