"""A fleet as one self-contained HTML page: a table that sorts and filters, and the plan of each run behind its row.

The rows are in the page as compressed JSON, and only those in sight are in the document, so that thousands stay quick. The script is our own,
stands in the page, and is named in its policy by its digest; nothing is loaded, and no text of a run is ever taken for markup.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any, get_args

from advise.experiments.fleet.page import (
    COLUMNS,
    ERROR,
    TONES,
    common_folder,
    counted,
    finding_text,
    goes_with,
    opening_texts,
    order_of,
    shown,
    whole_lines,
    worst_first,
)
from advise.experiments.fleet.row import Row
from advise.render.html import DOCUMENT_LANGUAGES, head
from advise.render.voice import Voice, spoken_languages
from advise.terms import VerdictId
from advise.text import LANGUAGES, LanguageChoice
from advise.untrusted import trimmed, visible

if TYPE_CHECKING:
    from advise.experiments.fleet.fleet import Fleet
    from advise.experiments.fleet.whole import Count, Whole

_COLUMNS = (*COLUMNS, "curve")
# What the script says beside the names of columns and verdicts.
_SAID = ("fleet_filter", "fleet_shown", "fleet_open_hint", "fleet_plan_command")
_TABLE_ROWS = 40
_MOST_SETTINGS = 40


def as_html(fleet: Fleet, opens_with: LanguageChoice, sort: str | None = None) -> str:
    """The page, in both languages behind a switch.

    Args:
        fleet: The runs.
        opens_with: The language that is shown first; of both, Chinese.
        sort: The column by which the rows are sorted at first; by default the worst run first.

    Raises:
        InputError: There is no such column.
    """
    language = spoken_languages(opens_with)[0]
    texts: dict[str, int] = {}
    order = order_of(sort)
    ordered = sorted(fleet, key=order)
    common = common_folder([row.run for row in ordered])
    rows = [_row(row, place, fleet, texts) for place, row in enumerate(ordered)]
    phrases = {each: _phrases(fleet, Voice(fleet.base.strings, each)) for each in LANGUAGES}
    data = {"texts": list(texts), "phrases": phrases, "columns": _COLUMNS, "common": f"{visible(common)}/" if common else "", "rows": rows}
    packed = base64.b64encode(zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(), 9)).decode()
    script, style = _file("fleet.js"), _file("fleet.css")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    title = escape(trimmed(phrases[language]["title"]))
    heads = "".join(
        f'<th class="{column}" scope="col"><button data-column="{column}" data-phrase="column_{column}">'
        f"{escape(phrases[language][f'column_{column}'])}</button></th>"
        for column in _COLUMNS
    )
    return f"""<!doctype html>
