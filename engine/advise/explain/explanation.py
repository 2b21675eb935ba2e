"""One id of one run explained: its proof down to the facts, or what keeps it from being reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from advise.bilingual import Text
from advise.conditions import Concluded, ConclusionKind
from advise.explain.lacking import Gaps
from advise.explain.lookup import kind_of
from advise.explain.records import Explanation, Kind, Node, Outcome
from advise.explain.trace import Tracer, rule_of
from advise.explain.usage import uses_of
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.rule import DecisionRule
from advise.plan.decisions import candidate, spoken_value
from advise.plan.examination import Examination
from advise.plan.model import SetAside, Source
from advise.plan.reversal import Reversals

_STATUSES: Mapping[str, ConclusionKind] = {
    "pass": ConclusionKind.CHECK_PASSED,
    "fail": ConclusionKind.CHECK_FAILED,
    "not_applicable": ConclusionKind.CHECK_IDLE,
}


@dataclass(frozen=True, slots=True)
class _Scope:
    """The run in which something is explained."""

    found: Examination
    tracer: Tracer
    gaps: Gaps

    @property
    def base(self) -> KnowledgeBase:
        return self.found.context.base

    def reached(self, conclusion: Concluded) -> bool:
        return conclusion in self.found.inference.concluded

    def rules(self, keys: Iterable[str]) -> list[Node]:
        return [self.tracer.rule(key) for key in keys]


def explain(found: Examination, name: str) -> Explanation:
    """Explain how an id turned out.

    Args:
        found: The run.
        name: A diagnosis, decision, rule, checklist item, erratum or fact.

    Raises:
        UnknownId: Nothing has this id.
    """
    tracer = Tracer(found)
    kind = kind_of(name, found.context.base)
    explained = _BY_KIND[kind](name, _Scope(found, tracer, Gaps(tracer)))
    return explained.model_copy(update={"run": found.run})


def _diagnosis(name: str, scope: _Scope) -> Explanation:
    conclusion = Concluded(ConclusionKind.DIAGNOSIS, name)
    reached = next((item for item in scope.found.plan.diagnoses if item.id == name), None)
    if reached is None:
        return _not_reached(conclusion, scope, "diagnosis", scope.base.diagnoses[name].title)
    return Explanation(
        id=name,
        kind="diagnosis",
        title=reached.title,
        outcome="concluded",
        severity=reached.severity,
        certainty=reached.certainty,
        why=reached.why,
        proofs=scope.rules([reached.rule, *reached.supported_by]),
        reversed_by=reached.reversed_by,
        weakened_by=reached.weakened_by,
        sources=reached.sources,
    )


def _decision(name: str, scope: _Scope) -> Explanation:
    conclusion = Concluded(ConclusionKind.DECISION, name)
    title = scope.base.decisions[name].title
    if not scope.reached(conclusion):
        return _not_reached(conclusion, scope, "decision", title, "not_proposed")
    taken = next((item for item in scope.found.plan.decisions if item.id == name), None)
    set_aside = [item for item in scope.found.plan.set_aside if item.id == name]
    keys = list(dict.fromkeys([*([taken.rule] if taken else []), *scope.found.inference.by.get(conclusion, ())]))
    return Explanation(
        id=name,
        kind="decision",
        title=taken.title if taken else title,
        outcome="taken" if taken else "set_aside",
        priority=taken.priority if taken else None,
        why=taken.why if taken else _why(keys, scope),
        proofs=scope.rules(keys),
        set_aside=set_aside,
        against=_against(set_aside, scope),
        reversed_by=Reversals(scope.found.inference, scope.base).of(conclusion),
        sources=taken.sources if taken else _sources(keys, scope),
    )


def _against(set_aside: Iterable[SetAside], scope: _Scope) -> list[Node]:
    """The proofs of what set a decision aside: a veto, or another decision; a rule for the same decision stands among its own proofs."""
    shown: dict[str, Node] = {}
    for item in set_aside:
        if item.by.startswith("veto:"):
            shown[item.by] = scope.tracer.rule(item.by)
        elif item.by != item.id:
            shown[item.by] = scope.tracer.conclusion(Concluded(ConclusionKind.DECISION, item.by), wanted=True)
    return list(shown.values())


def _check(name: str, scope: _Scope) -> Explanation:
    item = next(item for item in scope.found.plan.checklist if item.id == name)
    keys = [rule.id for rule in scope.base.rules.values() if rule.kind == "check" and rule.concludes == name]
    decided = _STATUSES.get(item.status)
    proving = scope.found.inference.by.get(Concluded(decided, name), ()) if decided else ()
    waiting = [f"{key}#pass" for key in keys if f"{key}#pass" in scope.found.inference.program.implications]
    return Explanation(
        id=name,
        kind="check",
        title=item.title,
        outcome=item.status,
        why=_why(keys, scope),
        proofs=scope.rules(proving),
        nearest=[] if decided else scope.gaps.of_rules(waiting),
        reversed_by=Reversals(scope.found.inference, scope.base).of(Concluded(decided, name)) if decided else [],
        sources=_sources(keys, scope),
    )


def _rule(name: str, scope: _Scope) -> Explanation:
    rule = scope.base.rules[name]
    if rule.kind == "check":
        return _check(rule.concludes, scope).model_copy(update={"id": name, "kind": "rule", "sources": _sources([name], scope)})
    inference = scope.found.inference
    outcome: Outcome = "silent"
    if name in inference.program.implications:
        outcome = "fired" if name in inference.fired else "open" if inference.truth(name) is None else "not_fired"
    return Explanation(
        id=name,
        kind="rule",
        title=_title(name, scope),
        outcome=outcome,
        why=_why([name], scope) if outcome == "fired" else None,
        proofs=scope.rules([name]) if outcome == "fired" else [],
        nearest=scope.gaps.of_rules([name]) if outcome in ("open", "not_fired") else [],
        reversed_by=Reversals(inference, scope.base).of_proof(inference.fired[name]) if outcome == "fired" else [],
        sources=_sources([name], scope),
    )


def _fact(name: str, scope: _Scope) -> Explanation:
    known = name in scope.found.context.facts
    return Explanation(
        id=name,
        kind="fact",
        title=scope.base.vocabulary[name].title,
        outcome="known" if known else "unknown",
        proofs=[scope.tracer.fact(name)],
        missing=[] if known else scope.gaps.missing(name),
        used_by=uses_of(name, scope.found),
    )


def _erratum(name: str, scope: _Scope) -> Explanation:
    spec = scope.base.errata[name]
    cited = any(item.id == name for item in scope.found.plan.errata)
    citing = [rule.id for rule in scope.base.rules.values() if name in rule.spec.errata]
    keys = [key for key in (f"erratum:{name}", *citing, *(f"{key}#fail" for key in citing)) if key in scope.found.inference.program.implications]
    return Explanation(
        id=name,
        kind="erratum",
        title=spec.claim,
        outcome="cited" if cited else "not_cited",
        why=spec.correction,
        proofs=scope.rules(key for key in keys if key in scope.found.inference.fired),
        nearest=[] if cited else scope.gaps.of_rules(keys),
        sources=scope.found.context.sources([spec.source, *spec.sources]),
    )


def _not_reached(conclusion: Concluded, scope: _Scope, kind: Kind, title: Text, outcome: Outcome = "not_concluded") -> Explanation:
    nearest = scope.gaps.of_conclusion(conclusion)
    is_open = any(not item.different for item in nearest)
    sources = _sources((item.rule for item in nearest), scope)
    return Explanation(id=conclusion.id, kind=kind, title=title, outcome="open" if is_open else outcome, nearest=nearest, sources=sources)


def _title(name: str, scope: _Scope) -> Text:
    rule = scope.base.rules[name]
    match rule.kind:
        case "diagnosis":
            return scope.base.diagnoses[rule.concludes].title
        case "decision":
            return scope.base.decisions[rule.concludes].title
    return scope.base.vocabulary[rule.concludes].title


def _why(rules: Iterable[str], scope: _Scope) -> Text | None:
    """What the first of some rules says, with this run's numbers."""
    context = scope.found.context
    values = {name: spoken_value(name, value, context) for name, value in context.facts.items()}
    for spec in (scope.base.rules[name].spec for name in rules):
        params = candidate(spec, context.facts).params if isinstance(spec, DecisionRule) else {}
        return spec.why.filled({**values, **{f"params.{name}": value for name, value in params.items()}})
    return None


def _sources(keys: Iterable[str], scope: _Scope) -> list[Source]:
    ids = (source for key in keys for source in scope.base.rules[rule_of(key)].spec.sources)
    return scope.found.context.sources(dict.fromkeys(ids))


_BY_KIND: Mapping[Kind, Callable[[str, _Scope], Explanation]] = {
    "diagnosis": _diagnosis,
    "decision": _decision,
    "check": _check,
    "rule": _rule,
    "fact": _fact,
    "erratum": _erratum,
}
