"""A comparison as a page: the answer, the gain with its interval, the three variances, and the plan that rests on them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from advise.experiments.compare.answer import Answer
from advise.experiments.compare.comparison import Comparison, Side
from advise.plan.model import Plan
from advise.render.actions import decisions, set_aside
from advise.render.appendix import facts, sources
from advise.render.grounds import diagnoses, errata, findings, unknown
from advise.render.page import Banner, Block, Heading, Items, Line, Page, Paragraph, Plain, Strong, Tone, prose
from advise.render.voice import Voice
from advise.text import Text

Standing = Literal["established", "within", "worse"]

_TONES: Mapping[str, Tone] = {"adopted": "good", "not_adopted": "notice", "inconclusive": "warning"}
_MOST_DIGITS = 12
_NEVER, _ALWAYS = 0.01, 0.99


def comparison_page(answer: Answer, voice: Voice, results: Mapping[str, str]) -> Page:
    """The whole page.

    Args:
        answer: What was found.
        voice: In which language.
        results: How a comparison ends, by the decision of its plan.
    """
    return (*opening(answer, voice, results), *gain(answer, voice), *variances(answer, voice), *grounds(answer.plan, voice))


def opening(answer: Answer, voice: Voice, results: Mapping[str, str]) -> Page:
    """The title and the answer."""
    title = answer.plan.run or voice.joined_phrase("compare_title")
    decided = answer.decision.title if answer.decision else voice.phrase("compare_open")
    said = standing_text(answer.comparison, voice)
    banner = Banner(
        tone_of(answer, results),
        (*voice.each(lambda language: (Strong(decided.in_language(language)),)), *voice.each(lambda language: (Plain(said.in_language(language)),))),
    )
    return (Heading(1, (Plain(title),)), banner)


def tone_of(answer: Answer, results: Mapping[str, str]) -> Tone:
    """How the answer looks."""
    return _TONES.get(results.get(answer.decision.id, ""), "muted") if answer.decision else "muted"


def standing(comparison: Comparison) -> Standing:
    """What the interval says by itself."""
    if comparison.gain <= 0:
        return "worse"
    return "established" if comparison.gain >= comparison.needed_gain else "within"


def standing_text(comparison: Comparison, voice: Voice) -> Text:
    """What the interval says, in a sentence."""
    step = comparison.gain_error
    return voice.phrase(
        f"compare_{standing(comparison)}",
        level=f"{comparison.level:.0%}",
        gain=shown(comparison.gain, step),
        low=shown(comparison.low, step),
        high=shown(comparison.high, step),
    )


def gain(answer: Answer, voice: Voice) -> Page:
    """The gain, how well it is known, and what it means in practice."""
    found = answer.comparison
    step = found.gain_error
    level, needed = f"{found.level:.0%}", shown(found.needed_gain, step)
    texts = [
        voice.phrase(
            "compare_gain",
            gain=shown(found.gain, step),
            low=shown(found.low, step),
            high=shown(found.high, step),
            confidence=f"{2 * found.level - 1:.0%}",
            error=f"{step:.2g}",
            freedom=f"{found.freedom:.3g}",
        ),
        _test(found, voice, level, needed),
        voice.strings["compare_size"].filled(
            {"effect": f"{found.effect:.2g}", "wins": _wins(found.win_rate), "relative": _relative(found, voice)},
        ),
        side_text("compare_base", found.base, found, voice),
        side_text("compare_new", found.new, found, voice),
    ]
    return _section("compare_section_gain", (_metric(answer, voice), _listed(texts, voice)), voice)


def variances(answer: Answer, voice: Voice) -> Page:
    """Trial, search and sampling variance, each apart; of one that is not known how it is found out."""
    texts = []
    for name, std in answer.variances.items():
        value: Text | str = answer.how_to_observe[name] if std is None else f"{std:.3g}"
        template = voice.strings[f"compare_variance_{name}"]
        unknown_value = voice.strings["unknown_value"]
        if isinstance(value, Text):
            missing = Text.model_construct(en=f"{unknown_value.en}. {value.en}", zh=f"{unknown_value.zh}。{value.zh}")
            texts.append(template.filled({"std": missing}))
        else:
            texts.append(template.filled({"std": value}))
    return _section("compare_section_variances", (_listed(texts, voice),), voice)


def grounds(plan: Plan, voice: Voice) -> Page:
    """The sections of the plan; of what is not known only what this comparison waits for."""
    return (
        *_section("section_actions", decisions(plan, voice), voice),
        *_section("section_set_aside", set_aside(plan, voice), voice),
        *_section("section_diagnoses", diagnoses(plan, voice), voice),
        *_section("section_unknown", unknown(_about_adoption(plan), voice), voice),
        *_section("section_findings", findings(plan, voice), voice),
        *_section("section_appendix", (*errata(plan, voice), *facts(plan, voice), *sources(plan, voice)), voice),
    )


def side_text(key: str, side: Side, comparison: Comparison, voice: Voice) -> Text:
    """Mean, spread and number of runs of one side."""
    step = comparison.trial_std / math.sqrt(side.runs)
    return voice.phrase(key, mean=shown(side.mean, step), runs=side.runs, std=f"{side.std:.2g}")


def shown(value: float, step: float) -> str:
    """A number with as many decimals as its error gives sense to: two digits of the error."""
    if step <= 0:
        return f"{value:.6g}"
    decimals = 1 - math.floor(math.log10(step))
    return f"{value:.{decimals}f}" if 0 <= decimals <= _MOST_DIGITS else f"{value:.4g}"


def _test(found: Comparison, voice: Voice, level: str, needed: str) -> Text:
    if not found.pairs:
        return voice.phrase("compare_welch", level=level, needed=needed)
    correlation = "–" if found.correlation is None else f"{found.correlation:.2f}"
    return voice.phrase("compare_paired", level=level, needed=needed, pairs=found.pairs, correlation=correlation)


def _wins(rate: float) -> str:
    """A share in percent; a near certainty is not called one."""
    return f"{rate:.0%}" if _NEVER < rate < _ALWAYS else ("> 99%" if rate >= _ALWAYS else "< 1%")


def _relative(found: Comparison, voice: Voice) -> Text | str:
    return "" if found.relative is None else voice.phrase("compare_relative", relative=f"{found.relative:.2%}")


def _metric(answer: Answer, voice: Voice) -> Block:
    name = answer.metric or voice.phrase("compare_score")
    text = voice.strings[f"compare_better_{answer.comparison.direction}"].filled({"metric": name})
    return Paragraph((_joined(text, voice),))


def _joined(text: Text, voice: Voice) -> Line:
    return prose(voice.joined(text))


def _listed(texts: list[Text], voice: Voice) -> Block:
    return Items(tuple((Paragraph(voice.lines(text)),) for text in texts))


def _about_adoption(plan: Plan) -> Plan:
    """The plan with those unknowns only that a rule waits for which spoke of what is known here, or could have."""
    spoke = [*(item.rule for item in plan.diagnoses), *(item.rule for item in plan.decisions)]
    topics = {rule.partition("/")[0] for rule in spoke}
    asked = [item for item in plan.unknown if topics & {rule.partition("/")[0] for rule in item.blocks}]
    return plan.model_copy(update={"unknown": asked})


def _section(key: str, blocks: tuple[Block, ...], voice: Voice) -> tuple[Block, ...]:
    return (Heading(2, (Plain(voice.joined_phrase(key)),)), *blocks) if blocks else ()
