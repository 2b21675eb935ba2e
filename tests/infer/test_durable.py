"""The adapter: the order of its calls, and that nothing that goes wrong in a run outlives it."""

import gc
import json
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from advise.conditions import All, AtLeast, Concluded, ConclusionKind, Not, Op, Predicate
from advise.errors import AdviseError, EngineError, EngineUnavailableError
from advise.infer import durable
from advise.infer.chain import Chained
from advise.infer.compile import compile_program
from advise.infer.driver import infer, open_chainer
from advise.infer.durable import DurableChainer
from advise.infer.plain import PlainChainer
from advise.infer.program import Implication, Program

engine = pytest.importorskip("durable_rules_engine", exc_type=ImportError)

CALLS = ("create_ruleset", "assert_fact", "assert_facts", "start_action_for_state", "complete_and_start_action", "delete_state")


def diagnosis(name: str) -> Concluded:
    return Concluded(ConclusionKind.DIAGNOSIS, name)


def above(number: int) -> Predicate:
    return Predicate(f"x.f{number}", Op.GT, 0)


PROGRAM = compile_program(
    [
        Implication("a", All((above(1), above(2))), diagnosis("a")),
        Implication("b", All((diagnosis("a"), AtLeast(2, (above(3), above(4), above(5))))), diagnosis("b")),
        Implication("c", All((diagnosis("b"), Not(diagnosis("x")))), diagnosis("c")),
        Implication("d", above(6), diagnosis("x")),
    ]
)
FACTS = {f"x.f{number}": 1 for number in range(1, 6)}
EXPECTED = infer(PlainChainer(PROGRAM), FACTS).chained


class Watched:
    """The C module; notes every call with its answer, raises in place of one call, or gives an answer of its own to one function."""

    error = engine.error

    def __init__(self, fail_at: int = 0, failure: type[BaseException] = MemoryError, lies: tuple[str, object] = ("", None)) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], object]] = []
        self.fail_at = fail_at
        self.failure = failure
        self.lies = lies

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*args: object) -> object:
            self.calls.append((name, args, None))
            if len(self.calls) == self.fail_at:
                raise self.failure("injected")
            answer = getattr(engine, name)(*args)
            if name == self.lies[0]:
                answer = self.lies[1]
            self.calls[-1] = (name, args, answer)
            return answer

        return call

    @property
    def names(self) -> list[str]:
        return [name for name, _, _ in self.calls]


def watched(monkeypatch: pytest.MonkeyPatch, module: Watched) -> Watched:
    monkeypatch.setattr(durable, "_load", lambda: module)
    return module


def test_conclusions_are_those_of_the_plain_chainer() -> None:
    inference = infer(DurableChainer(PROGRAM), FACTS)
    assert inference.chained == EXPECTED
    assert inference.concluded == {diagnosis("a"), diagnosis("b"), diagnosis("c")}


def test_the_order_of_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    module = watched(monkeypatch, Watched())
    chainer = DurableChainer(PROGRAM)
    infer(chainer, FACTS)
    infer(chainer, {})
    names = module.names
    assert set(names) == set(CALLS)
    assert names[:4] == ["create_ruleset", "assert_fact", "start_action_for_state", "complete_and_start_action"]
    assert names.count("create_ruleset") == 1
    assert names.count("assert_fact") == names.count("delete_state") == 2
    under_way = False
    for name, _, answer in module.calls:
        assert under_way is (name == "complete_and_start_action")
        under_way = name in ("start_action_for_state", "complete_and_start_action") and answer is not None


def test_each_message_is_asserted_once_and_never_an_empty_list(monkeypatch: pytest.MonkeyPatch) -> None:
    module = watched(monkeypatch, Watched())
    infer(DurableChainer(PROGRAM), FACTS)
    batches = [json.loads(args[1]) for name, args, _ in module.calls if name == "assert_facts"]
    ids = [message["id"] for batch in batches for message in batch]
    assert all(batches)
    assert len(ids) == len(set(ids)) > 5
    module.calls.clear()
    infer(DurableChainer(compile_program([Implication("a", above(1), diagnosis("a"))])), {})
    assert "assert_facts" not in module.names


@pytest.mark.parametrize(("failure", "raised"), [(MemoryError, MemoryError), (KeyboardInterrupt, KeyboardInterrupt), (engine.error, EngineError)])
def test_whichever_call_fails_the_error_is_raised_and_the_engine_stays_usable(
    monkeypatch: pytest.MonkeyPatch, failure: type[BaseException], raised: type[BaseException]
) -> None:
    module = watched(monkeypatch, Watched(failure=failure))
    chainer = DurableChainer(PROGRAM)
    infer(chainer, FACTS)
    calls = len(module.calls)
    for number in range(1, calls):
        module.calls.clear()
        module.fail_at = number
        with pytest.raises(raised, match="injected"):
            infer(chainer, FACTS)
        module.fail_at = 0
        assert infer(chainer, FACTS).chained == EXPECTED
        assert infer(chainer, {}).concluded == frozenset()


def test_a_ruleset_that_cannot_be_created(monkeypatch: pytest.MonkeyPatch) -> None:
    watched(monkeypatch, Watched(fail_at=1, failure=engine.error))
    with pytest.raises(EngineUnavailableError, match="durable-rules cannot take these rules: injected"):
        open_chainer(PROGRAM, "durable")
    watched(monkeypatch, Watched(fail_at=1, failure=engine.error))
    assert open_chainer(PROGRAM).name == "plain"


