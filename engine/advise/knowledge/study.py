"""The shape of `kb/study.yaml`: what hyperparameters are called, how a study is read, and which fact is measured how on its trials."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from advise.knowledge.catalog import Slug
from advise.knowledge.measures import Constant, Parameter
from advise.knowledge.roles import KnownRole, Words
from advise.knowledge.rule import Shape
from advise.knowledge.vocabulary import KnownFact
from advise.text import Text

Picture = Literal["axes", "isolation", "curves"]
Purpose = Literal["scientific", "nuisance", "fixed"]


class StudyMeasure(Shape):
    """One measure on the trials of a study, and the facts that it gives.

    Attributes:
        id: Its name.
        measure: The function, by name.
        facts: The fact behind each of its parameters: stated, or measured further up; it is not asked where one of them is unknown.
        parameters: Its constants (`with`).
        reasons: Why each constant is what it is.
        gives: The fact behind each of its outputs.
        how: How the value came about; `{count}` is how many trials it rests on.
        picture: The picture that shows it.
    """

    id: Slug
    measure: Parameter
    facts: dict[Parameter, KnownFact] = {}
    parameters: dict[Parameter, Constant | list[Words]] = Field(default={}, alias="with")
    reasons: dict[Parameter, str] = {}
    gives: dict[Parameter, KnownFact]
    how: Text
    picture: Picture | None = None


class Objective(Shape):
    """How the deciding column of a table of trials is found.

    Attributes:
        roles: The roles that can decide, the first that is there.
        names: What the deciding column is called where nothing else says what it measures.
    """

    roles: list[KnownRole] = []
    names: list[Words] = []


class Columns(Shape):
    """What the columns of a table of trials are.

    Attributes:
        results: Roles of columns that came out of a trial, by their first part; these are no hyperparameters.
        others: Names of columns that are neither: ids, times, hosts.
        settings: What stands before the name of a hyperparameter, as in `params_lr`.
        state: What the column is called that says how a trial ended.
        states: How a trial ended, by the words that tools use.
        files: What files hold the hyperparameters of a run, most telling first.
    """

    results: list[str] = []
    others: list[Words] = []
    settings: list[str] = []
    state: list[Words] = []
    states: dict[str, Literal["finished", "failed", "pruned", "running"]] = {}
    files: list[str] = []


class Scales(Shape):
    """How the scale of a hyperparameter is told where nobody declared it.

    Attributes:
        log: Names of hyperparameters that work by factors.
        wide: Values that span this factor can be on a log scale.
        reasons: Why each constant is what it is.
    """

    log: list[Words] = []
    wide: float = Field(default=10.0, gt=1)
    reasons: dict[str, str] = {}


class Hopeless(Shape):
    """Which finite objectives are so bad that the trial has failed.

    Attributes:
        gap: A gap this many times as wide as everything above it sets trials apart.
        better: How many trials there must be above it.
        reasons: Why each constant is what it is.
    """

    gap: float = Field(default=3.0, gt=0)
    better: int = Field(default=3, ge=2)
    reasons: dict[str, str] = {}


class NextRound(Shape):
    """How the search space and the size of the next round follow from this one.

    Attributes:
        factor: A bound on a log scale moves by this factor.
        part: A bound on a linear scale moves by this part of the range.
        margin: When the good region is searched on, this part of the range is added on both sides of it.
        good_share: The share of the trials that make up the good region.
        trials: How many trials a round has at least.
        reasons: Why each constant is what it is.
    """

    factor: float = Field(default=10.0, gt=1)
    part: float = Field(default=0.5, gt=0)
    margin: float = Field(default=0.1, ge=0)
    good_share: float = Field(default=0.25, gt=0, le=1)
    trials: int = Field(default=20, ge=1)
    reasons: dict[str, str] = {}


class StudyFile(Shape):
    """`kb/study.yaml`; a measure may use the facts of those above it.

    Attributes:
        objective: How the deciding column is found.
        columns: What the other columns are.
        scales: How scales are told.
        hopeless: Which trials failed although they ended with a number.
        next_round: How the next round follows from this one.
        purposes: The names of hyperparameters by what they are for, where nobody declared it.
        traces: Words that a sampler or pruner leaves in a database, and the fact and value that they tell.
        measures: Which fact is measured how.
    """

    objective: Objective = Objective()
    columns: Columns = Columns()
    scales: Scales = Scales()
    hopeless: Hopeless = Hopeless()
    next_round: NextRound = NextRound()
    purposes: dict[Purpose, list[Words]] = {}
    traces: dict[str, dict[KnownFact, str]] = {}
    measures: list[StudyMeasure] = []
