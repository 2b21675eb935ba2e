"""Reading both sides of a comparison: numbers, tables of runs, logs and run directories, in any mixture."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from advise.documents.decode import MAX_BYTES
from advise.documents.problems import Problem
from advise.errors import InputError, ScoresError, UnreadableError
from advise.experiments.compare.runs import runs_in, score_of_run
from advise.experiments.compare.sample import Sample, Score, Take, variance
from advise.experiments.compare.scores import MOST_SCORES, direction_of, is_table_of_runs, number, scores_of
from advise.experiments.tables import ENDINGS, Grid, read_grid
from advise.knowledge.comparison import ComparisonSpec
from advise.runlog.readers.open import is_log
from advise.terms import Direction

if TYPE_CHECKING:
    from advise.advisor import Advisor

_NUMBERS = re.compile(r"[-+.0-9einfa\s,:]+", re.IGNORECASE)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller says of the scores.

    Attributes:
        metric: The column that decides; None to find it.
        direction: Whether more is better; None to go by the name of the metric.
        take: Of a training log, whether the best value counts or the last.
    """

    metric: str | None = None
    direction: Direction | None = None
    take: Take = "best"


def read_sides(base: Sequence[str], new: Sequence[str], asked: Asked, advisor: Advisor, spec: ComparisonSpec) -> tuple[Sample, Sample, Direction]:
    """Read both sides, and see that they can be compared.

    Args:
        base: The baseline: numbers such as `0.912,0.915` or `seed:score` pairs, tables of runs, logs, directories of runs.
        new: The candidate, likewise.
        asked: What the caller says of the scores.
        advisor: Reads logs, and knows what columns are called.
        spec: How a comparison is held.

    Raises:
        ScoresError: A side cannot be read or holds too little; every problem of both is listed.
    """
    problems: list[Problem] = []
    sides = []
    for side, sources in (("BASE", base), ("NEW", new)):
        try:
            sample = _sample(side, sources, asked, advisor, spec)
            problems += _too_few(sample)
            sides.append(sample)
        except InputError as error:
            problems += error.problems
    if problems:
        raise ScoresError(problems)
    first, second = sides
    direction = _direction(first, second, asked, advisor, spec)
    _check_together(first, second)
    return first, second, direction


def _sample(side: str, sources: Sequence[str], asked: Asked, advisor: Advisor, spec: ComparisonSpec) -> Sample:
    sample = Sample(side, ())
    for source in sources:
        part = _part(side, source, asked, advisor, spec)
        sample = replace(
            sample,
            scores=sample.scores + part.scores,
            metric=sample.metric or part.metric,
            direction=sample.direction or part.direction,
        )
        if len(sample.scores) > MOST_SCORES:
            raise ScoresError([Problem(side, 0, 0, f"at most {MOST_SCORES} scores a side can be compared", "")])
    return sample


def _part(side: str, source: str, asked: Asked, advisor: Advisor, spec: ComparisonSpec) -> Sample:
    if not os.path.exists(source):
        return Sample(side, tuple(_inline(side, source)))
    # What is no regular file, such as a pipe, may never end.
    grid = _grid(source) if os.path.isfile(source) and source.lower().endswith((*ENDINGS, ".txt")) else None
    if isinstance(grid, Grid) and is_table_of_runs(grid, advisor.knowledge, spec):
        metric, scores = scores_of(grid, asked.metric, advisor.knowledge, spec)
        return Sample(side, scores, metric)
    if not os.path.isdir(source) and not is_log(source):
        message = "is neither a table of runs (CSV, JSON or JSON lines with a row a run) nor a training log"
        wrong = Problem(source, 0, 0, message, "")
        raise ScoresError([replace(grid, message=f"{message}: {grid.message}") if isinstance(grid, Problem) else wrong])
    ended = [score_of_run(run, advisor, spec, asked.take, asked.metric, asked.direction) for run in runs_in(source)]
    return Sample(side, tuple(score for _, _, score in ended), ended[0][0] if ended else None, ended[0][1] if ended else None)


def _inline(side: str, text: str) -> Iterator[Score]:
    if not _NUMBERS.fullmatch(text) or not any(character.isdigit() for character in text):
        raise ScoresError([Problem(text, 0, 0, "is neither a file nor a directory nor numbers such as 0.912,0.915", "")])
    for piece in text.split(","):
        seed, colon, score = piece.strip().rpartition(":")
        value = number(score.strip())
        if isinstance(value, str):
            raise ScoresError([Problem(side, 1, text.index(piece) + 1, value, text, max(1, len(piece)))])
        yield Score(value, side, 0, seed if colon else None)


def _grid(path: str) -> Grid | Problem:
    """The table in a file, or why it is none."""
    try:
        return read_grid(path, MAX_BYTES)
    except UnreadableError as refusal:
        return refusal.problem
    except OSError as error:
        raise ScoresError([Problem(path, 0, 0, f"cannot be read: {error.strerror or error}", "")]) from error


def _too_few(sample: Sample) -> Iterator[Problem]:
    count = len(sample.scores)
    if count < _FEWEST:
        place = sample.scores[0].origin if sample.scores else sample.side
        runs = "one run" if count else "no run"
        message = f"{sample.side} has {runs}: a single run shows no spread between seeds, so no gain can be told from luck"
        yield Problem(place, 0, 0, message, "", accepted="at least 2 runs a side, better 3 to 5, which differ in the seed only")


def _direction(base: Sample, new: Sample, asked: Asked, advisor: Advisor, spec: ComparisonSpec) -> Direction:
    if asked.direction is not None:
        return asked.direction
    metric = asked.metric or new.metric or base.metric
    named = None if metric is None else direction_of(metric, advisor.knowledge, spec)
    found = named or base.direction or new.direction
    if found is None:
        called = f"of `{metric}`" if metric else "of these scores"
        message = f"nothing says whether more or less is better {called}"
        raise ScoresError(
            [Problem("--direction", 0, 0, message, "", accepted="--direction max or min, or --metric with a name such as accuracy or loss")]
        )
    return found


def _check_together(base: Sample, new: Sample) -> None:
    if base.metric and new.metric and base.metric != new.metric:
        message = f"the two sides are scored by different columns, `{base.metric}` and `{new.metric}`: name one with --metric"
        raise ScoresError([Problem(new.scores[0].origin, 0, 0, message, "")])
    shared = {(score.file, score.line) for score in base.scores if score.line} & {(score.file, score.line) for score in new.scores if score.line}
    if shared:
        file, line = min(shared)
        raise ScoresError([Problem(file, line, 1, "this run stands on both sides, so they are not independent", "")])
    if all(len(set(side.values)) == 1 or variance(side.values) == 0 for side in (base, new)):
        message = "the scores of a side are all equal: the seed takes no effect, or the scores are rounded, so the spread between seeds is not known"
        raise ScoresError([Problem(new.scores[0].origin, 0, 0, message, "")])
