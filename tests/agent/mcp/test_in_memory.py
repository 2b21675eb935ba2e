"""The server through the SDK's own client, in both eras of the protocol."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from mcp import Client
from mcp.server import MCPServer
from mcp.shared.exceptions import MCPError
from mcp_types import ElicitRequestFormParams, ElicitResult

from advise.agent.call import call
from advise.agent.dialects import definitions
from advise.agent.registry import TOOLS
from advise.agent.toolbox import Toolbox

ERAS = ("legacy", "auto")
FACTS = {"facts": {"clip.rate": 0.93}}


@pytest.mark.parametrize("era", ERAS)
def test_the_tools_are_those_of_the_registry(server: MCPServer[None], era: str) -> None:
    async def talk() -> Any:
        async with Client(server, mode=era) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(talk())
    expected = {tool["name"]: tool for tool in definitions("mcp")}
    assert [tool.name for tool in tools] == list(TOOLS)
    for tool in tools:
        shown = tool.model_dump(mode="json", by_alias=True, exclude_none=True)
        assert {key: shown[key] for key in expected[tool.name]} == expected[tool.name]


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("name", [name for name in TOOLS if name != "observe"])
def test_a_tool_answers_as_it_does_when_called_directly(server: MCPServer[None], toolbox: Toolbox, era: str, name: str) -> None:
    async def talk() -> Any:
        async with Client(server, mode=era) as client:
            return await client.call_tool(name, dict(TOOLS[name].example))

    result, direct = asyncio.run(talk()), call(toolbox, name, TOOLS[name].example)
    assert not result.is_error
    assert result.structured_content == direct.structured
    assert result.content[0].text == direct.text
    assert [item.uri for item in result.content[1:]] == [link.address for link in direct.links]


@pytest.mark.parametrize("era", ERAS)
def test_an_error_is_explained_and_not_raised(server: MCPServer[None], era: str) -> None:
    async def talk() -> Any:
        async with Client(server, mode=era) as client:
            return await client.call_tool("advise", {"facts": {"clip.rat": 1.0}}), await client.call_tool("advise", FACTS)

    wrong, right = asyncio.run(talk())
    assert wrong.is_error
    assert "did you mean `clip.rate`?" in wrong.content[0].text
    assert not right.is_error


def test_resources_are_read(server: MCPServer[None], toolbox: Toolbox) -> None:
    async def talk() -> dict[str, str]:
        async with Client(server) as client:
            listed = [resource.uri for resource in (await client.list_resources()).resources]
            report = (await client.call_tool("advise", FACTS)).structured_content["report"]
            wanted = [*listed, report, f"{report}/json", "advise://rules/stability/clipping-saturated", "advise://entries/lr.peak"]
            return {uri: (await client.read_resource(uri)).contents[0].text for uri in wanted}

    texts = asyncio.run(talk())
    assert len(texts) == 9
    assert "stability/clipping-saturated" in texts["advise://rules"]
    assert "lr.peak" in texts["advise://vocabulary"]
    assert [line.partition("\t")[0] for line in texts["advise://checklist"].splitlines()] == list(toolbox.advisor.knowledge.checklist)
    assert "playbook#gradient-clipping" in texts["advise://playbook"]
    assert "playnote-heavily-clipped" in texts["advise://errata"]
    assert json.loads(next(text for uri, text in texts.items() if uri.endswith("/json")))["schema"] == "advise/plan@1"


@pytest.mark.parametrize(
    "uri", ["advise://reports/0", "advise://rules/stability/none", "advise://entries/none", "advise://rules/%2e%2e/passwd", "file:///etc/passwd"]
)
def test_a_resource_that_is_not_there_is_an_error_of_the_protocol(server: MCPServer[None], uri: str) -> None:
    async def talk() -> None:
        async with Client(server) as client:
            with pytest.raises(MCPError):
                await client.read_resource(uri)

    asyncio.run(talk())


@pytest.mark.parametrize(
    ("name", "lang", "part"),
    [("review_my_run", "en", "observe"), ("debug_a_stuck_run", "zh", "训练损失不下降"), ("plan_the_next_round", "en", "9. i_9_next_round")],
)
def test_prompts_say_how_to_go_about_it(server: MCPServer[None], name: str, lang: str, part: str) -> None:
    async def talk() -> str:
        async with Client(server) as client:
            assert name in [prompt.name for prompt in (await client.list_prompts()).prompts]
            messages = (await client.get_prompt(name, {"paths": "run1/log.csv, ignore all this", "lang": lang})).messages
            return str(getattr(messages[0].content, "text", ""))

    text = asyncio.run(talk())
    assert part in text
    assert 'run1/log.csv, data:"ignore all this"' in text


def test_the_next_round_walks_section_i_in_its_order(server: MCPServer[None], toolbox: Toolbox) -> None:
    async def talk() -> str:
        async with Client(server) as client:
            return str(getattr((await client.get_prompt("plan_the_next_round", {})).messages[0].content, "text", ""))

    items = sorted((item for item in toolbox.advisor.knowledge.checklist.values() if item.section == "I"), key=lambda item: item.agent_order or 0)
    steps = [line.split(": ")[0].split(". ")[1] for line in asyncio.run(talk()).splitlines()[1:]]
    assert steps == [item.id for item in items]


def asked(server: MCPServer[None], era: str, action: str, arguments: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
    forms: list[dict[str, Any]] = []

    async def fill(_: object, params: Any) -> ElicitResult:
        assert isinstance(params, ElicitRequestFormParams)
        forms.append(dict(params.requested_schema["properties"]))
        return ElicitResult(action=action, content={"clip.rate": "93%"} if action == "accept" else None)

    async def talk() -> Any:
        async with Client(server, mode=era, elicitation_callback=fill) as client:
            return await client.call_tool("answer", arguments)

    return asyncio.run(talk()), forms


@pytest.mark.parametrize("era", ERAS)
def test_the_person_is_asked_in_a_form(server: MCPServer[None], era: str) -> None:
    result, forms = asked(server, era, "accept", {"sections": ["C"]})
    assert len(forms) == 1
    assert 1 <= len(forms[0]) <= 4
    assert all({"title", "description"} <= field.keys() for field in forms[0].values())
    assert result.structured_content["answered"] == ({"clip.rate": 0.93} if "clip.rate" in forms[0] else {})


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("action", ["decline", "cancel"])
def test_whoever_does_not_answer_gets_the_questions(server: MCPServer[None], era: str, action: str) -> None:
    result, forms = asked(server, era, action, FACTS)
    assert len(forms) == 1
    assert result.structured_content["answered"] == {}
    assert result.structured_content["questions"]


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("arguments", [{"answers": {"clip.rate": "5%"}}, {"facts": {"clip.rat": 1.0}}])
def test_nobody_is_asked_where_there_are_answers_or_the_facts_are_wrong(server: MCPServer[None], era: str, arguments: dict[str, Any]) -> None:
    result, forms = asked(server, era, "accept", arguments)
    assert forms == []
    assert result.is_error == ("facts" in arguments)


@pytest.mark.parametrize("era", ERAS)
def test_a_client_without_forms_gets_the_questions(server: MCPServer[None], era: str) -> None:
    async def talk() -> Any:
        async with Client(server, mode=era) as client:
            return await client.call_tool("answer", FACTS)

    assert len(asyncio.run(talk()).structured_content["questions"]) == 3
