"""Feeds broken logs to the readers for as long as it is told.

    nice -n 15 python bench/fuzz_logs.py --seconds 3600

Starts from the samples of the table of formats in tests/, the logs of examples/ and those of ../shared, and breaks them: bytes, numbers, lines,
pieces of one in another, and what stands in `fuzz_logs.yaml`. Every input has to give facts or an error with a place, within bounded time and memory;
whatever else happens is printed with the seed that repeats it (`--seed N --count 1`), its input is kept (`--keep FOLDER`), and the exit code is 1.

A worker takes one input after another, and its parent ends it where an answer is overdue, so that nothing in C can hang the search.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import yaml

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SAMPLE_BYTES = 256 * 1024
TEXT_BYTES = 24 * 1024
# Far above what the slowest input needs on a busy machine.
SECONDS = 30.0
MEMORY = 6 * 1024**3
GROWN = 1024**3
PLANNED = 0.05
NUMBERS = ["1e-400", "9" * 400, "0." + "0" * 400 + "1", "1" * 19]
CONTROLS = [
    "\r",
    "\n",
    "\r\n",
    "\0",
    "\x1b[A",
    "\x1b[2K",
    "\x1b[",
    "\x1b[31m",
    "\b",
    "\f",
    "\v",
    "\x85",
    "\u2028",
    "\ufeff",
    "\u202e",
    "\ud83d",
    "\t",
]
LONG = [" " * 300, *("[" * 3000, "{" * 3000, '{"a":' * 2000, "loss=" * 2000, "1 " * 3000, "a,b," * 3000, "|" * 3000, "'" * 3000)]
PIECES = [*CONTROLS, *LONG]
_NUMBER = re.compile(r"\d[\d.,]*(?:e[-+]?\d+)?")
Broken = Callable[[bytes, Random, Sequence[bytes]], bytes]


def learn() -> None:
    """The words and numbers that are put into logs."""
    known = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    NUMBERS.extend(known["numbers"])
    PIECES.extend(known["pieces"])


def samples() -> list[bytes]:
    """What is broken: each format once, whole or its beginning."""
    learn()
    sys.path[:0] = [str(ROOT / "tests" / "runlog" / "readers")]
    from test_trainers import FORMATS

    found = [text.encode() for text, _ in FORMATS.values()]
    for folder, pattern in (
        (ROOT / "examples" / "logs", "*/log*"),
        (SHARED / "data", "runs/*"),
        (SHARED / "data", "generated/*"),
        (SHARED / "cases", "*/*"),
    ):
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and path.suffix not in (".md", ".yaml"):
                with path.open("rb") as file:
                    found.append(file.read(SAMPLE_BYTES))
    return found


def swap_bytes(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 30, 300))):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def move_piece(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    start, to = rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)
    piece = data[start : start + rng.choice((1, 4, 30, 300, 4000))]
    times = rng.choice((0, 1, 1, 2, 50))
    return data[:to] + piece * times + data[to + rng.choice((0, 0, len(piece))) :]


def cut(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    start, end = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    return rng.choice((data[:end], data[start:], data[start:end], data[:start] + data[end:]))


def splice(data: bytes, rng: Random, corpus: Sequence[bytes]) -> bytes:
    other = rng.choice(corpus)
    place, start = rng.randrange(len(data) + 1), rng.randrange(len(other) + 1)
    return data[:place] + other[start : start + rng.choice((20, 200, 4000, len(other)))] + rng.choice((b"", data[place:]))


def change_numbers(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    share = rng.choice((0.002, 0.02, 0.3))
    return _NUMBER.sub(lambda match: rng.choice(NUMBERS) if rng.random() < share else match[0], _text(data)).encode(errors="replace")


def insert_pieces(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    text = _text(data)
    for _ in range(rng.choice((1, 2, 5, 30))):
        place = rng.randrange(len(text) + 1)
        text = text[:place] + rng.choice((rng.choice(PIECES), rng.choice(NUMBERS))) + text[place + rng.choice((0, 0, 1, 5)) :]
    return text.encode(errors="replace")


def shuffle_lines(data: bytes, rng: Random, corpus: Sequence[bytes]) -> bytes:
    lines = data.split(b"\n")
    if rng.random() < 0.3:
        lines += rng.choice(corpus).split(b"\n")[:200]
    start, end = sorted((rng.randrange(len(lines) + 1), rng.randrange(len(lines) + 1)))
    some = lines[start:end]
    match rng.randrange(4):
        case 0:
            rng.shuffle(some)
        case 1:
            some = some[::-1]
        case 2:
            some = some * 3
        case _:
            some = [b"".join(pair) for pair in zip(some[::2], some[1::2], strict=False)]
    return rng.choice((b"\n", b"\n", b"\r", b"\r\n", b"\n\n", b" ", b"")).join(lines[:start] + some + lines[end:])


def encode(data: bytes, rng: Random, _: Sequence[bytes]) -> bytes:
    return _text(data).encode(rng.choice(("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "gb18030")), errors="replace")


def compress(data: bytes, rng: Random, corpus: Sequence[bytes]) -> bytes:
    import gzip

    packed = gzip.compress(data, 1)
    return swap_bytes(packed, rng, corpus) if rng.random() < 0.3 else cut(packed, rng, corpus) if rng.random() < 0.3 else packed


def _text(data: bytes) -> str:
    return data[:TEXT_BYTES].decode(errors="replace")


BREAKS: tuple[Broken, ...] = (swap_bytes, move_piece, cut, splice, change_numbers, change_numbers, insert_pieces, insert_pieces, shuffle_lines)


def made(seed: int, corpus: Sequence[bytes]) -> bytes:
    """The input of a seed."""
    rng = Random(seed)
    data = rng.choice(corpus)
    if rng.random() < 0.8:
        data = data[:TEXT_BYTES]
    for _ in range(rng.choice((1, 1, 2, 4))):
        data = rng.choice(BREAKS)(data, rng, corpus)
    last = rng.random()
    return encode(data, rng, corpus) if last < 0.03 else compress(data, rng, corpus) if last < 0.06 else data


def work(pipe: Connection, folder: str) -> None:
    """Answer one seed after another: how it went, how long it took, how much memory was ever used, and what was raised."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    from advise import Advisor
    from advise.documents.problems import render
    from advise.errors import InputError

    # A warning of NumPy is a line of noise on the user's terminal.
    warnings.simplefilter("error", RuntimeWarning)
    corpus, advisor, path = samples(), Advisor(), Path(folder, "train.log")
    pipe.send("ready")
    while (seed := pipe.recv()) is not None:
        path.write_bytes(made(seed, corpus))
        began, raised, kind = time.perf_counter(), "", ""
        try:
            facts = advisor.observe(path)
            kind = "facts" if facts.facts else "read, without a fact"
            if Random(seed).random() < PLANNED:
                advisor.advise(path)
        except InputError as error:
            kind = type(error).__name__
            render(error.problems).encode()
            if not error.problems or not all(problem.file for problem in error.problems):
                raised = "an error without a place"
        except BaseException:
            kind, raised = "FAILED", traceback.format_exc()
        pipe.send((kind, time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, raised))


