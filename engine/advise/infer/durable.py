"""The one module that knows durable-rules: its C module, driven inside the dialect in which version 2.0.28 is safe.

The order of calls matters to the C module as much as the rules do. A session begins with a message that always fires a rule, because deleting a
session in which no rule has fired crashes. Facts are asserted only while no action is under way, never an empty list of them, never one that no rule
asks for, never one twice. The session is deleted before its ruleset, and there is one session at a time, under a lock.
"""

from __future__ import annotations

import json
import sys
import threading
import weakref
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from functools import cache
from typing import Protocol, cast

from advise.errors import EngineError, EngineUnavailableError
from advise.infer.chain import Chained, Feed
from advise.infer.network import BOOT, BOOT_MESSAGE, Rule, build_network
from advise.infer.program import Program

# The id of a session in which no message names one.
_SESSION = "0"
_ACCEPTED = 0
# Names of glibc's `mallopt`, and how much it is to keep: a session takes one block of over 32 MB, which is mapped anew each time.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_KEPT = 256 * 2**20


class _Module(Protocol):
    """What is used of the C module."""

    error: type[Exception]

    def create_ruleset(self, name: str, definition: str, /) -> int: ...
    def delete_ruleset(self, ruleset: int, /) -> None: ...
    def assert_fact(self, ruleset: int, message: str, /) -> tuple[int, int]: ...
    def assert_facts(self, ruleset: int, messages: str, /) -> tuple[int, int]: ...
    def start_action_for_state(self, ruleset: int, state: int, /) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, ruleset: int, state: int, /) -> str | None: ...
    def delete_state(self, ruleset: int, session: str, /) -> None: ...


class DurableChainer:
    """Chains a program on durable-rules.

    Args:
        program: What it chains.
        only: The numbers of the clauses that may fire in the runs to come (see `reach`); by default every clause.

    Raises:
        EngineUnavailableError: durable-rules cannot be imported here, or the program is larger than it can take.
    """

    name = "durable"
    note = ""

    def __init__(self, program: Program, only: AbstractSet[int] | None = None) -> None:
        self.program = program
        self._module = _load()
        self._network = build_network(program, only)
        self._lock = threading.Lock()
        self._idle: int | None = self._create()
        self._had_a_session = False
        self._groups = tuple(program.groups.values())
        self._joins: dict[int, list[int]] = defaultdict(list)
        for number, group in enumerate(self._groups):
            for member in group.members:
                self._joins[member].append(number)

    def run(self, feed: Feed) -> Chained:
        """Chain every stratum to its fixpoint, in order.

        Raises:
            EngineError: durable-rules broke its contract; nothing that it said in this run is used.
        """
        reached: set[int] = set()
        fired: set[int] = set()
        lacking = [group.need for group in self._groups]
        try:
            with self._lock, self._session() as session:
                for stratum in range(len(self.program.strata)):
                    symbols = feed(stratum, reached)
                    while messages := self._enter(symbols, reached, lacking):
                        rules = [self._rule(text) for text in session.fire(messages)]
                        fired.update(rule.clause for rule in rules if rule.clause is not None)
                        symbols = [rule.head for rule in rules]
        except self._module.error as error:
            raise EngineError(f"durable-rules failed: {error}") from error
        return Chained(frozenset(symbol for symbol in reached if symbol < self.program.size), frozenset(fired))

    def _enter(self, symbols: Iterable[int], reached: set[int], lacking: list[int]) -> list[str]:
        """Note new symbols, and the groups that they complete; the messages that say so."""
        messages: list[str] = []
        agenda = list(symbols)
        while agenda:
            symbol = agenda.pop()
            if symbol in reached:
                continue
            reached.add(symbol)
            messages += self._network.messages.get(symbol, ())
            for number in self._joins.get(symbol, ()):
                lacking[number] -= 1
                if not lacking[number]:
                    agenda.append(self._groups[number].symbol)
        return messages

    def _rule(self, text: str) -> Rule:
        """The rule that fired, once its messages are seen to be the ones it asks for."""
        ((name, frame),) = json.loads(text).items()
        rule = self._network.rules[int(name)]
        if {message["id"] for message in frame.values()} != rule.ids:
            raise EngineError(f"durable-rules fired rule {name} on messages that it does not ask for: {text}")
        return rule

    @contextmanager
    def _session(self) -> Iterator[_Session]:
        # A session that was interrupted before its boot rule fired cannot be deleted: its ruleset is given up, and the next run makes another.
        ruleset, self._idle = self._idle or self._create(), None
        if self._had_a_session:
            _keep_memory()
        self._had_a_session = True
        session = _Session(self._module, ruleset)
        try:
            yield session
        finally:
            session.delete()
            self._idle = ruleset

    def _create(self) -> int:
        try:
            ruleset = self._module.create_ruleset("advise", self._network.definition)
        except self._module.error as error:
            raise EngineUnavailableError(f"durable-rules cannot take these rules: {error}") from error
        # At exit the process gives everything back by itself.
        weakref.finalize(self, self._module.delete_ruleset, ruleset).atexit = False
        return ruleset


class _Session:
    """One session of a ruleset, from its boot message to its deletion."""

    def __init__(self, module: _Module, ruleset: int) -> None:
        self._module = module
        self._ruleset = ruleset
        status, self._state = module.assert_fact(ruleset, BOOT_MESSAGE)
        if [list(json.loads(text)) for text in self._actions(status)] != [[BOOT]]:
            raise EngineError("durable-rules did not begin its session with the boot rule")

    def fire(self, messages: Iterable[str]) -> list[str]:
        """Assert at least one message, and complete every action that follows.

        Returns:
            Each action as JSON: the rule's name, and its messages.
        """
        status, _ = self._module.assert_facts(self._ruleset, f"[{','.join(messages)}]")
        return self._actions(status)

    def delete(self) -> None:
        """End the session; what it held is freed."""
        self._module.delete_state(self._ruleset, _SESSION)

    def _actions(self, status: int) -> list[str]:
        if status != _ACCEPTED:
            raise EngineError(f"durable-rules did not accept a message: status {status}")
        started = self._module.start_action_for_state(self._ruleset, self._state)
        texts = []
        text = None if started is None else started[1]
        while text is not None:
            texts.append(text)
            text = self._module.complete_and_start_action(self._ruleset, self._state)
        return texts


@cache
def _keep_memory() -> None:
    """Have glibc keep what a session frees, for the next one: asking the system for its pages anew takes four times as long as all the rest."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    # Another C library has no such call.
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_TRIM_THRESHOLD, _KEPT)
        mallopt(_M_MMAP_THRESHOLD, _KEPT)


def _load() -> _Module:
    try:
        import durable_rules_engine
    except ImportError as error:
        raise EngineUnavailableError(f"durable-rules cannot be imported: {error}") from error
    return cast(_Module, durable_rules_engine)
