"""Every run of the corpus by its name."""

from __future__ import annotations

import faults_evaluation
import faults_generalisation
import faults_implementation
import faults_learning
import faults_numerics
import faults_pipeline
import faults_schedule
import faults_stability
import healthy
from recipe import Recipe

_PARTS = (
    faults_stability,
    faults_numerics,
    faults_learning,
    faults_implementation,
    faults_generalisation,
    faults_schedule,
    faults_evaluation,
    faults_pipeline,
    healthy,
)

RECIPES: dict[str, Recipe] = {name: recipe for part in _PARTS for name, recipe in part.RUNS.items()}