@pytest.mark.parametrize("stratum", [0, 1])
def test_an_exception_between_strata_is_raised_and_the_engine_stays_usable(stratum: int) -> None:
    chainer = DurableChainer(PROGRAM)

    def feed(number: int, reached: object) -> list[int]:
        if number == stratum:
            raise ZeroDivisionError
        return [PROGRAM.conclusions[diagnosis("a")]]

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            chainer.run(feed)
        assert infer(chainer, FACTS).chained == EXPECTED


def test_one_ruleset_serves_many_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    module = watched(monkeypatch, Watched())
    chainer = DurableChainer(PROGRAM)
    for number in range(500):
        assert (infer(chainer, FACTS if number % 2 else {}).chained == EXPECTED) is bool(number % 2)
        module.calls[1:] = []
    assert module.names == ["create_ruleset"]


def test_a_ruleset_goes_with_its_chainer(monkeypatch: pytest.MonkeyPatch) -> None:
    module = watched(monkeypatch, Watched())
    for _ in range(50):
        infer(DurableChainer(PROGRAM), FACTS)
    gc.collect()
    assert module.names.count("delete_ruleset") == module.names.count("create_ruleset") == 50


def test_several_threads_may_share_a_chainer() -> None:
    chainer = DurableChainer(PROGRAM)
    wrong: list[Chained] = []

    def work(facts: dict[str, int], expected: Chained) -> None:
        for _ in range(150):
            chained = infer(chainer, facts).chained
            if chained != expected:
                wrong.append(chained)

    nothing = infer(PlainChainer(PROGRAM), {}).chained
    threads = [threading.Thread(target=work, args=args) for args in ((FACTS, EXPECTED), ({}, nothing)) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_it_starts_no_threads() -> None:
    before = threading.active_count()
    infer(DurableChainer(PROGRAM), FACTS)
    assert threading.active_count() == before
    assert "durable" not in sys.modules


def wide(body: int) -> Program:
    return compile_program([Implication("r", All(tuple(above(number) for number in range(body))), diagnosis("d"))])


@pytest.mark.parametrize("body", [15, 16, 17, 31, 32, 60])
def test_bodies_at_the_limit_of_patterns(body: int) -> None:
    facts = {f"x.f{number}": 1 for number in range(body)}
    chainer = DurableChainer(wide(body))
    assert infer(chainer, facts).concluded == {diagnosis("d")}
    assert infer(chainer, facts | {f"x.f{body - 1}": 0}).concluded == frozenset()
    assert infer(chainer, facts).chained == infer(PlainChainer(chainer.program), facts).chained


@pytest.mark.parametrize("rules", [249, 250, 251, 600])
def test_symbols_at_the_limit_of_sharing(rules: int) -> None:
    program = compile_program(Implication(f"r{number:03}", All((above(0), above(number + 1))), diagnosis(str(number))) for number in range(rules))
    facts = {f"x.f{number}": number % 3 for number in range(1, rules + 1)} | {"x.f0": 1}
    assert infer(DurableChainer(program), facts).chained == infer(PlainChainer(program), facts).chained


def test_a_long_chain() -> None:
    program = compile_program(
        Implication(f"r{number:04}", diagnosis(str(number - 1)) if number else above(0), diagnosis(str(number))) for number in range(400)
    )
    assert len(infer(DurableChainer(program), {"x.f0": 1}).concluded) == 400


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("assert_fact", (2, 1), "did not accept a message: status 2"),
        ("assert_facts", (1, 1), "did not accept a message: status 1"),
        ("start_action_for_state", None, "did not begin its session with the boot rule"),
        ("start_action_for_state", ("{}", '{"0":{}}'), "did not begin its session with the boot rule"),
    ],
)
def test_an_answer_outside_the_contract_is_a_fault(monkeypatch: pytest.MonkeyPatch, name: str, answer: object, message: str) -> None:
    module = watched(monkeypatch, Watched(lies=(name, answer)))
    chainer = DurableChainer(PROGRAM)
    with pytest.raises(EngineError, match=message):
        infer(chainer, FACTS)
    assert issubclass(EngineError, AdviseError)
    module.lies = ("", None)
    assert infer(chainer, FACTS).chained == EXPECTED


def test_a_firing_on_other_messages_than_the_rule_asks_for_is_a_fault() -> None:
    chainer = DurableChainer(PROGRAM)
    text = json.dumps({"0": {"m0": {"b0": 1, "id": "77"}}})
    with pytest.raises(EngineError, match="fired rule 0 on messages that it does not ask for"):
        chainer._rule(text)


def without_the_c_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)


def test_where_it_cannot_be_imported_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    without_the_c_module(monkeypatch)
    with pytest.raises(EngineUnavailableError, match=r"durable-rules cannot be imported: .*durable_rules_engine"):
        open_chainer(PROGRAM, "durable")


def test_auto_falls_back_to_the_plain_chainer_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_chainer(PROGRAM).name == "durable"
    without_the_c_module(monkeypatch)
    inference = infer(open_chainer(PROGRAM), FACTS)
    assert inference.engine == "plain"
    assert inference.note.startswith("durable-rules cannot be imported: ")
    assert inference.chained == EXPECTED


def test_auto_falls_back_where_the_program_is_too_large() -> None:
    large = compile_program(Implication(f"r{number}", above(number), diagnosis(str(number))) for number in range(4_000))
    chainer = open_chainer(large)
    assert (chainer.name, chainer.note) == ("plain", "durable-rules takes at most 4000 rules, and these rules need 4001")
    with pytest.raises(EngineUnavailableError):
        open_chainer(large, "durable")


def test_the_plain_chainer_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    without_the_c_module(monkeypatch)
    chainer = open_chainer(PROGRAM, "plain")
    assert (chainer.name, chainer.note) == ("plain", "")
