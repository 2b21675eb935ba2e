"""One id of one run explained: its proof down to the facts, or what keeps it from being reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from advise.conditions import Concluded, ConclusionKind
from advise.explain.numbers import numbers_of
from advise.explain.records import Explanation, Kind, Node, Outcome, RuleNode
from advise.explain.scope import Scope
from advise.explain.usage import uses_of
from advise.knowledge.entries import kind_of, title_of
from advise.plan.build import level_text
from advise.plan.examination import Examination
from advise.plan.model import SetAside
from advise.terms import EntryKind
from advise.text import Text

_STATUSES: Mapping[str, ConclusionKind] = {
    "pass": ConclusionKind.CHECK_PASSED,
    "fail": ConclusionKind.CHECK_FAILED,
    "not_applicable": ConclusionKind.CHECK_IDLE,
}


def explain(found: Examination, name: str) -> Explanation:
    """Explain how an id turned out.

    Args:
        found: The run.
        name: A diagnosis, decision, rule, checklist item, erratum or fact.

    Raises:
        UnknownNameError: Nothing has this id.
    """
    explained = _BY_KIND[kind_of(name, found.context.base, _BY_KIND)](name, Scope(found))
    base = found.context.base
    remarks = [level_text(level, base) for level in base.levels if name in (level.rule, base.rules[level.rule].concludes)]
    return explained.model_copy(update={"run": found.run, "remarks": [*remarks, *_records(name, explained.proofs, Scope(found))]})


def _records(name: str, proofs: Iterable[Node], scope: Scope) -> Iterator[Text]:
    """How often the rules that speak of it were right: the one that was asked for, else those that reached it here."""
    rules = [name] if name in scope.base.rules else [node.rule for node in proofs if isinstance(node, RuleNode)]
    for rule in rules:
        record = scope.base.record_text(rule)
        if record is not None:
            yield scope.base.strings["explain_record"].filled({"rule": rule, "record": record})


def _diagnosis(name: str, scope: Scope) -> Explanation:
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


def _decision(name: str, scope: Scope) -> Explanation:
    conclusion = Concluded(ConclusionKind.DECISION, name)
    title = scope.base.decisions[name].title
    if not scope.reached(conclusion):
        return _not_reached(conclusion, scope, "decision", title, "not_proposed")
    taken = next((item for item in scope.found.plan.decisions if item.id == name), None)
    set_aside = [item for item in scope.found.plan.set_aside if item.id == name]
    waiting = [item.candidate for item in scope.found.outcome.waiting if item.candidate.rule.concludes == name]
    keys = list(dict.fromkeys([*([taken.rule] if taken else []), *scope.found.inference.by.get(conclusion, ())]))
    return Explanation(
        id=name,
        kind="decision",
        title=taken.title if taken else title,
        outcome="taken" if taken else "asks" if waiting else "set_aside",
        priority=taken.priority if taken else None,
        why=taken.why if taken else scope.why(keys),
        numbers=list(numbers_of(taken, scope.found)) if taken else [],
        proofs=scope.rules(keys),
        missing=[item for proposal in waiting for fact in proposal.waits_for for item in scope.gaps.missing(fact)],
        set_aside=set_aside,
        against=_against(set_aside, scope),
        reversed_by=scope.reversals.of(conclusion),
        sources=taken.sources if taken else scope.sources(keys),
    )


def _against(set_aside: Iterable[SetAside], scope: Scope) -> list[Node]:
    """The proofs of what set a decision aside: a veto, a setting that it would move wrongly, or another decision.

    A rule for the same decision stands among its own proofs; an earlier round proves itself.
    """
    shown: dict[str, Node] = {}
    for item in set_aside:
        if item.by in scope.found.inference.program.implications:
            shown[item.by] = scope.tracer.rule(item.by)
        elif item.by in scope.base.vocabulary:
            shown[item.by] = scope.tracer.fact(item.by)
        elif item.by != item.id and item.by in scope.base.decisions:
            shown[item.by] = scope.tracer.conclusion(Concluded(ConclusionKind.DECISION, item.by), wanted=True)
    return list(shown.values())


def _check(name: str, scope: Scope) -> Explanation:
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
        why=scope.why(keys),
        proofs=scope.rules(proving),
        nearest=[] if decided else scope.gaps.of_rules(waiting),
        reversed_by=scope.reversals.of(Concluded(decided, name)) if decided else [],
        sources=scope.sources(keys),
    )


def _rule(name: str, scope: Scope) -> Explanation:
    rule = scope.base.rules[name]
    if rule.kind == "check":
        return _check(rule.concludes, scope).model_copy(update={"id": name, "kind": "rule", "sources": scope.sources([name])})
    inference = scope.found.inference
    outcome: Outcome = "silent"
    if name in inference.program.implications:
        outcome = "fired" if name in inference.fired else "open" if inference.truth(name) is None else "not_fired"
    return Explanation(
        id=name,
        kind="rule",
        title=title_of("rule", name, scope.base),
        outcome=outcome,
        why=scope.why([name]) if outcome == "fired" else None,
        proofs=scope.rules([name]) if outcome == "fired" else [],
        nearest=scope.gaps.of_rules([name]) if outcome in ("open", "not_fired") else [],
        reversed_by=scope.reversals.of_proof(inference.fired[name]) if outcome == "fired" else [],
        sources=scope.sources([name]),
    )


def _fact(name: str, scope: Scope) -> Explanation:
    known = name in scope.found.context.facts
    disagreeing = [key for item in scope.found.inference.contradictions if item.fact == name for _, keys in item.concluded for key in keys]
    return Explanation(
        id=name,
        kind="fact",
        title=scope.base.vocabulary[name].title,
        outcome="known" if known else "unknown",
        proofs=[scope.tracer.fact(name), *scope.rules(disagreeing)],
        missing=[] if known else scope.gaps.missing(name),
        used_by=uses_of(name, scope.found),
    )


def _erratum(name: str, scope: Scope) -> Explanation:
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


def _not_reached(conclusion: Concluded, scope: Scope, kind: Kind, title: Text, outcome: Outcome = "not_concluded") -> Explanation:
    nearest = scope.gaps.of_conclusion(conclusion)
    # What differs by an interval alone may still turn out as it would have to be.
    if any(all(node.holds is None for node in item.different) for item in nearest):
        outcome = "open"
    elif all(item.concludes != conclusion for item in scope.found.inference.program.implications.values()):
        outcome = "silent"
    sources = scope.sources(item.rule for item in nearest)
    return Explanation(id=conclusion.id, kind=kind, title=title, outcome=outcome, nearest=nearest, sources=sources)


_BY_KIND: Mapping[EntryKind, Callable[[str, Scope], Explanation]] = {
    "diagnosis": _diagnosis,
    "decision": _decision,
    "checklist": _check,
    "rule": _rule,
    "fact": _fact,
    "erratum": _erratum,
}
