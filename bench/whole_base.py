"""How long inference and a whole plan take, warm, with the whole rule base on some hundred facts: those of all examples together."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from advise import Advisor
from advise.infer.driver import infer, open_chainer
from advise.knowledge.derived import compute
from advise.knowledge.prepared import prepare
from advise.render import render
from advise.text import Value

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
FACTS = 100


def milliseconds(job: Callable[[], object], runs: int = 200) -> float:
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def some_facts(advisor: Advisor) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for path in sorted(EXAMPLES.glob("*/facts.yaml")):
        for name, fact in advisor.observe(path).facts.items():
            merged.setdefault(name, fact.value)
    return dict(list(merged.items())[:FACTS])


def main() -> None:
    advisor = Advisor()
    prepared = prepare()
    stated = some_facts(advisor)
    facts = {**stated, **compute(prepared.knowledge.derived, stated)}
    print(f"{len(prepared.knowledge.rules)} rules, {len(stated)} facts stated, {len(facts) - len(stated)} derived\n")
    for engine in ("plain", "durable"):
        chainer = open_chainer(prepared.program, engine)
        print(f"{milliseconds(lambda chainer=chainer: infer(chainer, facts)):8.2f} ms  inference alone on {chainer.name}")
    plan = advisor.advise(stated)
    print(f"{milliseconds(lambda: advisor.advise(stated), 50):8.2f} ms  a whole plan")
    print(f"{milliseconds(lambda: render(plan, prepared.knowledge.strings, 'md'), 50):8.2f} ms  its Markdown")


if __name__ == "__main__":
    main()
