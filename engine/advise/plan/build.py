"""Putting the plan together from what was inferred. Pure: the same inference gives the same plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from advise.conditions import Concluded, ConclusionKind
from advise.infer.inference import Inference
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.rule import DecisionRule
from advise.plan.arbitration import Outcome, arbitrate
from advise.plan.candidate import candidate
from advise.plan.checklist import checklist
from advise.plan.decisions import decision, gates, set_aside
from advise.plan.diagnoses import diagnoses
from advise.plan.evidence import Context, json_value
from advise.plan.head import head
from advise.plan.model import Erratum, GateResult, Plan
from advise.plan.questions import marked
from advise.plan.unknowns import unknowns
from advise.plan.unsure import unsure
from advise.plan.verdict import verdict
from advise.terms import Finding, RuleLevel
from advise.text import Text, Value

if TYPE_CHECKING:
    from advise.plan.attempts import Tried


def build_plan(
    inference: Inference,
    context: Context,
    outcome: Outcome,
    *,
    stated: Mapping[str, Value],
    run: str | None = None,
    gate_results: Sequence[GateResult] = (),
    findings: Sequence[Finding] = (),
    brief: bool = False,
) -> Plan:
    """Build the plan.

    Args:
        inference: What was concluded, with proofs.
        context: The knowledge it was concluded from, every known value, and where each was read.
        outcome: Which decisions stand.
        stated: The facts that were given, as opposed to derived.
        run: A name for the report.
        gate_results: How the gates of an earlier plan turned out.
        findings: Remarks about the input.
        brief: Whether what a row of many runs has no place for is left out: what is open, what could be asked, and the checklist.
    """
    base = context.base
    found = diagnoses(inference, context)
    decided = [decision(item, inference.fired, context) for item in outcome.taken]
    missing = [] if brief else marked(unknowns(inference, base, outcome.waiting), stated, inference, base, arbitrated)
    first, idle = head(found, decided, missing, inference, context)
    return Plan.model_construct(
        run=run,
        verdict=verdict(outcome.taken, inference, base),
        head=first,
        idle_lines=idle,
        diagnoses=found,
        decisions=decided,
        set_aside=[set_aside(item, context) for item in outcome.set_aside],
        gates=[gate for item in outcome.taken for gate in gates(item, context)],
        gate_results=list(gate_results),
        unknown=missing,
        unsure=[] if brief else unsure(inference, base),
        checklist=[] if brief else checklist(inference, base),
        errata=_errata(outcome.cited, context),
        findings=[*findings, *_contradictions(inference, context), *_levels(base)],
        levels=list(base.levels),
        facts={name: json_value(value) for name, value in sorted(stated.items())},
    )


def arbitrated(inference: Inference, base: KnowledgeBase, tried: Sequence[Tried] = ()) -> Outcome:
    """Which of the decisions that fired rules propose stand."""
    fired = (rule.spec for rule in base.rules.values() if rule.kind == "decision" and rule.id in inference.holding)
    proposals = [candidate(spec, inference.facts) for spec in fired if isinstance(spec, DecisionRule)]
    vetoes = [veto for veto in base.vetoes if Concluded(ConclusionKind.VETO, veto.key) in inference.concluded]
    return arbitrate(proposals, vetoes, base, tried, _cited_errata(inference, base))


def _cited_errata(inference: Inference, base: KnowledgeBase) -> frozenset[str]:
    """The errata that apply to a run: those of the rules that speak, and those whose own condition holds."""
    # A check speaks when its item failed: that is where a source's claim would have misled.
    fired = {key.removesuffix("#fail") for key in inference.holding}
    by_rules = (name for key, rule in base.rules.items() if key in fired for name in rule.spec.errata)
    return frozenset((*by_rules, *(item.id for item in inference.concluded if item.kind is ConclusionKind.ERRATUM)))


def _errata(cited: Collection[str], context: Context) -> list[Erratum]:
    return [
        Erratum.model_construct(id=name, source=context.base.source(spec.source), claim=spec.claim, correction=spec.correction)
        for name, spec in context.base.errata.items()
        if name in cited
    ]


def _levels(base: KnowledgeBase) -> list[Finding]:
    """What the user's settings have changed, said last."""
    return [Finding.model_construct(text=level_text(level, base), origin=level.origin) for level in base.levels]


def level_text(level: RuleLevel, base: KnowledgeBase) -> Text:
    """What the settings have made of a rule."""
    phrase = base.strings["rule_silenced" if level.now == "off" else "rule_releveled"]
    return phrase.filled({"rule": level.rule, "before": level.before or "", "now": level.now})


def _contradictions(inference: Inference, context: Context) -> list[Finding]:
    text = context.base.strings["contradiction"]
    return [
        Finding.model_construct(
            text=text.filled({"fact": item.fact, "rules": tuple(key for _, keys in item.concluded for key in keys)}),
            origin=context.origins.get(item.fact, ""),
        )
        for item in inference.contradictions
    ]
