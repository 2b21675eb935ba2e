"""Feeds broken facts files to the reader for as long as it is told.

    python bench/fuzz_facts.py --seconds 60

Starts from the facts files of examples/ and tests/bad/facts/, and from bytes and from the vocabulary's own names at random. Every input has to become
facts, or located problems that can be rendered; whatever else happens is printed with the seed that repeats it, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from advise.documents.problems import MAX_PROBLEMS, Problem, render
from advise.errors import FactsError
from advise.facts.read import read_all
from advise.knowledge.load import load_knowledge
from advise.knowledge.vocabulary import FactSpec, FactType, Vocabulary

ROOT = Path(__file__).parents[1]
SYNTAX = [*":-?[]{},&*!|>'\"%@`#~=<.\\\t\n\r\0\x85\u2028\ufeff\u202e中", ": ", "- ", "\n  ", "---\n", "...\n", "<<: ", "&a ", "*a", "!!int "]
NUMBERS = ["0", "1", "0.5", "12", "-1", "1e-5", "1e999", "9" * 5000, "0x" + "f" * 400, ".nan", "-.inf", "NaN", "50%", "1_000"]
SCALARS = [*NUMBERS, "yes", "No", "true", "null", "unknown", "'1'", '"\\ud800"']
ENCODINGS = ["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030", "utf-32"]
Maker = Callable[[Random], bytes]


def from_bytes(rng: Random) -> bytes:
    return rng.randbytes(rng.randrange(200))


def from_syntax(rng: Random) -> bytes:
    return "".join(rng.choice([*SYNTAX, *SCALARS, "a", " "]) for _ in range(rng.randrange(60))).encode()


def mutating(corpus: Sequence[bytes]) -> Maker:
    def make(rng: Random) -> bytes:
        text = rng.choice(corpus).decode(errors="replace")
        for _ in range(rng.randint(1, 6)):
            start = rng.randrange(len(text) + 1)
            end = min(len(text), start + rng.choice((0, 0, 1, 2, 10, 80)))
            moved = text[end : end + rng.randrange(60)]
            text = text[:start] + rng.choice([rng.choice(SYNTAX), rng.choice(SCALARS), moved, moved * 3, ""]) + text[end:]
        data = bytearray(text.encode(rng.choice(ENCODINGS)))
        for _ in range(rng.choice((0, 0, 0, 1, 5))):
            data[rng.randrange(len(data)) if data else 0 : 1] = rng.randbytes(1)
        return bytes(data)

    return make


def stating(vocabulary: Vocabulary) -> Maker:
    names = [*vocabulary.specs]

    def make(rng: Random) -> bytes:
        chosen = rng.sample(names, rng.randrange(30))
        return "\n".join(f"{_respelt(name, rng)}: {_value(vocabulary[name], rng)}" for name in chosen).encode()

    return make


def _respelt(name: str, rng: Random) -> str:
    return name.replace(".", rng.choice((":\n  ", "_", "..")), 1) if rng.random() < 0.02 else name


def _value(spec: FactSpec, rng: Random) -> str:
    if rng.random() < 0.02:
        return rng.choice([*SCALARS, "[1, 2]", "{a: 1}", ""])
    words = [*spec.values] or (["yes", "false"] if spec.type is FactType.BOOLEAN else ["adam"] if spec.type is FactType.TEXT else ["1"])
    return f"[{rng.choice(words)}]" if spec.type.endswith("s") else rng.choice(words)


def outcome(data: bytes, path: Path, vocabulary: Vocabulary) -> str:
    """What became of an input."""
    path.write_bytes(data)
    problems: tuple[Problem, ...] = ()
    try:
        observed = read_all([path], vocabulary)
    except FactsError as error:
        problems = error.problems
    else:
        assert set(observed.facts) <= set(vocabulary.specs)
        return "accepted with facts" if observed.facts else "accepted without facts"
    assert 1 <= len(problems) <= MAX_PROBLEMS
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)
    render(problems).encode()
    return "refused with one problem" if len(problems) == 1 else "refused with several problems"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0, help="of the first input; each next one is one higher")
    arguments = parser.parse_args()
    vocabulary = load_knowledge().vocabulary
    corpus = [path.read_bytes() for pattern in ("examples/**/*.yaml", "tests/bad/facts/*.bad.*") for path in sorted(ROOT.glob(pattern))]
    makers = [from_bytes, from_syntax, mutating(corpus), mutating(corpus), stating(vocabulary)]
    counts: Counter[str] = Counter()
    slowest, seed, until = (0.0, 0), arguments.seed, time.monotonic() + arguments.seconds
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < until:
            rng = Random(seed)
            data = rng.choice(makers)(rng)
            start = time.perf_counter()
            try:
                counts[outcome(data, Path(folder, rng.choice(("f.yaml", "f.yaml", "f.json"))), vocabulary)] += 1
            except Exception:
                counts["FAILED"] += 1
                print(f"seed {seed}: {data!r}\n{traceback.format_exc()}")
            slowest = max(slowest, (time.perf_counter() - start, seed))
            seed += 1
    print(f"{counts.total():>9,} inputs, the slowest in {slowest[0] * 1e3:.1f} ms (seed {slowest[1]})")
    for name, count in counts.most_common():
        print(f"{count:>9,} {name}")
    return 1 if counts["FAILED"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
