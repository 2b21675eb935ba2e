"""What runs say together: groups, what goes with a finding, the baseline, seeds that disagree."""

from __future__ import annotations

import itertools

import pytest
from scipy import stats

from advise.experiments.fleet import Fleet
from advise.experiments.fleet.associations import associated
from advise.experiments.fleet.groups import Member, baseline, copies, differing, grouped
from advise.knowledge.fleet import Association
from advise.statistics import drawn_above

SPEC = Association()


def member(run: str, best: float | None = 1.0, sick: bool = False, seed: int | None = None, content: str = "", **settings: object) -> Member:
    return Member(run, settings, seed, "stop" if sick else "continue", frozenset({"divergence"} if sick else ()), best, None, content)  # type: ignore[arg-type]


def test_the_setting_that_goes_with_a_finding(judged: Fleet) -> None:
    (first, *_) = judged.whole.findings
    assert first.runs == 4
    assert first.goes_with is not None
    assert (first.goes_with.setting, first.goes_with.relation, first.goes_with.value) == ("lr.peak", "ge", 0.1)
    assert (first.goes_with.sick, first.goes_with.sick_of, first.goes_with.others, first.goes_with.others_of) == (4, 4, 0, 8)
    # Four of twelve, drawn as they are: one chance in 495, held against everything that was tried.
    assert 1 / 495 <= first.goes_with.chance <= 0.05


def test_seeds_are_folded(judged: Fleet) -> None:
    whole = judged.whole
    assert whole.names == ["lr.peak", "width"]
    assert len(whole.groups) == 6
    assert {group.seeds for group in whole.groups} == {2}
    assert all(group.spread is not None and group.spread < 0.1 for group in whole.groups if group.settings["lr.peak"] != 0.1)
    assert whole.disagreeing == []
    assert len(whole.first) == 1


def test_chance_alone_goes_with_nothing() -> None:
    members = [member(str(place), sick=place % 3 == 0, a=place % 2, b=place % 5, c=(place * 7) % 11) for place in range(60)]
    assert associated(["divergence"], members, ["a", "b", "c"], SPEC) == {}


def test_two_runs_are_no_ground() -> None:
    members = [member(str(place), sick=place < 2, rate=0.1 if place < 2 else 0.001 * place) for place in range(40)]
    assert associated(["divergence"], members, ["rate"], SPEC) == {}


def test_a_word_goes_with_a_finding() -> None:
    members = [member(str(place), sick=place < 8, optimizer="sgd" if place < 9 else "adamw") for place in range(40)]
    found = associated(["divergence"], members, ["optimizer"], SPEC)["divergence"]
    assert (found.relation, found.value, found.sick, found.others) == ("eq", "sgd", 8, 1)


def test_settings_that_go_together_count_once() -> None:
    members = [member(str(place), a=place % 2, b="xy"[place % 2], c=1) for place in range(6)]
    assert differing(members) == ["a"]


def test_true_and_one_are_two_settings() -> None:
    assert differing([member("a", flag=True), member("b", flag=1)]) == ["flag"]


def test_the_baseline_and_what_is_confounded() -> None:
    members = [member("base", a=1, b=1, c=1), member("a", a=2, b=1, c=1), member("b", a=1, b=2, c=1), member("both", a=1, b=2, c=2)]
    groups = grouped(members, ["a", "b", "c"])
    found = baseline(groups, ["a", "b", "c"], 0.5)
    assert found is not None
    assert groups[found.group].runs == ["base"]
    assert [groups[place].runs for place in found.confounded] == [["both"]]


def test_a_search_has_no_baseline() -> None:
    members = [member(str(place), a=place, b=place * 2, c=place * 3) for place in range(10)]
    assert baseline(grouped(members, ["a", "b", "c"]), ["a", "b", "c"], 0.5) is None


def test_seeds_that_disagree() -> None:
    members = [member("1", seed=1, a=1), member("2", sick=True, seed=2, a=1), member("3", seed=1, a=2)]
    groups = grouped(members, ["a"])
    assert [(group.sick, len(group.runs)) for group in groups] == [(1, 2), (0, 1)]


def test_the_spread_is_that_of_a_sample() -> None:
    (group,) = grouped([member(str(place), best=value) for place, value in enumerate((1.0, 2.0, 4.0))], [])
    assert (group.mean, group.spread) == pytest.approx((7 / 3, 1.5275252316519468))


def test_copies_are_told_by_their_content() -> None:
    assert copies([member("a", content="x"), member("b", content="y"), member("c", content="x"), member("d")]) == [["a", "c"]]


@pytest.mark.parametrize(("drawn", "marked"), list(itertools.product((1, 5, 12), (1, 7, 19))))
def test_fishers_test_is_scipys(drawn: int, marked: int) -> None:
    for count in range(min(drawn, marked) + 1):
        assert drawn_above(count, drawn, marked, 20) == pytest.approx(stats.hypergeom.sf(count - 1, 20, marked, drawn), abs=1e-12)
