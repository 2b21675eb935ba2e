"""Measures `advise study`: what it finds in simulated studies, what it says of AlgoPerf's, and how fast it is.

    .venv/bin/python bench/study.py [--studies 200] [--only simulated|algoperf|speed]

Simulated studies have a quadratic loss in two to four hyperparameters out of four, over a shifted lattice, plus noise. Planted are a best point
beyond a bound, failures beyond a place, and nuisance hyperparameters that decide everything. `found` is the share of studies in which the planted
fact is reported with its hyperparameter and side; `false` the share of studies, without anything planted, in which something is reported.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from advise import Advisor
from advise.experiments.study.parameter import parameters_of
from advise.experiments.study.read import Asked, read_study
from advise.experiments.study.record import Declared, Trial, Trials
from advise.experiments.study.run import observed
from advise.experiments.study.study import Study, hopeless_among
from advise.facts.record import Observed
from advise.knowledge.base import KnowledgeBase

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "algoperf"
NAMES = ("lr", "weight_decay", "dropout", "warmup")
ACTIVATIONS = ("relu", "gelu", "silu")
SPACE = {
    "lr": Declared(1e-5, 1e-1, True),
    "weight_decay": Declared(1e-6, 1e-2, True),
    "dropout": Declared(0.0, 0.5, False),
    "warmup": Declared(0.0, 0.2, False),
    "activation": Declared(choices=ACTIVATIONS, role="scientific"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=200, help="simulated studies of each kind")
    parser.add_argument("--only", choices=("simulated", "algoperf", "speed"))
    asked = parser.parse_args()
    advisor = Advisor(engine="plain")
    if asked.only in (None, "simulated"):
        simulated(asked.studies, advisor.knowledge)
    if asked.only in (None, "algoperf"):
        algoperf(advisor)
    if asked.only in (None, "speed"):
        speed()


def simulated(studies: int, base: KnowledgeBase) -> None:
    print("| planted | trials | noise | found | false |")
    print("|---|---|---|---|---|")
    kinds: dict[str, Callable[..., tuple[Study, bool]]] = {
        "edge": edge,
        "infeasible end": infeasible,
        "nuisance dominance": dominance,
        "coupled pair": coupled,
    }
    for kind, make in kinds.items():
        for trials, noise in ((20, 0.1), (30, 0.1), (50, 0.1), (50, 0.3), (100, 0.3)):
            generator = np.random.default_rng(trials + int(100 * noise))
            found = [make(generator, trials, noise, True, base)[1] for _ in range(studies)]
            false = [make(generator, trials, noise, False, base)[1] for _ in range(studies)]
            print(f"| {kind} | {trials} | {noise:.0%} | {np.mean(found):.1%} | {np.mean(false):.1%} |", flush=True)


def edge(generator: np.random.Generator, trials: int, noise: float, planted: bool, base: KnowledgeBase) -> tuple[Study, bool]:
    best, weights = bowl(generator)
    side = "high" if generator.random() < 0.5 else "low"
    if planted:
        weights[0], best[0] = 1.0, generator.uniform(1.05, 1.4) if side == "high" else generator.uniform(-0.4, -0.05)
    study = made(generator, trials, noise, base, best, weights)
    facts = measured(study, base)
    if not planted:
        return study, facts.get("search.best_at_edge") is True
    return study, (facts.get("search.edge_parameter"), facts.get("search.edge_side")) == ("lr", side)


def infeasible(generator: np.random.Generator, trials: int, noise: float, planted: bool, base: KnowledgeBase) -> tuple[Study, bool]:
    best, weights = bowl(generator)
    side, limit = ("high" if generator.random() < 0.5 else "low"), generator.uniform(0.2, 0.4)

    def fails(place: np.ndarray) -> bool:
        if planted:
            return bool(place[0] > 1 - limit if side == "high" else place[0] < limit)
        return bool(generator.random() < limit)

    study = made(generator, trials, noise, base, best, weights, fails=fails)
    facts = measured(study, base)
    if not planted:
        return study, facts.get("search.infeasible_side") in ("low", "high")
    return study, (facts.get("search.infeasible_parameter"), facts.get("search.infeasible_side")) == ("lr", side)


def dominance(generator: np.random.Generator, trials: int, noise: float, planted: bool, base: KnowledgeBase) -> tuple[Study, bool]:
    best, weights = bowl(generator)
    weights[0] = 1.0
    by_choice = np.array([0.0, 0.02, 0.0]) if planted else np.array([0.0, 0.6, 1.2])
    if not planted:
        weights *= 0.4
    study = made(generator, trials, noise, base, best, weights, by_choice=by_choice)
    facts = measured(study, base)
    nuisance, scientific = facts.get("search.nuisance_share"), facts.get("search.scientific_share")
    return study, isinstance(nuisance, float) and isinstance(scientific, float) and nuisance >= 0.5 and scientific < 0.1


def coupled(generator: np.random.Generator, trials: int, noise: float, planted: bool, base: KnowledgeBase) -> tuple[Study, bool]:
    best, weights = bowl(generator)
    weights[:2] = 1.0
    best[:2] = 0.5
    study = made(generator, trials, noise, base, best, weights, cross=1.2 if planted else 0.0)
    facts = measured(study, base)
    if not planted:
        return study, "search.coupled_first" in facts
    return study, (facts.get("search.coupled_first"), facts.get("search.coupled_second")) == ("lr", "weight_decay")


def bowl(generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Where the loss is least, inside the space, and how much each hyperparameter matters; some do not."""
    weights = generator.uniform(0.3, 1.0, len(NAMES)) * (generator.random(len(NAMES)) < 0.6)
    if not weights.any():
        weights[1] = 1.0
    return generator.uniform(0.25, 0.75, len(NAMES)), weights


