"""The official inspector, from npm, as a client that is not ours: tools, resources and prompts from its command line."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

PACKAGE = "@modelcontextprotocol/inspector"
# The newest that runs on a Node of at least this version; each asks for it in its `engines`.
VERSIONS = (((22, 19), "2.12.0"), ((22, 7), "1.0.3"), ((18, 0), "0.14.3"))
EXAMPLES = Path(__file__).parents[3] / "examples"
SERVER = [sys.executable, "-m", "advise", "mcp", "--root", str(EXAMPLES)]


def fitting() -> str:
    """The version that suits the Node at hand."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        pytest.skip("there is no npm here, so the inspector cannot be installed")
    found = re.match(r"v(\d+)\.(\d+)", subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout)
    assert found is not None
    version = next((name for needed, name in VERSIONS if (int(found[1]), int(found[2])) >= needed), None)
    if version is None:
        pytest.skip(f"no inspector runs on Node {found[0]}")
    return version


@pytest.fixture(scope="module")
def inspector() -> Path:
    version = fitting()
    # Installed once, and kept for the next run.
    folder = Path(tempfile.gettempdir()) / f"advise-inspector-{version}"
    command = folder / "node_modules" / ".bin" / "mcp-inspector"
    if not command.exists():
        folder.mkdir(exist_ok=True)
        install = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--loglevel=error", f"{PACKAGE}@{version}"]
        try:
            subprocess.run(install, capture_output=True, text=True, check=True, timeout=120)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            pytest.skip(f"npm could not install the inspector: {error}")
    return command


def asked(inspector: Path, *arguments: str) -> Any:
    ended = subprocess.run([str(inspector), "--cli", *SERVER, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_tools_resources_and_prompts(inspector: Path) -> None:
    tools = asked(inspector, "--method", "tools/list")["tools"]
    assert [tool["name"] for tool in tools][:2] == ["advise", "observe"]
    assert all(tool["annotations"]["readOnlyHint"] for tool in tools)
    called = asked(inspector, "--method", "tools/call", "--tool-name", "explain", "--tool-arg", "id=overfitting")
    assert called["structuredContent"]["outcome"] == "open"
    wrong = asked(inspector, "--method", "tools/call", "--tool-name", "explain", "--tool-arg", "id=overfiting")
    assert wrong["isError"]
    resources = asked(inspector, "--method", "resources/list")["resources"]
    assert "advise://checklist" in [resource["uri"] for resource in resources]
    read = asked(inspector, "--method", "resources/read", "--uri", "advise://errata")
    assert "playnote" in read["contents"][0]["text"]
    prompts = asked(inspector, "--method", "prompts/list")["prompts"]
    assert "plan_the_next_round" in [prompt["name"] for prompt in prompts]
    prompt = asked(inspector, "--method", "prompts/get", "--prompt-name", "review_my_run", "--prompt-args", "lang=zh")
    assert "训练" in prompt["messages"][0]["content"]["text"]
