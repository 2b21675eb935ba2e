"""The next round as a program: an Optuna study over the new space, with a quasi-random or a Bayesian sampler."""

from __future__ import annotations

from collections.abc import Sequence

from advise.experiments.study.next_space import NextRange
from advise.experiments.study.study import Study
from advise.experiments.study.values import is_finite

_MOST_KNOWN = 50


def snippet(study: Study, space: Sequence[NextRange], *, bayesian: bool, trials: int) -> str:
    """A program that runs the next round; only the training itself is left to write.

    Names and values are written as Python literals, so nothing in them can be taken for code.

    Args:
        study: The round that ended.
        space: Of the next one.
        bayesian: Whether to search on with a model of the trials so far, instead of spreading trials evenly.
        trials: How many.
    """
    direction = "maximize" if study.direction == "up" else "minimize"
    return "\n".join(
        [
            "import optuna",
            "",
            "",
            "def suggest(trial):",
            "    return {",
            *(f"        {_literal(each.name)}: {_suggestion(each)}," for each in space),
            "    }",
            "",
            "",
            "def objective(trial):",
            f"    return train(suggest(trial))  # your own training; it returns {_comment(study.read.objective)}",
            "",
            "",
            *(_bayesian(study, space, direction) if bayesian else _quasi_random(direction)),
            f"study.optimize(objective, n_trials={trials})",
        ]
    )


def _quasi_random(direction: str) -> list[str]:
    return [
        'sampler = optuna.samplers.QMCSampler(qmc_type="sobol", scramble=True, seed=0)',
        f'study = optuna.create_study(direction="{direction}", sampler=sampler)',
    ]


def _bayesian(study: Study, space: Sequence[NextRange], direction: str) -> list[str]:
    known = [_known(study, int(index), space) for index in study.ranked if _within(study, int(index), space)][:_MOST_KNOWN]
    return [
        "sampler = optuna.samplers.TPESampler(multivariate=True, n_startup_trials=0, seed=0)",
        f'study = optuna.create_study(direction="{direction}", sampler=sampler)',
        "distributions = {",
        *(f"    {_literal(each.name)}: {_distribution(each)}," for each in space if len(each.choices) != 1),
        "}",
        "# What the trials so far showed, inside the new space.",
        "known = [",
        *(f"    {each}," for each in known),
        "]",
        "for params, value in known:",
        "    study.add_trial(optuna.trial.create_trial(params=params, distributions=distributions, value=value))",
    ]


def _suggestion(each: NextRange) -> str:
    if len(each.choices) == 1:
        return f"{_literal(each.choices[0])}"
    if each.choices:
        return f"trial.suggest_categorical({_literal(each.name)}, {_literal(list(each.choices))})"
    kind = "int" if each.is_whole else "float"
    return f"trial.suggest_{kind}({_literal(each.name)}, {_bounds(each)})"


def _distribution(each: NextRange) -> str:
    if each.choices:
        return f"optuna.distributions.CategoricalDistribution({_literal(list(each.choices))})"
    kind = "Int" if each.is_whole else "Float"
    return f"optuna.distributions.{kind}Distribution({_bounds(each)})"


def _bounds(each: NextRange) -> str:
    low, high = (int(each.low), int(each.high)) if each.is_whole else (each.low, each.high)
    return f"{low!r}, {high!r}{', log=True' if each.is_log else ''}"


def _within(study: Study, index: int, space: Sequence[NextRange]) -> bool:
    settings = study.trials[index].settings
    return all(_fits(settings.get(each.name), each) for each in space if len(each.choices) != 1)


def _fits(value: object, each: NextRange) -> bool:
    if each.choices:
        return value in each.choices
    return is_finite(value) and isinstance(value, int | float) and each.low <= value <= each.high


def _known(study: Study, index: int, space: Sequence[NextRange]) -> str:
    trial = study.trials[index]
    params = {each.name: trial.settings[each.name] for each in space if len(each.choices) != 1}
    whole = {each.name for each in space if each.is_whole}
    typed = {name: int(value) if name in whole else value for name, value in params.items()}
    return f"({_literal(typed)}, {trial.value!r})"


def _literal(value: object) -> str:
    return ascii(value)


def _comment(text: str) -> str:
    """A name inside a comment: on one line, and nothing that could end it."""
    return ascii(text)[1:-1]