class Worker:
    """A process that answers seeds, renewed where it died, hung or grew."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._start()

    def _start(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=work, args=(theirs, self._folder), daemon=True)
        self._process.start()
        self._pipe.recv()
        self._peak = 0

    def answer(self, seed: int) -> tuple[str, float, str]:
        """How it went, in how many seconds, and what is wrong about it."""
        self._pipe.send(seed)
        try:
            if not self._pipe.poll(SECONDS):
                return self._renewed("HUNG", f"no answer within {SECONDS:g} s")
            kind, seconds, peak, raised = self._pipe.recv()
        except EOFError:
            return self._renewed("DIED", f"the process ended with code {self._process.exitcode}")
        grown, self._peak = peak - self._peak, peak
        if grown > GROWN:
            return self._renewed("GREW", f"{grown / 1024**2:,.0f} MiB more were used")
        return kind, seconds, raised

    def close(self) -> None:
        self._pipe.send(None)
        self._process.join()

    def _renewed(self, kind: str, raised: str) -> tuple[str, float, str]:
        self._process.kill()
        self._process.join()
        self._start()
        return kind, SECONDS, raised


def seeds(first: int, count: int | None, seconds: float) -> Iterator[int]:
    until, seed = time.monotonic() + seconds, first
    while (count is None or seed < first + count) and time.monotonic() < until:
        yield seed
        seed += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0, help="of the first input; each next one is one higher")
    parser.add_argument("--count", type=int, help="end after so many inputs")
    parser.add_argument("--keep", type=Path, help="keep inputs that failed in this folder")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    failed, slowest, corpus = 0, (0.0, 0), samples()
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(folder)
        for seed in seeds(options.seed, options.count, options.seconds):
            kind, seconds, raised = worker.answer(seed)
            counts[kind] += 1
            slowest = max(slowest, (seconds, seed))
            if raised:
                failed += 1
                print(f"seed {seed}: {kind}\n{raised}", flush=True)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{seed}.log").write_bytes(made(seed, corpus))
        worker.close()
    print(f"{counts.total():>9,} inputs from {len(corpus)} samples, the slowest in {slowest[0]:.1f} s (seed {slowest[1]})")
    for name, count in counts.most_common():
        print(f"{count:>9,} {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
