"""A study as one self-contained HTML page: each picture beside the verdicts that rest on it, then the whole plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files

from advise.experiments.study.drawing import axis_pictures, course_picture, isolation_picture
from advise.experiments.study.report import Report, as_page, parameter_line
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.study import Picture
from advise.plan.model import Decision, Diagnosis
from advise.render.charts.svg import Markup, element, joined, words
from advise.render.html import article, document, html_of
from advise.render.markdown import as_markdown
from advise.render.outline import VERDICT_TONES, title_of
from advise.render.page import Block, Code, Heading, Page, Paragraph, Plain, Strong, bullets
from advise.render.voice import Voice
from advise.text import LanguageChoice

MOST_PLOTS = 12
_SEVERAL = 3
_STYLES = (("advise.render.charts", "figures.css"), ("advise.experiments.study", "study.css"))
_LEGEND = (("best", "study_legend_best"), ("top", "study_legend_top"), ("point", "study_legend_point"), ("failed", "study_legend_failed"))
_ZONES = (("edge-zone", "study_legend_edge"), ("failed-zone", "study_legend_fails"))

Verdict = Diagnosis | Decision


def as_html(report: Report, base: KnowledgeBase, opens_with: LanguageChoice) -> str:
    """The page, printable and readable without a network; `opens_with` is shown first."""
    style = "".join(files(package).joinpath(name).read_text(encoding="utf-8") for package, name in _STYLES)
    pictures = _Pictures(report, base)
    title = title_of(report.plan, Voice(base.strings, opens_with)).text
    tone = VERDICT_TONES[report.plan.verdict.id]
    return document(title, base.strings, opens_with, lambda voice: article(_body(report, pictures, voice), tone, voice), style)


class _Pictures:
    """Every picture of a study, drawn once for all languages."""

    def __init__(self, report: Report, base: KnowledgeBase) -> None:
        self.axes = axis_pictures(report.study, base, MOST_PLOTS)
        self.isolation = isolation_picture(report.study)
        self.courses = course_picture(report.study, "step")
        self.verdicts = _Verdicts(report, base)


class _Verdicts:
    """Which verdicts rest on which picture."""

    def __init__(self, report: Report, base: KnowledgeBase) -> None:
        self._names = {parameter.name for parameter in report.study.searched}
        self._report = report
        self._base = base

    def on(self, picture: Picture, parameter: str | None = None) -> tuple[Verdict, ...]:
        """Those that rest on a picture: on the one of a hyperparameter, or on all of them together."""
        plan = self._report.plan
        verdicts: tuple[Verdict, ...] = (*plan.diagnoses, *plan.decisions)
        return tuple(verdict for verdict in verdicts if parameter in self._places(verdict, picture))

    def _places(self, verdict: Verdict, picture: Picture) -> set[str | None]:
        """The hyperparameters that a verdict speaks of on a kind of picture; None for the whole kind."""
        if picture == "axes" and isinstance(verdict, Decision):
            meant: set[str | None] = {value for value in verdict.params.values() if isinstance(value, str) and value in self._names}
            if meant:
                return meant
        read = {evidence.fact for evidence in verdict.evidence}
        places: set[str | None] = set()
        for measure in self._base.study.measures:
            if measure.picture == picture and read & set(measure.gives.values()):
                named = self._named(measure.gives.values())
                places |= named if picture == "axes" and 0 < len(named) <= _SEVERAL else {None}
        return places

    def _named(self, facts: Iterable[str]) -> set[str | None]:
        found: set[str | None] = set()
        for fact in facts:
            value = self._report.plan.facts.get(fact)
            found |= {item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) and item in self._names}
        return found


def _body(report: Report, pictures: _Pictures, voice: Voice) -> str:
    page = as_page(report, voice)
    opening = [index for index, block in enumerate(page) if isinstance(block, Heading) and block.level == 2][1]
    return "".join((_html(page[:opening], voice), *_sections(report, pictures, voice), _html(page[opening:], voice)))


def _sections(report: Report, pictures: _Pictures, voice: Voice) -> Iterator[str]:
    if pictures.axes:
        yield _html((Heading(2, (Plain(voice.joined_phrase("section_axes")),)), *_said(pictures.verdicts.on("axes"), voice)), voice)
        yield _legend(voice)
    for parameter in report.study.searched:
        drawn = pictures.axes.get(parameter.name)
        if drawn is not None:
            line = Paragraph((parameter_line(report, parameter, voice),))
            yield _beside(drawn, (line, *_said(pictures.verdicts.on("axes", parameter.name), voice)), voice)
    if pictures.isolation is not None:
        yield _picture_section("section_isolation", "study_caption_isolation", pictures.isolation, pictures.verdicts.on("isolation"), voice)
    if pictures.courses is not None:
        yield _picture_section("section_courses", "study_caption_courses", pictures.courses, pictures.verdicts.on("curves"), voice)


def _picture_section(heading: str, caption: str, drawn: Markup, verdicts: Sequence[Verdict], voice: Voice) -> str:
    title = _html((Heading(2, (Plain(voice.joined_phrase(heading)),)),), voice)
    return title + _beside(drawn, (Paragraph(voice.lines(voice.strings[caption])), *_said(verdicts, voice)), voice)


def _beside(drawn: Markup, said: Page, voice: Voice) -> str:
    return f'<div class="beside">\n<figure>{drawn}</figure>\n<div class="said">{_html(said, voice)}</div>\n</div>\n'


def _said(verdicts: Sequence[Verdict], voice: Voice) -> tuple[Block, ...]:
    """Each verdict in a line, what is the case before what to do."""
    return (bullets([(Strong(voice.joined(verdict.title)), Plain(" "), Code(verdict.id)) for verdict in verdicts]),) if verdicts else ()


def _html(page: Page, voice: Voice) -> str:
    return html_of(as_markdown(page), voice) if page else ""


def _legend(voice: Voice) -> str:
    items = [_key(_sample(kind), voice.joined_phrase(phrase)) for kind, phrase in _LEGEND]
    items += [_key(element("rect", x=1, y=1, width=12, height=12, class_=kind), voice.joined_phrase(phrase)) for kind, phrase in _ZONES]
    return element("div", joined(*items), class_="legend")


def _sample(kind: str) -> Markup:
    if kind == "failed":
        return element("path", d="M3.5 3.5l7 7m0 -7l-7 7", class_="failed")
    return element("circle", cx=7, cy=7, r=5 if kind == "best" else 4, class_=kind)


def _key(drawn: Markup, text: str) -> Markup:
    return element("span", element("svg", drawn, viewBox="0 0 14 14", class_="picture", aria_hidden="true"), words(text))
