"""A comparison as one self-contained HTML page: the pictures beside the verdict that rests on them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from advise.experiments.compare.answer import Answer
from advise.experiments.compare.page import gain, grounds, opening, tone_of, variances
from advise.experiments.compare.picture import Labels, interval_picture, scores_picture
from advise.render.charts.svg import Markup
from advise.render.html import article, document, html_of
from advise.render.markdown import as_markdown
from advise.render.page import Page, Paragraph
from advise.render.voice import Voice
from advise.text import Text

_STYLES = (("advise.render.charts", "figures.css"), ("advise.experiments.compare", "comparison.css"))


def comparison_html(answer: Answer, voice: Voice, results: Mapping[str, str]) -> str:
    """The page, printable and readable without a network.

    Args:
        answer: What was found.
        voice: The language choice that is shown first.
        results: How a comparison ends, by the decision of its plan.
    """
    title = answer.plan.run or voice.joined_phrase("compare_title")
    style = "".join(files(package).joinpath(name).read_text(encoding="utf-8") for package, name in _STYLES)
    return document(title, voice.strings, voice.choice, lambda each: article(_body(answer, each, results), tone_of(answer, results), each), style)


def _body(answer: Answer, voice: Voice, results: Mapping[str, str]) -> str:
    return "".join(
        (
            _html(opening(answer, voice, results), voice),
            f'<div class="beside">\n<div>{_figures(answer, voice)}</div>\n<div>{_html(gain(answer, voice), voice)}</div>\n</div>\n',
            _html((*variances(answer, voice), *grounds(answer.plan, voice)), voice),
        )
    )


def _html(page: Page, voice: Voice) -> str:
    return html_of(as_markdown(page), voice)


def _figures(answer: Answer, voice: Voice) -> str:
    labels = _labels(answer, voice)
    confidence = f"{2 * answer.comparison.level - 1:.0%}"
    scores = ["compare_caption_scores", *(["compare_caption_pairs"] if answer.comparison.pairs else [])]
    return "".join(
        (
            _figure(interval_picture(answer, labels), [voice.phrase("compare_caption_interval", confidence=confidence)], voice),
            _figure(scores_picture(answer, labels), [voice.phrase(key) for key in scores], voice),
        )
    )


def _figure(drawn: Markup, captions: list[Text], voice: Voice) -> str:
    lines = as_markdown((Paragraph(tuple(line for caption in captions for line in voice.lines(caption))),))
    return f"<figure>\n{drawn}\n<figcaption>{html_of(lines, voice)}</figcaption>\n</figure>\n"


def _labels(answer: Answer, voice: Voice) -> Labels:
    metric = answer.metric or voice.phrase("compare_score")
    axis = voice.strings[f"compare_scores_axis_{answer.comparison.direction}"].filled({"metric": metric})
    return Labels(
        base=_short(voice, "compare_side_base"),
        new=_short(voice, "compare_side_new"),
        scores=voice.joined(axis),
        gain=voice.joined_phrase("compare_gain_axis"),
        same=_short(voice, "compare_no_difference"),
        worth=_short(voice, "compare_worthwhile"),
    )


def _short(voice: Voice, key: str) -> str:
    """A label where there is room for one language: Chinese where both are asked for, since the axes say the rest in both."""
    return voice.strings[key].in_language("en" if voice.choice == "en" else "zh")
