"""What a study shows, beside the plan: in numbers for programs, and as a page for people."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from advise.experiments.study.measures.edge import edges
from advise.experiments.study.next_space import NextRange, next_space
from advise.experiments.study.parameter import Parameter
from advise.experiments.study.run import constants
from advise.experiments.study.snippet import snippet
from advise.experiments.study.study import Study
from advise.knowledge.base import KnowledgeBase
from advise.plan.model import Plan
from advise.render.outline import page_of
from advise.render.page import Block, Code, Heading, Items, Line, Listing, Page, Paragraph, Plain, Strong, bullets
from advise.render.voice import Voice
from advise.text import show

_BAYESIAN = "switch_to_bayesian"
_DROPPED = "search.unimportant"
_MISSING = "search.trials_missing"


@dataclass(frozen=True, slots=True)
class Report:
    """A study with its plan, and what follows for the next round.

    Attributes:
        study: What was measured.
        plan: What follows from it.
        space: Of the next round.
        program: That runs it.
        at_edges: The hyperparameters at an edge.
    """

    study: Study
    plan: Plan
    space: tuple[NextRange, ...]
    program: str
    at_edges: frozenset[str]


def report_of(study: Study, plan: Plan, base: KnowledgeBase) -> Report:
    """The report of a study.

    Args:
        study: What was measured.
        plan: Made of its facts.
        base: How the next round follows from this one.
    """
    bayesian = any(decision.id == _BAYESIAN for decision in plan.decisions)
    dropped = plan.facts.get(_DROPPED, [])
    space = next_space(study, base, narrow=bayesian, drop=[str(name) for name in dropped] if isinstance(dropped, list) else [])
    missing = plan.facts.get(_MISSING, 0)
    trials = int(missing) if isinstance(missing, int | float) and missing >= 1 else base.study.next_round.trials
    widened = any(each.change == "widened" for each in space)
    count = max(trials, base.study.next_round.trials) if widened else trials
    at_edges = frozenset(edge.parameter.name for edge in edges(study, **constants(base, "edges")))
    return Report(study, plan, space, snippet(study, space, bayesian=bayesian, trials=count), at_edges)


def as_json(report: Report) -> str:
    """The report as JSON, the plan in it by its own contract; NaN and infinity never occur."""
    study = report.study
    content = {
        "schema": "advise/study@1",
        "study": {
            "source": study.read.source,
            "name": study.read.name,
            "objective": study.read.objective,
            "direction": "max" if study.direction == "up" else "min",
            "trials": _counts(study),
            "best": {"trial": study.best.name, "value": study.best.value, "settings": dict(study.best.settings)},
            "parameters": [_parameter(study, parameter) for parameter in study.parameters],
        },
        "next_round": {"space": [_range(each) for each in report.space], "optuna": report.program if report.space else None},
        "plan": report.plan.model_dump(mode="json", by_alias=True),
    }
    return json.dumps(_finite(content), ensure_ascii=False, indent=2, allow_nan=False)


def as_page(report: Report, voice: Voice) -> Page:
    """The plan with the study in front of what to do, and the next round behind it."""
    page = page_of(report.plan, voice)
    sections = [index for index, block in enumerate(page) if isinstance(block, Heading) and block.level == 2]
    opening = sections[0] if sections else len(page)
    acted = sections[1] if report.plan.decisions and len(sections) > 1 else opening
    return (*page[:opening], *_study(report, voice), *page[opening:acted], *_program(report, voice), *page[acted:])


def _study(report: Report, voice: Voice) -> tuple[Block, ...]:
    study = report.study
    heading = Heading(2, (Plain(voice.joined_phrase("section_study")),))
    counts = _counts(study)
    ended = {key: counts[key] for key in ("finished", "failed", "pruned", "running")}
    first = (
        voice.entry("study_objective", (Code(study.read.objective), Plain(voice.joined_phrase(f"study_{study.direction}")))),
        voice.entry("study_trials", (Plain(voice.joined_phrase("study_counts", **ended)),)),
        voice.entry("study_best", (Strong(show(study.best.value or 0.0)), Code(study.best.name))),
    )
    lines = [parameter_line(report, parameter, voice) for parameter in study.searched]
    return heading, Paragraph(first), *((bullets(lines),) if lines else ())


def parameter_line(report: Report, parameter: Parameter, voice: Voice) -> Line:
    """A hyperparameter in a line: its range, what it is for, where the best trial has it, and what it explains."""
    study = report.study
    pieces = [_span(parameter, voice), voice.joined_phrase(f"study_role_{parameter.role}")]
    best = study.best.settings.get(parameter.name)
    if best is not None:
        pieces.append(voice.joined_phrase("study_best_at", value=_short(best)))
    effect = None if study.model is None else study.model.effect(parameter.name)
    if effect is not None and effect.is_told:
        pieces.append(voice.joined_phrase("study_explains", share=f"{effect.share:.0%}"))
    elif study.model is not None:
        pieces.append(voice.joined_phrase("study_no_effect"))
    if parameter.name in report.at_edges:
        pieces.append(voice.joined_phrase("study_at_edge"))
    separator = "；" if voice.choice == "zh" else "; "
    return (Code(parameter.name), Plain(" — " + separator.join(pieces)))


def _span(parameter: Parameter, voice: Voice) -> str:
    declared = voice.joined_phrase("study_declared" if parameter.is_declared else "study_tried")
    if parameter.scale == "choice":
        return f"{', '.join(_short(choice) for choice in parameter.choices[:6])} ({declared})"
    return f"{show(parameter.low, '.4g')} … {show(parameter.high, '.4g')}, {voice.joined_phrase(f'study_scale_{parameter.scale}')} ({declared})"


def _program(report: Report, voice: Voice) -> tuple[Block, ...]:
    if not report.space:
        # Nothing was seen to vary, so there is no range to search on.
        return ()
    heading = Heading(2, (Plain(voice.joined_phrase("section_next_round")),))
    changed = [each for each in report.space if each.change != "kept"]
    changes = (f" {voice.joined_phrase(f'study_change_{each.change}')} " for each in changed)
    lines: list[Line] = [(Code(each.name), Plain(change), Code(_new_range(each))) for each, change in zip(changed, changes, strict=True)]
    items: tuple[Items, ...] = (bullets(lines),) if lines else ()
    return heading, *items, Listing("python", tuple(report.program.splitlines()))


def _new_range(each: NextRange) -> str:
    if each.choices:
        return ", ".join(map(_short, each.choices))
    return f"{each.low:g} … {each.high:g}{' (log)' if each.is_log else ''}"


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)[:40]


def _counts(study: Study) -> dict[str, int]:
    states = {state: sum(trial.state == state for trial in study.trials) for state in ("finished", "failed", "pruned", "running")}
    hopeless = len(study.hopeless)
    return {**states, "finished": states["finished"] - hopeless, "failed": states["failed"] + hopeless}


def _parameter(study: Study, parameter: Parameter) -> dict[str, Any]:
    effect = None if study.model is None else study.model.effect(parameter.name)
    return {
        "name": parameter.name,
        "scale": parameter.scale,
        "low": parameter.low,
        "high": parameter.high,
        "choices": list(parameter.choices),
        "declared": parameter.is_declared,
        "role": parameter.role,
        "role_declared": parameter.is_role_declared,
        "varies": parameter.varies,
        "explains": None if effect is None else effect.share,
        "best": study.best.settings.get(parameter.name),
    }


def _range(each: NextRange) -> dict[str, Any]:
    return {"name": each.name, "change": each.change, "low": each.low, "high": each.high, "log": each.is_log, "choices": list(each.choices)}


def _finite(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_finite(item) for item in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content
