"""A skill for coding agents: how to get from a log to a verified next run, with references that are generated from the knowledge."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from advise.conditions import Concluded, ConclusionKind, leaves
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.rule import DecisionRule
from advise.knowledge.vocabulary import FactSpec
from advise.text import Language

# The name of a skill is that of its folder.
NAME = "advise"
_PATTERN = "'step {step} loss {train.loss}'"


def skill(base: KnowledgeBase, language: Language) -> Mapping[str, str]:
    """The files of the skill, by their path below the folder of skills.

    Args:
        base: The knowledge.
        language: In which language.
    """

    def said(key: str, **values: str) -> str:
        return base.strings[key].filled(values).in_language(language)

    # A quoted scalar of JSON is one of YAML, whatever is in it.
    head = f"---\nname: {NAME}\ndescription: {json.dumps(said('skill_description'), ensure_ascii=False)}\n---\n"
    return {
        f"{NAME}/SKILL.md": f"{head}\n{said('skill_body', pattern=_PATTERN)}\n",
        f"{NAME}/references/diagnoses.md": "\n".join([f"# {said('skill_diagnoses')}", "", *_diagnoses(base, language), ""]),
        f"{NAME}/references/settings.md": "\n".join([f"# {said('skill_settings')}", "", *_settings(base, language), ""]),
    }


def _diagnoses(base: KnowledgeBase, language: Language) -> Iterator[str]:
    causes, answered = (base.strings[key].in_language(language) for key in ("skill_causes", "skill_answers"))
    answers = _answers(base)
    for name, spec in base.diagnoses.items():
        yield f"- `{name}` {spec.title.in_language(language)}"
        if spec.caused_by:
            yield f"  - {causes}: {', '.join(f'`{cause}`' for cause in spec.caused_by)}"
        if answers.get(name):
            yield f"  - {answered}: {', '.join(f'`{decision}`' for decision in answers[name])}"


def _answers(base: KnowledgeBase) -> Mapping[str, Sequence[str]]:
    """The decisions whose rules ask for a diagnosis, in the order of doing."""
    found: dict[str, set[str]] = {}
    for rule in base.rules.values():
        if rule.kind != "decision" or rule.status != "stable":
            continue
        for leaf in leaves(rule.when):
            if isinstance(leaf, Concluded) and leaf.kind is ConclusionKind.DIAGNOSIS:
                found.setdefault(leaf.id, set()).add(rule.concludes)
    order = list(base.decisions)
    return {name: sorted(decisions, key=order.index) for name, decisions in found.items()}


def _settings(base: KnowledgeBase, language: Language) -> Iterator[str]:
    changed = {line.key for rule in base.rules.values() if isinstance(rule.spec, DecisionRule) for line in rule.spec.config}
    first = {fact for fact, _ in base.questions.first}
    for name in sorted(changed | first):
        spec = base.vocabulary[name]
        yield f"- `{name}` ({_accepted(spec)}) {spec.title.in_language(language)}: {spec.observe.in_language(language)}"


def _accepted(spec: FactSpec) -> str:
    if spec.values:
        return ", ".join(spec.values)
    return spec.type.value if spec.unit == "1" else f"{spec.type.value}, {spec.unit}"
