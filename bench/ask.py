"""How long `advise ask` takes from an answer to the next question, over a whole interview with the whole knowledge base.

    python bench/ask.py --answers 400

What is timed is what a person waits for: the answer is parsed, saved, reasoned over, what follows from it is shown, and the next question is
laid out. Answers are drawn at random within the bounds of each fact, so that many rules fire. Prints a table in milliseconds. Writing the file,
which includes waiting for the disk, is part of the whole and told apart: it is as fast as the disk.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import ClassVar

from advise.advisor import Advisor
from advise.interview import store
from advise.interview.interview import Interview
from advise.interview.pages import Pages
from advise.interview.whole_file import WholeFile
from advise.knowledge.vocabulary import FactSpec, FactType
from advise.render.text import as_text
from advise.render.voice import Voice

BOUND = 50.0


def typed(spec: FactSpec, rng: Random) -> str:
    """An answer as a person could type it."""
    match spec.type:
        case FactType.BOOLEAN:
            return rng.choice(("y", "n"))
        case FactType.ENUM:
            return str(rng.randrange(len(spec.values)) + 1)
        case FactType.TEXT | FactType.TEXTS:
            return "as in the paper"
    low = spec.min if spec.above is None else spec.above
    high = spec.max if spec.below is None else spec.below
    low = 0.0 if low is None else low
    high = max(low + 2, 100.0) if high is None else high
    whole = spec.type in (FactType.INTEGER, FactType.INTEGERS)
    return str(rng.randint(int(low) + 1, max(int(high), int(low) + 1))) if whole else repr(low + (high - low) * (0.05 + 0.9 * rng.random()))


class TimedFile(WholeFile):
    """A file that keeps how many milliseconds its writes took."""

    taken: ClassVar[list[float]] = []

    def write(self, data: bytes | None) -> None:
        start = time.perf_counter()
        super().write(data)
        self.taken.append((time.perf_counter() - start) * 1e3)


def interview(path: Path, count: int, rng: Random) -> dict[str, list[float]]:
    """Hold an interview of at most `count` answers.

    Returns:
        The milliseconds of each step of each answer.
    """
    store.WholeFile = TimedFile
    session = Interview(Advisor(engine="plain"), path)
    pages = Pages(session, Voice(session.base.strings, "both"))
    as_text(pages.opening(), 100, colour=True)
    gc.freeze()  # as the command does
    taken: dict[str, list[float]] = defaultdict(list)
    taken["the whole"], taken["of it, writing the file"], taken["the whole but that"] = [], TimedFile.taken, []
    question = next(session.questions(), None)
    while question is not None and len(taken["the whole"]) < count:
        text = typed(session.base.vocabulary[question.fact], rng)
        marks = [time.perf_counter()]
        answered = session.answer({question.fact: session.parsed(question.fact, text)})
        marks.append(time.perf_counter())
        as_text(pages.answered(answered), 100, colour=True)
        marks.append(time.perf_counter())
        question = next(session.questions(), None)
        marks.append(time.perf_counter())
        if question is not None:
            as_text(pages.question(question), 100, colour=True)
        marks.append(time.perf_counter())
        steps = ("save and reason", "show what follows", "choose the next question", "show it")
        for name, before, after in zip(steps, marks, marks[1:], strict=False):
            taken[name].append((after - before) * 1e3)
        taken["the whole"].append((marks[-1] - marks[0]) * 1e3)
        taken["the whole but that"].append(taken["the whole"][-1] - TimedFile.taken[-1])
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        taken = interview(Path(folder) / "facts.yaml", options.answers, Random(options.seed))
    over = sum(value > BOUND for value in taken["the whole"])
    print(f"{len(taken['the whole'])} answers; the bound is {BOUND:g} ms, which {over} of them took longer than.\n")
    print("| from an answer to the next question | median ms | 95 % ms | max ms |\n|---|---|---|---|")
    for name, values in taken.items():
        print(f"| {name} | {statistics.median(values):.1f} | {statistics.quantiles(values, n=20)[-1]:.1f} | {max(values):.1f} |")


if __name__ == "__main__":
    main()
