"""Thirty-two clients at once over HTTP: a thousand mixed calls, no error, and each answer is the direct one."""

from __future__ import annotations

import asyncio
from typing import Any

from mcp import Client

from advise.agent.call import call
from advise.agent.toolbox import Toolbox

CLIENTS, CALLS = 32, 1_000
FACTS = [{"clip.rate": rate, "lr.peak": 1e-4} for rate in (0.1, 0.4, 0.93)]
MIXED: list[tuple[str, dict[str, Any]]] = [
    *(("advise", {"facts": facts}) for facts in FACTS),
    *(("explain", {"facts": facts, "id": "clipping_saturated"}) for facts in FACTS),
    ("search_knowledge", {"query": "warmup"}),
    ("search_knowledge", {"query": "梯度裁剪"}),
    ("advise", {"facts": {"clip.rat": 1.0}}),
    ("observe", {"paths": ["supernet/facts.yaml"]}),
]


def test_a_thousand_calls_of_many_clients(toolbox: Toolbox, address: str) -> None:
    expected = [call(toolbox, name, arguments) for name, arguments in MIXED]
    numbers = iter(range(CALLS))
    wrong: list[int] = []

    async def client_of(mode: str) -> int:
        made = 0
        async with Client(address, mode=mode) as client:
            for number in numbers:
                which = number % len(MIXED)
                name, arguments = MIXED[which]
                result = await client.call_tool(name, arguments)
                same = result.content[0].text == expected[which].text and result.is_error == expected[which].is_error  # type: ignore[union-attr]
                if not same or (not result.is_error and result.structured_content != expected[which].structured):
                    wrong.append(number)
                made += 1
        return made

    async def everyone() -> list[int]:
        return await asyncio.gather(*(client_of("legacy" if number % 2 else "auto") for number in range(CLIENTS)))

    made = asyncio.run(everyone())
    assert sum(made) == CALLS
    assert min(made) > 0
    assert wrong == []
