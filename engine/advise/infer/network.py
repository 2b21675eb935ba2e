"""A program as rules of durable-rules 2.0.28, inside the dialect in which that engine is safe.

Each symbol becomes a message `{"b3":7,"id":"41"}`: symbols are spread over few names, because the engine looks through all names, and through all
codes of a name, one after the other, and takes at most some five hundred names. A rule asks for each symbol of a clause with a pattern of its own.
There is no comparison but equality of small whole numbers, no negation, no join, no arithmetic, and no text but digits and the names made here.

The limits below lie inside those of the engine, beyond which it hangs, crashes or matches wrongly. What a program needs beyond them is spread out
(symbols that many rules ask for, long bodies) or refused.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import count

from advise.errors import EngineUnavailableError
from advise.infer.program import Program

# At 513 distinct conditions at the root the engine hangs.
MAX_NAMES = 500
# Conditions on one name: the engine's stack takes 64.
MAX_CODES = 50
# The engine's frames take 16 messages.
MAX_PATTERNS = 16
# At 256 rules that share a pattern the engine crashes.
MAX_SHARING = 250
# The engine takes 4,096.
MAX_RULES = 4_000
# A session takes 10 KB a pattern and 9 KB a message, and the engine does not survive running out of memory.
MAX_ALL_PATTERNS = 10_000

BOOT = "boot"
BOOT_MESSAGE = f'{{"{BOOT}":1,"id":"{BOOT}"}}'
_BOOT_RULE = f'"{BOOT}":{{"all":[{{"m":{{"$ex":{{"{BOOT}":1}}}}}}]}}'
# What the engine itself adds to messages, and stores beside them.
_ENGINE_NAMES = ("id", "sid", "$s")
_ENGINE_IDS = ("sid-0",)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the engine.

    Attributes:
        ids: The messages that it asks for.
        head: The symbol that is the case when it fires; from the program's size on, a link between the parts of a long body.
        clause: The clause that has fired then; None before the last part of a long body.
    """

    ids: frozenset[str]
    head: int
    clause: int | None


@dataclass(frozen=True, slots=True)
class Network:
    """A ruleset.

    Attributes:
        definition: The rules as JSON; a rule's name is its place in `rules`.
        rules: What each of them means; the boot rule is not among them.
        messages: For each symbol that a rule asks for, the messages that say that it is the case.
    """

    definition: str
    rules: tuple[Rule, ...]
    messages: Mapping[int, tuple[str, ...]]


def build_network(program: Program, only: AbstractSet[int] | None = None) -> Network:
    """Lay a program out as a ruleset.

    Args:
        program: The program.
        only: The numbers of the clauses to lay out; by default every clause.

    Raises:
        EngineUnavailableError: It needs more than the engine can take.
    """
    ports: dict[int, list[int]] = defaultdict(list)
    parts = list(_with_ports(_parts(program, only), ports))
    messages = sum(map(len, ports.values()))
    _refuse_beyond("rules", len(parts) + 1, MAX_RULES)
    _refuse_beyond("patterns", sum(len(body) for body, _, _ in parts), MAX_ALL_PATTERNS)
    _refuse_beyond("messages", messages, (MAX_NAMES - 1) * MAX_CODES)
    fields = _fields(messages)
    require_distinct_hashes({BOOT, *_ENGINE_NAMES, *(name for name, _ in fields)})
    require_distinct_hashes({BOOT, *_ENGINE_IDS, *map(str, range(messages))})
    patterns = [f'{{"$and":[{{"$ex":{{"{name}":1}}}},{{"$eq":{{"{name}":{code}}}}}]}}' for name, code in fields]
    rules = [_BOOT_RULE]
    for number, (body, _, _) in enumerate(parts):
        asked = ",".join(f'{{"m{place}":{patterns[port]}}}' for place, port in enumerate(body))
        rules.append(f'"{number}":{{"all":[{asked}]}}')
    texts = [f'{{"{name}":{code},"id":"{port}"}}' for port, (name, code) in enumerate(fields)]
    return Network(
        definition=f"{{{','.join(rules)}}}",
        rules=tuple(Rule(frozenset(map(str, body)), head, clause) for body, head, clause in parts),
        messages={symbol: tuple(texts[port] for port in its) for symbol, its in ports.items()},
    )


def require_distinct_hashes(texts: Collection[str]) -> None:
    """The engine tells names and ids apart by their 32-bit hash alone.

    Raises:
        EngineUnavailableError: Two of the texts share a hash.
    """
    if len(set(map(fnv1a, texts))) < len(texts):
        raise EngineUnavailableError("durable-rules cannot tell two of the names apart that these rules need")


def fnv1a(text: str) -> int:
    """The 32-bit FNV-1a hash."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


_Part = tuple[tuple[int, ...], int, int | None]


def _parts(program: Program, only: AbstractSet[int] | None) -> Iterator[_Part]:
    """The clauses, a long body as several that are linked by further symbols."""
    links = count(program.size)
    for number, clause in enumerate(program.clauses):
        if only is not None and number not in only:
            continue
        body = clause.body
        while len(body) > MAX_PATTERNS:
            link = next(links)
            yield body[:MAX_PATTERNS], link, None
            body = (link, *body[MAX_PATTERNS:])
        yield body, clause.head, number


def _with_ports(parts: Iterable[_Part], ports: dict[int, list[int]]) -> Iterator[_Part]:
    """The parts with the messages in place of the symbols: a symbol has one more for every `MAX_SHARING` rules that ask for it."""
    uses: dict[int, int] = defaultdict(int)
    fresh = count()
    for body, head, clause in parts:
        for symbol in body:
            if uses[symbol] % MAX_SHARING == 0:
                ports[symbol].append(next(fresh))
            uses[symbol] += 1
        yield tuple(ports[symbol][-1] for symbol in body), head, clause


def _fields(messages: int) -> list[tuple[str, int]]:
    width = min(MAX_CODES, math.isqrt(messages) // 2 + 1)
    return [(f"b{number // width}", number % width) for number in range(messages)]


def _refuse_beyond(what: str, needed: int, limit: int) -> None:
    if needed > limit:
        raise EngineUnavailableError(f"durable-rules takes at most {limit} {what}, and these rules need {needed}")
