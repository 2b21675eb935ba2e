from __future__ import annotations

import contextlib
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.documents.located import ScalarNode
from advise.documents.problems import Problem
from advise.documents.scalars import resolve
from advise.errors import FactValueError
from advise.facts.check import MAX_ITEMS, MAX_TEXT, check_value
from advise.facts.record import Observed
from advise.knowledge.vocabulary import FactSpec, FactType
from advise.text import Text
from advise.uncertain import Measured

Read = Callable[..., Observed]
Refused = Callable[..., tuple[Problem, ...]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("clip.rate: 1", 1.0),
        ("clip.rate: -0.0", 0.0),
        ("clip.rate: 1e-5", 1e-5),
        ("optimizer.weight_decay: 1e300", 1e300),
        ("batch.size: 200.0", 200),
        ("batch.size: 1e4", 10_000),
        ("batch.size: 0x10", 16),
        ("batch.size: 9223372036854775807", 2**63 - 1),
        ("early_stopping.enabled: yes", True),
        ("early_stopping.enabled: On", True),
        ("early_stopping.enabled: OFF", False),
        ("early_stopping.enabled: no", False),
        ("early_stopping.enabled: False", False),
        ("schedule.kind: none", "none"),
        ("schedule.kind: 'cosine'", "cosine"),
        ("optimizer.name: no", "no"),
        ("optimizer.name: '1'", "1"),
        ("optimizer.name: |\n  AdamW", "AdamW"),
        ("milestones.steps: [1, 2e3]", (1, 2000)),
        ("milestones.steps: []", ()),
        ("milestones.rates: [1, 0.1]", (1.0, 0.1)),
        ("milestones.names: [a, '1']", ("a", "1")),
    ],
)
def test_accepted(read: Read, text: str, value: object) -> None:
    (fact,) = read(text).facts.values()
    assert fact.value == value
    assert type(fact.value) is type(value)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("clip.rate: 0.90 ± 0.01", (0.9, 0.89, 0.91)),
        ("clip.rate: 0.9±1e-2", (0.9, 0.89, 0.91)),
        ("clip.rate: '0.90 +/- 0.01'", (0.9, 0.89, 0.91)),
        ("clip.rate: 0.90 +- 0.2", (0.9, 0.7, 1.0)),
        ("clip.rate: {value: 0.90, low: 0.5, high: 0.91}", (0.9, 0.5, 0.91)),
        ("clip: {rate: {value: 0.90, low: 0.5, high: 0.91}}", (0.9, 0.5, 0.91)),
        ("facts: {clip.rate: 0.90}\nintervals: {clip.rate: [0.5, 0.91]}", (0.9, 0.5, 0.91)),
        ("facts: {clip.rate: 0.90}\nintervals: {clip: {rate: [0.5, null]}}", (0.9, 0.5, 1.0)),
        ('{"clip.rate": {"low": 0.5, "value": 0.9, "high": 0.91}}', (0.9, 0.5, 0.91)),
    ],
)
def test_a_number_may_be_stated_with_its_uncertainty(read: Read, text: str, ends: tuple[float, float, float]) -> None:
    (fact,) = read(text).facts.values()
    assert isinstance(fact.value, Measured)
    assert (float(fact.value), fact.value.low, fact.value.high) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("batch.size: 200 ± 1", "must be a whole number"),
        ("clip.rate: 0.9 ± 2", "must be in [0, 1]"),
        ("clip.rate: 1.9 ± 0.1", "must be in [0, 1]"),
        ("clip.rate: {low: 0.1, high: 0.2}", "lacks a part"),
        ("clip.rate: {value: 0.3, low: 0.1, high: 0.2}", "must lie between its ends"),
        ("clip.rate: {value: 0.3, low: 0.1, height: 0.2}", "has no `height`"),
        ("facts: {clip.rate: 0.3}\nintervals: {clip.rate: [0.1]}", "lies between two"),
        ("facts: {clip.rate: 0.3}\nintervals: {clip.rate: [0.4, 0.5]}", "must lie between its ends"),
        ("facts: {batch.size: 3}\nintervals: {batch.size: [2, 5]}", "lies between two"),
        ("facts: {}\nintervals: {clip.rate: [0.1, 0.2]}", "no value among the facts"),
        ("facts: {}\nintervals: 3", "gives facts their ends"),
        ("clip.rate: {value: 0.3, low: a, high: 0.2}", "must be a number"),
    ],
)
def test_an_uncertainty_that_makes_no_sense_is_refused(refused: Refused, text: str, message: str) -> None:
    (problem,) = refused(text)
    assert message in problem.message


def test_minus_zero_is_zero(read: Read) -> None:
    assert math.copysign(1, float(str(read("clip.rate: -0.0").facts["clip.rate"].value))) == 1