def made(
    generator: np.random.Generator,
    trials: int,
    noise: float,
    base: KnowledgeBase,
    best: np.ndarray,
    weights: np.ndarray,
    *,
    fails: Callable[[np.ndarray], bool] = lambda _: False,
    by_choice: np.ndarray | None = None,
    cross: float = 0.0,
) -> Study:
    places = lattice(generator, trials, len(NAMES))
    choices = generator.integers(0, len(ACTIVATIONS), trials)
    loss = ((places - best) ** 2) @ weights + cross * (places[:, 0] - best[0]) * (places[:, 1] - best[1])
    if by_choice is not None:
        loss = loss + by_choice[choices] * np.std(loss)
    loss = loss + noise * np.std(loss) * generator.standard_normal(trials)
    made_trials = []
    for index in range(trials):
        settings: dict[str, object] = {name: at(SPACE[name], places[index, place]) for place, name in enumerate(NAMES)}
        if by_choice is not None:
            settings["activation"] = ACTIVATIONS[choices[index]]
        failed = fails(places[index])
        made_trials.append(
            Trial(str(index), index + 1, settings, None if failed else float(loss[index]), "failed" if failed else "finished", "simulated")
        )
    read = Trials("simulated", "simulated", "loss", "down", tuple(made_trials), SPACE)
    limits = base.study.hopeless
    parameters = parameters_of(read.trials, SPACE, (), base.study)
    return Study(read, "down", parameters, hopeless_among(read.trials, "down", limits.gap, limits.better))


def lattice(generator: np.random.Generator, count: int, dimensions: int) -> np.ndarray:
    """An additive lattice with a random shift: as even as a Sobol sequence for this many points."""
    root = 2.0
    for _ in range(40):
        root = (1 + root) ** (1 / (dimensions + 1))
    steps = np.array([root ** -(place + 1) for place in range(dimensions)])
    return (generator.random(dimensions) + np.arange(1, count + 1)[:, None] * steps) % 1


def at(space: Declared, place: float) -> float:
    low, high = space.low or 0.0, space.high or 1.0
    return float(low * (high / low) ** place) if space.log else float(low + (high - low) * place)


def measured(study: Study, base: KnowledgeBase) -> dict[str, object]:
    return {name: fact.value for name, fact in observed(study, Observed({}), base).facts.items()}


