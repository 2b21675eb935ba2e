"""From a comparison to facts, by `kb/comparison.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from advise.experiments.compare.comparison import Comparison
from advise.experiments.compare.sample import Sample
from advise.facts.fitting import fitting
from advise.facts.record import Fact, Observed, Origin
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.comparison import ComparisonSpec
from advise.terms import Finding
from advise.text import Text, Value, show


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller states beside the scores.

    Attributes:
        n_dev: Samples of the dev set.
        complexity: What the new configuration adds to keep up: a value of its fact.
        worth: The smallest gain worth having, in the unit of the metric.
    """

    n_dev: int | None = None
    complexity: Value | None = None
    worth: float | None = None


def observed_of(
    comparison: Comparison, sides: tuple[Sample, Sample], sampling_error: float | None, options: Options, base: KnowledgeBase, spec: ComparisonSpec
) -> Observed:
    """What a comparison observes.

    Args:
        comparison: The figures.
        sides: The baseline and the new configuration, where the figures come from.
        sampling_error: Of the dev metric; None where it is not known.
        options: What the caller states.
        base: The vocabulary, and the phrases.
        spec: The fact behind each output.
    """
    scores = f"{_place(sides[0])}, {_place(sides[1])}"
    given: dict[str, tuple[Value | None, str]] = {
        "gain": (comparison.gain, scores),
        "trial_std": (comparison.trial_std, scores),
        "seeds_base": (comparison.base.runs, _place(sides[0])),
        "seeds_new": (comparison.new.runs, _place(sides[1])),
        "gain_error": (comparison.gain_error, scores),
        "freedom": (comparison.freedom, scores),
        "critical": (comparison.critical, scores),
        "needed_gain": (comparison.needed_gain, scores),
        "seeds_needed": (comparison.seeds_needed, scores),
        "sampling_error": (sampling_error, "--n-dev"),
        "n_dev": (options.n_dev, "--n-dev"),
        "complexity": (options.complexity, "--complexity"),
        "worthwhile_gain": (options.worth, "--worth"),
    }
    said: dict[str, Value] = {
        "seeds": comparison.base.runs + comparison.new.runs,
        "level": f"{spec.level:.0%}",
        "power": f"{spec.power:.0%}",
        "n_dev": options.n_dev or 0,
    }
    facts = {fact.name: fact for fact in _facts(given, said, base, spec)}
    return Observed(facts, findings=tuple(_remarks(comparison, sides, base.strings)))


def with_stated(measured: Observed, stated: Observed, base: KnowledgeBase) -> Observed:
    """Both together; what a person states wins, and where it contradicts a figure that is said."""
    overridden = []
    for name, fact in stated.facts.items():
        other = measured.facts.get(name)
        if other is not None and other.value != fact.value:
            values = {"fact": name, "stated": show(fact.value), "measured": show(other.value), "where": str(other.origin)}
            overridden.append(Finding.model_construct(text=base.strings["stated_wins"].filled(values), origin=str(fact.origin)))
    findings = (*measured.findings, *stated.findings, *overridden)
    return replace(stated, facts={**measured.facts, **stated.facts}, findings=findings)


def _facts(given: Mapping[str, tuple[Value | None, str]], said: Mapping[str, Value], base: KnowledgeBase, spec: ComparisonSpec) -> Iterator[Fact]:
    for output, bound in spec.gives.items():
        value, place = given[output]
        fitted = None if value is None else fitting(_rounded(value), base.vocabulary[bound.fact])
        if fitted is not None:
            yield Fact(bound.fact, fitted, Origin(place, how="measured"), bound.how.filled(said))


def _rounded(value: Value) -> Value:
    # Twelve digits, as of derived facts: the difference of 0.915 and 0.912 is 0.003 to whoever reads it.
    return float(f"{value:.12g}") if isinstance(value, float) else value


def _place(sample: Sample) -> str:
    """Where the scores of a side stand."""
    files = sample.files
    if len(files) > 1:
        return f"{files[0]} … {files[-1]}"
    lines = [score.line for score in sample.scores if score.line]
    return f"{files[0]}:{min(lines)}-{max(lines)}" if lines else files[0]


def _remarks(comparison: Comparison, sides: tuple[Sample, Sample], strings: Mapping[str, Text]) -> Iterator[Finding]:
    if not comparison.pairs and all(side.seeds is not None for side in sides):
        yield Finding.model_construct(text=strings["compare_seeds_differ"], origin=_place(sides[1]))
    for sample in sides:
        if len(set(sample.values)) == 1:
            yield Finding.model_construct(text=strings["compare_uneven"], origin=_place(sample))
