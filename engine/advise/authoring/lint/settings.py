"""What a decision rule sets: its params, and the lines of its config."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from advise.knowledge.rule import DecisionRule, FactOperand, ParamOperand, ParamValue

# A number or word, or the name of the fact whose value is taken.
Setting = Hashable


def params_of(spec: DecisionRule) -> Mapping[str, Setting]:
    """The params of a rule by name."""
    return {name: _setting(value) for name, value in spec.params.items()}


def config_of(spec: DecisionRule) -> Mapping[str, tuple[int, Setting]]:
    """The index of the config line for each key, and what the line sets it to."""
    params = params_of(spec)
    return {
        line.key: (index, params.get(line.to.param) if isinstance(line.to, ParamOperand) else _setting(line.to))
        for index, line in enumerate(spec.config)
    }


def _setting(value: ParamValue) -> Setting:
    if isinstance(value, FactOperand):
        return ("fact", value.fact)
    return ("value", tuple(value) if isinstance(value, list) else (isinstance(value, bool), value))
