"""The guards: whatever the program, its ruleset stays inside the dialect in which durable-rules is safe."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.errors import EngineUnavailableError
from advise.infer import network
from advise.infer.network import BOOT, BOOT_MESSAGE, Network, build_network, fnv1a, require_distinct_hashes
from advise.infer.program import Clause, Program

SYMBOLS = 10_000


def program(*clauses: tuple[tuple[int, ...], int]) -> Program:
    return Program({}, SYMBOLS, {}, tuple(Clause(*clause) for clause in clauses), {}, {}, {}, {}, ())


def read(network_: Network) -> dict[str, list[tuple[str, int]]]:
    """For each rule the name and code of each of its patterns; fails on anything else that a rule could say."""
    rules = json.loads(network_.definition)
    assert next(iter(rules)) == BOOT
    assert rules.pop(BOOT) == {"all": [{"m": {"$ex": {BOOT: 1}}}]}
    found = {}
    for rule, said in rules.items():
        assert list(said) == ["all"]
        patterns = []
        for alias, pattern in ((alias, pattern) for item in said["all"] for alias, pattern in item.items()):
            ((name, code),) = pattern["$and"][1]["$eq"].items()
            assert pattern == {"$and": [{"$ex": {name: 1}}, {"$eq": {name: code}}]}
            assert type(code) is int
            assert alias == f"m{len(patterns)}"
            patterns.append((name, code))
        found[rule] = patterns
    return found


def assert_safe(network_: Network) -> None:
    rules = read(network_)
    patterns = Counter(pattern for its in rules.values() for pattern in its)
    names = {name for name, _ in patterns}
    assert len(rules) + 1 <= 4_000
    assert len(names) + 1 <= 500
    assert max(Counter(name for name, _ in patterns).values(), default=0) <= 60
    assert max(patterns.values(), default=0) <= 250
    assert all(1 <= len(its) == len(set(its)) <= 16 for its in rules.values())
    texts = [text for its in network_.messages.values() for text in its]
    messages = [json.loads(text) for text in (BOOT_MESSAGE, *texts)]
    assert all(text.isascii() and len(text) < 100 for text in texts)
    assert len({fnv1a(name) for name in {*names, BOOT, "id", "sid", "$s"}}) == len(names) + 4
    assert len({fnv1a(message["id"]) for message in messages} | {fnv1a("sid-0")}) == len(messages) + 1
    asked = {(name, code) for message in messages[1:] for name, code in message.items() if name != "id"}
    # No message that no rule asks for, and no two messages that say the same.
    assert asked == set(patterns)
    assert len(asked) == len(texts)


def follow(network_: Network, symbols: set[int]) -> set[int]:
    """The clauses that fire, by naive evaluation of the ruleset."""
    by_message = {next(iter(json.loads(text).items())): symbol for symbol, texts in network_.messages.items() for text in texts}
    rules = read(network_)
    reached = set(symbols)
    while True:
        fired = {int(rule) for rule, patterns in rules.items() if all(by_message[pattern] in reached for pattern in patterns)}
        heads = {network_.rules[rule].head for rule in fired}
        if heads <= reached:
            return {clause for rule in fired if (clause := network_.rules[rule].clause) is not None}
        reached |= heads


BODIES = st.lists(st.integers(0, 60), min_size=1, max_size=60, unique=True).map(tuple)


@given(st.lists(st.tuples(BODIES, st.integers(0, 60)), max_size=40), st.sets(st.integers(0, 60), min_size=30))
def test_any_program_is_laid_out_safely_and_means_the_same(clauses: list[tuple[tuple[int, ...], int]], start: set[int]) -> None:
    built = build_network(program(*clauses))
    assert_safe(built)
    reached = set(start)
    while more := {head for body, head in clauses if reached.issuperset(body)} - reached:
        reached |= more
    assert follow(built, start) == {number for number, (body, _) in enumerate(clauses) if reached.issuperset(body)}


def test_the_messages_a_rule_asks_for_are_the_ids_it_is_checked_against() -> None:
    built = build_network(program(((1, 2, 3), 4), ((4, 1), 5)))
    ids = {symbol: {json.loads(text)["id"] for text in texts} for symbol, texts in built.messages.items()}
    assert built.rules[0].ids == ids[1] | ids[2] | ids[3]
    assert built.rules[1].ids == ids[4] | ids[1]


@pytest.mark.parametrize(("length", "rules"), [(1, 1), (16, 1), (17, 2), (31, 2), (32, 3), (100, 7)])
def test_a_long_body_is_split(length: int, rules: int) -> None:
    built = build_network(program((tuple(range(1, length + 1)), 200)))
    assert_safe(built)
    assert len(built.rules) == rules
    assert [rule.clause for rule in built.rules] == [None] * (rules - 1) + [0]
    assert follow(built, set(range(1, length + 1))) == {0}
    assert follow(built, set(range(2, length + 1))) == set()


@pytest.mark.parametrize(("sharing", "messages"), [(250, 1), (251, 2), (500, 2), (501, 3)])
def test_a_symbol_that_many_rules_ask_for_has_several_messages(sharing: int, messages: int) -> None:
    built = build_network(program(*(((1,), number + 2) for number in range(sharing))))
    assert_safe(built)
    assert len(built.messages[1]) == messages


def test_many_symbols_stay_within_the_names() -> None:
    wide = program(*((tuple(range(start, start + 4)), 0) for start in range(1, 9_600, 4)))
    assert_safe(build_network(wide))


@pytest.mark.parametrize(
    ("clauses", "message"),
    [
        ([((1,), 2)] * 4_000, "durable-rules takes at most 4000 rules, and these rules need 4001"),
        ([(tuple(range(1, 17)), 20)] * 626, "durable-rules takes at most 10000 patterns, and these rules need 10016"),
    ],
)
def test_a_program_beyond_the_limits_is_refused(clauses: list[tuple[tuple[int, ...], int]], message: str) -> None:
    assert_safe(build_network(program(*clauses[:-1])))
    with pytest.raises(EngineUnavailableError, match=message):
        build_network(program(*clauses))


def test_more_messages_than_names_and_codes_can_tell_apart_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "MAX_NAMES", 3)
    monkeypatch.setattr(network, "MAX_CODES", 5)
    fits = [((number,), 0) for number in range(1, 11)]
    assert_safe(build_network(program(*fits)))
    with pytest.raises(EngineUnavailableError, match="durable-rules takes at most 10 messages, and these rules need 11"):
        build_network(program(*fits, ((11,), 0)))


def test_hashes() -> None:
    # The hashes of `id` and `sid` that the engine's own source names.
    assert (fnv1a("id"), fnv1a("sid")) == (926444256, 3593476751)
    assert fnv1a("s31597") == fnv1a("s618190")
    require_distinct_hashes({"s31597", "id"})
    with pytest.raises(EngineUnavailableError, match="apart"):
        require_distinct_hashes({"s31597", "s618190"})


def test_no_name_or_id_that_can_occur_shares_a_hash_with_another() -> None:
    require_distinct_hashes({BOOT, "id", "sid", "$s", *(f"b{number}" for number in range(network.MAX_NAMES))})
    require_distinct_hashes({BOOT, "sid-0", *map(str, range(network.MAX_NAMES * network.MAX_CODES))})
