import inspect
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advise.knowledge.load import load_knowledge
from advise.runlog.measures.registry import MEASURES, readings
from advise.runlog.series.record import Curve, Saved

MEASURED = load_knowledge().measures.measures
NUMBERS = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0.0, 1.0, 1.0, 2.0]), st.floats(0, 5))


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    values = draw(st.lists(NUMBERS, min_size=1, max_size=60))
    gaps = draw(st.lists(st.integers(1, 50), min_size=len(values), max_size=len(values)))
    column, direction = draw(st.sampled_from(["a", "b", "c"])), draw(st.sampled_from(["up", "down", None]))
    steps = np.cumsum(np.array(gaps, dtype=np.float64)) - draw(st.integers(0, 1))
    return Curve("role", column, "log.csv", "", steps, np.array(values, dtype=np.float64), np.arange(1, len(values) + 1), direction)


def test_every_measure_is_bound_and_every_binding_fits_its_function() -> None:
    assert {measure.measure for measure in MEASURED} == MEASURES.keys()
    for measure in MEASURED:
        parameters = inspect.signature(MEASURES[measure.measure]).parameters
        saved = [] if measure.checkpoints is None else [measure.checkpoints]
        given_here = {*measure.of, *measure.facts, *saved, *measure.parameters}
        assert given_here <= parameters.keys(), measure.id
        needed = {name for name, parameter in parameters.items() if parameter.default is inspect.Parameter.empty}
        assert needed <= given_here, measure.id
        assert measure.parameters.keys() == measure.reasons.keys(), measure.id


@pytest.mark.parametrize("measure", MEASURED, ids=lambda measure: measure.id)
@settings(max_examples=20)
@given(
    drawn=st.lists(curves(), min_size=5, max_size=5),
    budget=st.sampled_from([0.5, 10.0, 1e6]),
    places=st.lists(st.one_of(st.floats(-10, 3_000), st.just(math.nan)), min_size=1, max_size=5),
)
def test_any_curve_gives_finite_values_or_none(measure: object, drawn: Sequence[Curve], budget: float, places: Sequence[float]) -> None:
    arguments: dict[str, object] = {}
    if measure.checkpoints is not None:  # type: ignore[attr-defined]
        arguments[measure.checkpoints] = [Saved(f"run/{at}", str(at), at, None, None, at > 9, at < 9, 1e9) for at in places]  # type: ignore[attr-defined]
    for number, (parameter, role) in enumerate(measure.of.items()):  # type: ignore[attr-defined]
        arguments[parameter] = drawn[number] if isinstance(role, str) else tuple(drawn)
    for parameter in measure.facts:  # type: ignore[attr-defined]
        arguments[parameter] = {"direction": "maximize", "before": None}.get(parameter, budget)
    for reading in readings(measure.measure, {**arguments, **measure.parameters}).values():  # type: ignore[attr-defined]
        assert not isinstance(reading.value, float) or math.isfinite(reading.value)
        assert type(reading.value) in (bool, int, float, str)
        # What rests on a name has no line.
        assert 0 <= reading.first <= reading.last
        assert reading.first >= 1 or measure.checkpoints is not None  # type: ignore[attr-defined]
        assert reading.count >= 1
