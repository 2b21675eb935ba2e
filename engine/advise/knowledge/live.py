"""The shape of `kb/live.yaml`: what is seen inside a training loop, and the facts that follow."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from advise.knowledge.comparison import Output
from advise.knowledge.rule import Shape
from advise.knowledge.vocabulary import KnownFact

Name = Annotated[str, Field(min_length=1, max_length=100)]
Expected = Literal["logits", "probabilities", "log_probabilities", "values"]


class LiveFile(Shape):
    """`kb/live.yaml`; names are those of PyTorch.

    Attributes:
        gives: The fact behind each output of the observer.
        losses: What each loss function expects as its first argument.
        classed: Loss functions whose targets are numbers of classes.
        activations: What a node of the autograd graph computes.
        passes: Nodes that hand values on as they are.
        normalizations: The kind of normalisation that a module does.
        units: What an activation is called that is a module.
        rectifiers: Modules whose outputs are 0 where a unit is dead.
        saturating: Modules whose outputs stand at a bound where a unit is saturated, with the bounds.
        precisions: What a data type is called.
        settings: How attributes of an optimizer's group are called among hyperparameters.
    """

    gives: dict[Output, KnownFact] = {}
    losses: dict[Name, Expected] = {}
    classed: list[Name] = []
    activations: dict[Name, Name] = {}
    passes: list[Name] = []
    normalizations: dict[Name, Name] = {}
    units: dict[Name, Name] = {}
    rectifiers: list[Name] = []
    saturating: dict[Name, tuple[float, float]] = {}
    precisions: dict[Name, Name] = {}
    settings: dict[Name, Name] = {}