FINITE = "that something is not finite has a fact of its own"
WRONG = {
    "clip.rate: 3.0": "must be in [0, 1], got 3.0 (3 % is written 0.03)",
    "clip.rate: -1": "must be in [0, 1], got -1",
    "lr.peak: 0": "must be in (0, 10), got 0",
    "lr.peak: 10": "must be in (0, 10), got 10",
    "lr.current: -1e-9": "must be at least 0, got -1e-9",
    "clip.threshold: 0.0": "must be above 0, got 0.0",
    "optimizer.adam.beta1: 1": "must be in [0, 1), got 1",
    "lr.peak: abc": "must be a number, got the word `abc`",
    "lr.peak: '0.1'": "must be a number, got text `0.1`: leave the quotes out",
    "lr.peak: 1_000": "must be a number, got the word `1_000`: write the digits without separators",
    "clip.rate: 85%": "must be a number, got the word `85%`: write it as the fraction 0.85",
    "lr.peak: 1e-4s": "must be a number, got the word `1e-4s`",
    "lr.peak: no": "must be a number, got the word `no`",
    "lr.peak: true": "must be a number, got true",
    "lr.peak: [1]": "must be a number, got a list",
    "lr.peak: {a: 1}": "must be a number, got a mapping",
    "lr.peak: .nan": f"must be finite, got .nan: {FINITE}",
    "lr.peak: NaN": f"must be a number, got the word `NaN`: {FINITE}",
    "lr.peak: -.inf": f"must be finite, got -.inf: {FINITE}",
    "lr.peak: 1e999": f"must be finite, got 1e999: {FINITE}",
    f"lr.peak: {'9' * 350}": f"must be finite, got {'9' * 60}…: {FINITE}",
    "batch.size: 1.5": "must be a whole number, got 1.5",
    "batch.size: 0": "must be at least 1, got 0",
    "batch.size: 9223372036854775808": "must be a whole number below 2^63, got 9223372036854775808",
    "batch.size: 1e30": "must be a whole number below 2^63, got 1e30",
    "batch.size: eight": "must be a whole number, got the word `eight`",
    "early_stopping.enabled: 1": "must be true or false, got 1",
    "early_stopping.enabled: 'yes'": "must be true or false, got text `yes`",
    "early_stopping.enabled: 'true'": "must be true or false, got text `true`: leave the quotes out",
    "early_stopping.enabled: yEs": "must be true or false, got the word `yEs`",
    "schedule.kind: kosine": "must be one of its 3 values, got the word `kosine`",
    "schedule.kind: 1": "must be one of its 3 values, got 1",
    "schedule.kind: [cosine]": "must be one of its values, got a list",
    "optimizer.name: 1": "must be text, got 1: put it in quotes",
    "optimizer.name: ' '": "must not be empty",
    'optimizer.name: "a\\e[31m"': "must be one line of printable text, got the character U+001B",
    "optimizer.name: |\n  a\n  b": "must be one line of printable text, got the character U+000A",
    'optimizer.name: "a\\u202eb"': "must be one line of printable text, got the character U+202E",
    f"optimizer.name: {'x' * 501}": f"must have at most {MAX_TEXT} characters, got 501",
    "milestones.steps: 5": "must be a list, such as [1, 2], got 5",
    "milestones.steps: [1, 2.5]": "must be a whole number, got 2.5",
    "milestones.steps: [1, -2]": "must be at least 0, got -2",
    "milestones.steps: [1, unknown]": "is a list in which nothing can be unknown",
    "milestones.rates: [[1]]": "must be a number, got a list",
    f"milestones.rates: [{'1,' * 1001}]": f"must have at most {MAX_ITEMS} items, got 1001",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items())
def test_refused(refused: Refused, text: str, message: str) -> None:
    (problem,) = refused(text)
    assert problem.message == f"`{text.partition(':')[0]}` {message}"


def test_the_wrong_item_is_pointed_at(refused: Refused) -> None:
    (problem,) = refused("milestones.steps: [1, 22.5]")
    assert (problem.column, problem.width) == (23, 4)


@pytest.mark.parametrize(
    ("written", "meant"), [("kosine", "cosine"), ("Constant", "constant"), ("余弦", "cosine"), ("Cosine Decay", "cosine"), ("xyz", None)]
)
def test_values_of_an_enum_are_listed(refused: Refused, written: str, meant: str | None) -> None:
    (problem,) = refused(f"schedule.kind: {written}")
    assert problem.accepted == "constant, cosine, none"
    assert problem.nearest == meant


BOUND = st.none() | st.floats(-100, 100)


@given(st.floats(-150, 150), BOUND, BOUND, BOUND, BOUND)
def test_bounds(value: float, low: float | None, high: float | None, above: float | None, below: float | None) -> None:
    text = Text(en="x", zh="某")
    spec = FactSpec(type=FactType.NUMBER, min=low, max=high, above=above, below=below, title=text, prompt=text, observe=text)
    within = all([low is None or low <= value, high is None or value <= high, above is None or above < value, below is None or value < below])
    node = ScalarNode(1, 1, 1, value, repr(value), quoted=False)
    if within:
        assert check_value(node, spec) == value
    else:
        with pytest.raises(FactValueError, match="must be "):
            check_value(node, spec)


@given(st.sampled_from([kind for kind in FactType if kind is not FactType.ENUM]), st.text(), st.booleans())
def test_any_word_is_accepted_or_refused(kind: FactType, word: str, quoted: bool) -> None:
    text = Text(en="x", zh="某")
    node = ScalarNode(1, 1, 1, word if quoted else resolve(word), word, quoted)
    with contextlib.suppress(FactValueError):
        assert isinstance(check_value(node, FactSpec(type=kind, title=text, prompt=text, observe=text)), bool | int | float | str)
