"""A log of any length in bounded memory."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from advise.live.watch.excerpt import Excerpt


def rows(first: int, last: int) -> list[bytes]:
    return [f"step {number} loss {1 / number:.4f}".encode() for number in range(first, last + 1)]


def test_a_short_log_is_kept_whole() -> None:
    excerpt = Excerpt()
    excerpt.take(rows(1, 100))
    assert excerpt.written() == b"\n".join([*rows(1, 100), b""])
    assert excerpt.is_whole
    assert excerpt.number_of(37) == 37


def test_a_long_one_keeps_what_is_rare_and_of_the_rest_every_so_many() -> None:
    excerpt = Excerpt(200_000)
    evaluations = []
    for block in range(200):
        excerpt.take(rows(block * 500 + 1, block * 500 + 500))
        evaluations.append(f"epoch {block} val loss 0.5 val acc 0.7".encode())
        excerpt.take(evaluations[-1:])
    written = excerpt.written().split(b"\n")
    assert sum(map(len, written)) <= 220_000
    steps = [int(line.split()[1]) for line in written[100:] if line.startswith(b"step")]
    # An evaluation is the last line here; where a row is, it stays whatever its place.
    assert steps[-1] > 100_000 - 64
    (distance,) = {after - before for before, after in pairwise(steps)}
    assert distance in (16, 32, 64)
    assert [line for line in written if line.startswith(b"epoch")] == evaluations
    assert not excerpt.is_whole


def test_each_line_keeps_its_number() -> None:
    excerpt = Excerpt(50_000)
    excerpt.take(rows(1, 20_000))
    for place, line in enumerate(excerpt.written().split(b"\n")[:-1], start=1):
        assert line == rows(excerpt.number_of(place), excerpt.number_of(place))[0]


def test_what_a_progress_bar_has_shown_counts() -> None:
    excerpt = Excerpt()
    assert excerpt.written(b"1/10 loss 2.0\r2/10 loss 1.9\r3/10 lo") == b"1/10 loss 2.0\r2/10 loss 1.9"
    assert excerpt.written(b"step 3 lo") == b""


def test_a_line_of_many_states_keeps_its_last() -> None:
    excerpt = Excerpt()
    excerpt.take([b"\r".join(f"{number}/100000 loss {1 / number:.5f}".encode() for number in range(1, 100_001))])
    (line, _) = excerpt.written().split(b"\n")
    assert len(line) <= 64 * 1024
    assert line.rpartition(b"\r")[2].startswith(b"100000/100000")


def test_the_newest_line_stays_whatever_its_place() -> None:
    excerpt = Excerpt(50_000)
    for last in range(20_000, 20_020):
        excerpt.take(rows(excerpt.count + 1, last))
        written = excerpt.written().split(b"\n")[:-1]
        assert written[-1] == rows(last, last)[0]
        assert excerpt.number_of(len(written)) == last


def test_where_no_line_is_like_another_it_goes_by_the_place() -> None:
    excerpt = Excerpt(200_000)
    noise = random.Random(0)
    excerpt.take("".join(noise.choices("abcdefghij", k=30)).encode() for _ in range(30_000))
    assert len(excerpt.written()) <= 200_000
    assert len(excerpt._shapes) <= 10_000


def test_a_beginning_of_long_lines_is_bounded_too() -> None:
    excerpt = Excerpt(300_000)
    noise = random.Random(0)
    excerpt.take(bytes(noise.randrange(97, 123) for _ in range(3_000)) for _ in range(450))
    assert len(excerpt.written()) <= 300_000


@given(st.lists(st.binary(max_size=60).filter(lambda line: b"\n" not in line), max_size=200), st.integers(1, 400))
def test_it_is_bounded_whatever_the_lines(lines: list[bytes], limit: int) -> None:
    excerpt = Excerpt(limit)
    excerpt.take(lines)
    assert len(excerpt.written()) <= limit + 61
    kept = excerpt.written().split(b"\n")[:-1]
    assert [lines[excerpt.number_of(place) - 1] for place in range(1, len(kept) + 1)] == kept