def algoperf(advisor: Advisor) -> None:
    """What is said of five trials, against all trials of the workload in the archive."""
    if not DATA.is_dir():
        print("AlgoPerf's runs are not here: ../shared/data/algoperf")
        return
    studies: dict[str, list[tuple[str, Study, set[str], dict[str, object]]]] = defaultdict(list)
    for folder in sorted(path for path in DATA.glob("*/study_*/*") if path.is_dir()):
        if len(list(folder.glob("trial_*"))) < 2:
            continue
        study = read_study(str(folder), Asked(), advisor.knowledge)
        known = observed(study, Observed({}), advisor.knowledge)
        plan = advisor.examine(known).plan
        said = {diagnosis.id for diagnosis in plan.diagnoses} | {decision.id for decision in plan.decisions}
        studies[folder.name].append((str(folder.relative_to(DATA)), study, said, {name: fact.value for name, fact in known.facts.items()}))
    every = [item for items in studies.values() for item in items]
    thin = [bool(said & {"search_undersampled", "search_too_wide_for_trials"}) for _, _, said, _ in every]
    truly = [short_of_archive(study, studies[Path(name).name]) for name, study, _, _ in every]
    agree = [verdict == truth for verdict, truth in zip(thin, truly, strict=True) if truth is not None]
    edges = sum(facts.get("search.best_at_edge") is True for _, _, _, facts in every)
    sides = sum(facts.get("search.infeasible_side") in ("low", "high") for _, _, _, facts in every)
    repeated, failing = failures_repeat(studies)
    print(f"\nAlgoPerf: {len(every)} studies of {len(studies)} workloads, {sum(len(study.trials) for _, study, _, _ in every)} trials\n")
    print("| verdict on five trials | against the whole archive |")
    print("|---|---|")
    right = f"{sum(agree)} of {len(agree)} winners that can be judged are beaten there, change with the seed, or hang on one draw"
    print(f"| too few trials for their hyperparameters: {sum(thin)} of {len(every)} | {right} |")
    print(f"| best at an edge: {edges}; failures at one end: {sides} | five trials can show neither; claims that could be wrong: {edges + sides} |")
    print(f"| trials called infeasible: {failing} | {repeated} of those with a repeat in the other study failed, or ended last, there too |")


def short_of_archive(study: Study, workload: Iterable[tuple[str, Study, set[str], dict[str, object]]]) -> bool | None:
    """Whether a study's winner is not the one to take: the archive has a better trial, the winner changes with the seed, or it hangs on one draw.

    Better is what is better by more than repeats scatter; a winner hangs on its draw if the second best setting is worse by more than that.
    """
    listed = [other for _, other, _, _ in workload]
    spread = repeat_spread(listed)
    if spread is None:
        return None
    best = max(float(other.goodness[other.ranked[0]]) for other in listed)
    own = float(study.goodness[study.ranked[0]])
    sibling = next((other for other in listed if other is not study and settings_of(other) == settings_of(study)), None)
    flips = sibling is not None and dict(sibling.best.settings) != dict(study.best.settings)
    return best - own > spread or flips or lead(study, sibling) > spread


def lead(study: Study, sibling: Study | None) -> float:
    """By how much the best setting leads the second best, over the study and its repeat with another seed."""
    values: dict[str, list[float]] = defaultdict(list)
    for each in (study, sibling):
        for index in () if each is None else each.usable:
            values[json.dumps(dict(each.trials[int(index)].settings), sort_keys=True)].append(float(each.goodness[index]))
    means = sorted((float(np.mean(found)) for found in values.values()), reverse=True)
    return means[0] - means[1] if len(means) > 1 else 0.0


def repeat_spread(studies: list[Study]) -> float | None:
    groups: dict[str, list[float]] = defaultdict(list)
    for study in studies:
        for index in study.usable:
            groups[json.dumps(dict(study.trials[int(index)].settings), sort_keys=True)].append(float(study.goodness[index]))
    repeated = [np.array(values) for values in groups.values() if len(values) > 1]
    freedom = sum(len(values) - 1 for values in repeated)
    return float(np.sqrt(sum(np.sum((values - values.mean()) ** 2) for values in repeated) / freedom)) if freedom >= 3 else None


def settings_of(study: Study) -> set[str]:
    return {json.dumps(dict(trial.settings), sort_keys=True) for trial in study.trials}