<html lang="{DOCUMENT_LANGUAGES[language]}" data-language="{language}">
{head(phrases[language]["title"], style, script=digest)}
<body class="tone-{"danger" if fleet.whole.sick else "good"}">
<header><h1 data-phrase="title">{title}</h1><span class="said" data-phrase="said">{escape(phrases[language]["said"])}</span>
<nav><button data-speak="zh">中文</button><button data-speak="en">English</button></nav></header>
{"".join(_whole(fleet, Voice(fleet.base.strings, each), hidden=each != language) for each in LANGUAGES)}
<div class="tools"><input id="filter" type="search"><span id="count"></span><code id="common"></code><span data-phrase="open_hint"></span></div>
<div id="box"><table><thead><tr>{heads}</tr></thead><tbody id="rows"></tbody></table></div>
<dialog id="plan"></dialog>
<script id="data" type="text/plain">{packed}</script>
<script>{script}</script>
</body>
</html>
"""


def fragment(fleet: Fleet) -> str:
    """The first rows as a table for a notebook.

    Args:
        fleet: The runs.
    """
    voice = Voice(fleet.base.strings, "en")
    columns = _COLUMNS[:-1]
    titles = "".join(f"<th>{escape(voice.joined_phrase(f'fleet_column_{column}'))}</th>" for column in columns)
    rows = [_row(row, place, fleet, {}) for place, row in enumerate(sorted(fleet, key=worst_first)[:_TABLE_ROWS])]
    lines = "".join(f"<tr>{''.join(f'<td>{escape(_plain(row, column, fleet))}</td>' for column in columns)}</tr>" for row in rows)
    return (
        f"<p>{escape(voice.joined_phrase('fleet_title', count=len(fleet)))}</p><table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _plain(row: dict[str, Any], column: str, fleet: Fleet) -> str:
    if column == "verdict":
        return fleet.base.strings[f"fleet_verdict_{row['verdict']}"].en
    if column == "finding":
        return str(row["error"] or row["named"] or "")
    if column == "value":
        return f"{row['best'] or ''} {row['last'] or ''}".strip()
    return str(row[column] or "")


def _file(name: str) -> str:
    return files("advise.experiments.fleet").joinpath(name).read_text(encoding="utf-8")


def _phrases(fleet: Fleet, voice: Voice) -> dict[str, str]:
    """What the script says, by the key without `fleet_`."""
    keys = [*_SAID, *(f"fleet_column_{column}" for column in _COLUMNS), *(f"fleet_verdict_{verdict}" for verdict in (*get_args(VerdictId), ERROR))]
    said = {key.removeprefix("fleet_"): voice.strings[key].in_language(voice.language) for key in keys}
    return {**said, **_opening(fleet.whole, voice)}


def _opening(whole: Whole, voice: Voice) -> dict[str, str]:
    title, said = opening_texts(whole, voice)
    return {"title": title.in_language(voice.language), "said": said.in_language(voice.language)}


def _row(row: Row, place: int, fleet: Fleet, texts: dict[str, int]) -> dict[str, Any]:
    def kept(text: str) -> int:
        return texts.setdefault(visible(text), len(texts))

    diagnosis = fleet.base.diagnoses.get(row.finding or "")
    finding = finding_text(row, fleet)
    verdict = row.verdict or "error"
    done = row.steps if row.steps is not None else row.epochs
    return {
        "run": visible(row.run),
        "verdict": verdict,
        "tone": TONES.get(verdict, "notice"),
        "named": None if diagnosis is None else diagnosis.title.en,
        "finding": {language: None if finding is None else kept(finding.in_language(language)) for language in LANGUAGES},
        "error": None if row.error is None else visible(row.error),
        "best": shown(row.best) or None,
        "last": shown(row.last) or None,
        "rate": shown(row.rate),
        "state": row.state or "",
        "done": counted(done),
        "hours": "" if row.hours is None else f"{row.hours:.3g}",
        "sort": {"best": row.best, "rate": row.rate, "done": done, "hours": row.hours},
        "order": place,
        "curve": list(row.curve),
        "told": {language: _told(row.told.get(language), kept) for language in LANGUAGES},
        "settings": [kept(f"{name} = {shown(value)}") for name, value in list(row.settings.items())[:_MOST_SETTINGS]],
        "command": f"advise {_quoted(row.path)}",
    }


def _quoted(path: str) -> str:
    import shlex

    return visible(shlex.quote(path))


def _told(told: Any, kept: Any) -> dict[str, Any] | None:
    if not told:
        return None
    return {
        "verdict": kept(told["verdict"]),
        "head": [kept(line) for line in told["head"]],
        "actions": [[kept(title), [kept(line) for line in config]] for title, config in told["actions"]],
        "findings": [[kept(title), kept(why)] for _, title, why in told["findings"]],
    }


def _whole(fleet: Fleet, voice: Voice, *, hidden: bool) -> str:
    language = voice.language
    whole = fleet.whole
    parts: list[str] = []
    lines = [text.in_language(language) for text in whole_lines(whole, voice)]
    if lines:
        parts.append(f"<section><h2>{_escaped(voice, 'fleet_whole')}</h2><ul>{_items(lines)}</ul></section>")
    if whole.first:
        parts.append(f"<section><h2>{_escaped(voice, 'fleet_first')}</h2><ol>{_items(whole.first)}</ol></section>")
    if whole.findings:
        found = "".join(_finding(count, fleet, voice) for count in whole.findings[:_TABLE_ROWS])
        parts.append(f"<section><h2>{_escaped(voice, 'fleet_findings')}</h2><ul>{found}</ul></section>")
    return f'<div class="whole" data-in="{language}"{" hidden" if hidden else ""}>{"".join(parts)}</div>\n'


def _finding(count: Count, fleet: Fleet, voice: Voice) -> str:
    title = fleet.base.diagnoses[count.finding].title.in_language(voice.language)
    more = "" if count.goes_with is None else f"<small>{escape(_unticked(goes_with(count.goes_with, voice).in_language(voice.language)))}</small>"
    return f"<li><strong>{count.runs}</strong> {escape(title)}{more}</li>"


def _items(lines: Iterable[str]) -> str:
    return "".join(f"<li>{escape(visible(_unticked(line)))}</li>" for line in lines)


def _unticked(text: str) -> str:
    return text.replace("`", "")


def _escaped(voice: Voice, key: str) -> str:
    return escape(voice.joined_phrase(key))
