"""One run of the corpus, from its recipe to its folder."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import torch
from recipe import Recipe
from recipes import RECIPES
from record import Record
from setup_facts import write_facts
from training import sessions

_MOST_TRIES = 200


def reseeded(recipe: Recipe, fresh: int) -> Recipe:
    """The same training on other data, from other weights, in another order."""
    return replace(recipe, seed=recipe.seed + 7919 * fresh, before=tuple(reseeded(earlier, fresh) for earlier in recipe.before))


def trained(recipe: Recipe) -> tuple[Recipe, list[Record]]:
    """The recipe and its records, from the first seed with which its fault takes place."""
    for attempt in range(_MOST_TRIES):
        tried = replace(recipe, seed=recipe.seed + 104_729 * attempt)
        records = sessions(tried)
        if recipe.occurs is None or recipe.occurs(records):
            return tried, records
    raise RuntimeError(f"the fault took place with none of {_MOST_TRIES} seeds")


def generate(out: Path, fresh: int, name: str) -> tuple[str, float]:
    """Trains the run, writes its log and facts, and returns its name and the seconds that it took."""
    torch.set_num_threads(1)
    began = time.perf_counter()
    recipe, records = trained(reseeded(RECIPES[name], fresh))
    folder = out / name
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    write_facts(folder, recipe, recipe.write(folder, records))
    return name, time.perf_counter() - began