def failures_repeat(studies: dict[str, list[tuple[str, Study, set[str], dict[str, object]]]]) -> tuple[str, int]:
    again = judged = failing = 0
    for items in studies.values():
        for _, study, _, _ in items:
            for index in np.flatnonzero(study.failed):
                failing += 1
                wanted = dict(study.trials[int(index)].settings)
                for _, other, _, _ in items:
                    twins = [place for place, trial in enumerate(other.trials) if other is not study and dict(trial.settings) == wanted]
                    for twin in twins:
                        judged += 1
                        again += bool(other.failed[twin]) or twin == int(other.ranked[-1])
    return f"{again} of {judged}", failing


def speed() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "optuna.db"
        write_database(database, trials=10_000)
        print("\n| command, whole process, 10,000 trials with 6 hyperparameters and 10 evaluations each | s (best of 3) |")
        print("|---|---|")
        for form in ("json", "md", "html"):
            command = [sys.executable, "-m", "advise", "study", str(database), "--format", form, "-o", str(Path(folder) / f"out.{form}")]
            print(f"| advise study optuna.db --format {form} | {min(timed(command) for _ in range(3)):.2f} |")


def timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def write_database(path: Path, trials: int) -> None:
    """A database with Optuna's tables, as far as they are read."""
    generator = np.random.default_rng(0)
    spaces = {name: space for name, space in SPACE.items() if space.choices is None}
    spaces |= {"momentum": Declared(0.8, 0.99, False), "label_smoothing": Declared(0.0, 0.3, False)}
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """
            CREATE TABLE studies (study_id INTEGER PRIMARY KEY, study_name TEXT);
            CREATE TABLE study_directions (study_direction_id INTEGER PRIMARY KEY, direction TEXT, study_id INTEGER, objective INTEGER);
            CREATE TABLE study_system_attributes (study_system_attribute_id INTEGER PRIMARY KEY, study_id INTEGER, key TEXT, value_json TEXT);
            CREATE TABLE trials (trial_id INTEGER PRIMARY KEY, number INTEGER, study_id INTEGER, state TEXT);
            CREATE TABLE trial_system_attributes (
                trial_system_attribute_id INTEGER PRIMARY KEY, trial_id INTEGER, key TEXT, value_json TEXT, UNIQUE (trial_id, key));
            CREATE TABLE trial_params (
                param_id INTEGER PRIMARY KEY, trial_id INTEGER, param_name TEXT, param_value REAL, distribution_json TEXT,
                UNIQUE (trial_id, param_name));
            CREATE TABLE trial_values (
                trial_value_id INTEGER PRIMARY KEY, trial_id INTEGER, objective INTEGER, value REAL, value_type TEXT,
                UNIQUE (trial_id, objective));
            CREATE TABLE trial_intermediate_values (
                trial_intermediate_value_id INTEGER PRIMARY KEY, trial_id INTEGER, step INTEGER, intermediate_value REAL,
                intermediate_value_type TEXT, UNIQUE (trial_id, step));
            INSERT INTO studies VALUES (1, 'generated');
            INSERT INTO study_directions VALUES (1, 'MINIMIZE', 1, 0);
            """
        )
        places = lattice(generator, trials, len(spaces))
        loss = 0.3 + (places - 0.6) ** 2 @ np.array([1.0, 0.3, 0.1, 0.0, 0.3, 0.0]) + 0.02 * generator.standard_normal(trials)
        connection.executemany("INSERT INTO trials VALUES (?, ?, 1, 'COMPLETE')", [(index + 1, index) for index in range(trials)])
        connection.executemany(
            "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, 0, ?, 'FINITE')",
            [(index + 1, float(loss[index])) for index in range(trials)],
        )
        rows = [
            (index + 1, name, at(space, places[index, place]), json.dumps(distribution(space)))
            for index in range(trials)
            for place, (name, space) in enumerate(spaces.items())
        ]
        connection.executemany("INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)", rows)
        steps = [(index + 1, step, float(loss[index]) + 0.5 / (step + 1), "FINITE") for index in range(trials) for step in range(10)]
        connection.executemany(
            "INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) VALUES (?, ?, ?, ?)", steps
        )


def distribution(space: Declared) -> dict[str, object]:
    return {"name": "FloatDistribution", "attributes": {"step": None, "low": space.low, "high": space.high, "log": space.log}}


if __name__ == "__main__":
    main()
